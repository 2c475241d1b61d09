"""Packs go in whole or not at all, twice is once, in any order, and come out again."""

from __future__ import annotations

import copy
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rule_templates
from engine.problems import DefinitionError
from services import packs, publish
from services.refusal import Refused
from services.workspace import Settings, open_workspace


@pytest.mark.parametrize("name", rule_templates.names())
def test_a_shipped_packs_own_tests_pass(name):
    found = packs.test(None, pack=name)

    assert [] == [(one["name"], one["differences"]) for one in found if not one["passed"]]
    assert found or name == "base"


def test_a_test_that_is_wrong_fails_and_says_how():
    document = copy.deepcopy(rule_templates.load("daily_replenishment").document)
    document["tests"][0]["expect"]["alerts"][0]["level"] = "warning"
    document["tests"][0]["expect"]["alerts"][0]["values"] = {"available": 10}
    document["tests"][0]["expect"]["tasks"] = [{"sku": "A002"}]
    document["tests"][1]["expect"]["alerts"] = []
    document["tests"][4]["expect"]["approvals"][0]["waiting"] = ["buyer"]

    found = packs.test(None, pack=document)

    assert [False, False, True, True, False] == [one["passed"] for one in found]
    told = "\n".join(difference["message"] for one in found for difference in one["differences"])
    assert "级别应为 warning" in told
    assert "available 应为 10" in told
    assert "多出的预警" in told
    assert "应有补货任务而没有:sku=A002" in told
    assert "多出的补货任务:A001/hd" in told
    assert "应等 buyer" in told


def test_an_installation_is_one_step_with_what_it_needs(empty):
    """On both databases: 日常补货 brings the base forms along."""
    done = packs.install(empty, pack="daily_replenishment", user="admin")

    assert {} == publish.all_current(empty, "rule")
    assert {"low_stock_static", "low_stock_dynamic", "buyers", "replenishment_approval"} == {
        name.partition("/")[2] for name in done["off"]
    }
    packs.confirm(empty, pack="daily_replenishment", user="admin")
    assert {"low_stock_static", "low_stock_dynamic"} == set(publish.all_current(empty, "rule"))
    assert {"sku", "stock", "sales", "purchase_order"} <= set(publish.all_current(empty, "form"))
    assert all(one["passed"] for one in done["tests"])
    assert {"base": "1.0.0", "daily_replenishment": "1.0.0"} == {
        one["key"]: one["installed"] for one in packs.list_(empty) if one["installed"]
    }


def test_twice_is_once(ws):
    packs.install(ws, pack="daily_replenishment", user="admin")

    again = packs.install(ws, pack="daily_replenishment", user="admin")

    assert [] == again["published"]


def broken(workspace):
    """Return what cannot run."""
    kinds = ("form", "rule", "workflow", "route", "trigger", "dashboard", "message")
    return [one["key"] for kind in kinds for one in publish.list_(workspace, kind=kind) if one["problems"]]


@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(order=st.permutations(rule_templates.names()))
def test_in_any_order_all_packs_live_together(order):
    with TemporaryDirectory() as folder:
        ws = open_workspace(Settings(data_dir=Path(folder)))
        for name in order:
            packs.install(ws, pack=name, user="admin", confirmed=True)

        assert all(one["installed"] for one in packs.list_(ws))
        assert [] == broken(ws)
        ws.close()


def test_all_packs_live_together_and_leave_cleanly(empty):
    """On both databases: installed with their tests passing, removed again, and nothing is left."""
    for name in rule_templates.names():
        done = packs.install(empty, pack=name, user="admin", confirmed=True)
        assert [] == [one["name"] for one in done["tests"] if not one["passed"]]
    assert [] == broken(empty)

    for name in sorted(rule_templates.names(), key="base".__eq__):
        packs.remove(empty, pack=name, user="admin")

    kinds = ("form", "rule", "workflow", "route", "trigger", "dashboard", "message", "calendar", "role", "mapping")
    assert {} == {kind: keys for kind in kinds if (keys := list(publish.all_current(empty, kind)))}


@pytest.mark.parametrize("name", rule_templates.names())
def test_an_upgrade_keeps_what_the_user_changed_and_brings_what_is_new(ws, name):
    """The version before has other descriptions and lacks the last definition; the user renamed the first."""
    newest = rule_templates.load(name).document
    before = copy.deepcopy(dict(newest))
    before["about"]["version"] = "0.9.0"
    before.pop("tests", None)
    if name != "base":
        before["definitions"].pop()
    for one in before["definitions"]:
        one["description"] = "旧的说明"
    packs.install(ws, pack=before, user="admin", confirmed=True)
    kind, key = before["definitions"][0]["kind"], before["definitions"][0]["key"]
    publish.publish_many(ws, [{**publish.current(ws, kind, key), "kind": kind, "name": "我改的名字"}], user="lin")

    done = packs.install(ws, pack=newest, user="admin", confirmed=True)

    assert [] == done["kept"]
    now = publish.current(ws, kind, key)
    described = newest["definitions"][0].get("description")
    assert ("我改的名字", described) == (now["name"], now.get("description"))
    last = newest["definitions"][-1]
    assert last["key"] in publish.all_current(ws, last["kind"])
    assert [] == broken(ws)


def test_an_older_pack_is_no_upgrade(ws):
    packs.install(ws, pack="base", user="admin")

    with pytest.raises(Refused, match="不比它新"):
        packs.check_upgrade(ws, packs.open_pack("base"))
    with pytest.raises(Refused, match="还没有安装"):
        packs.check_upgrade(ws, packs.open_pack("daily_replenishment"))


def test_a_preview_writes_nothing_and_shows_the_inputs_at_work(ws):
    seen = packs.preview(
        ws, pack="daily_replenishment", answers=packs.Answers({"big_amount": 10_000, "critical_factor": 1.0})
    )

    steps = {(one["kind"], one["key"]): one["after"] for one in seen["steps"]}
    assert ["base"] == [one["key"] for one in seen["requires"]]
    assert steps["rule", "low_stock_dynamic"]["levels"][1]["when"] == "available < daily * lead * 1.0"
    assert "amount > 10000" in [edge.get("condition") for edge in steps["workflow", "replenishment_approval"]["edges"]]
    assert {} == publish.all_current(ws, "form")


def test_wrong_inputs_change_nothing(ws):
    with pytest.raises(DefinitionError) as caught:
        packs.install(
            ws, pack="daily_replenishment", user="admin", answers=packs.Answers({"lead_days": 0, "lead_day": 7})
        )

    assert ["$.inputs", "$.inputs.lead_days"] == sorted(p.path for p in caught.value.problems)
    assert {} == publish.all_current(ws, "form")


def test_a_pack_whose_tests_fail_is_not_installed(ws):
    document = copy.deepcopy(rule_templates.load("daily_replenishment").document)
    document["tests"][0]["expect"]["alerts"] = []

    with pytest.raises(DefinitionError, match="7 天日均"):
        packs.install(ws, pack=document, user="admin")
    assert {} == publish.all_current(ws, "rule")


def test_an_upgrade_keeps_the_users_field_and_brings_the_packs(ws):
    packs.install(ws, pack="base", user="admin")
    mine = copy.deepcopy(publish.current(ws, "form", "sku"))
    mine["fields"].append({"key": "color", "type": "text", "label": "颜色"})
    publish.publish_many(ws, [mine], user="lin")
    newer = copy.deepcopy(rule_templates.load("base").document)
    newer["about"]["version"] = "1.1.0"
    next(one for one in newer["definitions"] if one["key"] == "sku")["fields"].append(
        {"key": "brand", "type": "text", "label": "品牌"}
    )

    packs.install(ws, pack=newer, user="admin")

    keys = [field["key"] for field in publish.current(ws, "form", "sku")["fields"]]
    assert {"color", "brand"} <= set(keys)
    assert next(one["installed"] for one in packs.list_(ws) if one["key"] == "base") == "1.1.0"


def test_undo_puts_back_what_was_there_before(ws):
    packs.install(ws, pack="base", user="admin")
    packs.install(ws, pack="daily_replenishment", user="admin")

    done = packs.undo(ws, pack="daily_replenishment", user="admin")

    assert "rule/low_stock_static" in done["archived"]
    assert {} == publish.all_current(ws, "rule")
    assert "sku" in publish.all_current(ws, "form")
    packs.install(ws, pack="daily_replenishment", user="admin", confirmed=True)
    assert {"low_stock_static", "low_stock_dynamic"} == set(publish.all_current(ws, "rule"))


def test_undo_leaves_what_was_changed_since(ws):
    packs.install(ws, pack="daily_replenishment", user="admin", confirmed=True)
    rule = copy.deepcopy(publish.current(ws, "rule", "low_stock_static"))
    rule["name"] = "我的规则"
    publish.publish_many(ws, [rule], user="lin")

    done = packs.undo(ws, pack="daily_replenishment", user="admin")

    assert ["rule/low_stock_static"] == done["kept"]
    assert ["low_stock_static"] == list(publish.all_current(ws, "rule"))
