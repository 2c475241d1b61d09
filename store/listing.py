"""Lists of records: filtered, searched, sorted, and paged by key, so that page 1,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, false, func, literal, literal_column, or_, select
from sqlalchemy.orm import Session

from engine.problems import DefinitionError, Problem, did_you_mean
from store.tables import SYSTEM, table_of
from store.types import Moment, dumps

MAX_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: rows as dicts (`_id`, `_version`, … and the fields), where the next begins, and the total."""

    rows: list[dict[str, Any]]
    next_cursor: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records a list shows: all that meet every condition.

    Args:
        where: a condition in this database's SQL over the columns' names, compiled from a checked expression; never a
            user's text.
        equal: field → value, or a list of values of which it must be one.
        q: words, each of which some text field must contain.
        hidden: columns that are not there for who asks: not sorted by, not handed out.
        unsearched: columns that `q` does not look at.
    """

    where: str | None = None
    equal: Mapping[str, Any] = field(default_factory=dict)
    q: str = ""
    hidden: frozenset[str] = frozenset()
    unsearched: frozenset[str] = frozenset()


def page(
    session: Session,
    form: str,
    wanted: Wanted,
    *,
    sort: str = "",
    limit: int = 50,
    cursor: str | None = None,
    total: bool = True,
) -> Page:
    """Return one page of the records of *form*.

    Args:
        session: a session for reading.
        form: the form's key.
        wanted: which records.
        sort: field names with a comma between, `-` in front for descending; then by number.
        limit: rows at most, up to 1,000.
        cursor: `next_cursor` of the page before.
        total: whether to count all rows that match.
    """
    table = table_of(session, form)
    order = _order(table, sort, wanted.hidden)
    conditions = conditions_of(table, wanted)
    statement = select(*(c for c in table.columns if c.name not in wanted.hidden)).where(*conditions)
    if cursor:
        statement = statement.where(_after(order, _read_cursor(cursor, order)))
    for column, descending in order:
        if not _never_null(column):
            statement = statement.order_by(column.is_(None))
        statement = statement.order_by(column.desc() if descending else column.asc())
    size = max(1, min(limit, MAX_LIMIT))
    rows = [dict(row) for row in session.execute(statement.limit(size + 1)).mappings()]
    counted = session.scalar(select(func.count()).select_from(table).where(*conditions)) if total else None
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _write_cursor(rows[-1], order) if more else None, counted)


def conditions_of(table: Table, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what a row must meet."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.where:
        conditions.append(literal_column(f"({wanted.where})"))
    for name, value in wanted.equal.items():
        column = table.c[name]
        conditions.append(column.in_(value) if isinstance(value, list | tuple | set) else column == value)
    texts = [
        c
        for c in table.columns
        if isinstance(c.type, Text) and not c.name.startswith("_") and c.name not in wanted.unsearched
    ]
    conditions += [or_(false(), *(c.icontains(word, autoescape=True) for c in texts)) for word in wanted.q.split()]
    return conditions


def _order(table: Table, sort: str, hidden: frozenset[str]) -> list[tuple[ColumnElement[Any], bool]]:
    order: list[tuple[ColumnElement[Any], bool]] = []
    for part in filter(None, (part.strip() for part in sort.split(","))):
        name = part.removeprefix("-")
        name = f"_{name}" if f"_{name}" in SYSTEM else name
        if name not in table.c or name in hidden:
            raise _unknown(name, [column.name for column in table.columns if column.name not in hidden])
        order.append((table.c[name], part.startswith("-")))
    return [*order, (table.c["_id"], False)]


def _unknown(name: str, known: list[str]) -> DefinitionError:
    near = did_you_mean(name, known)
    return DefinitionError(
        [
            Problem(
                "$.sort",
                f"没有字段“{name}”",
                f"是否想用“{near}”?" if near else "",
                f"there is no field “{name}”",
                f"did you mean “{near}”?" if near else "",
            )
        ]
    )


def _after(order: Sequence[tuple[ColumnElement[Any], bool]], values: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition for the rows after *values* in *order*; nulls stand last in either direction."""
    alternatives: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for (column, descending), value in zip(order, values, strict=True):
        if value is None:
            same.append(column.is_(None))
            continue
        bound = literal(value, column.type)
        beyond = column < bound if descending else column > bound
        alternatives.append(and_(*same, beyond if _never_null(column) else or_(beyond, column.is_(None))))
        same.append(column == bound)
    return or_(false(), *alternatives)


def _never_null(column: Any) -> bool:
    """Say whether a column has always a value: asking for its nulls would keep the database from using its index."""
    return str(column.name) in SYSTEM


def _write_cursor(row: Mapping[str, Any], order: Sequence[tuple[Any, bool]]) -> str:
    values = [row[column.name] for column, _ in order]
    text = dumps([value.isoformat() if isinstance(value, dt.datetime) else value for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, order: Sequence[tuple[ColumnElement[Any], bool]]) -> list[Any]:
    with contextlib.suppress(ValueError, TypeError):
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(values, list) and len(values) == len(order):
            return [
                dt.datetime.fromisoformat(value) if isinstance(column.type, Moment) and value else value
                for (column, _), value in zip(order, values, strict=True)
            ]
    raise DefinitionError(
        [Problem("$.cursor", "分页位置无效", "从第一页重新开始", "the cursor is not valid", "start at the first page")]
    )
