"""What rules read beside their table, compiled and by hand: look-ups into other tables, hours, what forecasts were worth."""

from __future__ import annotations

import datetime as dt
import json
import random

import pyarrow as pa
import pytest
from rule_shop import DAY, SKUS, shop

from engine.alerting import evaluate
from engine.alerting.plan import make_plan, ready
from engine.alerting.reference import Reference
from engine.alerting.subject import World
from engine.problems import DefinitionError
from engine.tables.source import open_tables
from engine.tables.window_store import WindowStore

NOON = dt.datetime(2026, 11, 11, 4, 30, tzinfo=dt.UTC)  # 12:30 in Shanghai


@pytest.fixture(params=[1, 2])
def tables(request: pytest.FixtureRequest) -> dict[str, pa.Table]:
    """The shop with hours of sales, purchase orders and a forecast."""
    rnd = random.Random(request.param)
    tables = shop(request.param)
    sales = tables["sales"]
    hours = [rnd.choice([None, *range(24)]) for _ in range(sales.num_rows)]
    orders = [(f"P{n}", rnd.choice(SKUS), rnd.choice(["hd", None]), rnd.choice([None, *range(50)])) for n in range(25)]
    measured = [(sku, horizon) for sku in SKUS[:4] for horizon in (7, 28)]
    return {
        **tables,
        "sales": sales.append_column("hour", pa.array(hours, pa.int32())),
        "purchase_order": pa.table(
            {
                "code": [row[0] for row in orders],
                "item": [row[1] for row in orders],
                "place": [row[2] for row in orders],
                "quantity": pa.array([row[3] for row in orders], pa.int64()),
            }
        ),
        "forecast": pa.table(
            {
                "sku": [row[0] for row in measured],
                "ds": pa.array([DAY] * len(measured), pa.date32()),
                "horizon": pa.array([row[1] for row in measured], pa.int32()),
                "mean": [rnd.uniform(1, 90) for _ in measured],
                "q0.9": [rnd.uniform(90, 190) for _ in measured],
                "forecast_error": [rnd.choice([None, 0.25, 0.5]) for _ in measured],
                "bias": [rnd.choice([None, -0.25, 0.125]) for _ in measured],
            }
        ),
    }


@pytest.mark.parametrize(
    "source",
    [
        "LOOKUP('supplier', 'code', sku.supplier, 'lead_time_days')",
        "LOOKUP('sku', 'code', sku, 'lead_time_days') + 1",
        "LOOKUP('purchase_order', 'item', sku, 'quantity')",
        "LOOKUP('sku', 'category', '爆款', 'lead_time_days')",
        "SUM_OF(purchase_order.quantity, purchase_order.item == sku and purchase_order.place == warehouse)",
        "SUM_OF(purchase_order.quantity * 2)",
        "COUNT_OF(purchase_order.quantity > on_hand)",
        "AVERAGE_OF(purchase_order.quantity, purchase_order.item == sku) + half",
        "COUNT_OF(purchase_order.quantity > half)",
        "avg_hourly(sales.quantity, 6)",
        "avg_hourly(sales.quantity, 24, by='sku')",
        "avg_hourly(sales.quantity * sales.price, 30)",
        "today_so_far(sales.quantity)",
        "hours_of_cover()",
        "forecast(7)",
        "forecast(28, 0.9)",
        "forecast_error(28)",
        "bias(7) - forecast_error(7)",
    ],
)
def test_compiled_as_by_hand(source: str, tables: dict[str, pa.Table]):
    """Every record has the same value both ways; what is empty is empty both ways."""
    rule = {
        "key": "r",
        "over": "stock",
        "let": {"half": "on_hand / 2", "x": source},
        "levels": [{"level": "warning", "when": "x > -1e9"}],
    }
    found = evaluate(rule, tables, now=NOON)
    compiled = {(row["sku"], row["warehouse"]): json.loads(row["values"])["x"] for row in found.breaches.to_pylist()}
    (plan,) = ready([make_plan(rule, World(open_tables(tables)), {}, DAY)])
    reference = Reference(plan, NOON, DAY, "Asia/Shanghai", {})
    by_hand = {}
    for record in reference.records():
        outcome = reference.judge(record)
        if outcome is not None and outcome.level is not None:
            by_hand[tuple(reference.keys(record).values())] = outcome.values["x"]
    assert by_hand == pytest.approx(compiled, rel=1e-12)
    assert by_hand


def test_hours_are_those_that_have_passed(tmp_path):
    """At 12:30 the hours 6 to 11 are the last six; of today what happened until 12 is known; the store says the same."""
    sold = [(8, 10, 1), (8, 11, 2), (9, 5, 4), (9, 6, 8), (9, 11, 16), (9, 12, 32), (9, 13, 64)]
    tables = {
        "stock": pa.table({"sku": ["A"], "on_hand": [62]}),
        "sales": pa.table(
            {
                "sku": ["A"] * len(sold),
                "date": pa.array([dt.date(2026, 11, day) for day, _, _ in sold], pa.date32()),
                "hour": pa.array([hour for _, hour, _ in sold], pa.int32()),
                "quantity": [quantity for *_, quantity in sold],
            }
        ),
    }
    let = {
        "recent": "avg_hourly(sales.quantity, 6)",
        "today": "today_so_far(sales.quantity)",
        "cover": "hours_of_cover()",
        "day": "sum_over(sales.quantity, 1)",
    }
    rule = {"key": "r", "over": "stock", "let": let, "levels": [{"level": "warning", "when": "recent + today > 0"}]}
    now = dt.datetime(2026, 11, 9, 4, 30, tzinfo=dt.UTC)
    for store in (None, WindowStore(tmp_path)):
        (row,) = evaluate(rule, tables, now=now, windows=store).breaches.to_pylist()
        values = json.loads(row["values"])
        assert (24 / 6, 60, 3) == (values["recent"], values["today"], values["day"])
        # From 12:00 the day before: 4 + 8 + 16 in 24 hours.
        assert values["cover"] == pytest.approx(62 / (28 / 24))


def test_what_is_not_there_is_told():
    """Sales without hours, a table that is not given, a column that it lacks."""
    tables = shop(1)
    for source in ("avg_hourly(sales.quantity, 3)", "LOOKUP('supplier', 'code', sku.supplier, 'nothing')"):
        rule = {"key": "r", "over": "stock", "levels": [{"level": "warning", "when": f"{source} > 0"}]}
        with pytest.raises(DefinitionError):
            evaluate(rule, tables, now=NOON)
