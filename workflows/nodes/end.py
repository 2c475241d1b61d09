"""End (结束): one token ends here."""

from __future__ import annotations

from workflows import tokens
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import settings


@node_type("end")
class End(NodeType):
    """Consumes one token; the instance completes when no token and no work is left."""

    title = "结束"
    title_en = "End"
    icon = "stop"
    group = "event"
    schema = settings({})
    example = {"type": "end"}  # noqa: RUF012 a constant of the class

    def enter(self, flow: Flow, run: Run) -> None:
        """Let the token end."""
        tokens.finish(flow, run)
