# SPDX-License-Identifier: GPL-3.0-or-later
"""What a field cannot be, made from what a document says of it."""
from openapi import Document

LONG = "x" * 100_000
# Texts that are no harm: taken as they are or refused in words.
TEXTS = {
    "SQL": "'; DROP TABLE users; --",
    "a condition": "\" OR 1=1 --",
    "HTML": "<script>alert(\"1\")</script>",
    "wildcards": "%_\\*?",
    "braces": "{{7*7}} ${jndi:x} $(reboot) `reboot`",
    "other scripts": "Ünïcødé 漢字 עברית",
    "beyond 16 bits": "\U0001f600\U00010348",
    "lines": "one\r\ntwo\n",
    "a zero": "a\0b",
    "other controls": "\x01\x1b[31m\x7f",
    "direction": "\u202egnp.exe",
    "spaces": "  a  ",
}
_WRONG_TYPES = {
    "string": [42, 1.5, True, [], {}, ["x"]],
    "integer": ["7", "many", 7.5, True, [], {}],
    "boolean": ["true", "", 1, 0, [], {}],
    "array": ["x", 7, True, {}],
    "object": ["x", 7, True, []],
}
_BEYOND = [2**31, 2**63, 2**64, -2**31 - 1, -2**63 - 1, 10**40]


def bad_values(document: Document, schema: dict, *, required: bool) -> list:
    """Values that a field must refuse. `required`: it has to have a value."""
    schema = document.flat(schema)
    kind = schema.get("type")
    bad = list(_WRONG_TYPES.get(kind, ()))
    if required or not schema.get("x-nullable"):
        bad.append(None)
    if kind == "string":
        if required or schema.get("minLength", 0) > 0 and not schema.get("x-nullable"):
            bad.append("")
        if schema.get("minLength", 0) > 1:
            bad.append("x" * (schema["minLength"] - 1))
        if "maxLength" in schema:
            bad += ["x" * (schema["maxLength"] + 1), LONG]
        if "enum" in schema:
            bad += ["no such choice", schema["enum"][0].swapcase()]
    elif kind == "integer":
        least, most = schema.get("minimum", -2**63), schema.get("maximum", 2**63 - 1)
        bad += [each for each in (least - 1, most + 1, *_BEYOND) if not least <= each <= most]
    elif kind == "array":
        bad += [[each] for each in bad_values(document, schema.get("items", {}), required=True)[:8]]
        bad.append([[[[[]]]]])
    elif kind == "object":
        for name, each in schema.get("properties", {}).items():
            if not document.flat(each).get("readOnly"):
                bad += [{name: value} for value in bad_values(document, each, required=False)[:4]]
    return bad


def writable(document: Document, schema: dict | None) -> dict[str, dict]:
    """The fields of a body that a client may set."""
    return {name: each for name, each in document.properties(schema).items() if not each.get("readOnly")}
