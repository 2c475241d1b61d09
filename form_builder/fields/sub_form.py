"""Rows inside a record: the lines of an order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.problems import Problem
from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, Unreadable, field_type, setting, settings, unreadable
from form_builder.record import reader


@field_type("sub_form")
class SubForm(FieldType):
    """Rows inside a record, each with fields of its own; formulas work within a row."""

    title, title_en = "子表单", "Sub-form"
    icon, widget, group, kind = "table", "sub_form", "relation", "json"
    asks = True
    schema = settings(
        "fields",
        fields={
            "type": "array",
            "title": "列",
            "x-title-en": "Columns",
            "minItems": 1,
            "maxItems": 100,
            "items": {"type": "object"},
        },
        min_rows=setting("integer", "至少几行", "At least", minimum=0),
        max_rows=setting("integer", "至多几行", "At most", minimum=1, maximum=5000),
    )
    examples = (
        Example(
            {
                "fields": [
                    {"key": "sku", "type": "text", "label": "商品"},
                    {"key": "quantity", "type": "number", "label": "数量"},
                ]
            },
            [{"sku": "A001", "quantity": "1,000"}],
            [{"sku": "A001", "quantity": 1000}],
        ),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> list[dict[str, Any]]:
        """Return the rows as read; the problems of all rows at once, each under its row."""
        rows = _rows(value)
        low, high = field.get("min_rows", 0), field.get("max_rows", 5000)
        if not low <= len(rows) <= high:
            raise unreadable(
                f"应有 {low} 到 {high} 行,现有 {len(rows)} 行", f"{low} to {high} rows are due, found {len(rows)}"
            )
        read = reader({"key": "", "fields": field["fields"]}, context.forms)
        inside = replace(context, existing=None)
        read_rows: list[dict[str, Any]] = []
        problems: list[Problem] = []
        for index, row in enumerate(rows):
            values, found = read.read(row, inside)
            read_rows.append(values)
            problems += [problem.under(f"$[{index}]") for problem in found]
        if problems:
            raise Unreadable(*problems)
        return read_rows

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return how many rows there are."""
        del field
        return f"{len(value)} 行"


def _rows(value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise unreadable("应为一组行", "should be a list of rows")
    return value
