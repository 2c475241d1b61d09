"""What Feishu's group bot and app share: a notice as a card whose buttons act, or open the action page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.channel import ACT, Message

_STYLES = {1: "primary", 3: "danger"}


def card(message: Message, buttons: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the message as a Feishu card; *buttons* call the app back with their key and the card's own key."""
    elements: list[dict[str, Any]] = [{"tag": "div", "text": {"tag": "plain_text", "content": message.body}}]
    actions: list[dict[str, Any]] = [
        {
            "tag": "button",
            "type": _STYLES.get(button.get("style", 1), "default"),
            "text": {"tag": "plain_text", "content": button["text"]},
            "value": {"action": button["key"], "key": str(message.data.get("card_key", ""))},
        }
        for button in buttons
    ]
    if message.link:
        text = {"tag": "plain_text", "content": ACT[message.language]}
        actions.append(
            {"tag": "button", "type": "default" if buttons else "primary", "text": text, "url": message.link}
        )
    if actions:
        elements.append({"tag": "action", "actions": actions})
    settled = message.data.get("type") == "card"
    header = {
        "title": {"tag": "plain_text", "content": message.title},
        "template": "grey" if settled else "orange",
    }
    return {"header": header, "elements": elements}
