"""Forecast runs, one after the other; what people said instead; what they know about single items."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from store.claim import LEASE, database_now
from store.models.forecast import ForecastItem, ForecastOverride, ForecastRun


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """One forecast run; *state* is queued, running, done, failed or cancelled."""

    id: int
    trigger: str
    state: str
    day: str
    horizon: int
    options: dict[str, Any]
    step: str
    done: int
    total: int
    cancel: bool
    result: dict[str, Any]
    error: str | None
    attempt: int
    created_by: str
    created_at: dt.datetime
    finished_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideState:
    """What one person said instead of the forecast."""

    id: int
    where: dict[str, Any]
    from_day: str
    to_day: str
    value: float
    relative: bool
    before: float | None
    reason: str
    expires: str | None
    author: str
    created_at: dt.datetime
    withdrawn_at: dt.datetime | None
    withdrawn_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """What a person knows about one item."""

    sku: str
    analogs: list[Any]
    ends_on: str | None
    author: str
    updated_at: dt.datetime


def _run(row: ForecastRun) -> RunState:
    return RunState(**{f.name: getattr(row, f.name) for f in fields(RunState)})


def _override(row: ForecastOverride) -> OverrideState:
    return OverrideState(**{f.name: getattr(row, f.name) for f in fields(OverrideState)})


def add_run(session: Session, **columns: Any) -> RunState:
    """Queue a run (trigger, day, horizon, options, created_by, created_at)."""
    row = ForecastRun(**columns)
    session.add(row)
    session.flush()
    return _run(row)


def run(session: Session, run_id: int) -> RunState | None:
    """Return one run, or None."""
    row = session.get(ForecastRun, run_id)
    return _run(row) if row else None


def runs(session: Session, *, state: str | None = None, before: int | None = None, limit: int = 50) -> list[RunState]:
    """Return runs, newest first."""
    statement = select(ForecastRun).order_by(ForecastRun.id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(ForecastRun.state == state)
    if before is not None:
        statement = statement.where(ForecastRun.id < before)
    return [_run(row) for row in session.scalars(statement)]


def newest(session: Session, *, trigger: str | None = None, until: str | None = None) -> RunState | None:
    """Return the finished run of the latest evaluation day (of *trigger*; not later than the day *until*), or None."""
    statement = select(ForecastRun).where(ForecastRun.state == "done")
    if trigger is not None:
        statement = statement.where(ForecastRun.trigger == trigger)
    if until is not None:
        statement = statement.where(ForecastRun.day <= until)
    row = session.scalars(statement.order_by(ForecastRun.day.desc(), ForecastRun.id.desc()).limit(1)).first()
    return _run(row) if row else None


def _waiting(session: Session) -> Any:
    lost = (ForecastRun.state == "running") & (ForecastRun.lease_until < database_now(session))
    return (ForecastRun.state == "queued") | lost


def has_work(session: Session) -> bool:
    """Say whether a run waits, or its worker was lost."""
    return session.execute(select(ForecastRun.id).where(_waiting(session)).limit(1)).first() is not None


def take(session: Session, lease: dt.timedelta = LEASE) -> RunState | None:
    """Claim the oldest run that waits, or whose worker was lost; None when there is none."""
    row = session.scalars(
        select(ForecastRun).where(_waiting(session)).order_by(ForecastRun.id).limit(1).with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    row.state, row.attempt, row.lease_until = "running", row.attempt + 1, database_now(session) + lease
    session.flush()
    return _run(row)


def change_run(session: Session, run_id: int, **columns: Any) -> None:
    """Change columns of a run."""
    session.execute(update(ForecastRun).where(ForecastRun.id == run_id).values(**columns))


def progress(session: Session, run_id: int, step: str, done: int, total: int, lease: dt.timedelta = LEASE) -> bool:
    """Note how far a run is, prolong its lease, and return whether somebody asked to cancel it."""
    until = database_now(session) + lease
    columns = {"step": step, "done": done, "total": total, "lease_until": until}
    session.execute(update(ForecastRun).where(ForecastRun.id == run_id).values(**columns))
    return bool(session.scalar(select(ForecastRun.cancel).where(ForecastRun.id == run_id)))


def forget_runs(session: Session, ids: list[int]) -> None:
    """Delete runs."""
    session.execute(delete(ForecastRun).where(ForecastRun.id.in_(ids)))


def add_override(session: Session, **columns: Any) -> OverrideState:
    """Keep what a person said."""
    row = ForecastOverride(**columns)
    session.add(row)
    session.flush()
    return _override(row)


def override(session: Session, override_id: int) -> OverrideState | None:
    """Return one override, or None."""
    row = session.get(ForecastOverride, override_id)
    return _override(row) if row else None


def overrides(session: Session, *, live: bool = False, limit: int = 500) -> list[OverrideState]:
    """Return overrides in the order in which they were said; *live*: those that nobody withdrew."""
    statement = select(ForecastOverride).order_by(ForecastOverride.id.desc()).limit(limit)
    if live:
        statement = statement.where(ForecastOverride.withdrawn_at.is_(None))
    return [_override(row) for row in reversed(list(session.scalars(statement)))]


def withdraw(session: Session, override_id: int, *, user: str, now: dt.datetime) -> bool:
    """Take an override back; False when there is none or it was taken back before."""
    open_ = (ForecastOverride.id == override_id) & ForecastOverride.withdrawn_at.is_(None)
    changed = session.execute(update(ForecastOverride).where(open_).values(withdrawn_at=now, withdrawn_by=user))
    return bool(getattr(changed, "rowcount", 0))


def items(session: Session) -> list[ItemState]:
    """Return what people know about single items."""
    rows = session.scalars(select(ForecastItem).order_by(ForecastItem.sku))
    return [ItemState(**{f.name: getattr(row, f.name) for f in fields(ItemState)}) for row in rows]


def put_item(session: Session, **columns: Any) -> None:
    """Keep what a person knows about an item (sku, analogs, ends_on, author, updated_at)."""
    session.merge(ForecastItem(**columns))
    session.flush()
