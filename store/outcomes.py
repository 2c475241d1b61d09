"""What became of a notice after it was sent: receipts, and what its recipient did; a state never goes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from store.models.outbox import Attempt
from store.models.outbox import Delivery as Row
from store.outbox import Delivery, delivery_of

SENT = ("accepted", "delivered", "acted")


def receipt(session: Session, *, channel: str, provider_id: str, delivered: bool, code: str, now: dt.datetime) -> bool:
    """Note a provider's receipt; False where the message is not known (yet).

    What was delivered or acted on stays so: a later "failed" of the same message is kept among its attempts only.
    """
    known = session.execute(
        select(Row.id, Row.state).where(Row.channel == channel, Row.provider_id == provider_id)
    ).all()
    if not known:
        return False
    word = "delivered" if delivered else "failed"
    values: dict[str, Any] = {"state": word} if delivered else {"state": word, "code": code, "error": code}
    before = ("accepted", "sending", "failed") if delivered else ("accepted", "sending")
    session.execute(
        update(Row)
        .where(Row.id.in_([number for number, _ in known]), Row.state.in_(before))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    _note(session, [number for number, _ in known], now, word, code)
    return True


def acted(
    session: Session, *, by: str, op: str, now: dt.datetime, instance: str | None = None, episodes: Sequence[int] = ()
) -> list[Delivery]:
    """Note what *by* did about an alert or at an instance on their own notices; return all sent notices of it, to be updated."""
    about = []
    if instance is not None:
        about.append(Row.instance == instance)
    if episodes:
        about.append(Row.episode_id.in_(list(episodes)))
    if not about:
        return []
    rows = session.scalars(select(Row).where(or_(*about), Row.state.in_(SENT)).order_by(Row.id)).all()
    mine = [row.id for row in rows if row.recipient == by and row.acted_at is None]
    if mine:
        session.execute(
            update(Row)
            .where(Row.id.in_(mine))
            .values(state="acted", acted_at=now, acted_by=by, acted_op=op)
            .execution_options(synchronize_session=False)
        )
        _note(session, mine, now, "acted", op)
    return [delivery_of(row) for row in rows]


def hasten(session: Session, channel: str, now: dt.datetime) -> None:
    """Let what waits for another attempt through a channel go now: the channel is back."""
    session.execute(
        update(Row)
        .where(Row.state == "queued", Row.channel == channel, Row.attempt > 0, Row.due_at > now)
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )


def sent_to(session: Session, *, channel: str, address: str, since: dt.datetime, limit: int = 50) -> list[Delivery]:
    """Return what was sent to one address through one channel since a moment, newest first."""
    where = (Row.channel == channel, Row.address == address, Row.created_at >= since, Row.state.in_((*SENT, "sending")))
    return [delivery_of(row) for row in session.scalars(select(Row).where(*where).order_by(Row.id.desc()).limit(limit))]


def sent_since(session: Session, *, channels: Sequence[str], since: dt.datetime, recipient: str | None = None) -> int:
    """Return how many notices were sent through *channels* since a moment, to one person or altogether (for their cost)."""
    where = [Row.channel.in_(list(channels)), Row.sent_at >= since, Row.message != "card"]
    if recipient is not None:
        where.append(Row.recipient == recipient)
    return session.scalar(select(func.count()).select_from(Row).where(*where)) or 0


def _note(session: Session, ids: Sequence[int], now: dt.datetime, outcome: str, code: str) -> None:
    row = {"attempt": 0, "at": now, "outcome": outcome, "code": code, "text": "", "worker": ""}
    session.execute(insert(Attempt), [{"delivery_id": number, **row} for number in ids])
