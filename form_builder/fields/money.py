"""An amount of money."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings
from form_builder.limits import RANGE, check_range
from form_builder.reading import rounded, said_empty, to_number

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$"}


@field_type("money")
class Money(FieldType):
    """An amount of money, kept to four decimals (NUMERIC(18,4))."""

    title, title_en = "金额", "Money"
    icon, widget, group, kind = "money", "money", "basic", "money"
    schema = settings(
        **RANGE,
        currency=setting("string", "币种", "Currency", enum=list(SYMBOLS), default="CNY"),
        decimals=setting("integer", "小数位数", "Decimal places", minimum=0, maximum=4, default=2),
    )
    examples = (Example({}, "¥1,234.50", 1234.5), Example({}, "12.34567", 12.3457), Example({}, "3元", 3))

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> int | float | None:
        """Return the amount, rounded half away from zero to four decimals."""
        del context
        if said_empty(value):
            return None
        amount = rounded(to_number(value), 4)
        check_range(amount, field)
        return amount

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the amount with its currency sign."""
        return f"{SYMBOLS[field.get('currency', 'CNY')]}{value:,.{field.get('decimals', 2)}f}"
