"""Parallel gateway (并行, AND): waits for every branch, starts every branch."""

from __future__ import annotations

from workflows.flow import Flow
from workflows.graph import Edge
from workflows.node import NodeType, node_type
from workflows.schemas import settings


@node_type("parallel")
class Parallel(NodeType):
    """Fires when every incoming edge has a token, takes exactly one from each, puts one on each outgoing edge."""

    title = "并行"
    title_en = "Parallel gateway"
    sentence = "几条路同时办；汇合时等每一条都办完。"
    sentence_en = "Several paths run at the same time; where they meet, each must have arrived."
    icon = "plus-circle"
    group = "gateway"
    schema = settings({})
    example = {"type": "parallel"}  # noqa: RUF012 a constant of the class
    gather = "all"
    passage = True

    def split(self, flow: Flow, node: str, edges: list[Edge]) -> list[Edge]:  # noqa: ARG002 the contract's arguments
        """Return every edge."""
        return edges
