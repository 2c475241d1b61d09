"""What happened and triggers may wait for: written with its cause, worked off once by a worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from store.claim import LEASE, claim, database_now, in_state, settle
from store.models.record import Event


@dataclass(frozen=True, slots=True)
class EventState:
    """One event; *depth* counts the automatic steps that led to it."""

    id: int
    name: str
    form: str | None
    record_id: int | None
    data: dict[str, Any]
    depth: int
    at: dt.datetime
    attempt: int


def add_many(session: Session, events: Sequence[Mapping[str, Any]], *, at: dt.datetime) -> None:
    """Keep events, each given by name, form, record_id, data and depth (all but the name may be left out)."""
    standard: dict[str, Any] = {"form": None, "record_id": None, "data": {}, "depth": 0}
    rest = {"at": at, "due_at": at, "state": "waiting", "attempt": 0}
    if events:
        session.execute(insert(Event), [{**standard, **event, **rest} for event in events])


def has_work(session: Session, now: dt.datetime) -> bool:
    """Say whether an event waits."""
    statement = select(Event.id).where(in_state(Event, "waiting"), Event.due_at <= now).limit(1)
    return session.execute(statement).first() is not None


def take(session: Session, now: dt.datetime, *, limit: int = 100, lease: dt.timedelta = LEASE) -> list[EventState]:
    """Claim waiting events in their order."""
    clock = database_now(session)
    free = or_(Event.lease_until.is_(None), Event.lease_until < clock)
    rows = claim(
        session,
        Event,
        [in_state(Event, "waiting"), Event.due_at <= now, free],
        [Event.id],
        limit=limit,
        values={"lease_until": clock + lease},
    )
    return [
        EventState(row.id, row.name, row.form, row.record_id, row.data, row.depth, row.at, row.attempt) for row in rows
    ]


def finish(session: Session, event: EventState, *, state: str = "done", error: str | None = None) -> bool:
    """Note that an event was worked off; False when the lease was lost."""
    return settle(session, Event, event.id, event.attempt, {"state": state, "error": error, "lease_until": None})


def retry(session: Session, event: EventState, due_at: dt.datetime, error: str) -> bool:
    """Let an event that failed wait for its next attempt."""
    return settle(session, Event, event.id, event.attempt, {"due_at": due_at, "error": error, "lease_until": None})
