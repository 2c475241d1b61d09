"""Silences: for a time, matching alerts send nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.models.alert import Silence


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceState:
    """A silence: of a rule, of records with these keys, or by an expression over the alert."""

    id: int
    rule: str | None
    keys: dict[str, Any]
    match: str
    comment: str
    created_by: str
    created_at: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime


def add(session: Session, **columns: Any) -> SilenceState:
    """Keep a silence, given by its columns."""
    row = Silence(**columns)
    session.add(row)
    session.flush()
    return _silence(row)


def get(session: Session, silence_id: int) -> SilenceState | None:
    """Return one silence, or None."""
    row = session.get(Silence, silence_id)
    return _silence(row) if row else None


def current(session: Session, now: dt.datetime) -> list[SilenceState]:
    """Return the silences that hold at *now*."""
    rows = session.scalars(select(Silence).where(Silence.starts_at <= now, Silence.ends_at > now).order_by(Silence.id))
    return [_silence(row) for row in rows]


def page(session: Session, *, before_id: int | None = None, limit: int = 50) -> list[SilenceState]:
    """Return all silences, newest first."""
    statement = select(Silence).order_by(Silence.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(Silence.id < before_id)
    return [_silence(row) for row in session.scalars(statement)]


def end(session: Session, silence_id: int, now: dt.datetime) -> bool:
    """End a silence now; False when it had ended."""
    ended = session.scalars(
        update(Silence)
        .where(Silence.id == silence_id, Silence.ends_at > now)
        .values(ends_at=now)
        .returning(Silence.id)
        .execution_options(synchronize_session=False)
    )
    return ended.first() is not None


def _silence(row: Silence) -> SilenceState:
    return SilenceState(**{f.name: getattr(row, f.name) for f in fields(SilenceState)})
