"""Copy (抄送): people are told, nobody has to answer."""

from __future__ import annotations

from workflows import deciding, tokens
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import SOURCES, settings


@node_type("cc")
class Copy(NodeType):
    """Sends one copy a person and instance, and never blocks."""

    title = "抄送"
    title_en = "Copy"
    sentence = "让这些人知道这件事，不用他们处理，流程不停。"
    sentence_en = "Lets people know; they need not act and nothing waits for them."
    icon = "mail"
    group = "people"
    schema = settings({"to": SOURCES}, ("to",))
    example = {"type": "cc", "to": ["role:buyer"]}  # noqa: RUF012 a constant of the class

    def enter(self, flow: Flow, run: Run) -> None:
        """Send the copies and go on."""
        deciding.copy_to(flow, run.node, flow.settings(run.node).get("to") or ())
        tokens.finish(flow, run)
