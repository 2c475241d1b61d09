"""How long people take at each step of a workflow, and what waits there now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.instances import ENDED, NOT_OPEN
from store.models.instance import Instance, Seat


@dataclass(frozen=True, slots=True)
class Wait:
    """One person's seat at a step: from when until when, until what moment it should be done."""

    node: str
    state: str
    arrived_at: dt.datetime
    done_at: dt.datetime | None
    due_at: dt.datetime | None


def waits(session: Session, workflow: str, *, since: dt.datetime, limit: int = 20_000) -> list[Wait]:
    """Return the seats of *workflow* that are open or were dealt with after *since*, newest first."""
    statement = (
        select(Seat.node, Seat.state, Seat.arrived_at, Seat.done_at, Seat.due_at)
        .join(Instance, Instance.id == Seat.instance)
        .where(Instance.workflow == workflow, (Seat.state == "open") | (Seat.done_at >= since))
        .order_by(Seat.id.desc())
        .limit(limit)
    )
    return [Wait(*row) for row in session.execute(statement)]


def counts(
    session: Session, *, since: dt.datetime, workflows: Sequence[str] | None = None
) -> dict[str, dict[str, int]]:
    """Return, by workflow, how many instances run, stand at an incident, and ended after *since*."""
    statement = select(Instance.workflow, Instance.status, func.count()).where(
        Instance.status.not_in(NOT_OPEN) | (Instance.finished_at >= since)
    )
    if workflows is not None:
        statement = statement.where(Instance.workflow.in_(workflows))
    found: dict[str, dict[str, int]] = {}
    for workflow, status, number in session.execute(statement.group_by(Instance.workflow, Instance.status)):
        word = "finished" if status in ENDED else "incident" if status == "incident" else "running"
        mine = found.setdefault(workflow, {"running": 0, "incident": 0, "finished": 0})
        mine[word] += number
    return found
