"""Checks an answer against a schema of the OpenAPI document: the part of JSON Schema that the document uses.

A keyword that is not known here fails, so that the check cannot pass by not looking.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

KNOWN = {
    "$ref", "additionalProperties", "default", "description", "enum", "format", "items", "maxLength", "maximum",
    "minimum", "properties", "required", "type",
}  # fmt: skip
TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}
FORMATS: dict[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "uuid": uuid.UUID,
    "uri": lambda text: (re.fullmatch("https?", urlsplit(text).scheme) and urlsplit(text).netloc) or int("no"),
}


def faults(value: Any, schema: dict[str, Any], document: dict[str, Any], where: str = "$") -> list[str]:
    """What does not fit, each with its place."""
    unknown = set(schema) - KNOWN
    assert not unknown, f"{where}: this check does not know {unknown}"
    if "$ref" in schema:
        return faults(value, resolved(schema["$ref"], document), document, where)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(TYPES[kind](value) for kind in kinds):
        return [f"{where}: {value!r} is no {' or '.join(kinds)}"]
    found = _scalar_faults(value, schema, where)
    if isinstance(value, dict):
        found += _object_faults(value, schema, document, where)
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            found += faults(item, schema["items"], document, f"{where}[{number}]")
    return found


def _scalar_faults(value: Any, schema: dict[str, Any], where: str) -> list[str]:
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is not in the list")
    if isinstance(value, str) and "format" in schema:
        try:
            FORMATS[schema["format"]](value)
        except ValueError:
            found.append(f"{where}: {value!r} is no {schema['format']}")
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        found.append(f"{where}: {value} is out of bounds")
    return found


def _object_faults(value: dict[str, Any], schema: dict[str, Any], document: dict[str, Any], where: str) -> list[str]:
    properties = schema.get("properties", {})
    found = [f"{where}: {name} is missing" for name in schema.get("required", []) if name not in value]
    if schema.get("additionalProperties") is False:
        found += [f"{where}: {name} is not described" for name in value if name not in properties]
    for name, inner in value.items():
        if name in properties:
            found += faults(inner, properties[name], document, f"{where}.{name}")
    return found


def resolved(reference: str, document: dict[str, Any]) -> dict[str, Any]:
    """What a local reference points to. Fails when it points nowhere."""
    assert reference.startswith("#/"), reference
    found: Any = document
    for part in reference[2:].split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    assert isinstance(found, dict)
    return found


def references(value: Any) -> list[str]:
    """All references below a value."""
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [reference for inner in value.values() for reference in references(inner)]
    if isinstance(value, list):
        return [reference for inner in value for reference in references(inner)]
    return []
