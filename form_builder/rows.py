"""Read the fields of one row of values, each by its type; every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.problems import Problem, did_you_mean
from form_builder.context import RecordContext
from form_builder.field import FIELD_TYPES, Field, Unreadable
from form_builder.reading import is_empty


def read_values(
    fields: Mapping[str, Field], values: Mapping[str, Any], context: RecordContext
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the given *values* as read by their fields, and the problems; unknown keys are refused with a hint."""
    record: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in values.items():
        field = fields.get(key)
        if field is None:
            problems.append(_unknown(key, fields))
            continue
        kind = FIELD_TYPES[field["type"]]
        if kind.computed(field):
            continue
        if is_empty(value):
            record[key] = None
            continue
        try:
            record[key] = kind.read(value, field, context)
        except Unreadable as error:
            problems += [labelled(problem.under(f"$.{key}"), field) for problem in error.problems]
    return record, problems


def labelled(problem: Problem, field: Field) -> Problem:
    """Return the problem with the field's label in front of the message, as people know fields by their labels."""
    label, label_en = field.get("label", field["key"]), field.get("label_en") or field.get("label", field["key"])
    return Problem(
        problem.path, f"{label}:{problem.message}", problem.hint, f"{label_en}: {problem.message_en}", problem.hint_en
    )


def _unknown(key: str, fields: Mapping[str, Field]) -> Problem:
    labels = {field.get("label", name): name for name, field in fields.items()}
    near = labels.get(key) or did_you_mean(key, fields)
    hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
    return Problem(f"$.{key}", f"没有字段“{key}”", hint, f"there is no field “{key}”", hint_en)
