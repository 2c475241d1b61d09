"""Exclusive gateway (条件分支, XOR): the first branch whose condition holds."""

from __future__ import annotations

from workflows.flow import Flow
from workflows.graph import Edge
from workflows.node import NodeType, choose_first, node_type
from workflows.schemas import settings


@node_type("exclusive")
class Exclusive(NodeType):
    """Takes each token singly to the first true edge in the designer's order, else the default, else an incident."""

    title = "条件分支"
    title_en = "Exclusive gateway"
    sentence = "从左到右看条件，走第一条成立的；都不成立走“其他情况”。"
    sentence_en = "Looks at the conditions from left to right and takes the first that holds, else “otherwise”."
    icon = "fork"
    group = "gateway"
    schema = settings({})
    example = {"type": "exclusive"}  # noqa: RUF012 a constant of the class
    passage = True

    def split(self, flow: Flow, node: str, edges: list[Edge]) -> list[Edge]:
        """Return the one edge to take."""
        return choose_first(flow, node, edges)
