"""Files."""

from __future__ import annotations

from form_builder.field import Example, field_type
from form_builder.files import FilesType


@field_type("attachment")
class Attachment(FilesType):
    """Files that were uploaded before: the record keeps id, name, size (bytes) and type of each."""

    title, title_en = "附件", "Attachment"
    icon, widget, group, kind = "paper-clip", "attachment", "advanced", "json"
    examples = (
        Example(
            {},
            [{"id": "f1", "name": "采购合同.pdf", "size": 1000, "type": "application/pdf"}],
            [{"id": "f1", "name": "采购合同.pdf", "size": 1000, "type": "application/pdf"}],
        ),
    )
