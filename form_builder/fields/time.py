"""A time of day."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, settings
from form_builder.reading import said_empty, to_time


@field_type("time")
class Time(FieldType):
    """A time of day, without a day: 08:30, 8点30分, 下午3:05."""

    title, title_en = "时间", "Time"
    icon, widget, group, kind = "clock", "time", "basic", "text"
    schema = settings()
    examples = (
        Example({}, "8:30", "08:30:00"),
        Example({}, "8点30分", "08:30:00"),
        Example({}, "下午3:05", "15:05:00"),
        Example({}, 0.5, "12:00:00"),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str | None:
        """Return the time as HH:MM:SS."""
        del field, context
        return None if said_empty(value) else to_time(value).isoformat("seconds")
