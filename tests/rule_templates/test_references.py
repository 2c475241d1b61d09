"""The definitions that one names are found: by key, as role, in formulas; prose names nothing."""

from __future__ import annotations

from rule_templates import references

KNOWN = [("form", "stock"), ("form", "sales"), ("form", "sku"), ("route", "buyers"), ("role", "buyer"), ("workflow", "approve"), ("calendar", "days")]  # fmt: skip


def test_a_rule_names_its_table_its_facts_its_route_and_its_workflow():
    rule = {
        "kind": "rule",
        "key": "low",
        "name": "sku 与 stock",
        "over": "stock",
        "let": {"daily": "avg_daily(sales.quantity, 7)"},
        "levels": [{"level": "warning", "when": "on_hand < daily"}],
        "during": [{"calendar": "days", "levels": []}],
        "route": "buyers",
        "actions": [{"type": "start_workflow", "workflow": "approve"}],
    }

    assert {("form", "stock"), ("form", "sales"), ("route", "buyers"), ("workflow", "approve"), ("calendar", "days")} == references(rule, KNOWN)  # fmt: skip


def test_a_route_names_its_roles_and_nothing_names_itself():
    assert {("role", "buyer")} == references(
        {"kind": "route", "key": "buyers", "to": ["role:buyer", "role:nobody"]}, KNOWN
    )
    assert set() == references({"kind": "form", "key": "stock", "fields": [{"key": "stock", "type": "number"}]}, KNOWN)
