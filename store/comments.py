"""Comments on records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models.around import Comment


@dataclass(frozen=True, slots=True)
class CommentState:
    """One comment; *mentions* are people, *files* what `POST /files` gave."""

    id: int
    at: dt.datetime
    author: str
    text: str
    mentions: list[str]
    files: list[dict[str, Any]]


def add(
    session: Session,
    form: str,
    record_id: int,
    *,
    at: dt.datetime,
    author: str,
    text: str,
    mentions: Sequence[str] = (),
    files: Sequence[dict[str, Any]] = (),
) -> CommentState:
    """Add a comment to a record."""
    row = Comment(
        form=form, record_id=record_id, at=at, author=author, text=text, mentions=list(mentions), files=list(files)
    )
    session.add(row)
    session.flush()
    return _state(row)


def of(session: Session, form: str, record_id: int, limit: int = 500) -> list[CommentState]:
    """Return the comments of one record, oldest first."""
    statement = select(Comment).where(Comment.form == form, Comment.record_id == record_id)
    return [_state(row) for row in session.scalars(statement.order_by(Comment.id).limit(limit))]


def remove(session: Session, form: str, record_id: int, comment_id: int, *, author: str | None) -> bool:
    """Remove a comment of *author* (None: of anybody); False when there is none."""
    row = session.get(Comment, comment_id)
    if row is None or (row.form, row.record_id) != (form, record_id) or author not in {None, row.author}:
        return False
    session.delete(row)
    return True


def _state(row: Comment) -> CommentState:
    return CommentState(row.id, row.at, row.author, row.text, list(row.mentions), list(row.files))
