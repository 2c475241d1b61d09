"""The outbox: what must be sent, written with its cause, claimed by workers, every attempt kept.

States: `queued` → `sending` → `accepted` → `delivered` (a receipt) → `acted` | `failed` (this recipient was refused) | `dead`
(given up after too many attempts). A sending whose worker was lost is queued again: at least once, never lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from store.claim import LEASE, claim, database_now, in_state, insert_new, settle
from store.models.outbox import Attempt
from store.models.outbox import Delivery as Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One notice to one recipient through one channel."""

    id: int
    idempotency_key: str
    channel: str
    recipient: str
    address: str
    severity: int
    message: str
    title: str
    payload: dict[str, Any]
    state: str
    attempt: int
    unsure: int
    due_at: dt.datetime
    created_at: dt.datetime
    sent_at: dt.datetime | None
    provider_id: str | None
    code: str | None
    error: str | None
    episode_id: int | None
    instance: str | None
    response: str | None
    acted_at: dt.datetime | None
    acted_by: str | None
    acted_op: str | None


@dataclass(frozen=True, slots=True)
class AttemptState:
    """One attempt to send a delivery, and what the other side said."""

    attempt: int
    at: dt.datetime
    outcome: str
    code: str
    text: str


_STANDARD: dict[str, Any] = {
    "address": "",
    "severity": 5,
    "message": "",
    "title": "",
    "payload": {},
    "episode_id": None,
    "instance": None,
    "state": "queued",
    "attempt": 0,
    "unsure": 0,
}


def delivery_of(row: Row) -> Delivery:
    """Return a row as everybody but the store sees it."""
    return Delivery(**{f.name: getattr(row, f.name) for f in fields(Delivery)})


def content_of(delivery: Delivery) -> dict[str, Any]:
    """Return what another row for the same notice carries over: everything but its key, its channel and its address."""
    return {
        "recipient": delivery.recipient,
        "severity": delivery.severity,
        "message": delivery.message,
        "title": delivery.title,
        "payload": delivery.payload,
        "episode_id": delivery.episode_id,
        "instance": delivery.instance,
    }


def enqueue(session: Session, rows: Sequence[Mapping[str, Any]], *, now: dt.datetime) -> int:
    """Put notices into the outbox, in the transaction of their cause; one whose key is known is left out.

    Each row gives idempotency_key, channel and recipient; it may give address, severity (1 is the most urgent), message,
    title, payload, due_at, episode_id, instance. Return how many were new.
    """
    prepared = [{**_STANDARD, "due_at": now, "created_at": now, **row} for row in rows]
    return len(insert_new(session, Row, prepared))


def has_work(session: Session, now: dt.datetime) -> bool:
    """Say whether something is due, or a worker was lost while sending."""
    due = select(Row.id).where(in_state(Row, "queued"), Row.due_at <= now).limit(1)
    lost = select(Row.id).where(in_state(Row, "sending"), Row.lease_until < database_now(session)).limit(1)
    return any(session.execute(statement).first() is not None for statement in (due, lost))


def recover(session: Session, now: dt.datetime) -> int:
    """Queue again what a lost worker was sending; return how many."""
    lost = session.execute(
        update(Row)
        .where(in_state(Row, "sending"), Row.lease_until < database_now(session))
        .values(state="queued", lease_until=None, unsure=Row.unsure + 1)
        .returning(Row.id, Row.attempt, Row.worker)
        .execution_options(synchronize_session=False)
    ).all()
    text = "发送中工作进程中断,重新排队 / the worker was lost while sending; queued again"
    rows = [
        {"delivery_id": i, "attempt": n, "at": now, "outcome": "lost", "code": "", "text": text, "worker": w or ""}
        for i, n, w in lost
    ]
    if rows:
        session.execute(insert(Attempt), rows)
    return len(rows)


def take(
    session: Session,
    now: dt.datetime,
    *,
    worker: str,
    limit: int = 100,
    lease: dt.timedelta = LEASE,
    channels_not: Sequence[str] = (),
) -> list[Delivery]:
    """Claim what is due: the most urgent first, then the longest waiting; not of the channels that must rest."""
    recover(session, now)
    where = [in_state(Row, "queued"), Row.due_at <= now]
    if channels_not:
        where.append(Row.channel.not_in(channels_not))
    rows = claim(
        session,
        Row,
        where,
        [Row.severity, Row.due_at, Row.id],
        limit=limit,
        values={"state": "sending", "lease_until": database_now(session) + lease, "worker": worker},
    )
    return [delivery_of(row) for row in rows]


def settle_many(session: Session, ends: Sequence[tuple[Delivery, Mapping[str, Any], AttemptState]], worker: str) -> int:
    """Write the ends of attempts (new columns and what the other side said); return how many still had their lease."""
    kept = 0
    rows = []
    for delivery, columns, attempt in ends:
        if settle(session, Row, delivery.id, delivery.attempt, {**columns, "lease_until": None}):
            kept += 1
        rows.append(
            {
                "delivery_id": delivery.id,
                "attempt": attempt.attempt,
                "at": attempt.at,
                "outcome": attempt.outcome,
                "code": attempt.code,
                "text": attempt.text,
                "worker": worker,
            }
        )
    if rows:
        session.execute(insert(Attempt), rows)
    return kept


def settle_accepted(session: Session, deliveries: Sequence[Delivery], *, now: dt.datetime, worker: str) -> int:
    """Note, in one statement, that a batch was accepted whole; return how many still had their lease."""
    by_attempt: dict[int, list[int]] = {}
    for delivery in deliveries:
        by_attempt.setdefault(delivery.attempt, []).append(delivery.id)
    kept = 0
    for attempt, ids in by_attempt.items():
        done = session.execute(
            update(Row)
            .where(Row.id.in_(ids), Row.attempt == attempt, Row.state == "sending")
            .values(state="accepted", sent_at=now, lease_until=None, error=None)
            .returning(Row.id)
            .execution_options(synchronize_session=False)
        )
        kept += len(done.all())
    rows = [
        {
            "delivery_id": d.id,
            "attempt": d.attempt,
            "at": now,
            "outcome": "accepted",
            "code": "",
            "text": "",
            "worker": worker,
        }
        for d in deliveries
    ]
    if rows:
        session.execute(insert(Attempt), rows)
    return kept


def release(session: Session, deliveries: Sequence[Delivery], due_at: dt.datetime | None = None) -> None:
    """Give claimed rows back untouched, their attempt not counted: the worker is stopping, or a limit is reached.

    Args:
        session: a writing transaction.
        deliveries: the rows.
        due_at: when they may be taken again; as it was where None.
    """
    for delivery in deliveries:
        values: dict[str, Any] = {"state": "queued", "lease_until": None, "attempt": delivery.attempt - 1}
        if due_at is not None:
            values["due_at"] = due_at
        settle(session, Row, delivery.id, delivery.attempt, values)


def renew(session: Session, deliveries: Sequence[Delivery], lease: dt.timedelta = LEASE) -> None:
    """Prolong the leases of rows that are still being sent."""
    until = database_now(session) + lease
    for delivery in deliveries:
        settle(session, Row, delivery.id, delivery.attempt, {"lease_until": until})


def retry(session: Session, delivery_id: int, now: dt.datetime) -> bool:
    """Let a failed or dead delivery be sent again; False when it is neither."""
    changed = session.scalars(
        update(Row)
        .where(Row.id == delivery_id, Row.state.in_(("failed", "dead")))
        .values(state="queued", due_at=now, error=None)
        .returning(Row.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def get(session: Session, delivery_id: int) -> Delivery | None:
    """Return one delivery, or None."""
    row = session.get(Row, delivery_id)
    return delivery_of(row) if row else None


def attempts(session: Session, delivery_id: int) -> list[AttemptState]:
    """Return the attempts of one delivery, oldest first."""
    rows = session.scalars(select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.id))
    return [AttemptState(row.attempt, row.at, row.outcome, row.code, row.text) for row in rows]


def page(
    session: Session,
    *,
    before_id: int | None = None,
    limit: int = 50,
    state: str | None = None,
    channel: str | None = None,
    recipient: str | None = None,
    episode_id: int | None = None,
    instance: str | None = None,
) -> list[Delivery]:
    """Return deliveries, newest first."""
    statement = select(Row).order_by(Row.id.desc()).limit(limit)
    wanted: tuple[tuple[Any, Any], ...] = (
        (Row.state, state),
        (Row.channel, channel),
        (Row.recipient, recipient),
        (Row.episode_id, episode_id),
        (Row.instance, instance),
    )
    for column, value in wanted:
        if value is not None:
            statement = statement.where(column == value)
    if before_id is not None:
        statement = statement.where(Row.id < before_id)
    return [delivery_of(row) for row in session.scalars(statement)]


def count_by_state(session: Session) -> dict[str, int]:
    """Return how many deliveries there are in each state."""
    return {state: number for state, number in session.execute(select(Row.state, func.count()).group_by(Row.state))}  # noqa: C416 a Row is not a pair to mypy


def next_due(session: Session) -> dt.datetime | None:
    """Return when the next queued delivery is due, or None."""
    return session.scalar(select(func.min(Row.due_at)).where(in_state(Row, "queued")))


def fold(session: Session, key: str, alerts: Sequence[Mapping[str, Any]], *, most: int) -> bool:
    """Add alerts to a digest that still waits; only the first *most* are listed, all are counted. False when it has left."""
    row = session.scalars(
        select(Row).where(Row.idempotency_key == key, Row.state == "queued").with_for_update()
    ).first()
    if row is None:
        return False
    known = list(row.payload.get("alerts", ()))
    total = int(row.payload.get("total") or len(known)) + max(1, len(alerts))
    row.payload = {**row.payload, "alerts": [*known, *alerts][:most], "total": total}
    session.flush()
    return True
