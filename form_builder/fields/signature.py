"""A signature drawn by hand."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, settings, unreadable

_PREFIX = "data:image/png;base64,"
_LARGEST = 200_000
_PNG = b"\x89PNG\r\n\x1a\n"
_DOT = _PREFIX + base64.b64encode(_PNG + b"0").decode()


@field_type("signature")
class Signature(FieldType):
    """A signature drawn by hand: a PNG picture as a data address, at most 200 kB."""

    title, title_en = "手写签名", "Signature"
    icon, widget, group, kind = "edit", "signature", "advanced", "text"
    schema = settings()
    examples = (Example({}, _DOT, _DOT),)

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str:
        """Return the picture; anything but a small PNG is refused."""
        del field, context
        if not isinstance(value, str) or not value.startswith(_PREFIX) or len(value) > _LARGEST:
            raise unreadable("签名应为不超过 200 kB 的 PNG 图片", "a signature is a PNG picture of at most 200 kB")
        try:
            picture = base64.b64decode(value.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            picture = b""
        if not picture.startswith(_PNG):
            raise unreadable("签名图片已损坏", "the picture of the signature is damaged", "请重新签名", "sign again")
        return value

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return that it was signed."""
        del value, field
        return "已签名"
