"""A stock-keeping unit of the workspace."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import EXPRESSION, Example, Field, FieldType, field_type, setting, settings
from form_builder.links import read_link


@field_type("sku")
class Sku(FieldType):
    """A stock-keeping unit of the workspace: a link to the form `sku`, with its own picker. With `multiple`, a list of codes."""

    title, title_en = "商品", "SKU"
    icon, widget, group, kind = "box", "sku", "stock", "text"
    asks = True
    schema = settings(
        multiple=setting("boolean", "可选多个", "Several"),
        where=EXPRESSION | {"title": "可选范围", "x-title-en": "Only where"},
    )
    examples = (Example({}, "A001", "A001"), Example({"multiple": True}, "A001; A001", ["A001"]))

    @classmethod
    def column(cls, field: Field) -> str:
        """Return `json` for several codes, else `text`."""
        return "json" if field.get("multiple") else "text"

    @classmethod
    def target(cls, field: Field) -> str:
        """Return the form that is linked to."""
        del field
        return "sku"

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str | list[str]:
        """Return the code (or codes); one that does not exist is refused."""
        return read_link(value, "sku", context, several=bool(field.get("multiple")))

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the codes, separated by 、."""
        del field
        return "、".join(value) if isinstance(value, list) else str(value)
