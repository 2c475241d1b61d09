"""What a run says: breaches with values, what cannot be judged, open alerts; calendars, sharing, grain, keys."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.alerting import evaluate, evaluate_rules, matches
from engine.problems import BeihuoError, DefinitionError
from engine.tables.facts import Facts

DAY = dt.date(2026, 11, 11)
NOW = dt.datetime(2026, 11, 11, 1, tzinfo=dt.UTC)


def sold(*quantities: int, **columns: list) -> pa.Table:
    """Sales of A001 at hd: yesterday's first, then the days before."""
    days = [DAY - dt.timedelta(days=1 + age) for age in range(len(quantities))]
    return pa.table(
        {
            "sku": ["A001"] * len(days),
            "warehouse": ["hd"] * len(days),
            "date": pa.array(days, pa.date32()),
            "quantity": list(quantities),
            **columns,
        }
    )


def stock(**columns: list) -> pa.Table:
    given = {"sku": ["A001"], "warehouse": ["hd"], "on_hand": [12], "in_transit": [0], "reserved": [3], **columns}
    return pa.table(given)


LOW = {
    "key": "low_stock",
    "name": "低库存预警",
    "over": "stock",
    "let": {"daily": "avg_daily(sales.quantity, 7, exclude='spikes')", "available": "on_hand + in_transit - reserved"},
    "levels": [
        {"level": "warning", "when": "available < daily * sku.lead_time_days * 1.5"},
        {"level": "critical", "when": "available < daily * sku.lead_time_days * 1.2"},
    ],
}
TABLES = {
    "stock": stock(),
    "sku": pa.table({"code": ["A001"], "lead_time_days": [7]}),
    "sales": sold(6, 6, 6, 6, 6, 6, 0),
}


def test_the_designs_example():
    """12 + 0 − 3 = 9 < 5.14 × 7 × 1.2 = 43.2: critical, one row, with its values."""
    (row,) = evaluate_rules(LOW, TABLES, now=NOW).to_pylist()
    values = json.loads(row.pop("values"))
    assert {"rule": "low_stock", "level": "critical", "sku": "A001", "warehouse": "hd"} == row
    assert {
        "daily": 36 / 7,
        "available": 9,
        "daily * sku.lead_time_days * 1.2": 36 / 7 * 7 * 1.2,
        "sku.lead_time_days": 7,
        "on_hand": 12,
        "in_transit": 0,
        "reserved": 3,
    } == values
    assert ["daily", "available"] == list(values)[:2]
    assert (
        "12 + 0 − 3 = 9 < 日均 5.14 × 提前期 7 × 1.2 = 43.2"
        == matches(LOW, TABLES, now=NOW)["sample"][0]["explanation"]
    )


def test_the_evaluation_day_is_the_local_date():
    """At 17:00 UTC it is tomorrow in Shanghai: the window has moved on by a day."""
    rule = {"key": "r", "over": "stock", "levels": [{"level": "warning", "when": "sum_over(sales.quantity, 1) > 5"}]}
    assert 1 == evaluate(rule, TABLES, now=NOW).breaches.num_rows
    late = NOW.replace(hour=17)
    assert 0 == evaluate(rule, TABLES, now=late).breaches.num_rows
    assert 1 == evaluate(rule, TABLES, now=late, zone="UTC").breaches.num_rows
    assert dt.date(2026, 11, 12) == evaluate(rule, TABLES, now=late).day


def test_a_null_condition_does_not_fire_and_is_counted_with_its_reason():
    """No lead time: unknown because the lead time is empty; `fire` fires instead."""
    tables = {**TABLES, "sku": pa.table({"code": ["A001"], "lead_time_days": pa.array([None], pa.int64())})}
    found = evaluate(LOW, tables, now=NOW)
    assert 0 == found.breaches.num_rows
    assert [("low_stock", "提前期 为空", 1, ({"sku": "A001", "warehouse": "hd"},))] == [
        (one.rule, one.reason, one.count, one.examples) for one in found.unknown
    ]
    assert ["critical"] == evaluate({**LOW, "on_unknown": "fire"}, tables, now=NOW).breaches["level"].to_pylist()


def test_open_alerts_are_told_of_even_when_they_do_not_breach():
    """A watched record: quiet with its resolve_when, gone from the table, or breaching as any other."""
    rule = {**LOW, "resolve_when": "available > 30"}
    tables = {
        **TABLES,
        "stock": stock(
            sku=["A001", "A002"], warehouse=["hd", "hd"], on_hand=[100, 12], in_transit=[0, 0], reserved=[0, 0]
        ),
    }
    watching = {"low_stock": [{"sku": sku, "warehouse": "hd"} for sku in ("A001", "A002", "A003")]}
    seen = {keys["sku"]: seen for _, keys, seen in evaluate(rule, tables, now=NOW, watching=watching).observations()}
    assert (None, True, None, False) == (
        seen["A001"].level,
        seen["A001"].may_resolve,
        seen["A001"].unknown,
        seen["A001"].no_data,
    )
    assert "sku.lead_time_days" not in (seen["A002"].unknown or "")
    assert seen["A002"].unknown is not None
    assert seen["A003"].no_data


def test_a_promotion_changes_thresholds_while_it_is_on():
    """Added levels, replaced levels, an event of some channels and records only."""
    calendar = {
        "key": "promotion",
        "events": [{"name": "双11", "from": "2026-11-11", "to": "2026-11-11", "where": "on_hand > 10"}],
    }
    base = {"key": "r", "over": "stock", "levels": [{"level": "warning", "when": "on_hand < 20"}]}
    added = {**base, "during": [{"calendar": "promotion", "levels": [{"level": "critical", "when": "on_hand < 50"}]}]}
    replaced = {
        **base,
        "during": [
            {"calendar": "promotion", "replace": True, "levels": [{"level": "critical", "when": "on_hand < 5"}]}
        ],
    }

    def levels(rule: dict, day: int = 11, **columns: list) -> list[str]:
        tables = {**TABLES, "stock": stock(**columns)}
        found = evaluate(rule, tables, now=NOW.replace(day=day), calendars=[calendar])
        return found.breaches["level"].to_pylist()

    assert ["critical"] == levels(added)
    assert ["warning"] == levels(added, day=12)
    assert ["warning"] == levels(added, on_hand=[9])
    assert [] == levels(replaced)
    assert ["warning"] == levels(replaced, on_hand=[9])


def test_sales_without_a_warehouse_need_to_be_shared():
    """The grain is refused, or shared: each sees the total, a fixed part, or its part of recent shipments."""
    tables = {
        "stock": stock(
            sku=["A001", "A001"], warehouse=["hd", "hn"], on_hand=[1, 1], in_transit=[0, 0], reserved=[0, 0]
        ),
        "sales": sold(14, 0).drop_columns(["warehouse"]),
        "shipment": pa.table(
            {
                "sku": ["A001"] * 2,
                "warehouse": ["hd", "hn"],
                "date": pa.array([DAY - dt.timedelta(days=3)] * 2, pa.date32()),
                "quantity": [30, 10],
            }
        ),
    }
    rule = {
        "key": "r",
        "over": "stock",
        "let": {"daily": "avg_daily(sales.quantity, 2)"},
        "levels": [{"level": "warning", "when": "daily > 0"}],
    }

    def daily(**more: object) -> list[float]:
        return [
            json.loads(values)["daily"]
            for values in evaluate({**rule, **more}, tables, now=NOW).breaches["values"].to_pylist()
        ]

    with pytest.raises(DefinitionError, match="粒度不明"):
        daily()
    assert [7, 7] == daily(share_by="sku_total")
    assert [1.75, 5.25] == daily(share_by="fixed", shares={"hd": 0.25, "hn": 0.75})
    assert [5.25, 1.75] == daily(share_by="recent_shipments")


def test_a_window_starts_at_the_launch():
    """Launched two days ago: its average is over two days; `min_days` of three leaves it unknown."""
    sku = pa.table(
        {"code": ["A001"], "lead_time_days": [7], "launched_on": pa.array([DAY - dt.timedelta(days=2)], pa.date32())}
    )
    rule = {
        "key": "r",
        "over": "stock",
        "let": {"daily": "avg_daily(sales.quantity, 7)"},
        "levels": [{"level": "warning", "when": "daily > 0"}],
    }
    (row,) = evaluate(rule, {**TABLES, "sku": sku}, now=NOW).breaches.to_pylist()
    assert 6 == json.loads(row["values"])["daily"]
    asking = {**rule, "let": {"daily": "avg_daily(sales.quantity, 7, min_days=3)"}}
    assert 1 == evaluate(asking, {**TABLES, "sku": sku}, now=NOW).unknown[0].count


def test_tables_come_as_files_folders_and_facts(tmp_path: Path):
    """Parquet, CSV with codes like 007, a folder of days and a Delta table: the same answer, its version noted."""
    facts = Facts(tmp_path / "delta")
    facts.append(TABLES["sales"], "b1")
    pq.write_table(TABLES["stock"], tmp_path / "stock.parquet")
    (tmp_path / "sku.csv").write_text("code,lead_time_days\nA001,7\n007,3\n", encoding="utf-8")
    given = {"stock": tmp_path / "stock.parquet", "sku": str(tmp_path / "sku.csv"), "sales": facts}
    found = evaluate(LOW, given, now=NOW)
    assert {"sales": 0} == found.versions
    assert found.breaches.to_pylist() == evaluate(LOW, TABLES, now=NOW).breaches.to_pylist()
    folder = tmp_path / "tables"
    (folder / "sales").mkdir(parents=True)
    pq.write_table(TABLES["stock"], folder / "stock.parquet")
    (folder / "sku.csv").write_text("code,lead_time_days\nA001,7\n", encoding="utf-8")
    pq.write_to_dataset(TABLES["sales"], folder / "sales", partition_cols=["date"])
    assert found.breaches.to_pylist() == evaluate(LOW, folder, now=NOW).breaches.to_pylist()
    with pytest.raises(BeihuoError, match="没有文件"):
        evaluate(LOW, {**given, "stock": tmp_path / "absent.parquet"}, now=NOW)


def test_all_problems_of_all_rules_at_once():
    """A misspelt field in one rule and an unknown level key in another are told together, each under its rule."""
    wrong = {
        "key": "a",
        "over": "stock",
        "levels": [{"level": "warning", "when": "on_hnd < 1"}, {"level": "critical", "when": "1 +"}],
    }
    with pytest.raises(DefinitionError) as caught:
        evaluate([wrong, {**wrong, "key": "b"}], TABLES, now=NOW)
    assert ["$.a.levels[0].when", "$.a.levels[1].when", "$.b.levels[0].when", "$.b.levels[1].when"] == [
        problem.path for problem in caught.value.problems
    ]
    assert "on_hand" in caught.value.problems[0].hint


def test_rules_over_different_tables_have_their_own_keys():
    """Over products by code, over stock by product and place: one table, the other's keys empty."""
    rules = [
        {"key": "p", "over": "sku", "levels": [{"level": "info", "when": "avg_daily(sales.quantity, 7) > 1"}]},
        {**LOW, "key": "s"},
    ]
    rows = evaluate_rules(rules, TABLES, now=NOW).to_pylist()
    assert [("p", "A001", None), ("s", None, "A001")] == [(row["rule"], row["code"], row["sku"]) for row in rows]


def test_forms_give_keys_labels_and_links():
    """With forms a link may be called anything and a rule may be written in labels."""
    forms = [
        {"key": "stock", "natural_keys": ["item", "warehouse"], "fields": [
            {"key": "item", "type": "link", "form": "sku", "label": "商品"}, {"key": "warehouse", "type": "text", "label": "仓库"},
            {"key": "on_hand", "type": "quantity", "label": "在库"}]},
        {"key": "sku", "fields": [{"key": "code", "type": "text"}, {"key": "lead_time_days", "type": "number", "label": "提前期"}]},
    ]  # fmt: skip
    tables = {"stock": pa.table({"item": ["A001"], "warehouse": ["hd"], "on_hand": [12]}), "sku": TABLES["sku"]}
    rule = {"key": "r", "over": "stock", "levels": [{"level": "warning", "when": "在库 < 商品.提前期 * 2"}]}
    (row,) = evaluate(rule, tables, now=NOW, forms=forms).breaches.to_pylist()
    assert ("A001", "hd") == (row["item"], row["warehouse"])
