"""Query records (查询记录): records of a form, or a sum over them."""

from __future__ import annotations

from workflows.effects import DataNode
from workflows.node import node_type
from workflows.schemas import EXPRESSION, FORM, VALUES, settings


@node_type("query_records")
class QueryRecords(DataNode):
    """Asks for the records whose fields equal *where* and that meet *filter*; reading changes nothing outside."""

    title = "查询记录"
    title_en = "Query records"
    sentence = "查一查表单里的记录，或者汇总出一个数。"
    sentence_en = "Looks records up in a form, or sums them up."
    icon = "search"
    kind = "query_records"
    effects = False
    schema = settings(
        {
            "form": FORM,
            "where": VALUES,
            "filter": {**EXPRESSION, "title": "条件(按记录)", "x-title-en": "Condition on the record"},
            "sort": {"type": "string", "title": "排序", "x-title-en": "Sort"},
            "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "title": "最多", "x-title-en": "At most"},
            "fields": {"type": "array", "items": {"type": "string"}, "title": "字段", "x-title-en": "Fields"},
            "aggregate": {
                "type": "object",
                "title": "汇总",
                "x-title-en": "Aggregate",
                "additionalProperties": {"type": "string", "pattern": r"^(count|sum|average|min|max)\(.*\)$"},
            },
        },
        ("form",),
    )
    example = {"type": "query_records", "form": "stock", "where": {"sku": "sku"}, "limit": 10}  # noqa: RUF012 a constant of the class
    computed = ("where",)
