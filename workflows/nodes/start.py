"""Start (开始): the initiator's submission."""

from __future__ import annotations

from workflows import dedupe, tokens
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run, Seat
from workflows.schemas import FIELDS, settings


@node_type("start")
class Start(NodeType):
    """Where the initiator's form enters; the one place where every workflow begins."""

    title = "开始"
    title_en = "Start"
    sentence = "发起人填好表单，流程从这里开始。"
    sentence_en = "The initiator submits the form and the workflow begins here."
    icon = "play"
    group = "event"
    schema = settings({"write": {**FIELDS, "title": "可写字段", "x-title-en": "Fields to write"}})
    example = {"type": "start"}  # noqa: RUF012 a constant of the class

    def enter(self, flow: Flow, run: Run) -> None:
        """Record the submission as the initiator's, and go on."""
        submitted = Seat(flow.number(), flow.instance.initiator, "approved", reason="submitted")
        submitted.watch = dedupe.watch_of(flow)
        run.seats.append(submitted)
        flow.log("submit", run, submitted, actor=flow.instance.initiator)
        tokens.finish(flow, run)
