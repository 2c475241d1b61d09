"""The threshold finder: every point is the back-test of the rule with that number; the best catches enough with least."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from engine.alerting import backtest, numbers, threshold
from engine.problems import BeihuoError

FIRST = dt.date(2026, 9, 1)
RULE = {
    "key": "low",
    "over": "stock",
    "let": {"daily": "avg_daily(sales.quantity, 7)"},
    "levels": [
        {"level": "warning", "when": "on_hand < daily * 9"},
        {"level": "critical", "when": "on_hand < daily * 2 + 1"},
    ],
}


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    """Ten goods that sell 1 … 10 a day from 10 … 19 days of stock until nothing is left, then are filled up again."""
    days = [FIRST + dt.timedelta(days=number) for number in range(60)]
    goods = [(f"A{number}", number + 1, 10 + number) for number in range(10)]
    closing = [
        (sku, day, rate * (cover - 1 - number % cover)) for sku, rate, cover in goods for number, day in enumerate(days)
    ]
    return {
        "stock": pa.table({"sku": [sku for sku, _, _ in goods], "on_hand": [1] * 10}),
        "sales": pa.table(
            {
                "sku": [sku for sku, _, _ in goods for _ in days],
                "date": pa.array([day for _ in goods for day in days], pa.date32()),
                "quantity": [rate for _, rate, _ in goods for _ in days],
            }
        ),
        "stock_snapshot": pa.table(
            {
                "sku": [row[0] for row in closing],
                "date": pa.array([row[1] for row in closing], pa.date32()),
                "on_hand": [row[2] for row in closing],
            }
        ),
    }


def test_the_numbers_of_a_rule(tables):
    """Those of its levels, then of its names; the days of a window are not among them."""
    found = [(one.value, one.level, one.as_dict()["label"]) for one in numbers(RULE, tables)]
    assert found == [
        (9.0, "warning", "on_hand < daily * [9]"),
        (2.0, "critical", "on_hand < daily * [2] + 1"),
        (1.0, "critical", "on_hand < daily * 2 + [1]"),
    ]


def test_each_point_is_a_back_test(tables):
    """With the number put in by hand and only its level, the back-test says the same."""
    start, end = FIRST + dt.timedelta(days=10), FIRST + dt.timedelta(days=50)
    found = threshold(RULE, tables, start, end, number=1, values=[0, 3], horizon=7)
    for point in found["points"]:
        levels = [{"level": "critical", "when": f"on_hand < daily * {int(point['value'])} + 1"}]
        report = backtest({**RULE, "levels": levels}, tables, start, end, horizon=7)
        assert (point["alerts"], point["recall"], point["precision"]) == (
            report["alerts_total"],
            report["recall"],
            report["precision"],
        )


def test_the_best_catches_the_target_with_the_fewest_alerts(tables):
    """Of all points that reach the target none has fewer alerts; the search looks closer around the best."""
    start, end = FIRST + dt.timedelta(days=10), FIRST + dt.timedelta(days=50)
    found = threshold(RULE, tables, start, end, number=0, target=0.9)
    enough = [point for point in found["points"] if point["recall"] >= 0.9]
    assert found["best"] in [point["value"] for point in enough]
    assert min(point["alerts"] for point in enough) == next(
        point["alerts"] for point in enough if point["value"] == found["best"]
    )
    assert [point["value"] for point in found["points"]] == sorted({point["value"] for point in found["points"]})
    assert len(found["points"]) > 12


def test_what_cannot_be_found(tables):
    """A target out of reach has no best value; a number that is not there is refused."""
    start, end = FIRST + dt.timedelta(days=10), FIRST + dt.timedelta(days=20)
    assert threshold(RULE, tables, start, end, values=[0], target=1.0)["best"] is None
    with pytest.raises(BeihuoError, match="没有可以试的数字"):
        threshold(RULE, tables, start, end, number="daily")
