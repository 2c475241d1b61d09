"""Why a rule fired for one record, why it did not, and what would tip it."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from engine.alerting import explain, explanation
from engine.problems import BeihuoError

NOW = dt.datetime(2026, 11, 11, 1, tzinfo=dt.UTC)
LOW = {
    "key": "low",
    "over": "stock",
    "where": "warehouse != 'hb'",
    "levels": [
        {"level": "warning", "when": "on_hand < floor * 2"},
        {"level": "critical", "when": "on_hand < floor"},
    ],
}


def why(on_hand: int | None, warehouse: str = "hd", floor: int | None = 10) -> dict:
    stock = pa.table(
        {
            "sku": ["A", "B"],
            "warehouse": [warehouse, "hd"],
            "on_hand": pa.array([on_hand, 99], pa.int64()),
            "floor": pa.array([floor, 1], pa.int64()),
        }
    )
    return explain(LOW, {"sku": "A", "warehouse": warehouse}, {"stock": stock}, now=NOW)


def test_why_it_fired():
    """The level, its sentence in both languages, the values; every condition with its sides."""
    told = why(8)
    assert (True, "critical", "在库 8 < floor 10", "on_hand 8 < floor 10") == (
        told["fires"],
        told["level"],
        told["sentence"],
        told["sentence_en"],
    )
    assert [("critical", True, 8.0, 10.0), ("warning", True, 8.0, 20.0)] == [
        (one["level"], one["holds"], one["left"], one["right"]) for one in told["conditions"]
    ]
    assert {"on_hand": 8.0, "floor": 10.0} == told["values"]


def test_why_it_did_not_fire_and_what_would_tip_it():
    """At 25 the warning is nearer than the critical level: five and a bit less would do."""
    told = why(25)
    assert (False, None, "warning", 5.0) == (
        told["fires"],
        told["level"],
        told["nearest"]["level"],
        told["nearest"]["gap"],
    )
    assert "没有触发;在库 25 < floor 10 × 2 = 20 不成立,on_hand 再降 5 以上 就到 warning" == told["sentence"]


def test_what_cannot_be_judged_and_what_the_rule_is_not_about():
    """An empty field is named; a record outside `where` is said to be outside."""
    assert "无法判断:floor 为空" == why(8, floor=None)["sentence"]
    assert "不在规则的范围内:warehouse != 'hb'" == why(8, "hb")["sentence"]
    assert not why(8, "hb")["fires"]


def test_a_record_that_is_not_there_is_refused():
    """Nobody explains what does not exist."""
    with pytest.raises(BeihuoError, match="没有 sku=Z"):
        explain(
            LOW,
            {"sku": "Z", "warehouse": "hd"},
            {"stock": pa.table({"sku": ["A"], "warehouse": ["hd"], "on_hand": [1], "floor": [1]})},
            now=NOW,
        )


@pytest.mark.parametrize(
    ("when", "values", "sentence"),
    [
        ("a < b * 2 + 1", {"a": 1, "b": 3, "b * 2 + 1": 7}, "a 1 < b 3 × 2 + 1 = 7"),
        ("(a + b) * 2 > 3", {"(a + b) * 2": 8, "a": 1, "b": 3}, "(1 + 3) × 2 = 8 > 3"),
        ("a - (b - 1) > 0 and b >= 3", {"a - (b - 1)": 2, "a": 4, "b": 3}, "4 − (3 − 1) = 2 > 0,且 b 3 ≥ 3"),
        ("a < 1 or b < 5", {"a": 2, "b": 3}, "b 3 < 5"),
        ("category == '爆款' and a < 5", {"category": "爆款", "a": 2}, "类目 爆款 = 爆款,且 a 2 < 5"),
        ("avg_daily(sales.quantity, 7) > 3", {"avg_daily(sales.quantity, 7)": 3.14159}, "日均 3.14 > 3"),
        ("1 < a <= 3", {"a": 2}, "1 < a 2 ≤ 3"),
    ],
)
def test_sentences(when: str, values: dict, sentence: str):
    """Numbers in the places of names, in the brackets that they need; of an `or` only what holds."""
    rule = {"key": "r", "over": "t", "levels": [{"level": "warning", "when": when}]}
    assert sentence == explanation(rule, values, "warning")
