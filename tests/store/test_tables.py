"""Forms' tables are made and widened while in use, and never lose data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import inspect

from store import records
from store.database import Database
from store.errors import Duplicate


def test_a_new_field_is_a_new_column(database: Database, column: Any, now: dt.datetime) -> None:
    """Old records have null in it; new ones may have a value."""
    with database.write() as session:
        records.ensure(session, "sku", [column("code", "text")], now=now)
        old = records.insert_(session, "sku", {"code": "A"}, user="lin", now=now)
    with database.write() as session:
        records.ensure(session, "sku", [column("code", "text"), column("colour", "text")], now=now)
        new = records.insert_(session, "sku", {"code": "B", "colour": "红"}, user="lin", now=now)
        old = records.get(session, "sku", old.id)

    assert ({"code": "A", "colour": None}, {"code": "B", "colour": "红"}) == (old.values, new.values)


def test_a_removed_field_keeps_its_data(database: Database, column: Any, now: dt.datetime) -> None:
    """A field that was taken away and comes back still has its values."""
    both = [column("code", "text"), column("colour", "text")]
    with database.write() as session:
        records.ensure(session, "sku", both, now=now)
        made = records.insert_(session, "sku", {"code": "A", "colour": "红"}, user="lin", now=now)
        records.ensure(session, "sku", both[:1], now=now)
        without = records.get(session, "sku", made.id)
        records.ensure(session, "sku", both, now=now)
        again = records.get(session, "sku", made.id)

    assert ({"code": "A"}, {"code": "A", "colour": "红"}) == (without.values, again.values)


@pytest.mark.parametrize(
    ("old", "new", "value", "expected"),
    [
        ("integer", "number", 3, 3),
        ("integer", "text", 3, "3"),
        ("number", "money", 2.5, 2.5),
        ("date", "text", "2026-11-25", "2026-11-25"),
    ],
)
def test_a_kind_may_widen(
    database: Database, column: Any, now: dt.datetime, old: str, new: str, value: object, expected: object
) -> None:
    """A change of kind that loses nothing is made, its unique index with it."""
    with database.write() as session:
        records.ensure(session, "sku", [column("code", old, unique=True)], now=now)
        made = records.insert_(session, "sku", {"code": value}, user="lin", now=now)
        records.ensure(session, "sku", [column("code", new, unique=True)], now=now)
        found = records.get(session, "sku", made.id)

    assert expected == found.values["code"]
    with pytest.raises(Duplicate), database.write() as session:
        records.insert_(session, "sku", {"code": value if new != "text" else str(value)}, user="lin", now=now)


def test_a_kind_does_not_narrow_over_data(database: Database, column: Any, now: dt.datetime) -> None:
    """Text cannot become a number while there are texts; an empty column can be anything."""
    with database.write() as session:
        records.ensure(session, "sku", [column("code", "text"), column("size", "text")], now=now)
        records.insert_(session, "sku", {"code": "A"}, user="lin", now=now)
    with database.write() as session:
        records.ensure(session, "sku", [column("code", "text"), column("size", "number")], now=now)
    with pytest.raises(records.Narrowing, match="“code”已有数据"), database.write() as session:
        records.ensure(session, "sku", [column("code", "number"), column("size", "number")], now=now)

    with database.read() as session:
        kinds = {c.name: c.kind for c in records.state(session, "sku").live}
    assert {"code": "text", "size": "number"} == kinds


def test_natural_keys_are_unique_together(database: Database, column: Any, now: dt.datetime) -> None:
    """One row for each SKU in each warehouse."""
    columns = [column("sku", "text"), column("warehouse", "text")]
    with database.write() as session:
        records.ensure(session, "stock", columns, natural_keys=("sku", "warehouse"), now=now)
        records.insert_(session, "stock", {"sku": "A", "warehouse": "hd"}, user="lin", now=now)
        records.insert_(session, "stock", {"sku": "A", "warehouse": "hn"}, user="lin", now=now)
    with pytest.raises(Duplicate) as caught, database.write() as session:
        records.insert_(session, "stock", {"sku": "A", "warehouse": "hd"}, user="lin", now=now)

    assert ("sku", "warehouse") == caught.value.columns


def test_what_repeats_cannot_become_unique(database: Database, column: Any, now: dt.datetime) -> None:
    """Publishing is refused and nothing has changed."""
    with database.write() as session:
        records.ensure(session, "sku", [column("name", "text")], now=now)
        records.insert_many(session, "sku", [{"name": "耳环"}, {"name": "耳环"}], user="lin", now=now)
    with pytest.raises(Duplicate), database.write() as session:
        records.ensure(session, "sku", [column("name", "text", unique=True)], now=now)

    with database.read() as session:
        assert not records.state(session, "sku").live[0].unique


def test_links_are_indexed(database: Database, column: Any, now: dt.datetime) -> None:
    """Looking up who points to a record is quick."""
    with database.write() as session:
        records.ensure(session, "stock", [column("sku", "text", links="sku")], now=now)
        indexed = [index["column_names"] for index in inspect(session.connection()).get_indexes("f_stock")]

    assert [["sku"]] == indexed


def test_publishing_again_does_nothing(database: Database, column: Any, now: dt.datetime) -> None:
    """A form that did not change runs no statement."""
    with database.write() as session:
        records.ensure(session, "sku", [column("code", "text", unique=True)], now=now)

        assert [] == records.ensure(session, "sku", [column("code", "text", unique=True)], now=now)


def test_words_of_sql_may_be_fields(database: Database, column: Any, now: dt.datetime) -> None:
    """`order`, `select` and `user` are good names of fields."""
    names = ["order", "select", "user", "group", "from", "table"]
    with database.write() as session:
        records.ensure(session, "order", [column(name, "text", unique=True) for name in names], now=now)
        made = records.insert_(session, "order", {name: name for name in names}, user="lin", now=now)
        records.ensure(session, "order", [column(name, "text") for name in names], now=now)

    assert names == list(made.values)
