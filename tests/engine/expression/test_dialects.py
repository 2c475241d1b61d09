"""SQLite, PostgreSQL and Spark give the row reader's values for whatever they do not refuse."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from expression_strategies import FIELDS, PART, TEMPLATES
from expression_ways import CONTEXT, by_duckdb, by_row, checked, plain, table

from engine.expression import TypedTree, columnar
from engine.expression.values import give
from engine.problems import DefinitionError

ROWS: list[dict[str, Any]] = [
    {"a": 7.0, "b": -2.0, "c": 2.5, "s": "备货abc", "t": "abc", "p": True, "q": False, "d": date(2026, 1, 31), "e": date(2024, 2, 29),
     "m": datetime(2026, 11, 1, 5, 30, 0, 1, tzinfo=UTC), "n": datetime(2024, 2, 29, 20, tzinfo=UTC), "u": 3600.0, "xs": [1.0, None, 3.0], "ts": ["b", "a", None, "b"]},
    {"a": -7.5, "b": 3.0, "c": 0.0, "s": "", "t": " x ", "p": False, "q": None, "d": date(2026, 11, 25), "e": None,
     "m": datetime(2026, 3, 8, 7, 30, tzinfo=UTC), "n": None, "u": -60.0, "xs": [], "ts": []},
    {"a": 2.675, "b": 0.1, "c": None, "s": "é", "t": "z", "p": None, "q": True, "d": None, "e": date(2026, 10, 10), "m": None,
     "n": datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), "u": None, "xs": None, "ts": None},
    {"a": 1250.0, "b": -0.5, "c": 40.0, "s": "A-001", "t": "%_'\\", "p": True, "q": True, "d": date(2000, 2, 29), "e": date(2025, 12, 31),
     "m": datetime(2026, 11, 25, 16, tzinfo=UTC), "n": datetime(2026, 11, 25, 16, tzinfo=UTC), "u": 90.5, "xs": [2.0, 2.0], "ts": ["abc"]},
]  # fmt: skip
NAMES: dict[str, list[str]] = {}
for _name, _word in FIELDS.items():
    NAMES.setdefault(_word, []).append(_name)


def formulas() -> list[TypedTree]:
    """Return a formula of every template, its parts filled with fields in turn."""
    found = []
    for word, templates in TEMPLATES.items():
        if word.startswith("list"):
            continue
        for template in templates:
            used = dict.fromkeys(NAMES, 0)
            pieces = PART.split(template)
            for index in range(1, len(pieces), 2):
                names = NAMES[pieces[index]]
                kind, pieces[index] = pieces[index], names[used[pieces[index]] % len(names)]
                used[kind] += 1
            found.append(checked("".join(pieces), FIELDS))
    return found


def allowed(dialect: str, *, without: tuple[str, ...] = ()) -> list[tuple[TypedTree, str]]:
    """Return the formulas that the dialect does not refuse, with their SQL."""
    found = []
    for tree in formulas():
        if any(part in tree.source for part in without) or (dialect != "spark" and {"xs", "ts"} & set(tree.paths())):
            continue
        with suppress(DefinitionError):
            found.append((tree, columnar.to_sql(tree, {}, dialect, CONTEXT)))
    return found


def expected(pairs: list[tuple[TypedTree, str]]) -> dict[str, list[Any]]:
    """Return the row reader's values."""
    return {tree.source: by_row(tree, ROWS) for tree, _ in pairs}


def told(value: Any, word: str) -> Any:
    """Return a value of a database as the row reader gives it."""
    if word == "boolean" and value is not None:
        return bool(value)
    if word == "date" and isinstance(value, str):
        return value
    if word == "datetime" and isinstance(value, str):
        return plain(datetime.fromisoformat(value).replace(tzinfo=UTC))
    return plain(give(value, word) if word == "duration" else value)


def test_sqlite():
    connection = sqlite3.connect(":memory:")
    columns = [name for name, word in FIELDS.items() if not word.startswith("list")]
    connection.execute(f"CREATE TABLE records ({', '.join(columns)})")
    for row in ROWS:
        values = [
            row[name].replace(tzinfo=None).isoformat(" ", "microseconds") if isinstance(row[name], datetime)
            else row[name].isoformat() if isinstance(row[name], date) else row[name] for name in columns
        ]  # fmt: skip
        connection.execute(f"INSERT INTO records VALUES ({', '.join('?' * len(columns))})", values)
    pairs = allowed("sqlite")

    assert len(pairs) > 60
    assert expected(pairs) == {
        tree.source: [
            told(value, tree.type) for (value,) in connection.execute(f"SELECT {sql} FROM records ORDER BY rowid")
        ]
        for tree, sql in pairs
    }


@pytest.mark.postgres
def test_postgresql(postgres_url: str):
    kinds = {"number": "double precision", "text": 'text COLLATE "C"', "boolean": "boolean", "date": "date",
             "datetime": "timestamptz", "duration": "double precision"}  # fmt: skip
    columns = {name: kinds[word] for name, word in FIELDS.items() if word in kinds}
    pairs = allowed("postgres")
    with psycopg.connect(postgres_url.replace("postgresql+psycopg", "postgresql")) as connection:
        connection.execute("SET TimeZone = 'America/New_York'")
        connection.execute(f"CREATE TABLE records (place int, {', '.join(f'{n} {k}' for n, k in columns.items())})")
        for place, row in enumerate(ROWS):
            marks = ", ".join(["%s"] * (len(columns) + 1))
            connection.execute(f"INSERT INTO records VALUES ({marks})", [place, *(row[name] for name in columns)])

        assert len(pairs) > 60
        assert expected(pairs) == {
            tree.source: [
                told(value, tree.type)
                for (value,) in connection.execute(f"SELECT {sql.replace('%', '%%')} FROM records ORDER BY place", ())
            ]
            for tree, sql in pairs
        }


@pytest.mark.spark
@pytest.mark.timeout(600)
def test_spark():
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.host", "127.0.0.1").config("spark.sql.session.timeZone", "America/New_York").getOrCreate()
    )  # fmt: skip
    try:
        arrow = table(ROWS, FIELDS).append_column("place", [list(range(len(ROWS)))])
        spark.createDataFrame(arrow).createOrReplaceTempView("records")
        pairs = allowed("spark", without=("MATCHES",))
        shown = ", ".join(
            f"unix_micros({sql}) AS c{index}" if tree.type == "datetime" else f"{sql} AS c{index}"
            for index, (tree, sql) in enumerate(pairs)
        )
        rows = spark.sql(f"SELECT {shown} FROM records ORDER BY place").collect()
    finally:
        spark.stop()
    found = {
        tree.source: [
            told(datetime.fromtimestamp(row[index] / 1e6, UTC), "datetime")
            if tree.type == "datetime" and row[index] is not None
            else told(row[index], tree.type)
            for row in rows
        ]
        for index, (tree, _) in enumerate(pairs)
    }

    assert len(pairs) > 100
    assert expected(pairs) == found


def test_what_a_dialect_cannot_say_is_refused_with_its_place():
    tree = checked("1 < SUM(xs)", FIELDS)
    with pytest.raises(DefinitionError) as caught:
        columnar.to_sql(tree, {}, "sqlite")

    assert ("sqlite 不能计算这一部分", (4, 7)) == (caught.value.problems[0].message, caught.value.problems[0].at)


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
@pytest.mark.parametrize("step", ["({} + b)", "({} / b)", "(b / {})", "FLOOR({}, b)", "MAX({}, b)", "({} % b)"])
def test_sql_grows_with_the_formula_and_not_with_its_depth(step, dialect):
    """Engines write NULLIF and CASE out: a check repeated at every level would double the plan with each one."""

    def size(depth: int) -> int:
        source = "b"
        for _ in range(depth):
            source = step.format(source)
        return len(columnar.to_sql(checked(source, {"b": "number"}), {}, dialect))

    assert size(16) < 8 * size(8)  # twice at every level would be 256 times


def test_a_deep_formula_is_planned_at_once():
    """Ten levels of checks, quotients and roundings: as many copies as there were before would never be planned."""
    source = "b"
    for _ in range(5):
        source = f"FLOOR(({source} + b) / (b * 2), b)"
    typed = checked(source, {"b": "number"})

    assert [by_row(typed, [{"b": 3.0}, {"b": None}])] == by_duckdb([typed], [{"b": 3.0}, {"b": None}], {"b": "number"})


@pytest.mark.parametrize(
    "source",
    ["-MIN(UNIQUE([]))", "JOIN(UNIQUE([]), 'a')", "COUNT(UNIQUE([]))", "-(IF(b > 1, None) + 0)", "None in UNIQUE([1])"],
)
def test_what_has_no_type_of_its_own_is_planned(source):
    """An empty list and a bare null stand where a number or a text is asked for."""
    typed = checked(source, {"b": "number"})

    assert [by_row(typed, [{"b": 3.0}])] == by_duckdb([typed], [{"b": 3.0}], {"b": "number"})
