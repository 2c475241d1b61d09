"""Read the fields of one row of values, each by its type; every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.problems import Problem, did_you_mean
from form_builder.context import RecordContext
from form_builder.field import FIELD_TYPES, Field, Unreadable
from form_builder.reading import is_empty

_REMEMBERED = 20_000


class ValueReader:
    """Reads given values by their fields; what the same text was read as before is remembered.

    Args:
        fields: the form's fields by key.
    """

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields
        self._kinds = {key: FIELD_TYPES[field["type"]] for key, field in fields.items()}
        self._computed = {key for key, kind in self._kinds.items() if kind.computed(fields[key])}
        self._known: dict[tuple[str, type, Any, str], Any] = {}

    def read(self, values: Mapping[str, Any], context: RecordContext) -> tuple[dict[str, Any], list[Problem]]:
        """Return the given *values* as read, and the problems; unknown keys are refused with a hint."""
        record: dict[str, Any] = {}
        problems: list[Problem] = []
        for key, value in values.items():
            if key not in self.fields:
                problems.append(_unknown(key, self.fields))
            elif key in self._computed:
                continue
            elif is_empty(value):
                record[key] = None
            else:
                try:
                    record[key] = self._one(key, value, context)
                except Unreadable as error:
                    field = self.fields[key]
                    problems += [labelled(problem.under(f"$.{key}"), field) for problem in error.problems]
        return record, problems

    def _one(self, key: str, value: Any, context: RecordContext) -> Any:
        kind, field = self._kinds[key], self.fields[key]
        if kind.asks or not isinstance(value, str | float | int):
            return kind.read(value, field, context)
        name = (key, type(value), value, context.zone)
        if name in self._known:
            return self._known[name]
        read = kind.read(value, field, context)
        if not isinstance(read, list | dict):  # what may be changed later is made anew each time
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[name] = read
        return read


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
