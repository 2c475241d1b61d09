"""Inclusive gateway (包容分支, OR): every branch whose condition holds; joins what can still come."""

from __future__ import annotations

from workflows.flow import Flow
from workflows.graph import Edge
from workflows.node import NodeType, choose_inclusive, node_type
from workflows.schemas import settings


@node_type("inclusive")
class Inclusive(NodeType):
    """Takes every true edge, else the default, else an incident; as a join waits for what can still come."""

    title = "包容分支"
    title_en = "Inclusive gateway"
    sentence = "条件成立的路都走，可以不止一条；汇合时等走过的都办完。"
    sentence_en = "Takes every path whose condition holds; where they meet, those taken must have arrived."
    icon = "apartment"
    group = "gateway"
    schema = settings({})
    example = {"type": "inclusive"}  # noqa: RUF012 a constant of the class
    gather = "inclusive"
    passage = True

    def split(self, flow: Flow, node: str, edges: list[Edge]) -> list[Edge]:
        """Return every edge whose condition holds."""
        return choose_inclusive(flow, node, edges)
