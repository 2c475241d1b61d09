"""A telephone number."""

from __future__ import annotations

import re
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings, unreadable
from form_builder.reading import normal, to_text

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?|[48]00-?\d{3}-?\d{4}", re.ASCII)
_ABROAD = re.compile(r"\+\d{6,15}", re.ASCII)


@field_type("phone")
class Phone(FieldType):
    """A telephone number: a Chinese mobile or landline number, or an international one with +."""

    title, title_en = "电话", "Phone"
    icon, widget, group, kind = "phone", "phone", "contact", "text"
    schema = settings(mobile_only=setting("boolean", "仅限手机号", "Mobile numbers only"))
    examples = (
        Example({}, "138 0000 1234", "13800001234"),
        Example({}, 13800001234.0, "13800001234"),
        Example({}, "+86 13800001234", "13800001234"),
        Example({}, "021-12345678", "021-12345678"),
        Example({}, "+44 20 7946 0000", "+442079460000"),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str:
        """Return the number without spaces; a Chinese mobile number without +86."""
        del context
        text = re.sub(r"[\s()()]", "", normal(to_text(value)))
        mobile = re.sub(r"^(\+?86|0086)-?(?=1)", "", text).replace("-", "")
        if _MOBILE.fullmatch(mobile):
            return mobile
        if not field.get("mobile_only"):
            if _LANDLINE.fullmatch(text):
                return text
            if _ABROAD.fullmatch(text.replace("-", "")):
                return text.replace("-", "")
        raise unreadable(
            f"“{text}”不是电话号码",
            f"“{text}” is not a telephone number",
            "手机号 11 位;国外号码以 + 开头",
            "foreign numbers start with +",
        )
