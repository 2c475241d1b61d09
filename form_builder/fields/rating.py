"""A rating in stars."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings, unreadable
from form_builder.reading import said_empty, to_number


@field_type("rating")
class Rating(FieldType):
    """A rating: whole stars from 0 to `stars`."""

    title, title_en = "评分", "Rating"
    icon, widget, group, kind = "star", "rating", "advanced", "integer"
    schema = settings(stars=setting("integer", "满分", "Stars", minimum=2, maximum=10, default=5))
    examples = (Example({}, "4", 4), Example({}, "★★★", 3))

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> int | None:
        """Return the number of stars; written-out stars are counted."""
        del context
        if said_empty(value):
            return None
        stars = field.get("stars", 5)
        written = value.strip() if isinstance(value, str) else ""
        number = written.count("★") if written and set(written) <= {"★", "☆"} else to_number(value)
        if not isinstance(number, int) or not 0 <= number <= stars:
            raise unreadable(f"应为 0 到 {stars} 的整数", f"should be a whole number from 0 to {stars}")
        return number

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the stars."""
        return "★" * int(value) + "☆" * (int(field.get("stars", 5)) - int(value))
