"""What a workflow tells people: a to-do with its seat, a reminder, an outcome, a copy; and its calls to other servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.addressing import MAILBOX, addresses, channel_types
from store import outbox, settings

if TYPE_CHECKING:
    from services.flows import Flow

FLOW_WORDS = {
    "todo": ("待办", "To do"),
    "remind": ("提醒", "Reminder"),
    "urge": ("催办", "Reminder"),
    "decided": ("已处理", "Decided"),
    "withdrawn": ("已撤销", "Withdrawn"),
    "copy": ("抄送", "Copy"),
    "mention": ("提到你", "Mentioned you"),
    "notify": ("通知", "Notice"),
    "incident": ("流程受阻", "A workflow is stuck"),
}


def tell_of_flow(flow: Flow, effect: Mapping[str, Any], person: str, seat_id: int | None) -> None:
    """Write what a workflow tells *person*: a to-do with its seat, a reminder, an outcome, a copy."""
    reason = str(effect.get("reason", "copy"))
    word, word_en = FLOW_WORDS.get(reason, (reason, reason))
    channels = effect.get("channels") or settings.get(flow.session, "notices.channels", [MAILBOX])
    node = flow.definition["nodes"].get(str(effect.get("node")), {})
    now = flow.workspace.clock()
    own = str(effect.get("title") or "")
    rows = [
        {
            "idempotency_key": f"flow:{effect['id']}:{person}:{channel}",
            "channel": channel,
            "recipient": person,
            "address": address,
            "severity": 3 if reason in {"todo", "urge", "incident"} else 5,
            "message": reason,
            "title": own or f"【{word}】{flow.title}",
            "episode_id": flow.episode_id,
            "instance": flow.id,
            "created_at": now,
            "due_at": now,
            "payload": {
                "event": reason,
                "title_en": own or f"[{word_en}] {flow.title}",
                "seat_id": seat_id,
                "instance": flow.id,
                "workflow_name": flow.definition.get("name", ""),
                "node_name": node.get("name", ""),
                "text": effect.get("text") or ("" if reason == "notify" else effect.get("message")) or "",
                "template": effect.get("message") if reason == "notify" else None,
                "values": effect.get("values") or {},
                "outcome": effect.get("outcome"),
                "by": flow.people.name(effect.get("by")),
                "language": flow.people.language(person),
                "record": {"form": flow.form, "id": flow.record_id, "summary": flow.summary},
            },
        }
        for channel, address in addresses(flow.people, person, channels, channel_types(flow.session))
    ]
    outbox.enqueue(flow.session, rows, now=now)


def enqueue_webhook(flow: Flow, effect: Mapping[str, Any]) -> None:
    """Write a workflow's call to another server; the worker makes it and answers the node."""
    now = flow.workspace.clock()
    settings_of_call = {name: value for name, value in effect.items() if name not in {"id", "type", "node"}}
    row = {
        "idempotency_key": f"flow:{effect['id']}",
        "channel": "webhook",
        "recipient": "",
        "address": str(effect.get("url", "")),
        "severity": 4,
        "message": "webhook",
        "title": flow.title,
        "instance": flow.id,
        "created_at": now,
        "due_at": now,
        "payload": {"event": "webhook", "effect": effect["id"], "instance": flow.id, "call": settings_of_call},
    }
    outbox.enqueue(flow.session, [row], now=now)
