"""Counts and totals over the records of a form, whole or by groups, worked out by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, cast, func, select
from sqlalchemy.orm import Session

from store.kinds import Day, Instant
from store.listing import Wanted, conditions_of
from store.tables import SYSTEM, table_of
from store.types import Moment

FUNCTIONS = ("sum", "avg", "min", "max", "count", "distinct")
PERIODS = {"year": 4, "month": 7, "day": 10}


@dataclass(frozen=True, slots=True)
class Group:
    """One group: the values that its records share, how many they are, and their totals."""

    values: dict[str, Any]
    count: int
    totals: dict[str, Any]


def groups(
    session: Session,
    form: str,
    wanted: Wanted,
    *,
    by: Sequence[tuple[str, str]] = (),
    totals: Sequence[tuple[str, str]] = (),
    limit: int = 1000,
) -> list[Group]:
    """Return the groups of the records that *wanted* leaves, the largest first; without *by* one group of all.

    Args:
        session: a session for reading.
        form: the form's key.
        wanted: which records.
        by: (column, period) with period empty, `year`, `month` or `day`.
        totals: (column, function) with a function of `FUNCTIONS`.
        limit: groups at most.
    """
    table = table_of(session, form)
    keys = [_key(session, table, name, period).label(f"k{place}") for place, (name, period) in enumerate(by)]
    sums = [_total(table, name, function).label(f"t{place}") for place, (name, function) in enumerate(totals)]
    count = func.count().label("n")
    statement = select(*keys, count, *sums).select_from(table).where(*conditions_of(table, wanted))
    if keys:
        statement = statement.group_by(*keys).order_by(count.desc(), *keys).limit(limit)
    return [
        Group(
            {_name(*by[place]): row[f"k{place}"] for place in range(len(by))},
            row["n"],
            {f"{name}:{function}": row[f"t{place}"] for place, (name, function) in enumerate(totals)},
        )
        for row in session.execute(statement).mappings()
    ]


def _name(column: str, period: str) -> str:
    return f"{column}:{period}" if period else column


def column_of(table: Table, name: str) -> ColumnElement[Any]:
    """Return a field's column, or one that every table has (`created_at`)."""
    return table.c[f"_{name}" if f"_{name}" in SYSTEM and name not in table.c else name]


def _key(session: Session, table: Table, name: str, period: str) -> ColumnElement[Any]:
    column = column_of(table, name)
    if not period or not isinstance(column.type, Day | Instant | Moment):
        return column
    if session.get_bind().dialect.name == "postgresql":
        text = func.to_char(column, "YYYY-MM-DD")
    else:
        text = func.substr(cast(column, Text), 1, 10)
    return func.substr(text, 1, PERIODS[period], type_=Text())


def _total(table: Table, name: str, function: str) -> ColumnElement[Any]:
    column = column_of(table, name)
    if function == "distinct":
        return func.count(column.distinct())
    made: ColumnElement[Any] = getattr(func, function)(column)
    return made if function != "sum" else made.cast(column.type)
