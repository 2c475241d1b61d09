"""A form's fields as expressions see them: keys with their types, links followed, facts forms beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from form_builder.field import FIELD_TYPES

MAX_LINKS = 4


def language_fields(
    definition: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]], depth: int = MAX_LINKS
) -> dict[str, Any]:
    """Return what `engine.expression.check` takes for the form *definition*.

    Args:
        definition: a form (its `fields` are enough).
        forms: published forms by key, to follow links and to name facts forms (`sales.quantity`).
        depth: how many links may be followed.
    """
    fields = {field["key"]: _field(field, forms, depth) for field in definition["fields"]}
    if depth == MAX_LINKS:
        for key, form in forms.items():
            if form.get("storage") == "facts" and key not in fields:
                fields[key] = facts(form)
    return fields


def facts(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return a facts form as expressions see it: a name with dotted columns."""
    columns = {field["key"]: dict(field) for field in form["fields"]}
    return {"type": "facts", "form": form["key"], "label": form.get("name", form["key"]), "fields": columns}


def _field(field: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]], depth: int) -> dict[str, Any]:
    seen = dict(field)
    if field["type"] == "formula":
        seen.setdefault(
            "result", "number"
        )  # said, so that a column of formulas is a list of numbers and not of anything
    kind = FIELD_TYPES[field["type"]]
    target = kind.target(field)
    if target is not None and not field.get("multiple"):
        seen |= {"type": "link", "form": target}
        if depth > 0 and target in forms:
            seen["fields"] = language_fields(forms[target], forms, depth - 1)
        else:
            seen["fields"] = {}
    elif field["type"] == "sub_form":
        seen["fields"] = {column["key"]: _field(column, forms, depth) for column in field["fields"]}
    return seen
