"""A moment: day and time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, settings
from form_builder.reading import moment_text, said_empty, to_datetime


@field_type("datetime")
class DateTime(FieldType):
    """A moment, kept in UTC; without an offset it is read in the workspace's time zone."""

    title, title_en = "日期时间", "Date and time"
    icon, widget, group, kind = "clock", "datetime", "basic", "datetime"
    schema = settings()
    examples = (
        Example({}, "2025-01-02 10:00", "2025-01-02T02:00:00Z"),
        Example({}, "2025年1月2日 下午3:05", "2025-01-02T07:05:00Z"),
        Example({}, "2025-01-02T10:00:00+00:00", "2025-01-02T10:00:00Z"),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str | None:
        """Return the moment in ISO form, UTC."""
        del field
        return None if said_empty(value) else moment_text(to_datetime(value, context.tzinfo))

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the moment without its letters."""
        del field
        moment = dt.datetime.fromisoformat(value)
        return f"{moment:%Y-%m-%d %H:%M:%S}Z"
