"""A rule is stored in keys: labels are for people, and renaming one breaks nothing."""

from __future__ import annotations

from typing import Any

import pytest

from services import expressions, publish
from services.stored_formulas import in_keys, stored
from services.workspace import Workspace

NAMES = {
    "on_hand": {"type": "number", "label": "在库"},
    "sku": {
        "type": "link",
        "form": "sku",
        "label": "商品",
        "fields": {"lead_time_days": {"type": "number", "label": "提前期"}},
    },
    "sales": {"type": "facts", "label": "日销量", "fields": {"quantity": {"type": "number", "label": "销量"}}},
}


def test_labels_become_keys() -> None:
    """Full-width signs, Chinese function names and labels are stored plainly, with the same meaning."""
    typed = "在库 ＜ 日均（日销量.销量，7）× 商品.提前期 × 1.2"

    assert "on_hand < avg_daily(sales.quantity, 7) * sku.lead_time_days * 1.2" == in_keys(typed, NAMES)


def test_a_formula_in_keys_stays_as_it_was_typed() -> None:
    assert "on_hand  <  sku.lead_time_days" == in_keys("on_hand  <  sku.lead_time_days", NAMES)


def test_what_cannot_be_read_stays_as_it_was_typed() -> None:
    assert ["在库 <", "没有 < 1"] == [in_keys(source, NAMES) for source in ("在库 <", "没有 < 1")]


@pytest.fixture
def labelled(shop: Workspace) -> Workspace:
    """A shop whose forms carry Chinese labels, and a calendar."""
    labels = {"on_hand": "在库", "sku": "商品", "name": "商品名称", "safety_stock": "安全库存"}
    forms = [dict(publish.current(shop, "form", key)) for key in ("sku", "stock")]
    for form in forms:
        form["fields"] = [{**one, "label": labels.get(one["key"], one["label"])} for one in form["fields"]]
    calendar = {"kind": "calendar", "key": "promotion", "name": "大促", "events": []}
    publish.publish_many(shop, [*forms, calendar], user="admin")
    return shop


def test_every_place_of_a_rule_is_stored_in_keys(labelled: Workspace) -> None:
    """Publishing keeps names that the rule itself gives, and writes the labels of the form as keys."""
    rule: dict[str, Any] = {
        "kind": "rule",
        "key": "low",
        "name": "低",
        "over": "stock",
        "where": "商品.商品名称 != ''",
        "let": {"可用": "在库 + 商品.安全库存", "两倍": "可用 * 2"},
        "levels": [{"level": "warning", "when": "可用 < 20"}],
        "during": [{"calendar": "promotion", "levels": [{"level": "critical", "when": "在库 < 50 and 两倍 < 90"}]}],
        "overrides": [{"where": "商品.商品名称 == 'x'", "let": {"可用": "在库"}}],
        "resolve_when": "在库 > 30",
        "schedule": {"cron": "0 8 * * *"},
    }
    publish.save_draft(labelled, kind="rule", key="low", definition=rule, user="admin")
    publish.publish(labelled, kind="rule", key="low", user="admin")
    kept = publish.current(labelled, "rule", "low")

    assert "sku.name != ''" == kept["where"]
    assert {"可用": "on_hand + sku.safety_stock", "两倍": "可用 * 2"} == kept["let"]
    assert "可用 < 20" == kept["levels"][0]["when"]
    assert "on_hand < 50 and 两倍 < 90" == kept["during"][0]["levels"][0]["when"]
    assert ("sku.name == 'x'", {"可用": "on_hand"}) == (kept["overrides"][0]["where"], kept["overrides"][0]["let"])
    assert "on_hand > 30" == kept["resolve_when"]


def test_a_rule_over_an_unknown_form_is_left_alone() -> None:
    assert {"over": "nowhere", "levels": []} == stored({"over": "nowhere", "levels": []}, {})


def test_the_editor_is_told_what_is_stored_and_groups_in_keys(labelled: Workspace) -> None:
    """The condition builder works on keys whatever was typed; a typo comes with the text that mends it."""
    found = expressions.check(labelled, source="在库 < 20 and 商品.商品名称 == 'x'", form="stock")
    wrong = expressions.check(labelled, source="在库数 < 20", form="stock")

    assert "on_hand < 20 and sku.name == 'x'" == found["stored"]
    assert ["on_hand", "sku.name"] == [rule["field"] for rule in found["groups"]["rules"]]
    assert [("在库", {"offset": 0, "length": 3})] == [(one["fix"], one["at"]) for one in wrong["problems"]]
