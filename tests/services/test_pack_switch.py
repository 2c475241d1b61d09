"""Nothing that a pack may do starts before somebody confirms it; what it gains in an upgrade waits again."""

from __future__ import annotations

import copy

import pytest

import rule_templates
from services import packs, publish
from services.refusal import Refused

PACK = "daily_replenishment"


def off(workspace):
    return sorted(f"{one['kind']}/{one['key']}" for card in packs.list_(workspace) for one in card["off"])


def test_what_is_off_is_listed_until_it_is_confirmed(ws):
    packs.install(ws, pack=PACK, user="admin")
    waiting = off(ws)

    first = packs.confirm(ws, pack=PACK, user="admin", only=["rule/low_stock_static"])
    rest = packs.confirm(ws, pack=PACK, user="admin")

    assert [
        "route/buyers",
        "rule/low_stock_dynamic",
        "rule/low_stock_static",
        "workflow/replenishment_approval",
    ] == waiting
    assert ["rule/low_stock_static"] == first["on"]
    assert (3, [], []) == (len(rest["on"]), rest["off"], off(ws))


def test_what_the_user_switched_on_by_hand_waits_no_more(ws):
    packs.install(ws, pack=PACK, user="admin")

    publish.enable(ws, kind="rule", key="low_stock_static", enabled=True, user="lin")

    assert "rule/low_stock_static" not in off(ws)


def test_an_upgrade_that_may_do_no_more_changes_nothing_that_is_on(ws):
    packs.install(ws, pack=PACK, user="admin", confirmed=True)
    newer = copy.deepcopy(dict(rule_templates.load(PACK).document))
    newer["about"]["version"] = "1.1.0"
    rule = next(one for one in newer["definitions"] if one["key"] == "low_stock_static")
    rule["name"] = "低于安全库存(新)"

    done = packs.install(ws, pack=newer, user="admin")

    assert ([], []) == (done["off"], off(ws))
    assert "low_stock_static" in publish.all_current(ws, "rule")


def test_an_upgrade_that_may_do_more_waits(ws):
    packs.install(ws, pack=PACK, user="admin", confirmed=True)
    newer = copy.deepcopy(dict(rule_templates.load(PACK).document))
    newer["about"]["version"] = "1.1.0"
    rule = next(one for one in newer["definitions"] if one["key"] == "low_stock_static")
    rule["actions"].append({"type": "replenish", "policy": "default"})

    seen = packs.preview(ws, pack=newer)
    done = packs.install(ws, pack=newer, user="admin")

    assert ["生成补货任务"] == [one["words"] for one in seen["abilities"]]
    assert ["rule/low_stock_static"] == done["off"] == off(ws)


def test_a_role_that_people_hold_never_grows_unasked(ws):
    packs.install(ws, pack=PACK, user="admin")
    newer = copy.deepcopy(dict(rule_templates.load(PACK).document))
    newer["about"]["version"] = "1.1.0"
    role = next(one for one in newer["definitions"] if one["key"] == "buyer")
    role["permissions"] = [{"form": "sku", "can": ["view", "delete"]}]

    seen = packs.preview(ws, pack=newer)
    packs.install(ws, pack=newer, user="admin")

    assert [("role", "buyer")] == [(one["kind"], one["key"]) for one in seen["steps"] if one["conflict"]]
    assert "permissions" not in publish.current(ws, "role", "buyer")


def test_a_pack_that_is_not_there_cannot_be_confirmed(ws):
    with pytest.raises(Refused):
        packs.confirm(ws, pack="nothing", user="admin")
