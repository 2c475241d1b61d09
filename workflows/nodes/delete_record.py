"""Delete record (删除记录): one record by its code, or those that match."""

from __future__ import annotations

from workflows.effects import DataNode
from workflows.node import node_type
from workflows.schemas import COMPENSATE, FORM, VALUE, VALUES, settings


@node_type("delete_record")
class DeleteRecord(DataNode):
    """Asks for the removal of the record named by *record*, or of those whose fields equal *where*."""

    title = "删除记录"
    title_en = "Delete a record"
    sentence = "删掉一条记录，或符合条件的多条。"
    sentence_en = "Deletes a record, or all that match."
    icon = "delete"
    kind = "delete_record"
    schema = settings(
        {
            "form": FORM,
            "record": {**VALUE, "title": "记录", "x-title-en": "Record"},
            "where": VALUES,
            "compensate": COMPENSATE,
        },
        ("form",),
    )
    example = {"type": "delete_record", "form": "promotion", "record": "promotion"}  # noqa: RUF012 a constant of the class
    computed = ("record", "where")
