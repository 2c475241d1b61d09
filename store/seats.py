"""Seats: where one person may act. The open ones are the to-do lists; copies are what people were shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.claim import insert_new
from store.models.instance import Copy, Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatState:
    """One seat; *work* is its address in the instance (`open_work`), *owner* whom the user acts for."""

    id: int
    instance: str
    work: str
    node: str
    user: str
    owner: str | None
    state: str
    op: str | None
    comment: str
    arrived_at: dt.datetime
    due_at: dt.datetime | None
    done_at: dt.datetime | None
    summary: list[Any]


@dataclass(frozen=True, slots=True)
class Opening:
    """A seat that should be open."""

    work: str
    node: str
    user: str
    owner: str | None = None
    due_at: dt.datetime | None = None
    summary: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Synced:
    """What `sync` changed."""

    opened: tuple[SeatState, ...]
    closed: tuple[SeatState, ...]


def _seat(row: Seat) -> SeatState:
    return SeatState(**{f.name: getattr(row, f.name) for f in fields(SeatState)})


def sync(session: Session, instance_id: str, openings: Sequence[Opening], *, now: dt.datetime) -> Synced:
    """Make the open seats of an instance those of *openings*: new ones open, those that are gone close as `withdrawn`."""
    wanted = {_numbered(openings, at): opening for at, opening in enumerate(openings)}
    rows = session.scalars(select(Seat).where(Seat.instance == instance_id, Seat.state == "open")).all()
    there = {row.work: row for row in rows}
    closed = []
    for work, row in there.items():
        if work not in wanted or wanted[work].user != row.user:
            row.state, row.done_at = "withdrawn", now
            closed.append(row)
    session.flush()
    opened = []
    for work, opening in wanted.items():
        if work in there and there[work].state == "open":
            there[work].due_at = opening.due_at
            continue
        row = Seat(
            instance=instance_id,
            work=work,
            node=opening.node,
            user=opening.user,
            owner=opening.owner,
            arrived_at=now,
            due_at=opening.due_at,
            summary=opening.summary,
        )
        session.add(row)
        opened.append(row)
    session.flush()
    return Synced(tuple(map(_seat, opened)), tuple(map(_seat, closed)))


def _numbered(openings: Sequence[Opening], at: int) -> str:
    """Return the address, told apart from the same address before it: a node entered twice stands twice."""
    work = openings[at].work
    before = sum(opening.work == work for opening in openings[:at])
    return f"{work}#{before + 1}" if before else work


def get(session: Session, seat_id: int) -> SeatState | None:
    """Return one seat, or None."""
    row = session.get(Seat, seat_id)
    return _seat(row) if row else None


def decide(session: Session, seat_id: int, *, op: str, comment: str, now: dt.datetime) -> bool:
    """Close an open seat with what its person did; False when it was closed already."""
    changed = session.scalars(
        update(Seat)
        .where(Seat.id == seat_id, Seat.state == "open")
        .values(state="done", op=op, comment=comment, done_at=now)
        .returning(Seat.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def page(
    session: Session, user: str, *, state: str = "open", before_id: int | None = None, limit: int = 50
) -> list[SeatState]:
    """Return the seats of *user* in one state, newest first."""
    statement = select(Seat).where(Seat.user == user, Seat.state == state).order_by(Seat.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(Seat.id < before_id)
    return [_seat(row) for row in session.scalars(statement)]


def of_instance(session: Session, instance_id: str, *, state: str | None = None) -> list[SeatState]:
    """Return the seats of one instance, oldest first."""
    statement = select(Seat).where(Seat.instance == instance_id).order_by(Seat.id)
    if state is not None:
        statement = statement.where(Seat.state == state)
    return [_seat(row) for row in session.scalars(statement)]


def instances_of(session: Session, user: str, *, limit: int = 100, after: str = "") -> list[str]:
    """Return the instances in which *user* holds or owns an open seat, by key, from behind *after*."""
    mine = (Seat.user == user) | (Seat.owner == user)
    statement = select(Seat.instance).where(mine, Seat.state == "open", Seat.instance > after)
    return list(session.scalars(statement.distinct().order_by(Seat.instance).limit(limit)))


def count_open(session: Session, user: str | None = None) -> int:
    """Return how many seats are open, of one person or of all."""
    statement = select(func.count()).select_from(Seat).where(Seat.state == "open")
    if user is not None:
        statement = statement.where(Seat.user == user)
    return session.scalar(statement) or 0


def add_copies(session: Session, instance_id: str, users: Sequence[str], *, now: dt.datetime) -> int:
    """Show an instance to people, once each; return how many are new."""
    return len(insert_new(session, Copy, [{"instance": instance_id, "user": user, "at": now} for user in users]))


def copies(session: Session, user: str, *, before_id: int | None = None, limit: int = 50) -> list[tuple[int, str]]:
    """Return (number, instance) of what *user* was shown, newest first."""
    statement = select(Copy.id, Copy.instance).where(Copy.user == user).order_by(Copy.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(Copy.id < before_id)
    return [(row[0], row[1]) for row in session.execute(statement)]


def mark_copy_read(session: Session, instance_id: str, user: str, now: dt.datetime) -> None:
    """Note that *user* has read a copy."""
    session.execute(
        update(Copy).where(Copy.instance == instance_id, Copy.user == user, Copy.read_at.is_(None)).values(read_at=now)
    )
