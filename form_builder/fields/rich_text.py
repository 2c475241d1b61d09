"""Text with headings, lists, links and pictures."""

from __future__ import annotations

import re
from typing import Any

import nh3

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings
from form_builder.limits import check_length
from form_builder.reading import to_text

_TAGS = {
    *(
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
    ),
    *("s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
}


@field_type("rich_text")
class RichText(FieldType):
    """Formatted text as HTML; what could run or track is taken out (nh3)."""

    title, title_en = "富文本", "Rich text"
    icon, widget, group, kind = "file-text", "rich_text", "advanced", "text"
    schema = settings(max_length=setting("integer", "最长", "Longest", minimum=1, maximum=500_000, default=100_000))
    examples = (
        Example({}, "<p>好<script>alert(1)</script></p>", "<p>好</p>"),
        Example({}, '<a href="javascript:x()">a</a>', '<a rel="noopener noreferrer">a</a>'),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str:
        """Return the cleaned HTML."""
        del context
        text = to_text(value)
        check_length(text, field, longest=100_000)
        return nh3.clean(text, tags=_TAGS, url_schemes={"http", "https", "mailto"})

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the bare text."""
        del field
        return re.sub(r"\s+", " ", nh3.clean(value, tags=set())).strip()
