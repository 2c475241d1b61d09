"""The columns of a form's table: what its fields are stored as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from form_builder.field import FIELD_TYPES


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form's table.

    Args:
        name: the field's key.
        kind: text, integer, number, money, boolean, date, datetime or json.
        nullable: whether it may be empty (a required field may still be empty in old rows: the validator asks).
        unique: whether two records may not share a value.
        links: the form whose `code` it holds, or None.
    """

    name: str
    kind: str
    nullable: bool
    unique: bool
    links: str | None


def columns(definition: Mapping[str, Any]) -> list[Column]:
    """Return the columns of the form *definition*, in the order of its fields; fields that store nothing are left out."""
    found: list[Column] = []
    for field in definition["fields"]:
        kind_of = FIELD_TYPES[field["type"]]
        kind = kind_of.column(field)
        if kind is None:
            continue
        required = bool(field.get("required")) and not hidable(field["key"], definition)
        unique = is_unique(field)
        found.append(Column(field["key"], kind, not required, unique, kind_of.target(field)))
    return found


def is_unique(field: Mapping[str, Any]) -> bool:
    """Return whether two records may not share a value of *field*; automatic numbers never do."""
    return bool(field.get("unique")) or field["type"] == "auto_number"


def hidable(key: str, definition: Mapping[str, Any]) -> bool:
    """Return whether a rule of the form may hide the field *key* (a hidden field may stay empty)."""
    return any(key in rule.get("show", ()) or key in rule.get("hide", ()) for rule in definition.get("rules", ()))
