"""What is to happen at a moment: one row a name, claimed when it is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from store.claim import LEASE, claim, database_now, in_state, settle
from store.models.run import Timer


@dataclass(frozen=True, slots=True)
class TimerState:
    """A timer: *kind* says who acts, *subject* whom it concerns."""

    id: int
    name: str
    kind: str
    subject: str
    due_at: dt.datetime
    data: dict[str, Any]
    state: str
    attempt: int
    error: str | None


def set_(
    session: Session, name: str, *, kind: str, subject: str, due_at: dt.datetime, data: Mapping[str, Any] | None = None
) -> None:
    """Set the timer *name*, or set it anew."""
    # A new row, not the old one changed: whoever still holds the old one cannot write its end over the new one.
    session.execute(delete(Timer).where(Timer.name == name))
    session.add(Timer(name=name, kind=kind, subject=subject, due_at=due_at, data=dict(data or {})))
    session.flush()


def cancel(session: Session, *, kind: str, subject: str, keep: tuple[str, ...] = ()) -> None:
    """Cancel the waiting timers of *subject* but those named in *keep*."""
    statement = update(Timer).where(Timer.kind == kind, Timer.subject == subject, in_state(Timer, "waiting"))
    if keep:
        statement = statement.where(Timer.name.not_in(keep))
    session.execute(statement.values(state="cancelled").execution_options(synchronize_session=False))


def take(session: Session, now: dt.datetime, *, limit: int = 100, lease: dt.timedelta = LEASE) -> list[TimerState]:
    """Claim timers that are due, the longest due first; they stay `waiting` under a lease until they are done."""
    clock = database_now(session)
    free = or_(Timer.lease_until.is_(None), Timer.lease_until < clock)
    rows = claim(
        session,
        Timer,
        [in_state(Timer, "waiting"), Timer.due_at <= now, free],
        [Timer.due_at, Timer.id],
        limit=limit,
        values={"lease_until": clock + lease},
    )
    return [_timer(row) for row in rows]


def finish(session: Session, timer: TimerState, *, state: str = "done", error: str | None = None) -> bool:
    """Note that a timer was acted on; False when the lease was lost, or the timer was set anew meanwhile."""
    return settle(session, Timer, timer.id, timer.attempt, {"state": state, "error": error, "lease_until": None})


def retry(session: Session, timer: TimerState, due_at: dt.datetime, error: str) -> bool:
    """Let a timer that failed be due again later."""
    return settle(session, Timer, timer.id, timer.attempt, {"due_at": due_at, "error": error, "lease_until": None})


def waiting(session: Session, subject: str | None = None, limit: int = 200) -> list[TimerState]:
    """Return the waiting timers (of one subject), the next due first."""
    statement = select(Timer).where(in_state(Timer, "waiting")).order_by(Timer.due_at).limit(limit)
    if subject is not None:
        statement = statement.where(Timer.subject == subject)
    return [_timer(row) for row in session.scalars(statement)]


def _timer(row: Timer) -> TimerState:
    return TimerState(row.id, row.name, row.kind, row.subject, row.due_at, row.data, row.state, row.attempt, row.error)
