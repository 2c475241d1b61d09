"""Notify (通知): a message to people; nobody has to answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows import tokens
from workflows.assignee import people_of
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import SOURCES, VALUES, settings


@node_type("notify")
class Notify(NodeType):
    """Asks for a message and goes on; a delivery that fails never stops the flow."""

    title = "通知"
    title_en = "Notify"
    sentence = "给人发一条消息，不等回应。"
    sentence_en = "Sends people a message and goes on."
    icon = "bell"
    group = "data"
    schema = settings(
        {
            "to": SOURCES,
            "message": {"type": "string", "title": "消息模板", "x-title-en": "Message", "x-widget": "message"},
            "title": {"type": "string", "title": "标题", "x-title-en": "Title"},
            "text": {"type": "string", "title": "内容", "x-title-en": "Text"},
            "channels": {"type": "array", "items": {"type": "string"}, "title": "渠道", "x-title-en": "Channels"},
            "values": VALUES,
        },
        ("to",),
    )
    example = {"type": "notify", "to": ["initiator"], "text": "采购单已创建"}  # noqa: RUF012 a constant of the class

    def enter(self, flow: Flow, run: Run) -> None:
        """Ask for the message and go on."""
        own = flow.settings(run.node)
        data = {name: own[name] for name in ("message", "title", "text", "channels") if name in own}
        values = {name: flow.value(source) for name, source in (own.get("values") or {}).items()}
        users = [person.user for person in people_of(flow, own.get("to") or ())]
        flow.notify("notify", run.node, users, **data, **({"values": values} if values else {}))
        tokens.finish(flow, run)

    def expressions(self, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        """Yield the values that the message shows."""
        for name, source in (settings.get("values") or {}).items():
            yield f"values.{name}", source, ""
