"""A day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings, unreadable
from form_builder.reading import said_empty, to_date

DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@field_type("date")
class Date(FieldType):
    """A day, without a time: 2025-01-02, 2025/1/2, 2025年1月2日, 20250102 and a spreadsheet's day number are read."""

    title, title_en = "日期", "Date"
    icon, widget, group, kind = "calendar", "date", "basic", "date"
    schema = settings(
        earliest=setting("string", "最早", "Earliest", pattern=DAY),
        latest=setting("string", "最晚", "Latest", pattern=DAY),
    )
    examples = (
        Example({}, "2025年1月2日", "2025-01-02"),
        Example({}, "2025/1/2", "2025-01-02"),
        Example({}, 45659.0, "2025-01-02"),
        Example({}, dt.datetime(2025, 1, 2, 9, 30), "2025-01-02"),  # noqa: DTZ001 spreadsheets give such
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str | None:
        """Return the day in ISO form."""
        if said_empty(value):
            return None
        day = to_date(value, context.tzinfo).isoformat()
        if day < field.get("earliest", day):
            raise unreadable(f"不能早于 {field['earliest']}", f"must not be before {field['earliest']}")
        if day > field.get("latest", day):
            raise unreadable(f"不能晚于 {field['latest']}", f"must not be after {field['latest']}")
        return day
