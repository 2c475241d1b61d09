"""Work that many workers may take and each piece only one does: claimed by conditional update, held under a lease.

A lease is measured by the database's clock, so that workers whose clocks differ agree; whoever finishes names the attempt
that it began, so that a worker that slept through its lease cannot write over its successor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.models.parent import Model

M = TypeVar("M", bound=Model)
LEASE = dt.timedelta(seconds=30)


def database_now(session: Session) -> dt.datetime:
    """Return the moment by the database's clock."""
    if session.get_bind().dialect.name == "postgresql":
        now: dt.datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return now
    return dt.datetime.now(dt.UTC)


def in_state(model: type[Model], word: str) -> ColumnElement[bool]:
    """Return the condition that a row is in one state, written out: only then a partial index of that state is used."""
    if not word.isalpha():
        raise ValueError(f"not a state: {word}")
    found: ColumnElement[bool] = model.__table__.c["state"] == literal_column(f"'{word}'")
    return found


def claim(
    session: Session,
    model: type[M],
    where: Sequence[ColumnElement[bool]],
    order: Sequence[Any],
    *,
    limit: int,
    values: Mapping[str, Any],
) -> list[M]:
    """Take up to *limit* rows that meet *where*, in *order*: set *values*, count the attempt; nobody else gets them."""
    identity: Any = model.__table__.c["id"]
    ids = list(
        session.scalars(select(identity).where(*where).order_by(*order).limit(limit).with_for_update(skip_locked=True))
    )
    if not ids:
        return []
    attempt: Any = model.__table__.c["attempt"]
    session.execute(
        update(model)
        .where(identity.in_(ids))
        .values({**values, "attempt": attempt + 1})
        .execution_options(synchronize_session=False)
    )
    place = {number: at for at, number in enumerate(ids)}
    rows = session.scalars(select(model).where(identity.in_(ids)).execution_options(populate_existing=True))
    return sorted(rows, key=lambda row: place[getattr(row, "id")])  # noqa: B009 every claimed table is numbered


def settle(session: Session, model: type[Model], identity: int, attempt: int, values: Mapping[str, Any]) -> bool:
    """Write the end of an attempt; False when the lease was lost to a later attempt and nothing was written."""
    table: Any = model.__table__.c
    done = session.execute(
        update(model)
        .where(table["id"] == identity, table["attempt"] == attempt)
        .values(dict(values))
        .returning(table["id"])
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None


def insert_new(session: Session, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert *rows*, leaving out those that some UNIQUE of the table refuses; return the new rows' numbers."""
    if not rows:
        return []
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    identity: Any = model.__table__.c["id"]
    statement = dialect.insert(model).on_conflict_do_nothing().returning(identity)
    return list(session.scalars(statement, [dict(row) for row in rows]))
