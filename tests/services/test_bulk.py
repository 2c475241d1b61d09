"""Many records at once."""

from __future__ import annotations

from typing import Any

import pytest

from engine.problems import DefinitionError
from services import records
from services.workspace import Workspace


def _upsert(workspace: Workspace, rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return records.bulk_upsert(workspace, form="sku", rows=rows, user="chen", **more)


def _names(workspace: Workspace) -> dict[str, Any]:
    items = records.list_(workspace, form="sku", user="chen", limit=100)["items"]
    return {item["values"]["code"]: item["values"]["name"] for item in items}


def test_rows_are_told_apart_by_their_code(shops: Workspace) -> None:
    """New ones are inserted, changed ones updated, equal ones left alone; a row changes only what it mentions."""
    first = _upsert(shops, [{"code": "A", "name": "甲", "safety_stock": 5}, {"code": "B", "name": "乙"}])
    second = _upsert(shops, [{"code": "A", "name": "甲"}, {"code": "B", "name": "丙"}, {"code": "C", "name": "丁"}])

    assert (2, 0, 0) == tuple(first[name] for name in ("inserted", "updated", "unchanged"))
    assert (1, 1, 1) == tuple(second[name] for name in ("inserted", "updated", "unchanged"))
    assert {"A": "甲", "B": "丙", "C": "丁"} == _names(shops)
    found = records.list_(shops, form="sku", user="chen", filter="code == 'A'")["items"][0]
    assert (5, 1) == (found["values"]["safety_stock"], found["version"])


def test_bad_rows_are_told_and_left_out(shops: Workspace) -> None:
    """Each with its row number, column, value and both languages."""
    answer = _upsert(shops, [{"code": "A"}, {"name": "x"}, {"code": "B", "safety_stock": "viel"}])

    assert 1 == answer["inserted"]
    assert [(2, "code", None), (3, "safety_stock", "viel")] == [
        (error["row"], error["column"], error["value"]) for error in answer["errors"]
    ]
    assert all(error["message"] and error["message_en"] for error in answer["errors"])


def test_the_last_of_equal_rows_counts(shop: Workspace) -> None:
    """A file that names one SKU twice makes one record."""
    answer = _upsert(shop, [{"code": "A", "name": "甲"}, {"code": "A", "safety_stock": 3}, {"code": "A", "name": "乙"}])

    assert (1, 0) == (answer["inserted"], answer["updated"])
    assert {"A": "乙"} == _names(shop)


def test_natural_keys_tell_stock_apart(shop: Workspace) -> None:
    """By SKU and warehouse together, unless the caller names other fields."""
    _upsert(shop, [{"code": "A"}])
    records.bulk_upsert(shop, form="warehouse", rows=[{"code": "hd"}, {"code": "hn"}], user="chen")
    rows = [{"sku": "A", "warehouse": code, "on_hand": 1} for code in ("hd", "hn")]
    counts = [
        records.bulk_upsert(shop, form="stock", rows=[{**row, "on_hand": n} for row in rows], user="chen")
        for n in (1, 2)
    ]

    assert [(2, 0), (0, 2)] == [(count["inserted"], count["updated"]) for count in counts]
    with pytest.raises(DefinitionError, match="是否想用“warehouse”"):
        records.bulk_upsert(shop, form="stock", rows=rows, user="chen", match=["warehuose"])


def test_progress_is_told_and_chunks_add_up(shop: Workspace) -> None:
    """Row numbers go on over the chunks."""
    told: list[tuple[int, int]] = []
    rows: list[dict[str, Any]] = [{"code": f"S{n}"} for n in range(5001)]
    rows.append({"code": None})
    answer = _upsert(shop, rows, progress=lambda done, total: told.append((done, total)))

    assert (5001, [5002]) == (answer["inserted"], [error["row"] for error in answer["errors"]])
    assert [(5000, 5002), (5002, 5002)] == told


def test_a_batch_is_taken_back(shops: Workspace) -> None:
    """What was added goes, what was changed gets its old values; what was changed again since stays."""
    _upsert(shops, [{"code": "A", "name": "甲"}, {"code": "B", "name": "乙"}])
    _upsert(shops, [{"code": "A", "name": "1"}, {"code": "B", "name": "2"}, {"code": "C", "name": "3"}], batch="b1")
    later = records.list_(shops, form="sku", user="chen", filter="code == 'B'")["items"][0]
    records.update(shops, form="sku", id=later["id"], values={"name": "手改"}, user="wang")
    with shops.write() as session:
        counts = records.undo_batch_in(session, shops, batch="b1", user="chen")

    assert {"undone": 2, "kept": 1} == counts
    assert {"A": "甲", "B": "手改"} == _names(shops)
