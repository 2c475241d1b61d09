"""A notice as a WeCom template card with buttons (button_interaction): what can be decided in the chat itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.channel import Message

MOST_LINES = 6
_NOT_ALLOWED = re.compile(r"[^0-9A-Za-z_@-]")  # in a task id


def button_card(message: Message, buttons: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the card; lengths as WeCom shows them (title 36, text 112, six lines of 5 and 26 signs)."""
    values = message.data.get("values") or ()
    lines = [{"keyname": str(each["label"])[:5], "value": str(each["value"])[:26]} for each in values[:MOST_LINES]]
    return {
        "card_type": "button_interaction",
        "main_title": {"title": message.title[:36], "desc": str(message.data.get("record") or "")[:44]},
        "sub_title_text": message.body[:112],
        "horizontal_content_list": lines,
        "card_action": {"type": 1, "url": message.link},
        "task_id": task_id(message),
        "button_list": [
            {"text": button["text"][:10], "style": button.get("style", 1), "key": button["key"]} for button in buttons
        ],
    }


def task_id(message: Message) -> str:
    """Return the card's id: digits, letters, `_-@` only, and never the same twice in an app."""
    return _NOT_ALLOWED.sub("_", str(message.data.get("card_key") or message.key))[:128]
