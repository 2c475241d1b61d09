"""What could not be judged comes with the field to fill in and the records that miss it."""

from __future__ import annotations

from typing import Any

from services import alerts, definitions, evaluate, publish, records, rule_tests, unknowns
from services.workspace import Workspace

RULE: dict[str, Any] = {
    "kind": "rule",
    "key": "low",
    "name": "低",
    "over": "stock",
    "levels": [{"level": "warning", "when": "on_hand < sku.safety_stock"}],
}


def prepared(workspace: Workspace) -> Workspace:
    """A rule over three records: one breaches, one does not, one cannot be judged."""
    records.create(workspace, form="warehouse", values={"code": "hd", "name": "华东仓"}, user="admin")
    for code, safety, on_hand in (("A", 20, 5), ("B", 20, 50), ("C", None, 5)):
        records.create(
            workspace, form="sku", values={"code": code, "name": f"商品{code}", "safety_stock": safety}, user="admin"
        )
        records.create(
            workspace, form="stock", values={"sku": code, "warehouse": "hd", "on_hand": on_hand}, user="admin"
        )
    publish.publish_many(workspace, [RULE], user="admin")
    evaluate.run(workspace, rules=["low"])
    return workspace


def test_an_empty_field_is_named_with_its_form_and_records(shop: Workspace) -> None:
    (found,) = unknowns.list_(prepared(shop))

    assert ({"key": "low", "name": "低"}, "stock", 1) == (found["rule"], found["over"], found["count"])
    assert [{"sku": "C", "warehouse": "hd"}] == [one["keys"] for one in found["examples"]]
    assert {"sku": "C 商品C", "warehouse": "hd 华东仓"} == found["examples"][0]["labels"]
    assert ("sku", "safety_stock", ["C"]) == (found["fix"]["form"], found["fix"]["field"], found["fix"]["codes"])
    assert [] == unknowns.list_(shop, rule="another")


def test_the_list_of_rules_says_what_each_costs_and_cannot_judge(shop: Workspace) -> None:
    (item,) = definitions.list_(prepared(shop), kind="rule")

    assert (1, 3) == (item["unknown"], item["cost"]["rows"])
    assert 0 <= item["cost"]["seconds"] < 60


def test_a_record_becomes_a_test_of_the_rule(shop: Workspace) -> None:
    """The test holds as it is, and fails the check once the rule is another one."""
    prepared(shop)
    kept = rule_tests.sample(shop, definition=RULE, keys={"sku": "A", "warehouse": "hd"}, user="admin")
    looser = {**RULE, "levels": [{"level": "warning", "when": "on_hand < sku.safety_stock / 10"}]}

    assert ({"on_hand": 5.0, "sku.safety_stock": 20.0}, "warning") == (kept["record"], kept["expect"])
    assert [] == publish.check(shop, kind="rule", definition={**RULE, "tests": [kept]})
    problems = publish.check(shop, kind="rule", definition={**looser, "tests": [kept]})
    assert ["$.tests[0]"] == [problem.path for problem in problems]


def test_many_are_snoozed_at_once(shop: Workspace) -> None:
    """Those that are live are left alone until then."""
    prepared(shop)
    (alert,) = alerts.list_(shop, user="admin")["items"]
    until = "2026-11-26T02:00:00+00:00"

    assert {"snoozed": [alert["id"]]} == alerts.snooze_many(shop, ids=[alert["id"], 999], until=until, user="admin")
    assert alerts.get(shop, id=alert["id"], user="admin")["snoozed_until"]
