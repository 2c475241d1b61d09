"""What Feishu's group bot and app share: a notice as a card whose button opens the action page."""

from __future__ import annotations

from typing import Any

from integrations.channel import ACT, Message


def card(message: Message) -> dict[str, Any]:
    """Return the message as a Feishu card."""
    elements: list[dict[str, Any]] = [{"tag": "div", "text": {"tag": "plain_text", "content": message.body}}]
    if message.link:
        text = {"tag": "plain_text", "content": ACT[message.language]}
        button = {"tag": "button", "type": "primary", "text": text, "url": message.link}
        elements.append({"tag": "action", "actions": [button]})
    header = {"title": {"tag": "plain_text", "content": message.title}, "template": "orange"}
    return {"header": header, "elements": elements}
