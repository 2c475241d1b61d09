"""Forms' tables and their records."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from engine.problems import DefinitionError
from store import records
from store.database import Database
from store.errors import Duplicate
from store.records import Wanted


@pytest.fixture
def sku(database: Database, column: Any, now: dt.datetime) -> Database:
    """A database with the form sku."""
    columns = [
        column("code", "text", unique=True),
        column("name", "text"),
        column("stock", "integer"),
        column("price", "money"),
        column("weight", "number"),
        column("launched_on", "date"),
        column("checked_at", "datetime"),
        column("active", "boolean"),
        column("tags", "json"),
    ]
    with database.write() as session:
        records.ensure(session, "sku", columns, now=now)
    return database


VALUES: dict[str, Any] = {
    "code": "A001",
    "name": "珍珠耳环",
    "stock": 12,
    "price": 39.9,
    "weight": 1.5,
    "launched_on": "2026-03-01",
    "checked_at": "2026-11-25T02:00:00Z",
    "active": True,
    "tags": ["爆款", "新品"],
}


def test_a_record_comes_back_as_it_went(sku: Database, now: dt.datetime) -> None:
    """Every kind of column gives back the JSON value that it was given."""
    with sku.write() as session:
        made = records.insert_(session, "sku", VALUES, user="lin", now=now)
    with sku.read() as session:
        found = records.get(session, "sku", made.id)

    assert VALUES == found.values
    assert (1, "lin", now) == (found.version, found.created_by, found.created_at)


def test_whole_numbers_are_whole(sku: Database, now: dt.datetime) -> None:
    """A price of 40 is 40 and not 40.0, on both databases."""
    with sku.write() as session:
        made = records.insert_(session, "sku", {"code": "A", "price": 40.0, "weight": 2.0}, user="lin", now=now)

    assert ("40", "2") == (str(made.values["price"]), str(made.values["weight"]))


def test_empty_fields_are_empty(sku: Database, now: dt.datetime) -> None:
    """What was not given is null, not a text of null."""
    with sku.write() as session:
        made = records.insert_(session, "sku", {"code": "A"}, user="lin", now=now)

    assert {"A", None} == {value if isinstance(value, str) else None for value in made.values.values()}


def test_a_repeated_code_is_told_by_its_column(sku: Database, now: dt.datetime) -> None:
    """The database itself keeps what must be unique, and says which field it is."""
    with sku.write() as session:
        records.insert_(session, "sku", {"code": "A"}, user="lin", now=now)
    with pytest.raises(Duplicate) as caught, sku.write() as session:
        records.insert_(session, "sku", {"code": "A"}, user="lin", now=now)

    assert ("code",) == caught.value.columns


def test_only_the_version_that_was_read_is_changed(sku: Database, now: dt.datetime) -> None:
    """The second of two people who change the same record is told, and overwrites nothing."""
    with sku.write() as session:
        made = records.insert_(session, "sku", VALUES, user="lin", now=now)
        first = records.update_(session, "sku", made.id, {"stock": 5}, user="chen", now=now, version=1)
        second = records.update_(session, "sku", made.id, {"stock": 9}, user="wang", now=now, version=1)

    assert (2, 5, "chen") == (first.version, first.values["stock"], first.updated_by)
    assert second is None


def test_many_are_added_in_their_order(sku: Database, now: dt.datetime) -> None:
    """Numbers go up in the order of the rows."""
    with sku.write() as session:
        made = records.insert_many(session, "sku", [{"code": f"C{n}"} for n in range(1500)], user="lin", now=now)

    assert [f"C{n}" for n in range(1500)] == [record.values["code"] for record in made]
    assert sorted(record.id for record in made) == [record.id for record in made]


def test_many_are_changed_each_in_its_own_fields(sku: Database, now: dt.datetime) -> None:
    """A bulk change touches only the fields that each row names."""
    with sku.write() as session:
        one, two, three = records.insert_many(
            session, "sku", [{"code": code, "stock": 1, "name": code} for code in "ABC"], user="lin", now=now
        )
        changes = [(one.id, {"stock": 7}), (two.id, {"stock": 8}), (three.id, {"name": "丙", "stock": None})]
        records.update_many(session, "sku", changes, user="chen", now=now)
        found = [records.get(session, "sku", record.id) for record in (one, two, three)]

    assert [(7, "A", 2), (8, "B", 2), (None, "丙", 2)] == [
        (record.values["stock"], record.values["name"], record.version) for record in found
    ]


def test_records_are_found_by_several_keys(sku: Database, now: dt.datetime) -> None:
    """Natural keys of more than one field are looked up together."""
    with sku.write() as session:
        records.insert_many(
            session, "sku", [{"code": c, "stock": s} for c, s in (("A", 1), ("B", 2))], user="x", now=now
        )
        found = records.by_keys(session, "sku", ("code", "stock"), [("A", 1), ("B", 1)])

    assert [("A", 1)] == list(found)


def test_a_deleted_record_is_gone_and_returned(sku: Database, now: dt.datetime) -> None:
    """Deleting gives back what was deleted, so that it can be kept in the history."""
    with sku.write() as session:
        made = records.insert_(session, "sku", VALUES, user="lin", now=now)
        gone = records.delete_(session, "sku", made.id)

        assert made.values == gone.values
        assert records.get(session, "sku", made.id) is None
        assert records.delete_(session, "sku", made.id) is None


def test_arrow_has_the_types_of_the_columns(sku: Database, now: dt.datetime) -> None:
    """The engine gets typed columns; days are days, moments are in UTC, lists are JSON text."""
    with sku.write() as session:
        records.insert_many(session, "sku", [VALUES, {"code": "B"}], user="lin", now=now)
    with sku.read() as session:
        table = records.arrow(session, "sku")

    types = {field.name: str(field.type) for field in table.schema}
    assert {
        "code": "string",
        "name": "string",
        "stock": "int64",
        "price": "double",
        "weight": "double",
        "launched_on": "date32[day]",
        "checked_at": "timestamp[us, tz=UTC]",
        "active": "bool",
        "tags": "string",
    } == types
    first, second = table.to_pylist()
    assert (dt.date(2026, 3, 1), dt.datetime(2026, 11, 25, 2, tzinfo=dt.UTC)) == (
        first["launched_on"],
        first["checked_at"],
    )
    assert (39.9, True, 12) == (first["price"], first["active"], first["stock"])
    assert {"B", None} == set(second.values())


def test_arrow_of_an_empty_form_has_its_columns(sku: Database) -> None:
    """A form without records is a table of no rows, not an error."""
    with sku.read() as session:
        table = records.arrow(session, "sku", ["code", "stock"])

    assert (0, ["code", "stock"]) == (table.num_rows, table.column_names)


def test_a_form_without_a_table_is_told(sku: Database) -> None:
    """A form that was never published has no records."""
    with pytest.raises(records.NoTable, match="supplier"), sku.read() as session:
        records.get(session, "supplier", 1)


@pytest.fixture
def many(sku: Database, now: dt.datetime) -> Database:
    """Eleven records, some without stock."""
    rows = [
        {"code": f"S{n:02}", "name": "耳环" if n % 2 else "项链", "stock": n % 4 or None, "active": n > 5, "price": n}
        for n in range(11)
    ]
    with sku.write() as session:
        records.insert_many(session, "sku", rows, user="lin", now=now)
    return sku


@pytest.mark.parametrize(
    "sort", ["", "stock", "-stock", "stock,-code", "-name,stock", "active,-price", "-created_at,code"]
)
def test_pages_together_are_the_whole_list(many: Database, sort: str) -> None:
    """Walking from page to page shows every record once, in the order of one long page; nulls stand last."""
    with many.read() as session:
        whole = records.page(session, "sku", Wanted(), sort=sort, limit=100)
        walked: list[str] = []
        cursor = None
        while True:
            page = records.page(session, "sku", Wanted(), sort=sort, limit=3, cursor=cursor)
            walked += [row["code"] for row in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break

    assert [row["code"] for row in whole.rows] == walked
    assert 11 == whole.total
    if sort.removeprefix("-") == "stock":
        assert [None, None, None] == [row["stock"] for row in whole.rows[-3:]]


def test_lists_are_searched_and_filtered(many: Database) -> None:
    """Every word of the search must stand in some text field; conditions and equal values narrow the list."""
    with many.read() as session:

        def codes(**wanted: Any) -> list[str]:
            return [row["code"] for row in records.page(session, "sku", Wanted(**wanted)).rows]

        assert ["S01", "S03", "S05", "S07", "S09"] == codes(q="耳环")
        assert ["S01"] == codes(q="耳环 s01")
        assert ["S02", "S06", "S10"] == codes(where='"stock" = 2')
        assert ["S01", "S02"] == codes(equal={"code": ["S01", "S02", "S99"]})
        assert [] == codes(q="100%")


def test_an_unknown_sort_field_is_told_with_the_near_one(many: Database) -> None:
    """A mistyped field is not a server error."""
    with pytest.raises(DefinitionError, match=r"没有字段“stok”\(是否想用“stock”"), many.read() as session:
        records.page(session, "sku", Wanted(), sort="stok")


@pytest.mark.parametrize("cursor", ["x", "W10", "bm90IGpzb24"])
def test_a_foreign_cursor_is_told(many: Database, cursor: str) -> None:
    """A cursor that is not ours is not a server error."""
    with pytest.raises(DefinitionError, match="分页位置无效"), many.read() as session:
        records.page(session, "sku", Wanted(), cursor=cursor)
