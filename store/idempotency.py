"""Answers already given: one row a request, taken before it is carried out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from store.models.workspace import Answer


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a request; *status* is None while it is carried out."""

    request_hash: str
    status: int | None
    body: Any
    created_at: dt.datetime


def begin(session: Session, *, user: str, key: str, request_hash: str, now: dt.datetime) -> Kept | None:
    """Take *key* for a request: None when it was free, else what is known of the one that has it."""
    row = session.get(Answer, (user, key))
    if row is not None:
        return Kept(row.request_hash, row.status, row.body, row.created_at)
    session.add(Answer(user=user, key=key, request_hash=request_hash, created_at=now))
    session.flush()
    return None


def finish(session: Session, *, user: str, key: str, status: int, body: Any) -> None:
    """Keep the answer."""
    session.execute(update(Answer).where(Answer.user == user, Answer.key == key).values(status=status, body=body))


def forget(session: Session, *, user: str, key: str) -> None:
    """Give *key* back: nothing was done."""
    session.execute(delete(Answer).where(Answer.user == user, Answer.key == key))


def forget_before(session: Session, moment: dt.datetime) -> None:
    """Forget the answers given before *moment*."""
    session.execute(delete(Answer).where(Answer.created_at < moment))
