"""A number that the system issues: RT20261125-0001."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings, unreadable
from form_builder.reading import to_text

_TOKEN = re.compile(r"\{(yyyy|yy|mm|dd|n(?::(\d{1,2}))?)\}")
PERIODS = {"never": "", "year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


def period(field: Field, now: datetime) -> str:
    """Return the period within which the numbers count up, as text (`""`, `2026`, `2026-11`, `2026-11-25`)."""
    return now.strftime(PERIODS[field.get("reset", "never")])


def issued(field: Field, now: datetime, number: int) -> str:
    """Return the text of the *number*th code issued at *now* (local time)."""
    dates = {"yyyy": f"{now:%Y}", "yy": f"{now:%y}", "mm": f"{now:%m}", "dd": f"{now:%d}"}
    return _TOKEN.sub(lambda token: dates.get(token[1]) or str(number).zfill(int(token[2] or 1)), str(field["pattern"]))


@field_type("auto_number")
class AutoNumber(FieldType):
    """A code that the system issues by a pattern: `RT{yyyy}{mm}{dd}-{n:4}`, counting from 1 in each period."""

    title, title_en = "自动编号", "Automatic number"
    icon, widget, group, kind = "barcode", "auto_number", "advanced", "text"
    schema = settings(
        "pattern",
        pattern=setting("string", "编号规则", "Pattern", maxLength=100, pattern=r"\{n(:[0-9]{1,2})?\}"),
        reset=setting("string", "重新计数", "Count restarts", enum=list(PERIODS), default="never"),
    )
    examples = (Example({"pattern": "RT{yyyy}-{n:4}"}, "RT2026-0001", "RT2026-0001"),)

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str:
        """Return a code that is given (from a file, say); without one the record asks `issue`."""
        del field, context
        text = to_text(value)
        if len(text) > 100:
            raise unreadable("编号最长 100 个字", "at most 100 characters")
        return text

    @classmethod
    def issue(cls, form: str, field: Field, context: RecordContext) -> str | None:
        """Return the next code for *form*, or None where nobody issues numbers (a preview)."""
        if context.number is None:
            return None
        now = context.now.astimezone(context.tzinfo)
        return issued(field, now, context.number(form, str(field["key"]), period(field, now)))
