"""Spark answers as DuckDB does: row by row, values too, from the same compiled rules over the same Delta snapshot."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from rule_shop import CALENDAR, NOW, shop

from engine.alerting import evaluate
from engine.tables.facts import Facts

WINDOWS = [
    "avg_daily(sales.quantity, 7)",
    "avg_daily(sales.quantity, 7, exclude='spikes', offset=1)",
    "sum_over(sales.quantity, 14, exclude='stockouts')",
    "max_over(sales.quantity, 7)",
    "min_over(sales.quantity, 2)",
    "median_over(sales.quantity, 7)",
    "percentile_over(sales.quantity, 7, 0.9)",
    "std_over(sales.quantity, 14, min_days=3)",
    "trend(sales.quantity, 14, exclude='promotions')",
    "ewma(sales.quantity, 3)",
    "days_since_last(sales.quantity)",
    "count_days(sales.quantity > 3, 14)",
    "same_period_last_year(sales.quantity, 7)",
    "year_over_year(sales.quantity, 7)",
    "today_so_far(sales.quantity)",
    "avg_daily(sales.quantity * sales.price, 7, by='sku')",
]
RULES = [
    {"key": f"w{number}", "over": "stock", "let": {"x": source}, "levels": [{"level": "warning", "when": "x > 0.5"}]}
    for number, source in enumerate(WINDOWS)
] + [
    {
        "key": "low",
        "over": "stock",
        "where": "sku.category in ['爆款', '新品']",
        "let": {"daily": "avg_daily(sales.quantity, 7)", "available": "on_hand - reserved"},
        "levels": [
            {"level": "warning", "when": "available < daily * sku.lead_time_days * 1.5"},
            {"level": "critical", "when": "available < daily * sku.lead_time_days"},
        ],
        "during": [{"calendar": "promotion", "let": {"daily": "avg_daily(sales.quantity, 3)"}}],
        "resolve_when": "available > 30",
    },
]


@pytest.mark.spark
@pytest.mark.timeout(600)
@pytest.mark.parametrize("master", ["local[2]", "local-cluster[2,1,1024]"])
def test_spark_answers_as_duckdb_does(master: str, tmp_path: Path):
    """Every function and a rule with everything: equal tables, equal counts of what is unknown, open alerts too."""
    tables = shop(7)
    facts = Facts(tmp_path / "sales")
    facts.append(tables["sales"], "b1")
    given = {**tables, "sales": facts}
    watching = {"low": [{"sku": "A0", "warehouse": "hd"}, {"sku": "gone", "warehouse": "hd"}]}
    asked = {"now": NOW, "calendars": [CALENDAR], "watching": watching}
    duck, spark = evaluate(RULES, given, **asked), evaluate(RULES, given, engine="spark", master=master, **asked)
    assert duck.breaches.num_rows > 50
    assert duck.breaches.to_pylist() == spark.breaches.to_pylist()
    assert sorted(map(repr, duck.unknown)) == sorted(map(repr, spark.unknown))
    assert (duck.watched, duck.absent, duck.versions) == (spark.watched, spark.absent, spark.versions)
    assert dt.date(2026, 11, 11) == spark.day
