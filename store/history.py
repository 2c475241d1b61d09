"""What changed in each record: who, when, and every field before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from store.models.record import History


@dataclass(frozen=True, slots=True)
class Change:
    """One change: *changes* maps a field to [before, after]; *operation* is created, updated or deleted."""

    record_id: int
    version: int
    operation: str
    changes: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change as it was kept."""

    id: int
    record_id: int
    version: int
    at: dt.datetime
    actor: str
    operation: str
    changes: dict[str, Any]
    batch: str | None


def add_many(
    session: Session, form: str, changes: Sequence[Change], *, actor: str, at: dt.datetime, batch: str | None = None
) -> None:
    """Keep what changed, in the transaction of the change."""
    rows = [
        {
            "form": form,
            "record_id": change.record_id,
            "version": change.version,
            "at": at,
            "actor": actor,
            "operation": change.operation,
            "changes": change.changes,
            "batch": batch,
        }
        for change in changes
    ]
    if rows:
        session.connection().execute(insert(History), rows)


def of(session: Session, form: str, record_id: int, limit: int = 200) -> list[ChangeRow]:
    """Return the changes of one record, newest first."""
    statement = select(History).where(History.form == form, History.record_id == record_id)
    return [_row(row) for row in session.scalars(statement.order_by(History.id.desc()).limit(limit))]


def of_batch(session: Session, batch: str) -> list[tuple[str, ChangeRow]]:
    """Return (form, change) of all that an import changed, in order."""
    table = History.__table__
    statement = select(table).where(table.c.batch == batch).order_by(table.c.id)
    return [
        (
            row.form,
            ChangeRow(row.id, row.record_id, row.version, row.at, row.actor, row.operation, row.changes, row.batch),
        )
        for row in session.execute(statement)
    ]


def _row(row: History) -> ChangeRow:
    return ChangeRow(row.id, row.record_id, row.version, row.at, row.actor, row.operation, row.changes, row.batch)
