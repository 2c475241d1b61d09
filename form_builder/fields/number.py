"""A number, whole or with decimals."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings, unreadable
from form_builder.limits import RANGE, check_range
from form_builder.reading import rounded, said_empty, to_number


@field_type("number")
class Number(FieldType):
    """A number; with `decimals` 0 a whole one. Thousands separators, 万/亿 and full-width digits are read."""

    title, title_en = "数字", "Number"
    icon, widget, group, kind = "number", "number", "basic", "number"
    schema = settings(
        **RANGE,
        decimals=setting("integer", "小数位数", "Decimal places", minimum=0, maximum=9),
        unit=setting("string", "单位", "Unit", maxLength=20),
        thousands=setting("boolean", "显示千分位", "Thousands separators"),
    )
    examples = (
        Example({}, "1,234.50", 1234.5),
        Example({}, "1.2万", 12000),
        Example({"decimals": 0}, 20.0, 20),
        Example({}, "(12)", -12),
        Example({}, "—", None),
    )

    @classmethod
    def column(cls, field: Field) -> str:
        """Return `integer` for whole numbers, else `number`."""
        return "integer" if field.get("decimals") == 0 else "number"

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> int | float | None:
        """Return the number in range, rounded to the field's decimals; a fraction where whole ones are due is refused."""
        del context
        if said_empty(value):
            return None
        number = to_number(value)
        decimals = field.get("decimals")
        if decimals == 0 and not isinstance(number, int):
            raise unreadable(f"应为整数,现为 {number:g}", f"should be a whole number, found {number:g}")
        if decimals is not None:
            number = rounded(number, decimals)
        check_range(number, field)
        return number

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the number with its unit."""
        text = f"{value:,}" if field.get("thousands") else f"{value:.15g}"
        return f"{text} {field['unit']}" if field.get("unit") else text
