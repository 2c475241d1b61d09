"""A quantity of goods, in a unit and in packs of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings, unreadable
from form_builder.limits import RANGE, check_range
from form_builder.reading import normal, rounded, said_empty, to_number

_PART = re.compile(r"([+-]?[0-9.,]+)\s*([^\s0-9.,+-]+)")


@field_type("quantity")
class Quantity(FieldType):
    """A quantity in the base unit; packs are read and counted out: `3箱5件` with 24 a 箱 is 77."""

    title, title_en = "数量(含单位与箱规)", "Quantity with unit and packs"
    icon, widget, group, kind = "inbox", "quantity", "stock", "number"
    schema = settings(
        **RANGE,
        unit=setting("string", "单位", "Unit", minLength=1, maxLength=20, default="件"),
        decimals=setting("integer", "小数位数", "Decimal places", minimum=0, maximum=3, default=0),
        packs={
            "type": "array", "title": "箱规", "x-title-en": "Packs", "maxItems": 10,
            "items": {
                "type": "object", "required": ["unit", "size"], "additionalProperties": False,
                "properties": {"unit": {"type": "string", "minLength": 1}, "size": {"type": "number", "exclusiveMinimum": 0}},
            },
        },
        whole_packs=setting("string", "必须整包", "Whole packs of this unit only"),
    )  # fmt: skip
    examples = (
        Example({"packs": [{"unit": "箱", "size": 24}]}, "3箱5件", 77),
        Example({}, "12 件", 12),
        Example({}, "1,200", 1200),
        Example({"unit": "kg", "decimals": 3}, "1.5kg", 1.5),
    )

    @classmethod
    def column(cls, field: Field) -> str:
        """Return `integer` for goods by the piece, `number` for goods by weight."""
        return "number" if field.get("decimals") else "integer"

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> int | float | None:
        """Return the quantity in the base unit."""
        del context
        if said_empty(value):
            return None
        number = _counted(normal(value), field) if isinstance(value, str) else to_number(value)
        decimals = field.get("decimals", 0)
        if rounded(number, decimals) != number:
            raise unreadable(
                f"最多 {decimals} 位小数,现为 {number:g}", f"at most {decimals} decimals, found {number:g}"
            )
        check_range(number, field)
        _check_packs(number, field)
        return number

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the quantity with its unit."""
        return f"{value:,} {field.get('unit', '件')}"


def _sizes(field: Field) -> dict[str, float]:
    packs: list[Mapping[str, Any]] = field.get("packs", [])
    return {str(field.get("unit", "件")): 1, **{str(pack["unit"]): pack["size"] for pack in packs}}


def _counted(text: str, field: Field) -> int | float:
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != re.sub(r"\s+", "", text):
        return to_number(text)
    sizes = _sizes(field)
    unknown = [unit for _, unit in parts if unit not in sizes]
    if unknown:
        return to_number(text)
    total = sum(to_number(number) * sizes[unit] for number, unit in parts)
    return rounded(total, 9)


def _check_packs(number: float, field: Field) -> None:
    unit = field.get("whole_packs")
    size = _sizes(field).get(unit) if unit else None
    if size and number % size:
        raise unreadable(
            f"应为整{unit}(每{unit} {size:g}),现为 {number:g}", f"whole {unit} of {size:g} are due, found {number:g}"
        )
