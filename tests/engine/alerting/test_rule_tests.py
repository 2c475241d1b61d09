"""The tests saved beside a rule are run when it is checked: sample rows with the level expected of each."""

from __future__ import annotations

from typing import Any

import pytest

from engine.alerting import check_rule
from engine.alerting.plan import make_plan
from engine.alerting.rule_tests import inputs
from engine.alerting.subject import World

FORMS = [
    {
        "key": "sku",
        "fields": [
            {"key": "code", "type": "text", "label": "编码", "unique": True},
            {"key": "lead", "type": "number", "label": "提前期"},
        ],
    },
    {
        "key": "stock",
        "natural_keys": ["sku"],
        "fields": [
            {"key": "sku", "type": "link", "form": "sku", "label": "商品"},
            {"key": "on_hand", "type": "number", "label": "在库"},
        ],
    },
    {
        "key": "sales",
        "storage": "facts",
        "fields": [
            {"key": "date", "type": "date", "label": "日期"},
            {"key": "sku", "type": "link", "form": "sku", "label": "商品"},
            {"key": "quantity", "type": "number", "label": "销量"},
        ],
    },
]
CALENDARS = [{"key": "promotion", "events": [{"name": "双11", "from": "2026-11-01", "to": "2026-11-11"}]}]
RULE: dict[str, Any] = {
    "key": "low",
    "name": "低",
    "over": "stock",
    "let": {"daily": "avg_daily(sales.quantity, 7)"},
    "levels": [
        {"level": "warning", "when": "on_hand < daily * sku.lead * 1.5"},
        {"level": "critical", "when": "on_hand < daily * sku.lead * 1.2"},
    ],
    "during": [{"calendar": "promotion", "levels": [{"level": "critical", "when": "on_hand < 50"}]}],
    "overrides": [{"where": "sku.lead > 100", "let": {"daily": "1"}}],
}
ROW = {"on_hand": 9, "avg_daily(sales.quantity, 7)": 5, "sku.lead": 7}


def told(*tests: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the path and message of what is wrong with the rule and these tests."""
    found = check_rule({**RULE, "tests": list(tests)}, FORMS, CALENDARS)
    return [(problem.path, problem.message) for problem in found]


@pytest.mark.parametrize(
    ("change", "expect"),
    [
        ({}, "critical"),
        ({"on_hand": 48}, "warning"),
        ({"on_hand": 60}, None),
        ({"sku.lead": 200}, "critical"),  # an override: 9 < 1 × 200 × 1.2
        ({"sku.lead": 200, "on_hand": 400}, None),
        ({"on_hand": None}, None),
    ],
)
def test_a_test_that_holds_says_nothing(change: dict[str, Any], expect: str | None) -> None:
    assert [] == told({"record": ROW | change, "expect": expect})


def test_a_promotion_has_its_own_line() -> None:
    """The same row on an ordinary day and on a day of the promotion."""
    record = ROW | {"on_hand": 49, "sku.lead": 1}

    assert [] == told({"record": record, "expect": None}, {"record": record, "expect": "critical", "day": "2026-11-05"})


def test_what_comes_out_otherwise_is_a_problem_at_its_test() -> None:
    found = told({"record": ROW, "expect": "critical"}, {"name": "够卖", "record": ROW, "expect": None})

    assert [("$.tests[1]", "用例“够卖”没有通过:应为不报警,实为严重")] == found


def test_a_value_that_cannot_be_used_is_told() -> None:
    (found,) = told({"record": ROW | {"on_hand": "many"}, "expect": "critical"})

    assert "$.tests[0]" == found[0]
    assert found[1].startswith("用例“1”算不出来")


def test_what_a_test_has_to_give() -> None:
    """The fields and calls that the formulas read, not the names that the rule gives."""
    plan = make_plan(RULE, World({}, FORMS), CALENDARS)

    assert {"on_hand", "sku.lead", "avg_daily(sales.quantity, 7)"} == set(inputs(plan))
