"""
Reads the events that wheels define from their source, which is never imported: `wheel_definitions.py WHEEL...`.

Writes one JSON object: for each event type its name, its minor version, and its fields in order, each with its path and
type: `["user.id", "int"]`, `["user.pii.name", "str = \"\""]`, `["changes[].direct", "bool | None"]`.
"""

import ast
import json
import re
import sys
import zipfile

NO_DEFAULT = object()


def main(*wheels):
    definitions = {}
    for wheel in wheels:
        definitions.update(Wheel(wheel).definitions())
    json.dump(definitions, sys.stdout)


class Wheel:
    """The modules of a wheel by dotted name; each is parsed when it is first asked for."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self.sources = {
                name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): (
                    archive.read(name).decode(),
                    name.endswith("/__init__.py"),
                )
                for name in archive.namelist()
                if name.endswith(".py")
            }
        self.modules = {}

    def definitions(self):
        """All events, in no order."""
        found = {}
        for name, (source, _) in self.sources.items():
            if "OpenEdxPublicSignal(" in source and "tests" not in name.split("."):
                found.update(self.module(name).signals())
        return found

    def module(self, name):
        """The module of that name, or None when it is no part of the wheel."""
        if name not in self.modules:
            source = self.sources.get(name)
            self.modules[name] = None if source is None else Module(self, name, *source)
        return self.modules[name]


class Module:
    """What a module defines and imports."""

    def __init__(self, wheel, name, source, is_package):
        self.wheel = wheel
        self.package = name if is_package else name.rpartition(".")[0]
        self.body = parse(source).body
        self.classes = {node.name: node for node in self.body if isinstance(node, ast.ClassDef)}

    def signals(self):
        """The events that are module constants."""
        found = {}
        for node in self.body:
            if not isinstance(node, ast.Assign) or not is_call(node.value, "OpenEdxPublicSignal"):
                continue
            given = {keyword.arg: keyword.value for keyword in node.value.keywords}
            fields = []
            for key, value in zip(given["data"].keys, given["data"].values):
                fields += self.field(key.value, value, NO_DEFAULT)
            minor_version = given.get("minor_version")
            found[given["event_type"].value] = {
                "name": node.targets[0].id,
                "minor_version": 0 if minor_version is None else minor_version.value,
                "fields": fields,
            }
        return found

    def field(self, path, kind, default):
        """The lines of a field and of what is in it."""
        name, suffix, inner = self.type(kind)
        line = name if default is NO_DEFAULT else f"{name} = {default}"
        if default == "None":
            line = name if name.endswith(" | None") else f"{name} | None"
        lines = [[path, line]]
        for module, node in inner:
            lines += module.fields_of(node, path + suffix)
        return lines

    def type(self, node):
        """The text of a type, where in its values records are (`[]` in lists), and the data classes of those."""
        if isinstance(node, ast.BinOp):  # int | None
            name, suffix, inner = self.type(node.left)
            return f"{name} | {ast.unparse(node.right)}", suffix, inner
        if isinstance(node, ast.Subscript):
            container = ast.unparse(node.value).lower()
            items = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) else node.slice
            name, suffix, inner = self.type(items)
            if container == "list":
                return f"list[{name}]", f"[]{suffix}", inner
            if container == "dict":
                return f"dict[str, {name}]", f"{{}}{suffix}", inner
            raise ValueError(f"{ast.unparse(node)} is no type that is known")
        if isinstance(node, ast.Attribute):  # LearningPackage.ID
            module, owner = self.find(node.value.id)
            return module.type(ast.parse(alias_in(owner, node.attr), mode="eval").body)
        module, data_class = self.find(node.id)
        return node.id, "", [] if data_class is None else [(module, data_class)]

    def fields_of(self, node, path):
        """The lines of the fields of a data class: inherited ones first, but for those that it defines anew."""
        own = {}
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign):
                name, kind = statement.target.id, statement.annotation
            elif isinstance(statement, ast.Assign) and is_call(statement.value, "attr.ib"):
                given = {keyword.arg: keyword.value for keyword in statement.value.keywords}
                name, kind = statement.targets[0].id, given["type"]
            else:
                continue
            own[name] = self.field(f"{path}.{name}", kind, default_of(statement.value))
        lines = []
        for base in node.bases:
            module, parent = self.find(base.id)
            inherited = [] if parent is None else module.fields_of(parent, path)
            lines += [line for line in inherited if re.match(r"\w+", line[0][len(path) + 1 :])[0] not in own]
        return lines + [line for lines_of_field in own.values() for line in lines_of_field]

    def find(self, name):
        """The class of that name in the wheel, with its module; None for one of another package."""
        if name in self.classes:
            return self, self.classes[name]
        for node in self.body:
            if not isinstance(node, ast.ImportFrom):
                continue
            for alias in node.names:
                if name not in (alias.asname or alias.name, "*") and alias.name != "*":
                    continue
                module = self.wheel.module(self.absolute(node))
                found = (None, None) if module is None else module.find(alias.name if alias.name != "*" else name)
                if found[1] is not None:
                    return found
        return None, None

    def absolute(self, node):
        """The dotted name of the module that an import names."""
        if node.level == 0:
            return node.module
        parts = self.package.split(".")
        parts = parts[: len(parts) - node.level + 1]
        return ".".join([*parts, *([node.module] if node.module else [])])


def parse(source):
    """Python 3.11 does not know the statement `type X = Y` of 3.12."""
    return ast.parse(re.sub(r"^(\s*)type (\w+) =", r"\1\2 =", source, flags=re.MULTILINE))


def alias_in(owner, name):
    """What a name in a class stands for: `ID = PackageID`, `PackageID = NewType("PackageID", int)`."""
    for node in owner.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name:
            if is_call(node.value, "NewType"):
                return ast.unparse(node.value.args[1])
            return alias_in(owner, ast.unparse(node.value))
    raise ValueError(f"{owner.name} has no {name}")


def default_of(value):
    """The default of a field as text; for the class `dict` itself, which is a mistake, `<class 'dict'>`."""
    if value is None:
        return NO_DEFAULT
    if not isinstance(value, ast.Call):
        return json_text(value)
    given = {keyword.arg: keyword.value for keyword in value.keywords}
    if "factory" in given:
        return {"list": "[]", "dict": "{}", "str": '""'}[given["factory"].id]
    return NO_DEFAULT if "default" not in given else json_text(given["default"])


def json_text(node):
    if isinstance(node, ast.Name):
        return f"<class '{node.id}'>"
    return "None" if node.value is None else json.dumps(node.value)


def is_call(node, function):
    return isinstance(node, ast.Call) and ast.unparse(node.func) == function


if __name__ == "__main__":
    main(*sys.argv[1:])
