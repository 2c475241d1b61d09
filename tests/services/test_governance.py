"""Bad data are found by the built-in checks, put right from where they are shown, and the score follows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from services import governance, governance_fixes, governance_tables, packs, publish, records
from services.refusal import Refused
from services.workspace import Workspace

SKUS = [
    {"code": "A-1", "name": "珍珠耳环 大", "lead_time_days": 7, "unit_cost": 3, "launched_on": "2025-01-01"},
    {"code": "a1", "name": "珍珠耳环大号", "unit_cost": 3, "launched_on": "2025-01-01"},
    {"code": "B2", "name": "B2", "lead_time_days": 7, "launched_on": "2026-11-20"},
    {"code": "C3", "name": "陶瓷杯 3", "lead_time_days": 7, "unit_cost": 3, "launched_on": "2025-01-01"},
    {"code": "C4", "name": "陶瓷杯 4", "lead_time_days": 7, "unit_cost": 3, "launched_on": "2025-01-01"},
]


@pytest.fixture
def messy(ws: Workspace) -> Workspace:
    """A workspace with the base forms and data that are wrong in known ways."""
    packs.install(ws, pack="base", user="admin")
    records.bulk_upsert(ws, form="warehouse", rows=[{"code": "hd", "name": "华东"}], user="admin")
    records.bulk_upsert(ws, form="sku", rows=SKUS, user="admin")
    stock = [{"sku": "C3", "warehouse": "hd", "on_hand": -2}, {"sku": "C4", "warehouse": "hd", "on_hand": 5}]
    records.bulk_upsert(ws, form="stock", rows=stock, user="admin")
    days = [ws.today() - dt.timedelta(days=number) for number in range(1, 40)]
    sold = [(day, "C3") for day in days if number_of(ws, day) > 3] + [(day, "C4") for day in days]
    sold = [(day, sku) for day, sku in sold if number_of(ws, day) != 10] + [(days[0], "GHOST")]
    table = {
        "sku": [sku for _, sku in sold],
        "warehouse": ["hd"] * len(sold),
        "channel": ["tmall"] * len(sold),
        "date": pa.array([day for day, _ in sold], pa.date32()),
        "quantity": [2] * len(sold),
        "exceptional": [0] * len(sold),
    }
    ws.facts("sales").append(pa.table(table), "b1")
    return ws


def number_of(ws: Workspace, day: dt.date) -> int:
    """Return how many days ago it was."""
    return (ws.today() - day).days


def found(told: dict[str, Any], check: str) -> list[str]:
    """Return the labels of what a check found."""
    (one,) = [one for one in told["checks"] if one["key"] == check]
    assert one["error"] is None
    return sorted("/".join(item["keys"].values()) for item in one["items"])


def test_each_check_finds_its_own(messy: Workspace) -> None:
    told = governance.run(messy)

    assert {one["key"]: found(told, one["key"]) for one in told["checks"]} == {
        "duplicate_codes": ["A-1", "a1"],
        "similar_names": ["A-1", "a1"],
        "missing_lead_time": ["a1"],
        "missing_supplier": ["A-1", "B2", "C3", "C4", "a1"],
        "missing_cost": ["B2"],
        "unnamed_skus": ["B2"],
        "negative_stock": ["C3/hd"],
        "never_sold": ["A-1", "a1"],
        "sales_gaps": ["C3"],
        "missing_days": [f"tmall/{messy.today() - dt.timedelta(days=10)}"],
        "unmapped_codes": ["GHOST"],
    }
    (negative,) = [one for one in told["checks"] if one["key"] == "negative_stock"]
    assert "-2" in negative["items"][0]["message"].replace("−", "-")
    assert (negative["rows"], negative["affected"], negative["score"]) == (2, 1, 50.0)
    assert 0 < told["score"] < 100
    assert [one["month"] for one in told["history"]] == [messy.today().strftime("%Y-%m")]


def test_putting_it_right_lifts_the_score(messy: Workspace) -> None:
    """A lead time for what has none, what was never sold switched off, and one finding that is right as it is."""
    before = governance.run(messy)
    done = governance_fixes.fix(messy, check="missing_lead_time", items=[{"code": "a1"}], value=9, user="admin")
    assert done["updated"] == 1
    governance_fixes.fix(messy, check="never_sold", items=[{"code": "a1"}, {"code": "A-1"}], user="admin")
    governance.ignore(messy, check="negative_stock", items=[{"sku": "C3", "warehouse": "hd"}], user="admin")
    after = governance.run(messy)

    assert [found(after, key) for key in ("missing_lead_time", "never_sold", "negative_stock")] == [[], [], []]
    assert after["score"] > before["score"]
    with pytest.raises(Refused):
        governance_fixes.fix(messy, check="duplicate_codes", items=[{"code": "a1"}], user="admin")
    with pytest.raises(Refused):
        governance_fixes.fix(messy, check="missing_cost", items=[{"code": "B2"}], user="admin")


def test_a_rule_of_ones_own_with_the_tag_is_a_check(messy: Workspace) -> None:
    rule = {
        "kind": "rule",
        "key": "cheap",
        "name": "成本太低",
        "tags": ["governance"],
        "over": "sku",
        "levels": [{"level": "info", "when": "unit_cost < 4"}],
        "enabled": True,
    }
    publish.publish_many(messy, [rule], user="admin")
    told = governance.run(messy)

    assert found(told, "rule_cheap") == ["A-1", "C3", "C4", "a1"]
    assert governance.findings(messy, check="rule_cheap", user="admin")["own"] is True


def test_a_workspace_without_data_has_no_score(ws: Workspace) -> None:
    told = governance.run(ws)

    assert told["score"] is None
    assert {one["affected"] for one in told["checks"]} == {0}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("珍珠耳环", "珍珠耳钉", False),
        ("珍珠耳环 大", "珍珠耳环大号", True),
        ("法式珍珠锁骨项链", "法式珍珠锁骨项練", True),
        ("ABC-1", "abc 1", True),
        ("玻璃杯 300ml", "玻璃杯 400ml", False),
    ],
)
def test_names_that_are_nearly_the_same(ws: Workspace, one: str, other: str, expected: bool) -> None:
    packs.install(ws, pack="base", user="admin")
    records.bulk_upsert(ws, form="sku", rows=[{"code": "1", "name": one}, {"code": "2", "name": other}], user="admin")

    with ws.read() as session:
        rows, seen = governance_tables.similar(session, ws, ["sku"])
    assert (rows, bool(seen)) == (2, expected)
