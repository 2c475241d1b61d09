"""A small curve of a series, such as the sales of this SKU."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings


@field_type("sparkline")
class Sparkline(FieldType):
    """A small curve drawn from a facts form (sales of this SKU in the last 30 days); nothing is stored."""

    title, title_en = "迷你趋势图", "Sparkline"
    icon, widget, group, kind = "line-chart", "sparkline", "stock", None
    schema = settings(
        "series",
        series=setting("string", "数据", "Series", pattern="^[a-z][a-z0-9_]{0,54}[.][a-z][a-z0-9_]{0,54}$"),
        days=setting("integer", "天数", "Days", minimum=7, maximum=730, default=30),
    )
    examples = (Example({"series": "sales.quantity"}, [1, 2, 3], None),)

    @classmethod
    def computed(cls, field: Field) -> bool:
        """Return True: what is given is passed over."""
        del field
        return True

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> None:
        """Return nothing: the curve is drawn when it is shown."""
        del value, field, context
