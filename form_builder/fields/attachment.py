"""Files."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings
from form_builder.files import read_files


@field_type("attachment")
class Attachment(FieldType):
    """Files that were uploaded before: the record keeps id, name, size (bytes) and type of each."""

    title, title_en = "附件", "Attachment"
    icon, widget, group, kind = "paper-clip", "attachment", "advanced", "json"
    schema = settings(
        max_count=setting("integer", "最多几个", "At most", minimum=1, maximum=100, default=10),
        max_size_mb=setting("number", "单个不超过(MB)", "Largest (MB)", exclusiveMinimum=0, maximum=1024, default=20),
        accept={"type": "array", "title": "文件类型", "x-title-en": "Accepted types", "items": {"type": "string"}},
    )
    examples = (
        Example(
            {},
            [{"id": "f1", "name": "采购合同.pdf", "size": 1000, "type": "application/pdf"}],
            [{"id": "f1", "name": "采购合同.pdf", "size": 1000, "type": "application/pdf"}],
        ),
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> list[dict[str, Any]]:
        """Return the uploaded files; too many, too large or of another type are refused by name."""
        del context
        return read_files(value, field, ())

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the names, separated by 、."""
        del field
        return "、".join(str(part["name"]) for part in value)
