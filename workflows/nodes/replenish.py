"""Replenish (生成补货): how much to order, by a policy."""

from __future__ import annotations

from workflows.effects import DataNode
from workflows.node import node_type
from workflows.schemas import COMPENSATE, VALUES, settings


@node_type("replenish")
class Replenish(DataNode):
    """Asks for a replenishment proposal by a policy; its result is the proposal."""

    title = "生成补货"
    title_en = "Replenish"
    sentence = "按补货策略算出要补多少。"
    sentence_en = "Computes how much to replenish by a policy."
    icon = "shopping-cart"
    kind = "replenish"
    schema = settings(
        {
            "policy": {"type": "string", "title": "补货策略", "x-title-en": "Policy", "x-widget": "policy"},
            "values": VALUES,
            "compensate": COMPENSATE,
        }
    )
    example = {"type": "replenish", "policy": "default", "values": {"sku": "sku", "warehouse": "warehouse"}}  # noqa: RUF012 a constant of the class
    computed = ("values",)
