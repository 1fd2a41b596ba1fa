"""Writes src/vectors.jsonl, one vector a line: what the Python libraries make of key texts, for the tests to compare with.

    python3 -m venv /tmp/keys && /tmp/keys/bin/pip install edx-opaque-keys==4.0.0 edx-ccx-keys==2.0.2
    /tmp/keys/bin/python scripts/make-vectors.py

Run it from the package folder. The output is the same on every run.
"""

import json
import pathlib

from ccx_keys.locator import CCXLocator
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import (
    LibraryCollectionLocator,
    LibraryContainerLocator,
    LibraryLocatorV2,
    LibraryUsageLocatorV2,
)

V = "519665f6223ebd6980884f2b"

# Each place of a key where a part stands, with sample parts tried in it.
PLACES = {
    CourseKey: [
        "course-v1:{}+b+c", "course-v1:a+{}+c", "course-v1:a+b+{}", "course-v1:a+b+c+branch@{}",
        "course-v1:a+b+c+version@{}", "course-v1:a+b+c+type@{}", "course-v1:a+b+c+block@{}", "slashes:a+b+{}",
        "{}/b/c", "a/{}/c", "a/b/{}", "library-v1:{}+b", "library-v1:a+{}", "library-v1:a+b+branch@{}",
        "library-v1:a+b+version@{}", "ccx-v1:{}+b+c+ccx@1", "ccx-v1:a+b+c+ccx@{}", "ccx-v1:a+b+c+version@{}+ccx@1",
        "ccx-v1:a+b+c+ccx@1+block@{}",
    ],
    CCXLocator: ["ccx-v1:a+b+{}+ccx@1", "ccx-v1:a+b+c+ccx@{}"],
    UsageKey: [
        "block-v1:{}+b+c+type@t+block@i", "block-v1:a+b+c+type@{}+block@i", "block-v1:a+b+c+type@t+block@{}",
        "block-v1:a+b+c+branch@{}+type@t+block@i", "lib-block-v1:a+{}+type@t+block@i",
        "lib-block-v1:a+b+type@{}+block@i", "lib-block-v1:a+b+type@t+block@{}",
        "ccx-block-v1:a+b+c+ccx@{}+type@t+block@i", "ccx-block-v1:a+b+c+ccx@1+type@t+block@{}",
        "lb:{}:s:t:i", "lb:o:{}:t:i", "lb:o:s:{}:i", "lb:o:s:t:{}", "i4x://{}/b/t/i", "i4x://a/{}/t/i",
        "i4x://a/b/{}/i", "i4x://a/b/t/{}", "i4x://a/b/t/i@{}", "location:{}+b+c+t+i", "location:a+b+c+t+{}",
    ],
    LibraryLocatorV2: ["lib:{}:s", "lib:o:{}"],
    LibraryUsageLocatorV2: ["lb:o:s:{}:i", "lb:o:s:t:{}"],
    LibraryCollectionLocator: ["lib-collection:{}:s:c", "lib-collection:o:{}:c", "lib-collection:o:s:{}"],
    LibraryContainerLocator: ["lct:{}:s:t:i", "lct:o:{}:t:i", "lct:o:s:{}:i", "lct:o:s:t:{}"],
}
PARTS = [
    "", "x", "X.y-z_0", "x~y", "x:y", "x%y", "x@y", "x/y", "x+y", "x y", " x", "x ", "x\t", "x\n", "x\ny", "x\r",
    "x\u00a0", "x;y", "x'y", "x\u00e9", "e\u0301", "\u65e5\u672c", "\u0939\u093f", "\u0661\u0662", "\u00b2", "\u2167",
    "\u00bd", "\u203f", "\u200d", "\U0001d400", "\U0001f600", "\u017f", "7", "007", V, V.upper(), V[:-1], V + "0",
]

# Whole texts, tried as every key type.
TEXTS = f"""
course-v1:a+b+c|course-v1:a+b|course-v1:a|course-v1:|course-v1|course-v1:a+b+c+|course-v1:a+b+c+d|course-v1:+a+b+c
course-v1:a++c|course-v1:a+b+c+branch@p|course-v1:a+b+branch@p|course-v1:a+b+version@{V}|course-v1:a+version@{V}
course-v1:a+b+c+branch@p+version@{V}|course-v1:a+b+c+version@{V}+branch@p|course-v1:version@{V}|course-v1:branch@p
course-v1:branch@p+version@{V}|course-v1:version@{V}+a+b+c|course-v1:a+b+c+branch@p+branch@q|course-v1:a/b/c
course-v1:a+b+c+type@t+block@i|course-v1:a+b+c+type@t|course-v1:a+b+c+block@i+type@t|course-v1:a+b+c+ccx@1
course-v1:a+b+c+type@|course-v1:a+b+c+BRANCH@p|course-v1:course-v1:a+b+c| course-v1:a+b+c|course-v1: a+b+c|a+b+c
a/b/c|a/b/|a//c|/b/c|a/b|a/b/c/|a/b/c/d|a/b/c+d|slashes:a+b+c|slashes:a+b|slashes:a/b/c|slashes:a+b+c+branch@p
library-v1:o+l|library-v1:o|library-v1:|library-v1:o+l+|library-v1:o+l+r|library-v1:o+l+r+x|library-v1:branch@p
library-v1:o+l+branch@p|library-v1:o+l+branch@p+version@{V}|library-v1:version@{V}|library-v1:o+version@{V}
library-v1:o+l+r+branch@p|library-v1:o+l+type@t+block@i|library-v1:branch@p+version@{V}
ccx-v1:a+b+c+ccx@1|ccx-v1:a+b+c|ccx-v1:a+b+ccx@1|ccx-v1:ccx@1|ccx-v1:|ccx-v1:a+b+c+ccx@1+|ccx-v1:version@{V}+ccx@1
ccx-v1:a+b+c+branch@p+version@{V}+ccx@1|ccx-v1:a+b+c+ccx@1+branch@p|ccx-v1:a+b+c+CCX@1|ccx-v1:a+b+version@{V}+ccx@1
ccx-v1:a+b+c+ccx@1+type@t+block@i|ccx-v1:a+b+c+Branch@p+VERSION@{V.upper()}+Ccx@1|ccx-v1:a/b/c|ccx-v1:a+b+c+ccx@1+ccx@2
block-v1:a+b+c+type@t+block@i|block-v1:a+b+c+block@i|block-v1:a+b+c+type@t|block-v1:a+b+c|block-v1:|block-v1:block@i
block-v1:a+b+type@t+block@i|block-v1:a+b+c+type@t+block@i+|block-v1:a+b+c+block@i+type@t|block-v1:a+b+c+TYPE@t+BLOCK@i
block-v1:a+b+c+branch@p+type@t+block@i|block-v1:a+b+c+branch@p+version@{V}+type@t+block@i|block-v1:type@t+block@i
block-v1:version@{V}+type@t+block@i|block-v1:version@{V}+block@i|block-v1:branch@p+type@t+block@i
block-v1:a+b+version@{V}+type@t+block@i|block-v1:branch@p+version@{V}+type@t+block@i
ccx-block-v1:a+b+c+ccx@1+type@t+block@i|ccx-block-v1:a+b+c+type@t+block@i|ccx-block-v1:a+b+c+ccx@1+block@i
ccx-block-v1:a+b+c+ccx@1+type@t|ccx-block-v1:a+b+c+branch@p+version@{V}+ccx@1+type@t+block@i
ccx-block-v1:a+b+c+CCX@1+TYPE@t+BLOCK@i|ccx-block-v1:version@{V}+ccx@1+type@t+block@i|ccx-block-v1:
lib-block-v1:o+l+type@t+block@i|lib-block-v1:o+l+block@i|lib-block-v1:o+l+type@t|lib-block-v1:o+type@t+block@i
lib-block-v1:o+l+branch@p+type@t+block@i|lib-block-v1:o+l+version@{V}+type@t+block@i|lib-block-v1:type@t+block@i
lib-block-v1:version@{V}+type@t+block@i|lib-block-v1:o+l+r+type@t+block@i|lib-block-v1:
i4x://a/b/t/i|i4x://a/b/t/i@r|i4x://a/b/t/i@|i4x://a/b/t/i@r@s|i4x://a/b/t|i4x://a/b/t/|i4x://a/b/t/i/j|i4x:///b/t/i
i4x://a//t/i|i4x://a/b//i|i4x:/a/b/t/i|i4x:a/b/t/i|i4x:|I4X://a/b/t/i|c4x://a/b/t/i|/c4x/a/b/t/i|i4x/a/b/t/i
location:a+b+c+t+i|location:a+b+c+t|location:a+b+c+t+i+r|location:a+b+c+t+|location:a+b++t+i|location:a/b/t/i|location:
aside-usage-v1:block-v1:a+b+c+type@t+block@i::x|aside-usage-v2:block-v1$:a+b+c+type@t+block@i::x|aside-usage-v1:
lib:o:s|lib:o|lib:o:|lib::s|lib:o:s:x|lib:|lb:o:s:t:i|lb:o:s:t|lb:o:s:t:i:x|lb:o:s::i|lb:|lct:o:s:t:i|lct:o:s:t
lct:o:s:t:i:x|lct:|lib-collection:o:s:c|lib-collection:o:s|lib-collection:o:s:c:x|lib-collection:
Course-v1:a+b+c|BLOCK-V1:a+b+c+type@t+block@i|LIB:o:s|asset-v1:a+b+c+type@asset+block@i.png|foo|:|:a|:a/b/c|-:a
foo:a+b+c|foo:|aside-usage-v1:foo|def-v1:{V}+type@t|block-type-v1:f:t|aside-def-v1:def-v1:{V}+type@t::x
"""


def facts(key):
    """The key as the TypeScript package shows it, apart from its text."""
    name = type(key).__name__
    if name in ("CourseLocator", "CCXLocator"):
        # A deprecated block does not know its run: None in Python, empty here.
        course = {"org": key.org, "course": key.course, "run": "" if key.deprecated and key.run is None else key.run}
        course |= {"branch": key.branch, "version": key.version_guid and str(key.version_guid)}
        if name == "CCXLocator":
            return {"kind": "ccx", **course, "ccxId": key.ccx}
        return {"kind": "course", **course, "deprecated": key.deprecated}
    if name == "LibraryLocator":
        version = key.version_guid and str(key.version_guid)
        return {"kind": "library", "org": key.org, "library": key.library, "branch": key.branch, "version": version}
    if name in ("BlockUsageLocator", "DeprecatedLocation"):
        course = facts(key.course_key)
        revision = course["branch"] if key.deprecated else None
        if key.deprecated:
            course["branch"] = None
        block = {"courseKey": course, "blockType": key.block_type, "blockId": key.block_id}
        return {"kind": "block-usage", **block, "revision": revision, "deprecated": key.deprecated}
    if name == "CCXBlockUsageLocator":
        block = {"courseKey": facts(key.course_key), "blockType": key.block_type, "blockId": key.block_id}
        return {"kind": "ccx-block-usage", **block}
    if name == "LibraryUsageLocator":
        block = {"libraryKey": facts(key.library_key), "blockType": key.block_type, "blockId": key.block_id}
        return {"kind": "library-usage", **block}
    if name == "LibraryLocatorV2":
        return {"kind": "library-v2", "org": key.org, "slug": key.slug}
    library = {"libKey": facts(key.lib_key)} if hasattr(key, "lib_key") else {}
    if name == "LibraryUsageLocatorV2":
        return {"kind": "library-usage-v2", **library, "blockType": key.block_type, "blockId": key.usage_id}
    if name == "LibraryCollectionLocator":
        return {"kind": "library-collection", **library, "collectionId": key.collection_id}
    if name == "LibraryContainerLocator":
        container = {"containerType": key.container_type, "containerId": key.container_id}
        return {"kind": "library-container", **library, **container}
    return {"kind": "opaque", "prefix": key.CANONICAL_NAMESPACE}


def vector(key_type, text):
    try:
        key = facts(key_type.from_string(text))
    except InvalidKeyError:
        key = None
    return {"keyType": key_type.__name__, "text": text, "key": key}


vectors = [
    vector(key_type, text) for text in TEXTS.strip("\n").replace("\n", "|").split("|") for key_type in PLACES
] + [
    vector(key_type, place.format(part)) for key_type, places in PLACES.items() for place in places for part in PARTS
]
lines = "\n".join(json.dumps(one, separators=(",", ":")) for one in vectors)
pathlib.Path("src/vectors.jsonl").write_text(lines + "\n", encoding="utf-8")
