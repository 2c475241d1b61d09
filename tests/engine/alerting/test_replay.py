"""A replay says of each day what that morning's run would have said; alerts are held against later stockouts."""

from __future__ import annotations

import datetime as dt
import random

import pyarrow as pa
import pytest

from engine.alerting import backtest, evaluate
from engine.problems import BeihuoError

FIRST = dt.date(2026, 10, 1)
SKUS = [f"A{number}" for number in range(8)]


def past(seed: int, days: int = 25) -> dict[str, pa.Table]:
    """A shop with a history: closing stock and sales by day, a launch, a promotion calendar's category."""
    rnd = random.Random(seed)
    dates = [FIRST + dt.timedelta(days=number) for number in range(-30, days)]
    sales = [
        (s, w, d, rnd.randrange(6), rnd.randrange(2))
        for s in SKUS
        for w in ("hd", "hn")
        for d in dates
        if rnd.random() < 0.6
    ]
    stock = [
        (s, w, d, rnd.choice([None, *range(30)]), rnd.randrange(3)) for s in SKUS for w in ("hd", "hn") for d in dates
    ]
    return {
        "sku": pa.table(
            {
                "code": SKUS,
                "lead_time_days": pa.array([rnd.choice([3, 5, None]) for _ in SKUS], pa.int64()),
                "launched_on": pa.array([rnd.choice([None, FIRST + dt.timedelta(days=4)]) for _ in SKUS], pa.date32()),
            }
        ),
        "sales": pa.table(
            {
                "sku": [row[0] for row in sales],
                "warehouse": [row[1] for row in sales],
                "date": pa.array([row[2] for row in sales], pa.date32()),
                "quantity": [row[3] for row in sales],
                "exceptional": [row[4] for row in sales],
            }
        ),
        "stock_snapshot": pa.table(
            {
                "sku": [row[0] for row in stock],
                "warehouse": [row[1] for row in stock],
                "date": pa.array([row[2] for row in stock], pa.date32()),
                "on_hand": pa.array([row[3] for row in stock], pa.int64()),
                "reserved": [row[4] for row in stock],
            }
        ),
        "stock": pa.table(
            {
                "sku": SKUS * 2,
                "warehouse": ["hd"] * 8 + ["hn"] * 8,
                "on_hand": [5] * 16,
                "reserved": [0] * 16,
                "floor": list(range(16)),
            }
        ),
    }


CALENDAR = {"key": "promotion", "events": [{"name": "国庆", "from": "2026-10-05", "to": "2026-10-09"}]}
FLAT = {
    "key": "low",
    "over": "stock",
    "let": {"daily": "avg_daily(sales.quantity, 7, exclude='spikes', offset=1)", "free": "on_hand - reserved"},
    "levels": [
        {"level": "warning", "when": "free < daily * sku.lead_time_days"},
        {"level": "critical", "when": "free < daily or free < floor / 4"},
    ],
    "during": [{"calendar": "promotion", "let": {"daily": "sum_over(sales.quantity, 3)"}}],
}
DAILY = {
    "key": "peak",
    "over": "stock",
    "levels": [{"level": "warning", "when": "on_hand < max_over(sales.quantity, 5) + median_over(sales.quantity, 3)"}],
}


def snapshot_of(tables: dict[str, pa.Table], day: dt.date) -> dict[str, pa.Table]:
    """The tables as they were on the morning of *day*: the stock at which the day before closed."""
    rows = [row for row in tables["stock_snapshot"].to_pylist() if row["date"] == day - dt.timedelta(days=1)]
    floors = {(row["sku"], row["warehouse"]): row["floor"] for row in tables["stock"].to_pylist()}
    stock = [
        {**{k: v for k, v in row.items() if k != "date"}, "floor": floors[row["sku"], row["warehouse"]]} for row in rows
    ]
    schema = pa.schema(
        [
            ("sku", pa.string()),
            ("warehouse", pa.string()),
            ("on_hand", pa.int64()),
            ("reserved", pa.int64()),
            ("floor", pa.int64()),
        ]
    )
    return {**tables, "stock": pa.Table.from_pylist(stock, schema)}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("rule", [FLAT, DAILY], ids=["many days at once", "day after day"])
def test_each_day_is_what_that_mornings_run_would_have_said(rule: dict, seed: int):
    """Days on which an alert stands = days on which a run on that day's tables finds a breach."""
    rule, tables, end = {**rule, "on_unknown": "fire"}, past(seed), FIRST + dt.timedelta(days=12)
    found = backtest([rule], tables, FIRST, end, calendars=[CALENDAR])
    wanted = []
    for number in range(13):
        day = FIRST + dt.timedelta(days=number)
        now = dt.datetime.combine(day, dt.time(1), dt.UTC)
        run = evaluate(rule, snapshot_of(tables, day), now=now, calendars=[CALENDAR])
        wanted.append((day.isoformat(), run.breaches.num_rows))
    assert wanted == [(day["day"], day["firing"]) for day in found["days"]]
    assert 0 < max(count for _, count in wanted) < 16 * 13


def one_sku(on_hand: list[int], sold: int = 1) -> dict[str, pa.Table]:
    """One record whose closing stock is *on_hand*, from the day before FIRST on."""
    days = [FIRST + dt.timedelta(days=number - 1) for number in range(len(on_hand))]
    return {
        "stock": pa.table({"sku": ["A"], "on_hand": [9]}),
        "stock_snapshot": pa.table({"sku": ["A"] * len(days), "date": pa.array(days, pa.date32()), "on_hand": on_hand}),
        "sales": pa.table(
            {"sku": ["A"] * len(days), "date": pa.array(days, pa.date32()), "quantity": [sold] * len(days)}
        ),
    }


LOW = {"key": "low", "over": "stock", "levels": [{"level": "warning", "when": "on_hand < 5"}]}


def test_a_stockout_is_caught_so_many_days_ahead():
    """Stock falls below 5 on the third morning and is gone on the sixth: caught three days ahead, no false alarm."""
    found = backtest(LOW, one_sku([9, 8, 4, 3, 2, 0, 0, 9, 9, 9]), FIRST, FIRST + dt.timedelta(days=9))
    assert {"total": 1, "caught": 1, "missed": 0} == found["stockouts"]
    assert (1, 3, 1.0, 1.0) == (found["alerts_total"], found["days_ahead_median"], found["precision"], found["recall"])
    assert [{"keys": {"sku": "A"}, "day": "2026-10-06", "alerted_on": "2026-10-03", "days_ahead": 3}] == found["caught"]
    assert [0, 0, 1, 0, 0, 0, 0, 0, 0, 0] == [day["alerts"] for day in found["days"]]


def test_a_stockout_out_of_the_blue_is_missed():
    """From 9 to 0 overnight: the alert comes with the stockout itself, none ahead when `for` asks for two days."""
    tables = one_sku([9, 9, 0, 9, 9])
    assert {"total": 1, "caught": 1, "missed": 0} == backtest(LOW, tables, FIRST, FIRST + dt.timedelta(days=4))[
        "stockouts"
    ]
    late = backtest({**LOW, "for": 2}, tables, FIRST, FIRST + dt.timedelta(days=4))
    assert ({"total": 1, "caught": 0, "missed": 1}, 0) == (late["stockouts"], late["alerts_total"])


def test_an_alert_without_a_stockout_is_a_false_alarm():
    """Below 5 and up again, nothing ran out for 14 days: precision 0."""
    found = backtest(LOW, one_sku([9, 4, *[9] * 20]), FIRST, FIRST + dt.timedelta(days=20))
    assert (0, 1, 0.0) == (found["true_alerts"], found["false_alarms"], found["precision"])


def test_hysteresis_makes_one_alert_of_a_flutter():
    """4, 6, 4: two alerts; with resolve_when above 8, one."""
    tables = one_sku([9, 4, 6, 4, 9, 9])
    assert 2 == backtest(LOW, tables, FIRST, FIRST + dt.timedelta(days=5))["alerts_total"]
    held = {**LOW, "resolve_when": "on_hand > 8"}
    assert 1 == backtest(held, tables, FIRST, FIRST + dt.timedelta(days=5))["alerts_total"]


def test_without_a_history_the_report_says_so():
    """Today's stock stands for every day, and a note tells it; stockouts come from the sales' `in_stock`."""
    tables = one_sku([9] * 10)
    del tables["stock_snapshot"]
    found = backtest(LOW, tables, FIRST, FIRST + dt.timedelta(days=5))
    assert 2 == len(found["notes"])
    assert None is found["stockouts"]
    marks = pa.array([True] * 4 + [False] * 2 + [True] * 4)
    tables["sales"] = tables["sales"].append_column("in_stock", marks)
    assert 1 == backtest(LOW, tables, FIRST, FIRST + dt.timedelta(days=8))["stockouts"]["total"]


def test_a_table_with_days_is_its_own_history():
    """A `stock` table with a `date` says how it was on that day."""
    tables = one_sku([9, 8, 4, 3, 9])
    dated = {"stock": tables["stock_snapshot"], "sales": tables["sales"]}
    found = backtest(LOW, dated, FIRST - dt.timedelta(days=1), FIRST + dt.timedelta(days=3))
    assert [0, 0, 1, 0, 0] == [day["alerts"] for day in found["days"]]


def test_days_in_the_wrong_order_are_refused():
    """The last day comes after the first."""
    with pytest.raises(BeihuoError, match="1 至"):
        backtest(LOW, one_sku([9]), FIRST, FIRST - dt.timedelta(days=1))
