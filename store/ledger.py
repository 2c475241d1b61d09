"""The stock ledger in SQL: the `stock` form's rows, locked in one order, and the entries that led to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.models.stock import Movement
from store.tables import table_of

STOCK = "stock"
NUMBERS = ("on_hand", "reserved", "in_transit", "on_order")
_CHUNK = 400
Place = tuple[str, str]


def lock(session: Session, places: Iterable[Place], *, user: str, now: dt.datetime) -> dict[Place, dict[str, Any]]:
    """Return the stock rows of *places* (SKU, warehouse), made where missing, held until the transaction ends.

    They are locked in one order, so that two writers never wait for each other; on SQLite there is one writer anyway.
    """
    table = table_of(session, STOCK)
    wanted = sorted(set(places))
    found: dict[Place, dict[str, Any]] = {}
    for chunk in _chunks(wanted):
        rows = _held(session, table, chunk)
        missing = [place for place in chunk if place not in rows]
        if missing:
            _make(session, table, missing, user=user, now=now)
            rows = _held(session, table, chunk)
        found |= rows
    return found


def _held(session: Session, table: Table, places: Sequence[Place]) -> dict[Place, dict[str, Any]]:
    key = tuple_(table.c["sku"], table.c["warehouse"])
    statement = select(table).where(key.in_(places)).order_by(table.c["sku"], table.c["warehouse"]).with_for_update()
    return {(row["sku"], row["warehouse"]): dict(row) for row in session.execute(statement).mappings()}


def _make(session: Session, table: Table, places: Sequence[Place], *, user: str, now: dt.datetime) -> None:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    numbers = {name: 0 for name in NUMBERS if name in table.c}
    stamp = {"_version": 1, "_created_at": now, "_created_by": user, "_updated_at": now, "_updated_by": user}
    rows = [{"sku": sku, "warehouse": warehouse, **numbers, **stamp} for sku, warehouse in places]
    session.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def set_rows(session: Session, changes: Mapping[int, Mapping[str, Any]], *, user: str, now: dt.datetime) -> None:
    """Write the four numbers of stock rows, by the row's number."""
    table = table_of(session, STOCK)
    for number, values in changes.items():
        kept = {name: value for name, value in values.items() if name in table.c}
        stamp = {"_version": table.c["_version"] + 1, "_updated_at": now, "_updated_by": user}
        session.execute(update(table).where(table.c["_id"] == number).values({**kept, **stamp}))


def stock_rows(session: Session, places: Iterable[Place] | None = None) -> list[dict[str, Any]]:
    """Return stock rows, all of them unless *places* are named."""
    table = table_of(session, STOCK)
    if places is None:
        return [dict(row) for row in session.execute(select(table)).mappings()]
    found: list[dict[str, Any]] = []
    for chunk in _chunks(sorted(set(places))):
        where = tuple_(table.c["sku"], table.c["warehouse"]).in_(chunk)
        found += [dict(row) for row in session.execute(select(table).where(where)).mappings()]
    return found


def known(session: Session, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the entries that have one of *keys*."""
    found: dict[str, dict[str, Any]] = {}
    wanted = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), _CHUNK):
        rows = session.scalars(select(Movement).where(Movement.key.in_(wanted[start : start + _CHUNK])))
        found |= {row.key: as_dict(row) for row in rows}
    return found


def begins(session: Session, prefix: str) -> bool:
    """Say whether some entry's key begins with *prefix*."""
    statement = select(Movement.id).where(Movement.key.startswith(prefix, autoescape=True)).limit(1)
    return session.scalar(statement) is not None


def last_of(session: Session, places: Iterable[Place]) -> dict[Place, dict[str, Any]]:
    """Return the newest entry of each of *places* that has one."""
    found: dict[Place, dict[str, Any]] = {}
    place = tuple_(Movement.sku, Movement.warehouse)
    for chunk in _chunks(sorted(set(places))):
        newest = select(func.max(Movement.id)).where(place.in_(chunk)).group_by(Movement.sku, Movement.warehouse)
        for row in session.scalars(select(Movement).where(Movement.id.in_(newest))):
            found[row.sku, row.warehouse] = as_dict(row)
    return found


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write entries; `Duplicate` when a key is taken."""
    if rows:
        session.execute(insert(Movement), [dict(row) for row in rows])


def drifted(session: Session) -> list[Place]:
    """Return the places whose stock row is not what the newest entry says (or has no entry and is not empty)."""
    table = table_of(session, STOCK)
    names = [name for name in NUMBERS if name in table.c]
    newest = (
        select(func.max(Movement.id).label("id"), Movement.sku, Movement.warehouse)
        .group_by(Movement.sku, Movement.warehouse)
        .subquery()
    )
    differs = or_(*(func.coalesce(table.c[n], 0) != func.coalesce(getattr(Movement, n), 0) for n in names))
    joined = table.outerjoin(
        newest, (newest.c.sku == table.c["sku"]) & (newest.c.warehouse == table.c["warehouse"])
    ).outerjoin(Movement, Movement.id == newest.c.id)
    statement = select(table.c["sku"], table.c["warehouse"]).select_from(joined).where(differs)
    return [(row[0], row[1]) for row in session.execute(statement)]


def sums(session: Session) -> dict[Place, tuple[float, ...]]:
    """Return, by place, what all entries add up to: the proof that the ledger balances."""
    deltas = [func.sum(getattr(Movement, f"d_{name}")) for name in NUMBERS]
    statement = select(Movement.sku, Movement.warehouse, *deltas).group_by(Movement.sku, Movement.warehouse)
    return {(row[0], row[1]): tuple(float(value) for value in row[2:]) for row in session.execute(statement)}


def page(
    session: Session, *, equal: Mapping[str, str], since: str = "", until: str = "", before: int | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return entries, newest first: with these values, of days from *since* to *until*, older than number *before*."""
    where = [getattr(Movement, name) == value for name, value in equal.items() if value]
    where += [Movement.day >= since] if since else []
    where += [Movement.day <= until] if until else []
    where += [Movement.id < before] if before else []
    statement = select(Movement).where(*where).order_by(Movement.id.desc()).limit(limit)
    return [as_dict(row) for row in session.scalars(statement)]


def until(session: Session, day: str) -> Iterator[dict[str, Any]]:
    """Yield every entry up to and with *day*, oldest first: what the books are made of."""
    statement = select(Movement).where(Movement.day <= day).order_by(Movement.id)
    for row in session.scalars(statement.execution_options(yield_per=2_000)):
        yield as_dict(row)


def sold(session: Session, day: str) -> list[dict[str, Any]]:
    """Return units and revenue sold on *day* by SKU, warehouse and channel."""
    columns = (Movement.sku, Movement.warehouse, Movement.channel)
    statement = (
        select(*columns, func.sum(Movement.quantity), func.sum(Movement.quantity * Movement.price))
        .where(Movement.day == day, Movement.kind == "sale")
        .group_by(*columns)
    )
    return [
        {"sku": row[0], "warehouse": row[1], "channel": row[2], "quantity": float(row[3]), "revenue": row[4]}
        for row in session.execute(statement)
    ]


def sale_days(session: Session, until: str) -> list[str]:
    """Return the days up to *until* on which the ledger sold something."""
    statement = select(Movement.day).where(Movement.kind == "sale", Movement.day <= until).distinct()
    return sorted(session.scalars(statement))


def as_dict(row: Movement) -> dict[str, Any]:
    """Return an entry as plain data."""
    return {column.name: getattr(row, column.name) for column in Movement.__table__.columns}


def _chunks(places: Sequence[Place]) -> Iterator[Sequence[Place]]:
    for start in range(0, len(places), _CHUNK):
        yield places[start : start + _CHUNK]
