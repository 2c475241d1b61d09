"""A share: 12% is kept as 0.12."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings
from form_builder.limits import RANGE, check_range
from form_builder.reading import normal, said_empty, to_number


@field_type("percent")
class Percent(FieldType):
    """A share; `12%` is kept as 0.12, and a bare number is taken as the share itself."""

    title, title_en = "百分比", "Percent"
    icon, widget, group, kind = "percent", "percent", "basic", "number"
    schema = settings(
        **RANGE, decimals=setting("integer", "显示小数位数", "Decimal places shown", minimum=0, maximum=6, default=1)
    )
    examples = (Example({}, "12%", 0.12), Example({}, 0.3, 0.3), Example({}, "12.5%", 0.125))

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> int | float | None:
        """Return the share."""
        del context
        if said_empty(value):
            return None
        text = normal(value) if isinstance(value, str) else ""
        if text.endswith("%"):
            share: int | float = float(Decimal(str(to_number(text[:-1]))) / 100)
        else:
            share = to_number(value)
        check_range(share, field)
        return share

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the share as per cent."""
        return f"{value * 100:.{field.get('decimals', 1)}f}%"
