"""What text-message providers share: a reviewed template with named or numbered variables, filled from the notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.channel import Message

VARIABLES_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "模板变量",
    "title_en": "Template variables",
    "description": "变量名 → 内容(title、body 或预警里的数值名)",
    "additionalProperties": {"type": "string", "minLength": 1},
}


def variables(message: Message, settings: Mapping[str, Any], longest: int = 35) -> dict[str, str]:
    """Return the template's variables with their texts, each cut to *longest* characters.

    A variable whose name leads to nothing in the notice is empty: a text message with a gap is still a warning in time.
    """
    own = {"title": message.title, "body": message.body}
    filled: dict[str, str] = {}
    for name, source in settings.get("variables", {"title": "title"}).items():
        value = own.get(source, message.data.get(source, ""))
        text = f"{value:g}" if isinstance(value, float) else str(value)
        filled[name] = text if len(text) <= longest else text[: longest - 1] + "…"
    return filled
