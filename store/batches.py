"""Imports: one batch a file, queued, worked off by a worker, undone as a whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.claim import LEASE, database_now
from store.models.batch import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchState:
    """One import; *state* is queued, running, done, failed, cancelled or undone."""

    id: str
    form: str
    file: str
    mapping: dict[str, Any]
    options: dict[str, Any]
    state: str
    done: int
    total: int
    result: dict[str, Any]
    facts_version: int | None
    attempt: int
    created_by: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    undone_at: dt.datetime | None
    undone_by: str | None


def _batch(row: Batch) -> BatchState:
    return BatchState(**{f.name: getattr(row, f.name) for f in fields(BatchState)})


def add(session: Session, **columns: Any) -> BatchState:
    """Queue an import (id, form, file, created_by, created_at; mapping, options, total)."""
    row = Batch(**columns)
    session.add(row)
    session.flush()
    return _batch(row)


def get(session: Session, batch_id: str) -> BatchState | None:
    """Return one import, or None."""
    row = session.get(Batch, batch_id)
    return _batch(row) if row else None


def page(session: Session, *, before: dt.datetime | None = None, limit: int = 50) -> list[BatchState]:
    """Return imports, newest first."""
    statement = select(Batch).order_by(Batch.created_at.desc()).limit(limit)
    if before is not None:
        statement = statement.where(Batch.created_at < before)
    return [_batch(row) for row in session.scalars(statement)]


def has_work(session: Session) -> bool:
    """Say whether an import waits, or its worker was lost."""
    waiting = (Batch.state == "queued") | ((Batch.state == "running") & (Batch.lease_until < database_now(session)))
    return session.execute(select(Batch.id).where(waiting).limit(1)).first() is not None


def take(session: Session, lease: dt.timedelta = LEASE) -> BatchState | None:
    """Claim the oldest import that waits, or whose worker was lost; None when there is none."""
    clock = database_now(session)
    waiting = (Batch.state == "queued") | ((Batch.state == "running") & (Batch.lease_until < clock))
    row = session.scalars(
        select(Batch).where(waiting).order_by(Batch.created_at).limit(1).with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    row.state, row.attempt, row.lease_until = "running", row.attempt + 1, clock + lease
    session.flush()
    return _batch(row)


def change(session: Session, batch_id: str, **columns: Any) -> None:
    """Change columns of an import (progress, result, state)."""
    session.execute(update(Batch).where(Batch.id == batch_id).values(**columns))


def progress(session: Session, batch_id: str, done: int, total: int, lease: dt.timedelta = LEASE) -> None:
    """Note how far an import is; its lease is prolonged."""
    until = database_now(session) + lease
    session.execute(update(Batch).where(Batch.id == batch_id).values(done=done, total=total, lease_until=until))
