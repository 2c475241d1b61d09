"""Running numbers by name; a number that was taken in a transaction that failed is given again."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.models.record import Counter


def take(session: Session, name: str) -> int:
    """Return the next number of *name*, from 1."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Counter).values(name=name, value=1)
    statement = statement.on_conflict_do_update(index_elements=[Counter.name], set_={"value": Counter.value + 1})
    number: int = session.execute(statement.returning(Counter.value)).scalar_one()
    return number


def value(session: Session, name: str) -> int:
    """Return the last number that was taken of *name*, or 0."""
    row = session.get(Counter, name)
    return row.value if row else 0


def put(session: Session, name: str, value: int) -> None:
    """Say that the numbers of *name* up to *value* are taken."""
    session.merge(Counter(name=name, value=value))
    session.flush()
