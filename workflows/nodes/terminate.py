"""Terminate (终止): everything else is withdrawn and the instance is completed."""

from __future__ import annotations

from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import settings
from workflows.withdrawal import withdraw_everything


@node_type("terminate")
class Terminate(NodeType):
    """Withdraws all other work, tokens, clocks and children; the instance is completed."""

    title = "终止"
    title_en = "Terminate"
    sentence = "走到这里，其余还没办的都收回，整个流程立即完成。"
    sentence_en = "Everything still open is withdrawn and the workflow is complete at once."
    icon = "close-circle"
    group = "event"
    schema = settings({})
    example = {"type": "terminate"}  # noqa: RUF012 a constant of the class

    def enter(self, flow: Flow, run: Run) -> None:
        """Withdraw everything and complete the instance."""
        run.status, run.ended = "done", flow.moment
        withdraw_everything(flow, "terminated")
        flow.instance.status = "completed"
        flow.log("terminated", run, actor="system")
