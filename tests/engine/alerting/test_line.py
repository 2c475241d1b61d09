"""The line of the curve is, on every day, the right side that `explain` shows for that day."""

from __future__ import annotations

import datetime as dt

import pytest
from rule_shop import CALENDAR, DAY, shop

from engine.alerting import explain, thresholds
from engine.problems import BeihuoError

RULE = {
    "key": "low",
    "over": "stock",
    "let": {"daily": "avg_daily(sales.quantity, 7, exclude='stockouts')", "lead": "IF_NULL(sku.lead_time_days, 5)"},
    "levels": [
        {"level": "warning", "when": "on_hand < daily * lead * 1.5"},
        {"level": "critical", "when": "on_hand - reserved <= median_over(sales.quantity, 5) and is_promo"},
    ],
    "during": [{"calendar": "promotion", "replace": True, "let": {"daily": "avg_daily(sales.quantity, 3)"},
                "levels": [{"level": "critical", "when": "on_hand < daily * lead + 50"}]}],
}  # fmt: skip


@pytest.mark.parametrize("seed", [3, 4])
def test_each_day_is_what_explain_says(seed: int):
    """Before, in and after the promotion; where a level does not count there is no line."""
    tables, keys = shop(seed), {"sku": "A1", "warehouse": "hd"}
    days = [DAY + dt.timedelta(days=number) for number in range(-12, 6)]
    found = thresholds(RULE, keys, tables, days, calendars=[CALENDAR], zone="UTC")
    for place, day in enumerate(days):
        now = dt.datetime.combine(day, dt.time(12), dt.UTC)
        told = explain(RULE, keys, tables, now=now, calendars=[CALENDAR], zone="UTC")
        shown: dict[str, float | None] = {}
        for one in told["conditions"]:
            shown.setdefault(one["level"], one["right"])
        for level, line in found.items():
            assert line[place] in {None, shown.get(level)}, (level, day)
    # Before a launch there is no average and so no line.
    assert sum(value is not None for line in found.values() for value in line) >= 6


def test_an_unknown_record_is_refused():
    """There is nothing to draw."""
    with pytest.raises(BeihuoError, match="没有记录"):
        thresholds(RULE, {"sku": "Z", "warehouse": "hd"}, shop(3), [DAY], calendars=[CALENDAR])
