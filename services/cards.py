"""What becomes of a card once somebody acted: it says who did, for everybody who has it ("已由 X 处理")."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.channel import CHANNELS, updater
from services.addressing import channel_types
from services.directory import People
from services.workspace import Workspace
from store import outbox, outcomes, seats
from store.database import Session
from store.outbox import Delivery

CARD = "card"
TOLD = frozenset({"alert", "todo", "remind", "urge"})
DECISIVE = frozenset({"approve", "reject", "return", "complete", "transfer", "recall", "cancel", "acknowledge"})


def acted(
    session: Session,
    workspace: Workspace,
    *,
    by: str,
    op: str,
    words: tuple[str, str],
    instance: str | None = None,
    episodes: Sequence[int] = (),
) -> None:
    """Note on the notices of an instance or of alerts what *by* did, and let every card of it say so ("已由 X 处理").

    Args:
        session: the transaction of the decision.
        workspace: where.
        by: who acted.
        op: what they did.
        words: the same in Chinese and English ("已同意", "approved").
        instance: the workflow instance that it is about.
        episodes: the alerts that it is about.
    """
    if op not in DECISIVE:
        return
    now = workspace.clock()
    told = outcomes.acted(session, by=by, op=op, now=now, instance=instance, episodes=episodes)
    if not told:
        return
    kinds = {key for key, kind in channel_types(session).items() if kind in CHANNELS and updater(CHANNELS[kind])}
    people = People(session, now)
    name = people.name(by)
    when = now.astimezone(workspace.zone).strftime("%m-%d %H:%M")
    shown = [one for one in told if one.channel in kinds and one.message in TOLD]
    rows = [
        {
            "idempotency_key": f"{CARD}:{one.id}",
            "channel": one.channel,
            "recipient": one.recipient,
            "address": one.address,
            "severity": one.severity,
            "message": CARD,
            "title": f"已由{name}{words[0].removeprefix('已')}({when})",
            "instance": one.instance,
            "episode_id": one.episode_id,
            "payload": {
                "of": one.id,
                "about": one.title,
                "about_en": one.payload.get("title_en") or one.title,
                "title_en": f"{words[1]} by {name} ({when})",
                "language": people.language(one.recipient),
            },
        }
        for one in shown
        if not _still_open(session, one)
    ]
    outbox.enqueue(session, rows, now=now)


def _still_open(session: Session, delivery: Delivery) -> bool:
    """Say whether the to-do of a notice can still be decided by its recipient: then its buttons stay."""
    seat = seats.get(session, int(delivery.payload["seat_id"])) if delivery.payload.get("seat_id") else None
    return seat is not None and seat.state == "open"
