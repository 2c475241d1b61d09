"""Conditions as groups of the visual builder and back."""

from __future__ import annotations

import pytest
from expression_ways import checked

from engine.expression import from_groups, parse, to_groups
from engine.problems import DefinitionError

FIELDS = {"on_hand": {"type": "number", "label": "在库"}, "lead": "number", "category": {"type": "text", "label": "类目"}, "active": "boolean",
          "sku": {"type": "link", "fields": {"name": "text"}}, "sales": {"type": "facts", "fields": {"quantity": "number"}}}  # fmt: skip


def rule(field: str, operator: str, value: object, source: str = "value") -> dict:
    return {"field": field, "operator": operator, "value": value, "valueSource": source}


@pytest.mark.parametrize(
    ("source", "rules"),
    [
        ("在库 < 20", [rule("on_hand", "<", 20)]),
        ("20 > on_hand", [rule("on_hand", "<", 20)]),
        ("on_hand < -2.5", [rule("on_hand", "<", -2.5)]),
        ("on_hand < avg_daily(sales.quantity, 7) * lead * 1.2", [rule("on_hand", "<", "avg_daily(sales.quantity, 7) * lead * 1.2", "expression")]),
        ("类目 in ['爆款', '新品']", [rule("category", "in", ["爆款", "新品"])]),
        ("category not in ('a',)", [rule("category", "not in", ["a"])]),
        ("CONTAINS(category, 'a')", [rule("category", "contains", "a")]),
        ("IS_NULL(lead)", [rule("lead", "is_null", None)]),
        ("not IS_NULL(lead)", [rule("lead", "is_not_null", None)]),
        ("lead == None", [rule("lead", "is_null", None)]),
        ("active", [rule("active", "==", True)]),
        ("1 < on_hand <= 5", [rule("on_hand", ">", 1), rule("on_hand", "<=", 5)]),
        ("sku.name == 'x' and on_hand > lead", [rule("sku.name", "==", "x"), rule("on_hand", ">", "lead", "expression")]),
    ],
)  # fmt: skip
def test_a_condition_is_drawn_and_read_back(source, rules):
    typed = checked(source, FIELDS)
    groups = to_groups(typed)

    assert {"combinator": "and", "not": False, "rules": rules} == groups
    assert groups == to_groups(checked(from_groups(groups), FIELDS))


def test_groups_nest():
    source = "on_hand < 3 and (category == 'a' or not (lead > 1 and active))"
    groups = to_groups(checked(source, FIELDS))

    assert ["and", "or", "and"] == [
        groups["combinator"],
        groups["rules"][1]["combinator"],
        groups["rules"][1]["rules"][1]["combinator"],
    ]
    assert groups["rules"][1]["rules"][1]["not"]
    assert (
        checked(from_groups(groups), FIELDS).key
        == checked("on_hand < 3 and (category == 'a' or not (lead > 1 and active == True))", FIELDS).key
    )


@pytest.mark.parametrize(
    "source",
    [
        "on_hand + 1 < lead + 2",
        "IF(active, True, False)",
        "lead > 1 if active else False",
        "on_hand < 1 and MATCHES(category, 'a+')",
    ],
)
def test_what_cannot_be_drawn_has_no_groups(source):
    assert None is to_groups(checked(source, FIELDS))


@pytest.mark.parametrize(
    "groups",
    [{}, {"rules": 1}, {"combinator": "xor", "rules": []}, {"combinator": "and", "rules": [rule("a", "~", 1)]}, {"combinator": "and", "rules": [rule("a; b", "==", 1)]},
     {"combinator": "and", "rules": [rule("a", "<", "1) or (1 == 1", "expression")]}, {"combinator": "and", "rules": [rule("a", "==", {})]}, {"combinator": "and", "rules": [3]}],
)  # fmt: skip
def test_what_is_no_group_is_refused(groups):
    with pytest.raises(DefinitionError):
        from_groups(groups)


def test_an_empty_group_holds_always():
    assert "True" == from_groups({"combinator": "and", "rules": []})


def test_values_are_quoted():
    assert "a == 'x\\' or 1 == 1 or \\''" == from_groups(
        {"combinator": "and", "rules": [rule("a", "==", "x' or 1 == 1 or '")]}
    )
    assert to_groups(parse("a == 'x\\' or \\''")) is not None
