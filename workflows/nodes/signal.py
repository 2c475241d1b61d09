"""Signal (等待信号): the token waits until a signal of that name comes."""

from __future__ import annotations

from workflows import tokens
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import settings
from workflows.signals import take


@node_type("signal")
class Signal(NodeType):
    """Waits for a signal; a transient one is lost when nobody waits, a persistent one is kept until a node takes it."""

    title = "等待信号"
    title_en = "Signal"
    sentence = "等一个消息到来(例如到货)再往下走。"
    sentence_en = "Waits for a signal, such as goods received."
    icon = "notification"
    group = "event"
    schema = settings(
        {
            "signal": {"type": "string", "minLength": 1, "title": "信号名", "x-title-en": "Signal name"},
            "persistent": {"type": "boolean", "default": False, "title": "保留到有人等待", "x-title-en": "Keep until taken"},
        },
        ("signal",),
    )  # fmt: skip
    example = {"type": "signal", "signal": "stock_in", "persistent": True}  # noqa: RUF012 a constant of the class
    waits = True

    def enter(self, flow: Flow, run: Run) -> None:
        """Take a kept signal, or wait."""
        if flow.settings(run.node).get("persistent") and take(flow, run):
            tokens.finish(flow, run)
