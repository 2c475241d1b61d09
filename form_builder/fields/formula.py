"""A value calculated from the other fields."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import EXPRESSION, Example, Field, FieldType, field_type, setting, settings
from form_builder.reading import rounded, to_number

KINDS = {
    "number": "number",
    "money": "money",
    "text": "text",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}

TESTS = {
    "type": "array",
    "title": "用例",
    "x-title-en": "Tests",
    "description": "样例记录与应得的值,发布时逐条核对",
    "maxItems": 50,
    "items": {
        "type": "object",
        "required": ["record", "expect"],
        "additionalProperties": False,
        "properties": {"record": {"type": "object", "title": "记录"}, "expect": {"title": "应得"}},
    },
}


@field_type("formula")
class Formula(FieldType):
    """A calculated value, stored with the record; one that reads sales, forecasts or stock is `live`: calculated when shown."""

    title, title_en = "计算公式", "Formula"
    icon, widget, group, kind = "function", "formula", "advanced", "number"
    schema = settings(
        "expression",
        expression=EXPRESSION | {"title": "公式", "x-title-en": "Formula"},
        result=setting("string", "结果类型", "Result", enum=list(KINDS), default="number"),
        decimals=setting("integer", "小数位数", "Decimal places", minimum=0, maximum=9),
        unit=setting("string", "单位", "Unit", maxLength=20),
        live=setting("boolean", "实时计算(不存储)", "Live (not stored)"),
        tests=TESTS,
    )
    examples = (Example({"expression": "quantity * price", "decimals": 2}, 12.345, 12.35),)

    @classmethod
    def column(cls, field: Field) -> str | None:
        """Return the kind of the result; None when it is live."""
        return None if field.get("live") else KINDS[field.get("result", "number")]

    @classmethod
    def computed(cls, field: Field) -> bool:
        """Return True: what is given is passed over."""
        del field
        return True

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> Any:
        """Return the calculated *value* rounded to the field's decimals."""
        del context
        if field.get("result", "number") not in {"number", "money"}:
            return value
        decimals = field.get("decimals", 4 if field.get("result") == "money" else None)
        return to_number(value) if decimals is None else rounded(to_number(value), decimals)

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the value with its unit."""
        text = f"{value:.15g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
        return f"{text} {field['unit']}" if field.get("unit") else text
