"""When definitions are due: a schedule each, and a row UNIQUE (definition, moment) for every due moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from store.claim import LEASE, claim, database_now, in_state, insert_new, settle
from store.models.run import Schedule, Slot


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """When a definition is due next; *missed* says what becomes of moments that nobody was there for."""

    kind: str
    key: str
    cron: str
    timezone: str
    missed: str
    next_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class SlotState:
    """One due moment: due, running, done, missed or failed."""

    id: int
    kind: str
    key: str
    scheduled_for: dt.datetime
    state: str
    attempt: int
    run_id: int | None
    error: str | None


def plan(session: Session, schedule: ScheduleState) -> None:
    """Set when a definition is due."""
    session.merge(
        Schedule(
            kind=schedule.kind,
            key=schedule.key,
            cron=schedule.cron,
            timezone=schedule.timezone,
            missed=schedule.missed,
            next_at=schedule.next_at,
        )
    )
    session.flush()


def unplan(session: Session, kind: str, key: str) -> None:
    """Let a definition be due no more."""
    session.execute(delete(Schedule).where(Schedule.kind == kind, Schedule.key == key))


def schedules(session: Session) -> list[ScheduleState]:
    """Return all schedules."""
    return [_schedule(row) for row in session.scalars(select(Schedule).order_by(Schedule.kind, Schedule.key))]


def due(session: Session, now: dt.datetime, limit: int = 500) -> list[ScheduleState]:
    """Return the schedules whose next moment has come, the longest waiting first."""
    statement = select(Schedule).where(Schedule.next_at <= now).order_by(Schedule.next_at).limit(limit)
    return [_schedule(row) for row in session.scalars(statement)]


def advance(session: Session, schedule: ScheduleState, next_at: dt.datetime | None) -> bool:
    """Move a schedule on; False when another scheduler did so first."""
    moved = session.execute(
        update(Schedule)
        .where(
            Schedule.kind == schedule.kind,
            Schedule.key == schedule.key,
            Schedule.next_at == schedule.next_at,
        )
        .values(next_at=next_at)
        .returning(Schedule.key)
    )
    return moved.first() is not None


def add(session: Session, kind: str, key: str, moments: Sequence[dt.datetime], *, state: str = "due") -> int:
    """Note due (or `missed`) moments; those that are known already are left alone. Return how many were new."""
    rows = [{"kind": kind, "key": key, "scheduled_for": moment, "state": state, "attempt": 0} for moment in moments]
    return len(insert_new(session, Slot, rows))


def has_work(session: Session) -> bool:
    """Say whether a slot is due, or its worker was lost."""
    due = select(Slot.id).where(in_state(Slot, "due")).limit(1)
    lost = select(Slot.id).where(in_state(Slot, "running"), Slot.lease_until < database_now(session)).limit(1)
    return any(session.execute(statement).first() is not None for statement in (due, lost))


def take(session: Session, *, limit: int = 20, lease: dt.timedelta = LEASE) -> list[SlotState]:
    """Claim slots that are due, or whose worker was lost, the oldest first."""
    now = database_now(session)
    rows = claim(
        session,
        Slot,
        [or_(in_state(Slot, "due"), in_state(Slot, "running") & (Slot.lease_until < now))],
        [Slot.scheduled_for, Slot.id],
        limit=limit,
        values={"state": "running", "lease_until": now + lease},
    )
    return [_slot(row) for row in rows]


def renew(session: Session, slots: Sequence[SlotState], lease: dt.timedelta = LEASE) -> None:
    """Prolong the leases of slots that are still worked on."""
    until = database_now(session) + lease
    for slot in slots:
        settle(session, Slot, slot.id, slot.attempt, {"lease_until": until})


def finish(
    session: Session,
    slot: SlotState,
    *,
    state: str,
    now: dt.datetime,
    run_id: int | None = None,
    error: str | None = None,
) -> bool:
    """Note the end of a slot; False when the lease was lost."""
    values = {"state": state, "run_id": run_id, "error": error, "finished_at": now, "lease_until": None}
    return settle(session, Slot, slot.id, slot.attempt, values)


def release(session: Session, slot: SlotState) -> None:
    """Give a claimed slot back untouched: the worker is stopping."""
    settle(session, Slot, slot.id, slot.attempt, {"state": "due", "lease_until": None})


def of(session: Session, kind: str, key: str, limit: int = 50) -> list[SlotState]:
    """Return the newest slots of one definition."""
    statement = select(Slot).where(Slot.kind == kind, Slot.key == key).order_by(Slot.scheduled_for.desc())
    return [_slot(row) for row in session.scalars(statement.limit(limit))]


def count_open(session: Session) -> int:
    """Return how many slots wait or run."""
    return session.scalar(select(func.count()).where(or_(in_state(Slot, "due"), in_state(Slot, "running")))) or 0


def _schedule(row: Schedule) -> ScheduleState:
    return ScheduleState(row.kind, row.key, row.cron, row.timezone, row.missed, row.next_at)


def _slot(row: Slot) -> SlotState:
    return SlotState(row.id, row.kind, row.key, row.scheduled_for, row.state, row.attempt, row.run_id, row.error)
