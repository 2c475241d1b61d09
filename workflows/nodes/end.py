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
    sentence = "走到这里，这一路就结束；没有别的事在办时整个流程完成。"
    sentence_en = "This path ends here; when nothing else is open the whole workflow is complete."
    icon = "stop"
    group = "event"
    schema = settings({})
    example = {"type": "end"}  # noqa: RUF012 a constant of the class

    def enter(self, flow: Flow, run: Run) -> None:
        """Let the token end."""
        tokens.finish(flow, run)
