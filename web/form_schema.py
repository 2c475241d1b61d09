"""A published form as JSON Schema: what its records look like to a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from form_builder import columns

TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "money": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "datetime": {"type": ["string", "null"], "format": "date-time"},
    "json": {},
}


def record_schema(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of one record of the form *definition*; titles are the labels."""
    fields = {field["key"]: field for field in definition.get("fields", [])}
    properties: dict[str, Any] = {}
    for column in columns(definition):
        field = fields.get(column.name, {})
        properties[column.name] = {"title": field.get("label", column.name), **TYPES.get(column.kind, {})}
        if field.get("type") == "formula":
            properties[column.name]["readOnly"] = True
    return {"type": "object", "title": definition.get("name", definition.get("key", "")), "properties": properties}
