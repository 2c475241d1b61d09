"""Create record (新建记录): a new record of a form."""

from __future__ import annotations

from workflows.effects import DataNode
from workflows.node import node_type
from workflows.schemas import COMPENSATE, FORM, VALUES, settings


@node_type("create_record")
class CreateRecord(DataNode):
    """Asks for a new record whose values are expressions; its result is the record."""

    title = "新建记录"
    title_en = "Create a record"
    sentence = "在一张表单里新建一条记录，例如生成采购单。"
    sentence_en = "Creates a record in a form, a purchase order for example."
    icon = "file-add"
    kind = "create_record"
    schema = settings({"form": FORM, "values": VALUES, "compensate": COMPENSATE}, ("form", "values"))
    example = {"type": "create_record", "form": "purchase_order", "values": {"sku": "sku", "quantity": "quantity"}}  # noqa: RUF012 a constant of the class
    computed = ("values",)
