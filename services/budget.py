"""What text messages may cost: so many a person and day, and a workspace and day; beyond it a free channel tells, in a digest.

Nothing is lost: a critical notice goes to a free channel at once, the others are folded into one digest in the mailbox.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.definitions import problems_in
from engine.problems import DefinitionError
from integrations.channel import CHANNELS
from services.addressing import MAILBOX, addresses, channel_types, is_shared
from services.directory import People
from services.workspace import Workspace
from store import audit, outbox, outcomes
from store import settings as kept
from store.database import Session
from store.outbox import Delivery

_KEY = "sms.budget"
STANDARD = {"person_day": 10, "workspace_day": 200}
WARN_AT = (80, 100)  # per cent of the workspace's day
FOLDED_FOR = dt.timedelta(hours=1)
CRITICAL = 1
MOST_LISTED = 20
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["person_day", "workspace_day"],
    "properties": {
        "person_day": {"type": "integer", "minimum": 0, "maximum": 50},
        "workspace_day": {"type": "integer", "minimum": 0, "maximum": 100_000},
    },
}


def costs(kind: str) -> bool:
    """Say whether each message of a channel costs money."""
    return kind in CHANNELS and bool(getattr(CHANNELS[kind], "costs_money", False))


def limits(session: Session) -> dict[str, int]:
    """Return how many text messages may be sent a day: to one person, and altogether."""
    return {**STANDARD, **kept.get(session, _KEY, {})}


def get(workspace: Workspace) -> dict[str, Any]:
    """Return the limits with what today has used."""
    with workspace.read() as session:
        return {**limits(session), "used_today": _used(session, workspace)}


def save(workspace: Workspace, *, values: dict[str, Any], user: str) -> dict[str, Any]:
    """Keep the limits.

    Raises:
        DefinitionError: they are no numbers, or too large.
    """
    problems = problems_in(SCHEMA, values)
    if problems:
        raise DefinitionError(problems)
    now = workspace.clock()
    with workspace.write() as session:
        before = limits(session)
        kept.put(session, _KEY, values, user=user, now=now)
        entry = audit.Entry(
            at=now,
            actor=user,
            action="budget.changed",
            kind="setting",
            key=_KEY,
            summary="修改短信预算",
            summary_en="changed the budget of text messages",
            before=before,
            after=values,
        )
        audit.add(session, entry)
    return get(workspace)


def exceeded(session: Session, workspace: Workspace, delivery: Delivery, batch: Mapping[str, int]) -> str:
    """Return why a costly notice may not be sent (Chinese / English), or nothing; *batch* counts what leaves with it, by person."""
    most = limits(session)
    mine = _used(session, workspace, delivery.recipient) + batch.get(delivery.recipient, 0)
    whole = _used(session, workspace) + sum(batch.values())
    if whole >= most["workspace_day"]:
        return "今日短信预算已用完,改走免费渠道 / today's text messages are used up; a free channel tells instead"
    if mine >= most["person_day"]:
        return "此人今日短信已达上限,改走免费渠道 / this person's text messages of today are used up"
    return ""


def tell_instead(session: Session, workspace: Workspace, delivery: Delivery) -> None:
    """Tell through the person's free channels: at once when critical, else folded into one digest."""
    people, kinds = People(session, workspace.clock()), channel_types(session)
    if delivery.severity <= CRITICAL:
        free = [name for name, kind in kinds.items() if not costs(kind) and not is_shared(kind)]
        rows = [
            {
                **outbox.content_of(delivery),
                "idempotency_key": f"{delivery.idempotency_key}:{name}",
                "channel": name,
                "address": at,
            }
            for name, at in addresses(people, delivery.recipient, free, kinds)
        ]
        outbox.enqueue(session, rows, now=workspace.clock())
        return
    day = workspace.clock().astimezone(workspace.zone).strftime("%Y-%m-%d.%H")
    alerts = list(delivery.payload.get("alerts", ()))
    row = {
        **outbox.content_of(delivery),
        "idempotency_key": f"overflow:{delivery.recipient}:{day}",
        "channel": MAILBOX,
        "title": "短信超出预算,汇总在此",
        "payload": {
            **delivery.payload,
            "title_en": "More than the text messages of the day: a digest",
            "total": max(1, len(alerts)),
            "alerts": alerts,
        },
        "episode_id": None,
        "due_at": workspace.clock() + FOLDED_FOR,
    }
    if not outbox.enqueue(session, [row], now=workspace.clock()):
        outbox.fold(session, row["idempotency_key"], alerts, most=MOST_LISTED)


def warn(session: Session, workspace: Workspace, leaving: int) -> None:
    """Tell the administrator, once a day each, that 80 and 100 per cent of the workspace's budget are used.

    Args:
        session: the transaction in which text messages are about to leave.
        workspace: where.
        leaving: how many.
    """
    most = limits(session)["workspace_day"]
    used = _used(session, workspace) + leaving
    admin = People(session, workspace.clock()).admin()
    day = workspace.today().isoformat()
    rows = [
        {
            "idempotency_key": f"budget:{day}:{share}",
            "channel": MAILBOX,
            "recipient": admin,
            "message": "notify",
            "title": f"今日短信已用 {used}/{most} 条({share}%)",
            "payload": {
                "title_en": f"{used} of {most} text messages of today are used ({share}%)",
                "text": "超出后改走免费渠道;可在“通知渠道”里调整预算。",
                "text_en": "Beyond it, free channels tell instead; the budget is set under “Channels”.",
            },
        }
        for share in WARN_AT
        if admin and most and used * 100 >= most * share
    ]
    outbox.enqueue(session, rows, now=workspace.clock())


def _used(session: Session, workspace: Workspace, person: str | None = None) -> int:
    names = [name for name, kind in channel_types(session).items() if costs(kind)]
    midnight = workspace.clock().astimezone(workspace.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return outcomes.sent_since(session, channels=names, since=midnight, recipient=person) if names else 0
