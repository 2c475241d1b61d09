"""An e-mail address."""

from __future__ import annotations

import re
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, settings, unreadable
from form_builder.reading import normal, to_text

_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[^\s@<>.,;]{1,63}(\.[^\s@<>.,;]{1,63})+")


@field_type("email")
class Email(FieldType):
    """An e-mail address; the domain is made lower case."""

    title, title_en = "邮箱", "E-mail"
    icon, widget, group, kind = "mail", "email", "contact", "text"
    schema = settings()
    examples = (Example({}, " Buyer@Example.COM ", "Buyer@example.com"),)

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str:
        """Return the address."""
        del field, context
        text = normal(to_text(value))
        if not _ADDRESS.fullmatch(text) or len(text) > 254:
            raise unreadable(
                f"“{text}”不是邮箱地址",
                f"“{text}” is not an e-mail address",
                "写成 name@example.com",
                "write name@example.com",
            )
        person, _, domain = text.rpartition("@")
        return f"{person}@{domain.lower()}"
