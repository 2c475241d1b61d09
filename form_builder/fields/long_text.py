"""Several lines of text."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings
from form_builder.limits import check_length
from form_builder.reading import to_text


@field_type("long_text")
class LongText(FieldType):
    """Several lines of text, line ends kept as line feeds."""

    title, title_en = "多行文本", "Long text"
    icon, widget, group, kind = "paragraph", "textarea", "basic", "text"
    schema = settings(
        max_length=setting("integer", "最长", "Longest", minimum=1, maximum=100_000, default=10_000),
        rows=setting("integer", "显示行数", "Rows shown", minimum=1, maximum=40, default=4),
    )
    examples = (Example({}, "第一行\r\n第二行", "第一行\n第二行"),)

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str:
        """Return the text with its line ends made line feeds."""
        del context
        text = to_text(value).replace("\r\n", "\n").replace("\r", "\n")
        check_length(text, field, longest=10_000)
        return text
