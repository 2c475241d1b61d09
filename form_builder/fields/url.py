"""The address of a web page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, settings, unreadable
from form_builder.reading import to_text


@field_type("url")
class Url(FieldType):
    """The address of a web page: http or https only, so that a click never runs a script."""

    title, title_en = "网址", "Web address"
    icon, widget, group, kind = "global", "url", "contact", "text"
    schema = settings()
    examples = (
        Example({}, "example.com/a", "https://example.com/a"),
        Example({}, "http://example.com", "http://example.com"),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str:
        """Return the address; without a scheme it is https."""
        del field, context
        text = to_text(value)
        if ":" not in text.split("/", 1)[0]:
            text = "https://" + text.removeprefix("//")
        try:
            parts = urlsplit(text)
            fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and len(text) <= 2000
        except ValueError:
            fine = False
        if not fine or any(sign.isspace() for sign in text):
            raise unreadable(
                f"“{text[:80]}”不是网址",
                f"“{text[:80]}” is not a web address",
                "以 https:// 开头",
                "start with https://",
            )
        return text
