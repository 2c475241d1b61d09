"""Pick a record of another form and copy several of its fields."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import EXPRESSION, KEY, Example, Field, FieldType, field_type, settings
from form_builder.links import read_link


@field_type("select_data")
class SelectData(FieldType):
    """A link that also copies fields of the picked record: `copy` maps a field here to a field there.

    The copies are values of this record from then on: a later change of the other record does not change them.
    """

    title, title_en = "选择数据", "Select data"
    icon, widget, group, kind = "import", "select_data", "relation", "text"
    asks = True
    schema = settings(
        "form", "copy",
        form=KEY | {"title": "来源表单", "x-title-en": "Form"},
        copy={
            "type": "object", "title": "带出字段", "x-title-en": "Fields to copy", "minProperties": 1,
            "propertyNames": KEY, "additionalProperties": KEY,
        },
        where=EXPRESSION | {"title": "可选范围", "x-title-en": "Only records where"},
    )  # fmt: skip
    examples = (Example({"form": "sku", "copy": {"cost": "unit_cost"}}, "A001", "A001"),)

    @classmethod
    def target(cls, field: Field) -> str | None:
        """Return the form that is picked from."""
        return str(field["form"])

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str | list[str]:
        """Return the code of the picked record."""
        return read_link(value, str(field["form"]), context, several=False)
