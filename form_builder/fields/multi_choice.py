"""Several of a list."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings, unreadable
from form_builder.limits import OPTIONS, option_label, read_option
from form_builder.reading import to_list, to_text


@field_type("multi_choice")
class MultiChoice(FieldType):
    """Several of a list; a text is split at commas, 、 and semicolons."""

    title, title_en = "多选", "Multiple choice"
    icon, widget, group, kind = "checkbox", "multi_select", "basic", "json"
    schema = settings(
        "options",
        options=OPTIONS,
        allow_new=setting("boolean", "允许新增选项", "New options allowed"),
        max_count=setting("integer", "最多几项", "At most", minimum=1),
    )
    examples = (
        Example({"options": ["天猫", "京东", "抖音"]}, "天猫、抖音", ["天猫", "抖音"]),
        Example({"options": [{"value": "tmall", "label": "天猫"}]}, ["天猫", "tmall"], ["tmall"]),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> list[str]:
        """Return the options' values, each once, in the order given."""
        del context
        chosen = list(dict.fromkeys(read_option(to_text(part), field) for part in to_list(value)))
        if len(chosen) > field.get("max_count", len(chosen)):
            raise unreadable(f"最多选 {field['max_count']} 项", f"at most {field['max_count']} options")
        return chosen

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the labels, separated by 、."""
        return "、".join(option_label(part, field) for part in value)
