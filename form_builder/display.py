"""How people call a record: `A001 珍珠耳环`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from form_builder.field import FIELD_TYPES


def display(form: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """Return the name of *record*: the values of the form's `display` fields (else code and name, else the natural keys)."""
    keys = form.get("display") or [key for key in ("code", "name") if key in record] or form.get("natural_keys", ())
    words = [show(form, key, record.get(key)) for key in keys]
    return " ".join(word for word in words if word) or str(form.get("name", form["key"]))


def show(form: Mapping[str, Any], key: str, value: Any) -> str:
    """Return the *value* of the field *key* as people read it; empty text for an empty field."""
    if value is None or value == []:
        return ""
    for field in form["fields"]:
        if field["key"] == key:
            return FIELD_TYPES[field["type"]].show(value, field)
    return str(value)
