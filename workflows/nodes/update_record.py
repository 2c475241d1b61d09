"""Update record (修改记录): one record by its code, or those that match."""

from __future__ import annotations

from workflows.effects import DataNode
from workflows.node import node_type
from workflows.schemas import COMPENSATE, FORM, VALUE, VALUES, settings


@node_type("update_record")
class UpdateRecord(DataNode):
    """Asks for a change of the record named by *record*, or of those whose fields equal *where*."""

    title = "修改记录"
    title_en = "Update a record"
    sentence = "修改一条记录，或符合条件的多条。"
    sentence_en = "Changes a record, or all that match."
    icon = "edit"
    kind = "update_record"
    schema = settings(
        {
            "form": FORM,
            "record": {**VALUE, "title": "记录", "x-title-en": "Record"},
            "where": VALUES,
            "values": VALUES,
            "compensate": COMPENSATE,
        },
        ("form", "values"),
    )
    example = {  # noqa: RUF012 a constant of the class
        "type": "update_record",
        "form": "replenishment_task",
        "record": "code",
        "values": {"status": "'approved'"},
    }
    computed = ("record", "where", "values")
