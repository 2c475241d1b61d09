"""What a database can refuse, told in our words.

BeihuoError
└── StoreError
    ├── Conflict       a deadlock, a serialization failure, a lock that was not given in time: trying again helps
    ├── Duplicate      a value that must be unique is there already; carries the columns
    ├── StorageFull    no space left; nothing was written
    └── Unavailable    the database does not answer
"""

from __future__ import annotations

import re

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.problems import BeihuoError

_CONFLICT_STATES = {"40001", "40P01", "55P03"}
_DISCONNECT_CLASSES = ("08", "57P")


class StoreError(BeihuoError):
    """The root of what a database can refuse."""


class Conflict(StoreError):
    """Two writers met; trying again helps."""


class Duplicate(StoreError):
    """A value that must be unique is there already.

    Args:
        message: what happened, in Chinese and English.
        columns: the columns that must be unique together, as far as the database names them.
    """

    def __init__(self, message: str, columns: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.columns = columns


class StorageFull(StoreError):
    """No space is left; nothing was written."""


class Unavailable(StoreError):
    """The database does not answer."""


def install(engine: Engine) -> None:
    """Let *engine* raise our words at the place where the database refused, so that a use case can catch them there."""
    event.listen(engine, "handle_error", _in_our_words)


def _in_our_words(context: ExceptionContext) -> StoreError | None:
    error = context.sqlalchemy_exception
    return translate(error) if isinstance(error, DBAPIError) else None


def translate(error: DBAPIError) -> StoreError | None:
    """Return what *error* means in our words, or None when it is a bug of ours."""
    state = getattr(error.orig, "sqlstate", None) or ""
    text = str(error.orig)
    if isinstance(error, IntegrityError) and (state == "23505" or "UNIQUE constraint failed" in text):
        columns = _columns(text)
        return Duplicate(f"该值已存在:{'、'.join(columns)} / this value exists already: {', '.join(columns)}", columns)
    if state in _CONFLICT_STATES or "database is locked" in text or "database table is locked" in text:
        return Conflict("数据库正忙,请重试 / the database is busy, please try again")
    if state == "53100" or "database or disk is full" in text:
        return StorageFull("磁盘已满,未写入任何数据 / the disk is full, nothing was written")
    if error.connection_invalidated or state.startswith(_DISCONNECT_CLASSES):
        return Unavailable("数据库没有响应 / the database does not answer")
    return None


def _columns(text: str) -> tuple[str, ...]:
    """Return the columns in a driver's message, of SQLite (`t.a, t.b`) or PostgreSQL (`Key (a, b)=(…)`)."""
    if found := re.search(r"UNIQUE constraint failed: (.+)", text):
        return tuple(part.strip().rpartition(".")[2] for part in found[1].split(","))
    if found := re.search(r"\(([^)]*)\)=\(", text):
        return tuple(part.strip().strip('"') for part in found[1].split(","))
    return ()
