"""Writes data/golden/avro-vectors.json: bytes made by fastavro, for schemas that the catalogue does not have.

Run with any Python >= 3.10 that has fastavro 1.13.1:  python make-avro-vectors.py > ../data/golden/avro-vectors.json

In the output bytes are text of U+0000 to U+00FF, and doubles that JSON lacks are {"$double": "NaN"}.
"""

import io
import json
import math
import sys

import fastavro

DOC = "Avro Event Format for CloudEvents created with openedx_events/schema"


def event(number, *fields):
    return {
        "name": "CloudEvent",
        "type": "record",
        "doc": DOC,
        "fields": list(fields),
        "namespace": f"org.example.interop.vector.written.v{number}",
    }


def field(name, kind):
    return {"name": name, "type": kind}


def optional(name, kind):
    return {"name": name, "type": ["null", kind], "default": None}


def with_default(name, kind, value):
    return {"name": name, "type": kind, "default": value}


def record(name, *fields):
    return {"name": name, "type": "record", "fields": list(fields)}


def array(items):
    return {"type": "array", "items": items}


def mapping(values):
    return {"type": "map", "values": values}


INNER = record("Inner", optional("text", "string"), optional("number", "long"))
VECTORS = {
    "bytes": (
        event(1, field("items", array("bytes"))),
        [{"items": []}, {"items": [b"", b"\0", bytes(range(256))]}],
    ),
    "doubles": (
        event(2, field("items", array("double"))),
        [{"items": [0.0, -0.0, 0.1, -1.5, 1e300, 5e-324, math.nan, math.inf, -math.inf]}],
    ),
    "longs": (
        event(3, field("items", array("long"))),
        [
            {
                "items": [n for b in range(0, 63) for n in (2**b - 1, 2**b, 2**b + 1, -(2**b), -(2**b) - 1)]
                + [2**63 - 1, -(2**63)]
            }
        ],
    ),
    "optionals": (
        event(4, field("outer", record("Outer", optional("inner", INNER), optional("list", array("Inner"))))),
        [
            {"outer": {"inner": None, "list": None}},
            {"outer": {"inner": {"text": None, "number": 0}, "list": []}},
            {"outer": {"inner": {"text": "", "number": None}, "list": [{"text": "a", "number": 1}]}},
        ],
    ),
    "maps": (
        event(5, field("labels", mapping("string")), field("counts", mapping(array(mapping("long"))))),
        [
            {"labels": {}, "counts": {}},
            {"labels": {"": "", "k": "v", "constructor": "x"}, "counts": {"a": [{}, {"b": -1, "c": 2}], "d": []}},
        ],
    ),
    "texts": (
        event(6, field("items", array("string"))),
        [{"items": ["", "a", "é", "日本語", "😀", "x" * 63, "x" * 64, "é" * 63, "\0\n\"\\", "\ufeffbom"]}],
    ),
    "booleans": (event(7, field("items", array("boolean"))), [{"items": [True, False]}]),
}

# name: (writer's fields, reader's fields, record)
RESOLUTIONS = {
    "optional-added": ([field("r", record("R", field("a", "long")))],
                       [field("r", record("R", field("a", "long"), optional("b", "string")))], {"r": {"a": 1}}),
    "default-added": ([field("r", record("R", field("a", "long")))],
                      [field("r", record("R", field("a", "long"), with_default("b", "long", 7)))], {"r": {"a": 1}}),
    "removed": ([field("b", record("B", field("x", array("string")))), field("a", "long")], [field("a", "long")],
                {"b": {"x": ["y"]}, "a": 1}),
    "required-added": ([field("a", "long")], [field("a", "long"), field("b", "long")], {"a": 1}),
    "reordered": ([field("a", "long"), field("b", "string")], [field("b", "string"), field("a", "long")],
                  {"a": 1, "b": "x"}),
    "int-to-long": ([field("a", "int")], [field("a", "long")], {"a": -(2**31)}),
    "int-to-double": ([field("a", "int")], [field("a", "double")], {"a": 3}),
    "long-to-double": ([field("a", "long")], [field("a", "double")], {"a": -(2**52) - 1}),
    "float-to-double": ([field("a", "float")], [field("a", "double")], {"a": 0.5}),
    "string-to-bytes": ([field("a", "string")], [field("a", "bytes")], {"a": "é"}),
    "bytes-to-string": ([field("a", "bytes")], [field("a", "string")], {"a": "é".encode()}),
    "double-to-long": ([field("a", "double")], [field("a", "long")], {"a": 1.0}),
    "string-to-long": ([field("a", "string")], [field("a", "long")], {"a": "1"}),
    "long-to-string": ([field("a", "long")], [field("a", "string")], {"a": 1}),
    "required-to-nullable": ([field("a", record("A", field("b", "long")))], [field("a", record("A", optional("b", "long")))],
                             {"a": {"b": 5}}),
    "nullable-to-required": ([field("a", record("A", optional("b", "long")))], [field("a", record("A", field("b", "long")))],
                             {"a": {"b": 5}}),
    "null-to-required": ([field("a", record("A", optional("b", "long")))], [field("a", record("A", field("b", "long")))],
                         {"a": {"b": None}}),
    "nested-renamed": ([field("a", record("Old", field("b", "long")))], [field("a", record("New", field("b", "long")))],
                       {"a": {"b": 5}}),
    "nested-in-lists": (
        [field("a", array(record("A", field("x", "long"), field("b", mapping(record("B", field("y", "int"), field("z", "string")))))))],
        [field("a", array(record("A", field("b", mapping(record("B", field("z", "string"), optional("w", "string")))))))],
        {"a": [{"x": 1, "b": {"k": {"y": 2, "z": "v"}}}, {"x": 2, "b": {}}]},
    ),
}


def encode(schema, value):
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(schema), value)
    return out.getvalue()


def plain(value):
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, float) and not math.isfinite(value):
        return {"$double": {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def resolution(number, writer_fields, reader_fields, value):
    writer, reader = event(number, *writer_fields), event(number, *reader_fields)
    data = encode(writer, value)
    try:
        read = fastavro.schemaless_reader(
            io.BytesIO(data), fastavro.parse_schema(writer), fastavro.parse_schema(reader)
        )
        result = {"record": plain(read)}
    except Exception as error:  # what it is called differs between versions of fastavro
        result = {"refused": type(error).__name__}
    return {"writer": json.dumps(writer, sort_keys=True), "hex": data.hex(), **result}


json.dump(
    {
        "made_from": f"fastavro {fastavro.__version__}",
        "vectors": {
            name: {
                "schema": json.dumps(schema, sort_keys=True),
                "vectors": [{"record": plain(value), "hex": encode(schema, value).hex()} for value in values],
            }
            for name, (schema, values) in VECTORS.items()
        },
        "resolutions": {
            name: resolution(100 + number, *case) for number, (name, case) in enumerate(RESOLUTIONS.items())
        },
    },
    sys.stdout,
    indent=1,
    ensure_ascii=True,
)
print()
