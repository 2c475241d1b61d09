"""The links behind notices: one person, one seat or episode, a limited time, one use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.models.instance import Link
from store.sessions import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """A link as it stands; *nonce* must come back with the click."""

    id: int
    person: str
    seat_id: int | None
    episode_id: int | None
    nonce: str
    created_at: dt.datetime
    expires_at: dt.datetime
    opened_at: dt.datetime | None
    used_at: dt.datetime | None
    used_for: str | None
    delivery_id: int | None
    failed_pins: int


def add(session: Session, token: str, **columns: Any) -> int:
    """Keep a link (person, seat_id or episode_id, nonce, created_at, expires_at); return its number."""
    row = Link(token_hash=digest(token), **columns)
    session.add(row)
    session.flush()
    return row.id


def find(session: Session, token: str) -> LinkState | None:
    """Return the link of *token*, used or expired ones too; None when there is none."""
    row = session.scalar(select(Link).where(Link.token_hash == digest(token)))
    return LinkState(**{f.name: getattr(row, f.name) for f in fields(LinkState)}) if row else None


def note_opened(session: Session, link_id: int, now: dt.datetime) -> None:
    """Note the first time that a link was looked at."""
    session.execute(update(Link).where(Link.id == link_id).values(opened_at=func.coalesce(Link.opened_at, now)))


def use(session: Session, link_id: int, *, used_for: str, now: dt.datetime) -> bool:
    """Use a link up; False when it was used or has expired."""
    used = session.scalars(
        update(Link)
        .where(Link.id == link_id, Link.used_at.is_(None), Link.expires_at > now)
        .values(used_at=now, used_for=used_for)
        .returning(Link.id)
        .execution_options(synchronize_session=False)
    )
    return used.first() is not None


def note_use(session: Session, link_id: int, used_for: str) -> None:
    """Write what a link was used for in more words."""
    session.execute(update(Link).where(Link.id == link_id).values(used_for=used_for))


def count_wrong_pin(session: Session, link_id: int) -> None:
    """Count a wrong PIN."""
    session.execute(update(Link).where(Link.id == link_id).values(failed_pins=Link.failed_pins + 1))


def expire(session: Session, *, seat_id: int, now: dt.datetime) -> None:
    """End the links to a seat that has been decided elsewhere."""
    session.execute(update(Link).where(Link.seat_id == seat_id, Link.expires_at > now).values(expires_at=now))
