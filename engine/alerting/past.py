"""The past of a table: what its records looked like on the morning of each day, and when they ran out.

A table that has a `date` column says how its records were on that day. Otherwise its snapshots (`stock_snapshot`,
`stock_history`) say how they closed a day, which is what the next morning's run sees; columns that a snapshot lacks are
taken from the table as it is now. Without either, today's values stand for every day, and the report says so.
"""

# ruff: noqa: S608 the SQL is made of quoted names and typed literals

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from engine.alerting.subject import Subject, World, facts_keys
from engine.tables import facts_value
from engine.tables.dialect import DUCKDB
from engine.tables.duck import quoted
from engine.tables.engines import register
from engine.tables.facts_schema import DATE
from engine.tables.source import Table

SNAPSHOTS = ("snapshot", "history")
NOW_FOR_ALL = (
    "没有库存历史(如 stock_snapshot),用现在的值代替每一天,结果只能参考",
    "there is no stock history (such as stock_snapshot): today's values stand for every day, take the result with care",
)
ESTIMATED = ("有些天的库存是推算的", "the stock of some days was reconstructed")
NO_TRUTH = ("没有断货记录(库存历史或销量的 in_stock),无法核对", "no stockout is known, alerts cannot be checked")


@dataclass(frozen=True)
class Past:
    """How a table's records were on past days, as a DuckDB table.

    Args:
        name: the DuckDB table (`_day`, then the columns of the table); None when only the present is known.
        notes: what should be known about it, in Chinese and English.
    """

    name: str | None
    notes: tuple[tuple[str, str], ...] = ()


def without_days(world: World) -> World:
    """Return the world in which a dated table of records is a table of records, and its `date` no field."""
    tables = dict(world.tables)
    for name, table in world.tables.items():
        if _is_dated(world, table):
            tables[name] = replace(table, columns={key: kind for key, kind in table.columns.items() if key != DATE})
    return World(tables, world.forms)


def _is_dated(world: World, table: Table) -> bool:
    """Whether a table with days holds the state of records (on hand), not what happened (sales)."""
    if DATE not in table.columns or (world.is_facts(table.name) and table.name in world.forms):
        return False
    return "on_hand" in table.columns and not any(table.name.endswith(f"_{word}") for word in SNAPSHOTS)


def past_of(connection: Any, world: World, subject: Subject, start: dt.date, end: dt.date) -> Past:
    """Load the past of *subject* between *start* and *end* into *connection*.

    Args:
        connection: a DuckDB.
        world: the tables as they were given.
        subject: the table that rules are over.
        start: the first day.
        end: the last day.
    """
    own = world.tables[subject.name]
    if _is_dated(world, own):
        register(connection, "past_source", own)
        return _loaded(connection, subject.name, f"SELECT CAST({DATE} AS DATE) AS _day, * FROM past_source", start, end)
    for word in SNAPSHOTS:
        table = world.tables.get(f"{subject.name}_{word}")
        if table is not None and DATE in table.columns:
            return _snapshots(connection, subject, own, table, start, end)
    return Past(None, (NOW_FOR_ALL,))


def _loaded(connection: Any, name: str, query: str, start: dt.date, end: dt.date) -> Past:
    between = f"_day BETWEEN {DUCKDB.day(start)} AND {DUCKDB.day(end)}"
    connection.execute(
        f"CREATE TABLE {quoted(f'past_{name}')} AS SELECT * FROM ({query}) WHERE {between} ORDER BY _day"
    )
    return Past(f"past_{name}")


def _snapshots(connection: Any, subject: Subject, own: Table, table: Table, start: dt.date, end: dt.date) -> Past:
    register(connection, "past_source", table)
    register(connection, "past_now", own)
    keys = [key for key in subject.keys if key in table.columns]
    items = [f"s.{quoted(column)}" if column in table.columns else f"n.{quoted(column)}" for column in own.columns]
    same = " AND ".join(f"CAST(s.{quoted(key)} AS VARCHAR) = CAST(n.{quoted(key)} AS VARCHAR)" for key in keys)
    query = f"SELECT CAST(s.{DATE} AS DATE) + 1 AS _day, {', '.join(items)} FROM past_source AS s LEFT JOIN past_now AS n ON {same}"
    found = _loaded(connection, subject.name, query, start, end)
    ((days,),) = connection.execute(f"SELECT count(DISTINCT _day) FROM {quoted(found.name or '')}").fetchall()
    wanted = (end - start).days + 1
    if not days:
        return Past(None, (NOW_FOR_ALL,))
    if days < wanted:
        told = f"{wanted} 天里只有 {days} 天有库存历史,其余的天没有回放"
        found = replace(
            found, notes=((told, f"only {days} of {wanted} days have a stock history: the others were not replayed"),)
        )
    if "estimated" in table.columns:
        (guessed,) = connection.execute("SELECT count(*) FROM past_source WHERE estimated").fetchall()
        return replace(found, notes=(*found.notes, *([ESTIMATED] if guessed[0] else [])))
    return found


def stockouts(connection: Any, world: World, subject: Subject, past: Past, start: dt.date, end: dt.date) -> str | None:
    """Load when records ran out as the table `stockouts` (key0, …, day: the first day of each time), and return its keys.

    A record is out when its past says that nothing is on hand; else when the sales say that it could not be bought.
    Returns the select list of the keys, or None when nobody knows.
    """
    if past.name is not None and "on_hand" in world.tables[subject.name].columns:
        keys = [f"CAST({quoted(key)} AS VARCHAR) AS key{n}" for n, key in enumerate(subject.keys)]
        out = f"SELECT {', '.join(keys)}, _day AS day FROM {quoted(past.name)} WHERE on_hand <= 0"
        return _first_days(connection, out, [f"key{n}" for n in range(len(subject.keys))])
    for name in subject.facts:
        table = world.tables[name]
        if "in_stock" in table.columns:
            return _from_sales(connection, world, subject, table, start, end)
    return None


def _from_sales(
    connection: Any, world: World, subject: Subject, table: Table, start: dt.date, end: dt.date
) -> str | None:
    code = world.code(subject.name)
    met = {column: column if column in subject.keys else code for column in facts_keys(world, table.name)}
    columns = {key: column for column, key in met.items() if key in subject.keys}
    if set(columns) != set(subject.keys):
        return None
    register(connection, "sold", table.within(start, end))
    keys = [f"{facts_value.key(table, columns[key], DUCKDB)} AS key{n}" for n, key in enumerate(subject.keys)]
    names = [f"key{n}" for n in range(len(subject.keys))]
    stocked = facts_value.in_stock(table, DUCKDB)
    out = (
        f"SELECT {', '.join(keys)}, CAST({DATE} AS DATE) AS day FROM sold "
        f"WHERE CAST({DATE} AS DATE) BETWEEN {DUCKDB.day(start)} AND {DUCKDB.day(end)} "
        f"GROUP BY ALL HAVING bool_or({stocked}) = FALSE"
    )
    return _first_days(connection, out, names)


def _first_days(connection: Any, out: str, names: list[str]) -> str:
    keys = ", ".join(names)
    connection.execute(
        f"CREATE TABLE stockouts AS SELECT {keys}, day FROM (SELECT *, lag(day) OVER (PARTITION BY {keys} ORDER BY day) "
        f"AS before FROM (SELECT DISTINCT * FROM ({out}))) WHERE before IS NULL OR before < day - 1"
    )
    return keys


def empty(keys: int) -> pa.Table:
    """Return an empty table of stockouts with *keys* keys."""
    columns: Mapping[str, pa.DataType] = dict.fromkeys((f"key{n}" for n in range(keys)), pa.string())
    return pa.schema([*columns.items(), ("day", pa.date32())]).empty_table()
