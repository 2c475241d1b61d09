"""One line of text."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings
from form_builder.limits import PATTERN, check_length, check_pattern
from form_builder.reading import to_text


@field_type("text")
class Text(FieldType):
    """One line of text; a code that a spreadsheet turned into a float is read back as the code."""

    title, title_en = "单行文本", "Text"
    icon, widget, group, kind = "text", "text", "basic", "text"
    schema = settings(
        min_length=setting("integer", "最短", "Shortest", minimum=0),
        max_length=setting("integer", "最长", "Longest", minimum=1, maximum=10_000, default=500),
        pattern=PATTERN,
        pattern_message=setting("string", "格式不符时的提示", "Message when the pattern does not match"),
        scan=setting("boolean", "可扫码输入", "May be scanned"),
    )
    examples = (
        Example({}, " 珍珠耳环 ", "珍珠耳环"),
        Example({}, 6901234567892.0, "6901234567892"),
        Example({"pattern": "[A-Z][0-9]{3}"}, "A001", "A001"),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str:
        """Return the text, trimmed and without line ends."""
        del context
        text = " ".join(to_text(value).split("\n")) if isinstance(value, str) else to_text(value)
        check_length(text, field, longest=500)
        check_pattern(text, field)
        return text
