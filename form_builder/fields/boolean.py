"""Yes or no."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings
from form_builder.reading import to_boolean


@field_type("boolean")
class Boolean(FieldType):
    """Yes or no: 是/否, √/×, true/false, 1/0 are read."""

    title, title_en = "是否", "Yes or no"
    icon, widget, group, kind = "switch", "switch", "basic", "boolean"
    schema = settings(
        yes=setting("string", "“是”的说法", "Word for yes", default="是"),
        no=setting("string", "“否”的说法", "Word for no", default="否"),
    )
    examples = (
        Example({}, "是", True),
        Example({}, "×", False),
        Example({}, 1, True),
        Example({"yes": "在售"}, "在售", True),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> bool:
        """Return True or False; the field's own two words count too."""
        del context
        if isinstance(value, str) and value.strip() in (own := {field.get("yes"): True, field.get("no"): False}):
            return own[value.strip()]
        return to_boolean(value)

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the word for it."""
        return str(field.get("yes", "是") if value else field.get("no", "否"))
