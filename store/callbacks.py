"""What providers reported: each once, receipts that came too early kept until their message is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.claim import insert_new
from store.models.callback import Callback as Row


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackState:
    """One thing that a provider reported, and what we made of it."""

    id: int
    channel: str
    key: str
    kind: str
    at: dt.datetime
    provider_id: str
    address: str
    text: str
    person: str
    result: str
    done: bool


def add(session: Session, **columns: Any) -> int | None:
    """Keep a report (channel, key, kind, at, …); None when it is known already."""
    empty = {"provider_id": "", "address": "", "text": "", "person": "", "result": "", "done": True}
    ids = insert_new(session, Row, [{**empty, **columns}])
    return ids[0] if ids else None


def note(session: Session, number: int, **columns: Any) -> None:
    """Write what became of a report."""
    session.execute(update(Row).where(Row.id == number).values(**columns))


def early(session: Session, ids: Sequence[tuple[str, str]]) -> list[CallbackState]:
    """Return the receipts that waited for one of these (channel, provider's id)."""
    wanted = {provider_id for _, provider_id in ids if provider_id}
    if not wanted:
        return []
    rows = session.scalars(select(Row).where(Row.provider_id.in_(wanted), Row.done.is_(False)).order_by(Row.id))
    return [_state(row) for row in rows if (row.channel, row.provider_id) in set(ids)]


def recent(
    session: Session, *, channel: str, limit: int = 20, kinds: Sequence[str] = (), since: dt.datetime | None = None
) -> list[CallbackState]:
    """Return the newest reports of a channel."""
    statement = select(Row).where(Row.channel == channel).order_by(Row.id.desc()).limit(limit)
    if kinds:
        statement = statement.where(Row.kind.in_(kinds))
    if since is not None:
        statement = statement.where(Row.at >= since)
    return [_state(row) for row in session.scalars(statement)]


def refused_since(session: Session, *, channel: str, address: str, since: dt.datetime) -> int:
    """Return how many replies of one address led to nothing since a moment."""
    where = (Row.channel == channel, Row.address == address, Row.at >= since, Row.result.startswith("refused"))
    return session.scalar(select(func.count()).select_from(Row).where(*where)) or 0


def _state(row: Row) -> CallbackState:
    return CallbackState(**{f.name: getattr(row, f.name) for f in fields(CallbackState)})
