"""One of a list."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings
from form_builder.limits import OPTIONS, option_label, read_option
from form_builder.reading import to_text


@field_type("choice")
class Choice(FieldType):
    """One of a list; an option's `when` makes lists depend on each other (cascading options)."""

    title, title_en = "单选", "Choice"
    icon, widget, group, kind = "select", "select", "basic", "text"
    schema = settings(
        "options",
        options=OPTIONS,
        allow_new=setting("boolean", "允许新增选项", "New options allowed"),
        display=setting("string", "样式", "Shown as", enum=["select", "radio", "tag"]),
    )
    examples = (
        Example({"options": ["爆款", "常销"]}, "爆款", "爆款"),
        Example({"options": [{"value": "hot", "label": "爆款", "label_en": "Hot"}]}, "爆款", "hot"),
        Example({"options": ["爆款"], "allow_new": True}, "新品", "新品"),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str:
        """Return the option's value; its label in either language is read too."""
        del context
        return read_option(to_text(value), field)

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the option's label."""
        return option_label(value, field)
