"""The built-in mailbox: one message for each delivery key, however often it was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.claim import insert_new
from store.models.outbox import Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in somebody's mailbox; *link* is the path of its action page."""

    id: int
    user: str
    at: dt.datetime
    title: str
    body: str
    html: str
    link: str
    language: str
    read_at: dt.datetime | None
    episode_id: int | None
    instance: str | None
    seat_id: int | None


_STANDARD: dict[str, Any] = {"html": "", "link": "", "language": "zh"}


def add_many(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Put messages into mailboxes (idempotency_key, user, at, title, body, …); return how many were new."""
    empty: dict[str, Any] = {"episode_id": None, "instance": None, "seat_id": None}
    return len(insert_new(session, Mail, [{**_STANDARD, **empty, **row} for row in rows]))


def page(
    session: Session, user: str, *, before_id: int | None = None, limit: int = 50, unread: bool = False
) -> list[Message]:
    """Return the messages of *user*, newest first."""
    statement = select(Mail).where(Mail.user == user).order_by(Mail.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(Mail.id < before_id)
    if unread:
        statement = statement.where(Mail.read_at.is_(None))
    return [_message(row) for row in session.scalars(statement)]


def get(session: Session, message_id: int) -> Message | None:
    """Return one message, or None."""
    row = session.get(Mail, message_id)
    return _message(row) if row else None


def count_unread(session: Session, user: str) -> int:
    """Return how many messages *user* has not read."""
    where = (Mail.user == user, Mail.read_at.is_(None))
    return session.scalar(select(func.count()).select_from(Mail).where(*where)) or 0


def mark_read(session: Session, message_id: int, *, user: str, now: dt.datetime) -> bool:
    """Note that *user* has read a message; False when it is not theirs."""
    changed = session.scalars(
        update(Mail)
        .where(Mail.id == message_id, Mail.user == user)
        .values(read_at=func.coalesce(Mail.read_at, now))
        .returning(Mail.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def _message(row: Mail) -> Message:
    return Message(**{f.name: getattr(row, f.name) for f in fields(Message)})
