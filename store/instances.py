"""Workflow instances: their whole position as JSON, an optimistic lock, and the append-only log of their steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from store.models.instance import Instance as Row
from store.models.instance import InstanceLog

ENDED = ("completed", "rejected", "recalled", "cancelled")
NOT_OPEN = (*ENDED, "draft")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceState:
    """One run of a workflow; *position* is `workflows.Instance.to_json()`."""

    id: str
    workflow: str
    version: int
    title: str
    form: str | None
    record_id: int | None
    episode_id: int | None
    initiator: str
    status: str
    position: dict[str, Any]
    incident: dict[str, Any] | None
    depth: int
    lock_version: int
    started_at: dt.datetime
    updated_at: dt.datetime
    finished_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class LogRow:
    """One step: who did what where."""

    sequence: int
    at: dt.datetime
    actor: str
    op: str
    node: str = ""
    comment: str = ""
    on_behalf_of: str | None = None
    data: dict[str, Any] | None = None
    request_id: str | None = None


def _instance(row: Row) -> InstanceState:
    return InstanceState(**{f.name: getattr(row, f.name) for f in fields(InstanceState)})


def add(session: Session, **columns: Any) -> None:
    """Keep a new instance, given by its columns."""
    session.add(Row(**columns))
    session.flush()


def get(session: Session, instance_id: str) -> InstanceState | None:
    """Return one instance, or None."""
    row = session.get(Row, instance_id)
    return _instance(row) if row else None


def lock(session: Session, instance_id: str) -> InstanceState | None:
    """Return one instance, which nobody else can step until this transaction ends; None when there is none."""
    statement = select(Row).where(Row.id == instance_id).with_for_update()
    row = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    return _instance(row) if row else None


def save(session: Session, instance_id: str, *, lock_version: int, **columns: Any) -> bool:
    """Keep a step taken from *lock_version*; False when somebody else stepped first."""
    changed = session.scalars(
        update(Row)
        .where(Row.id == instance_id, Row.lock_version == lock_version)
        .values(**columns, lock_version=lock_version + 1)
        .returning(Row.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def page(
    session: Session,
    *,
    limit: int = 50,
    after: tuple[dt.datetime, str] | None = None,
    status: str | None = None,
    **equal: Any,
) -> list[InstanceState]:
    """Return instances, newest first, from before *after* (start, id).

    *status* `open` are all that have not ended; drafts are left out unless asked for; *equal* are columns (workflow, initiator, form, record_id, episode_id),
    None asks nothing.
    """
    statement = select(Row).order_by(Row.started_at.desc(), Row.id.desc()).limit(limit)
    for name, value in equal.items():
        if value is not None:
            statement = statement.where(getattr(Row, name) == value)
    if status == "open":
        statement = statement.where(Row.status.not_in(NOT_OPEN))
    elif status is not None:
        statement = statement.where(Row.status == status)
    else:
        statement = statement.where(Row.status != "draft")
    if after is not None:
        earlier = (Row.started_at == after[0]) & (Row.id < after[1])
        statement = statement.where((Row.started_at < after[0]) | earlier)
    return [_instance(row) for row in session.scalars(statement)]


def remove_draft(session: Session, instance_id: str, initiator: str) -> bool:
    """Forget what *initiator* had prepared and not submitted; False when there is no such draft."""
    gone = session.scalars(
        delete(Row)
        .where(Row.id == instance_id, Row.status == "draft", Row.initiator == initiator)
        .returning(Row.id)
        .execution_options(synchronize_session=False)
    )
    return gone.first() is not None


def count_by_status(session: Session) -> dict[str, int]:
    """Return how many instances there are in each status."""
    statement = select(Row.status, func.count()).where(Row.status != "draft").group_by(Row.status)
    return {status: number for status, number in session.execute(statement)}  # noqa: C416 a Row is not a pair to mypy


def add_log(session: Session, instance_id: str, rows: Sequence[LogRow]) -> None:
    """Keep steps in the log."""
    if rows:
        prepared = [{f.name: getattr(row, f.name) for f in fields(LogRow)} for row in rows]
        session.execute(
            insert(InstanceLog), [{**row, "data": row["data"] or {}, "instance": instance_id} for row in prepared]
        )


def log(session: Session, instance_id: str) -> list[LogRow]:
    """Return the steps of one instance in order."""
    rows = session.scalars(
        select(InstanceLog).where(InstanceLog.instance == instance_id).order_by(InstanceLog.sequence)
    )
    return [LogRow(**{f.name: getattr(row, f.name) for f in fields(LogRow)}) for row in rows]


def step_of_request(session: Session, instance_id: str, request_id: str) -> Mapping[str, Any] | None:
    """Return what the step of one request answered, or None: the same request again is not carried out again."""
    return session.scalar(
        select(InstanceLog.data)
        .where(InstanceLog.instance == instance_id, InstanceLog.request_id == request_id)
        .order_by(InstanceLog.sequence)
        .limit(1)
    )
