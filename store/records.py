"""The records of users' forms: read, written with an optimistic lock, many at a time, and handed out as Arrow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from store import counters
from store.arrow import arrow
from store.kinds import reader_of
from store.listing import Page, Wanted, conditions_of, page
from store.tables import FormState, Narrowing, NoTable, ensure, state, table_of

__all__ = [
    "FormState",
    "Narrowing",
    "NoTable",
    "Page",
    "Record",
    "Wanted",
    "arrow",
    "by_keys",
    "coded",
    "count",
    "delete_",
    "delete_many",
    "ensure",
    "exists",
    "find",
    "get",
    "insert_",
    "insert_many",
    "matching",
    "named",
    "numbered",
    "numbers",
    "page",
    "state",
    "table_of",
    "update_",
    "update_many",
]
_CHUNK = 400  # keys in one question: 2 columns each stay below SQLite's limits


@dataclass(frozen=True, slots=True)
class Record:
    """One record: *values* by field key, as JSON values (days and moments as ISO text)."""

    id: int
    version: int
    values: dict[str, Any]
    created_at: dt.datetime
    created_by: str
    updated_at: dt.datetime
    updated_by: str


def _record(row: Mapping[str, Any]) -> Record:
    values = {name: value for name, value in row.items() if not name.startswith("_")}
    return Record(
        row["_id"],
        row["_version"],
        values,
        row["_created_at"],
        row["_created_by"],
        row["_updated_at"],
        row["_updated_by"],
    )


def get(session: Session, form: str, record_id: int) -> Record | None:
    """Return one record by its number, or None."""
    table = table_of(session, form)
    row = session.execute(select(table).where(table.c["_id"] == record_id)).mappings().one_or_none()
    return _record(dict(row)) if row else None


def find(session: Session, form: str, **equal: Any) -> Record | None:
    """Return the first record whose fields equal *equal* (`code="A001"`), or None."""
    table = table_of(session, form)
    statement = select(table).where(*_equal(table, equal)).order_by(table.c["_id"]).limit(1)
    row = session.execute(statement).mappings().first()
    return _record(dict(row)) if row else None


def exists(session: Session, form: str, *, but: int | None = None, **equal: Any) -> bool:
    """Say whether a record other than number *but* has these values."""
    table = table_of(session, form)
    where = _equal(table, equal)
    if but is not None:
        where.append(table.c["_id"] != but)
    return session.execute(select(table.c["_id"]).where(*where).limit(1)).first() is not None


def count(session: Session, form: str, **equal: Any) -> int:
    """Return how many records have these values; without any, how many there are."""
    table = table_of(session, form)
    return session.scalar(select(func.count()).select_from(table).where(*_equal(table, equal))) or 0


def by_keys(
    session: Session, form: str, columns: Sequence[str], keys: Iterable[tuple[Any, ...]]
) -> dict[tuple[Any, ...], Record]:
    """Return the records whose *columns* hold one of *keys*, by key."""
    table = table_of(session, form)
    place = [table.c[column] for column in columns]
    found: dict[tuple[Any, ...], Record] = {}
    for chunk in _chunks(list(dict.fromkeys(keys))):
        where = place[0].in_([key[0] for key in chunk]) if len(place) == 1 else tuple_(*place).in_(chunk)
        for row in session.execute(select(table).where(where)).mappings():
            found[tuple(row[column] for column in columns)] = _record(dict(row))
    return found


def named(session: Session, form: str, codes: Iterable[str]) -> dict[str, Record]:
    """Return the records of *form* by their `code`, as links point to them."""
    return {key[0]: record for key, record in by_keys(session, form, ("code",), ((code,) for code in codes)).items()}


def numbered(session: Session, form: str, numbers: Sequence[int]) -> dict[int, Record]:
    """Return records by their numbers; those that are gone are left out."""
    table = table_of(session, form)
    found: dict[int, Record] = {}
    for start in range(0, len(numbers), _CHUNK):
        chosen = select(table).where(table.c["_id"].in_(numbers[start : start + _CHUNK]))
        found.update({row["_id"]: _record(dict(row)) for row in session.execute(chosen).mappings()})
    return found


def numbers(session: Session, form: str, wanted: Wanted, limit: int) -> list[int]:
    """Return the numbers of the first *limit* records that *wanted* leaves."""
    table = table_of(session, form)
    statement = select(table.c["_id"]).where(*conditions_of(table, wanted)).order_by(table.c["_id"]).limit(limit)
    return list(session.scalars(statement))


def delete_many(session: Session, form: str, numbers: Sequence[int]) -> None:
    """Remove records."""
    table = table_of(session, form)
    for start in range(0, len(numbers), _CHUNK):
        session.execute(delete(table).where(table.c["_id"].in_(numbers[start : start + _CHUNK])))


def matching(session: Session, form: str, numbers: Sequence[int], where: str) -> set[int]:
    """Return those of the records *numbers* that meet *where* (SQL as in `Wanted`)."""
    table = table_of(session, form)
    found: set[int] = set()
    for start in range(0, len(numbers), _CHUNK):
        chosen = table.c["_id"].in_(numbers[start : start + _CHUNK])
        found.update(session.scalars(select(table.c["_id"]).where(chosen, literal_column(f"({where})"))))
    return found


def coded(session: Session, form: str, codes: Iterable[str], where: str) -> set[str]:
    """Return those of *codes* whose records meet *where* (SQL as in `Wanted`)."""
    table = table_of(session, form)
    if "code" not in table.c:
        return set()
    found: set[str] = set()
    for chunk in _chunks([(code,) for code in dict.fromkeys(codes)]):
        chosen = table.c["code"].in_([code for (code,) in chunk])
        found.update(session.scalars(select(table.c["code"]).where(chosen, literal_column(f"({where})"))))
    return found


def insert_(session: Session, form: str, values: Mapping[str, Any], *, user: str, now: dt.datetime) -> Record:
    """Add one record."""
    return insert_many(session, form, [values], user=user, now=now)[0]


def insert_many(
    session: Session, form: str, rows: Sequence[Mapping[str, Any]], *, user: str, now: dt.datetime
) -> list[Record]:
    """Add many records; return them in their order, as they will be read.

    The numbers are taken first and never used again, so that the history of a record that was deleted stays its own; and
    so that the rows go in with one statement, where asking for each row's number would take one statement a row.
    """
    table = table_of(session, form)
    columns = [column for column in table.columns if not column.name.startswith("_")]
    stamp = {"_version": 1, "_created_at": now, "_created_by": user, "_updated_at": now, "_updated_by": user}
    numbers = _new_numbers(session, form, table, len(rows))
    names = [column.name for column in columns]
    readers = [(column.name, read) for column in columns if (read := reader_of(column.type))]
    kept = [{name: row.get(name) for name in names} for row in rows]
    for values in kept:
        for name, read in readers:
            if values[name] is not None:
                values[name] = read(values[name])
    prepared = [{"_id": number, **values, **stamp} for number, values in zip(numbers, kept, strict=True)]
    if prepared:
        session.connection().execute(insert(table), prepared)
    return [Record(number, 1, values, now, user, now, user) for number, values in zip(numbers, kept, strict=True)]


def _new_numbers(session: Session, form: str, table: Table, count: int) -> Sequence[int]:
    """Return *count* numbers that no record of the form has or had."""
    if not count:
        return []
    if session.get_bind().dialect.name == "postgresql":
        sequence = text("SELECT nextval(pg_get_serial_sequence(:place, '_id')) FROM generate_series(1, :count)")
        return list(session.scalars(sequence, {"place": f'"{table.name}"', "count": count}))
    last = max(counters.value(session, f"_id.{form}"), session.scalar(select(func.max(table.c["_id"]))) or 0)
    counters.put(session, f"_id.{form}", last + count)
    return range(last + 1, last + count + 1)


def update_(
    session: Session,
    form: str,
    record_id: int,
    values: Mapping[str, Any],
    *,
    user: str,
    now: dt.datetime,
    version: int | None = None,
) -> Record | None:
    """Change fields of one record; None when it is gone or, with *version*, no longer that version."""
    table = table_of(session, form)
    statement = update(table).where(table.c["_id"] == record_id)
    if version is not None:
        statement = statement.where(table.c["_version"] == version)
    stamp = {"_version": table.c["_version"] + 1, "_updated_at": now, "_updated_by": user}
    row = session.execute(statement.values({**values, **stamp}).returning(table)).mappings().one_or_none()
    return _record(dict(row)) if row else None


def update_many(
    session: Session, form: str, changes: Sequence[tuple[int, Mapping[str, Any]]], *, user: str, now: dt.datetime
) -> None:
    """Change fields of many records, each given as (number, all fields to set); equal fields share one statement."""
    table = table_of(session, form)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for record_id, values in changes:
        row = {f"new_{name}": value for name, value in values.items()}
        groups.setdefault(tuple(sorted(values)), []).append({"the_id": record_id, **row})
    for names, rows in groups.items():
        fields: dict[str, Any] = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        statement = (
            update(table)
            .where(table.c["_id"] == bindparam("the_id"))
            .values({**fields, "_version": table.c["_version"] + 1, "_updated_at": now, "_updated_by": user})
        )
        session.connection().execute(statement, rows)


def delete_(session: Session, form: str, record_id: int, *, version: int | None = None) -> Record | None:
    """Remove one record and return it as it was; None when it is gone or no longer that *version*."""
    table = table_of(session, form)
    statement = delete(table).where(table.c["_id"] == record_id)
    if version is not None:
        statement = statement.where(table.c["_version"] == version)
    row = session.execute(statement.returning(table)).mappings().one_or_none()
    return _record(dict(row)) if row else None


def _equal(table: Table, equal: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [table.c[name].is_(None) if value is None else table.c[name] == value for name, value in equal.items()]


def _chunks(keys: list[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
