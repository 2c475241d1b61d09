"""Installing is planned before it is done: added, unchanged, updated, merged, or in conflict with a choice."""

from __future__ import annotations

import copy

from rule_templates import Action, Present, install_plan, read_pack

PACK = {
    "about": {"key": "mine", "name": "我的包", "version": "1.0.0", "licence": "MIT", "requires": {"base": "^1.0"}},
    "definitions": [
        {"kind": "form", "key": "box", "name": "箱", "fields": [{"key": "code", "type": "text", "label": "编码"}]},
        {"kind": "rule", "key": "low", "name": "低", "over": "box", "levels": [{"level": "warning", "when": "code == 'x'"}]},
    ],
}  # fmt: skip
BASE = {"base": "1.2.0"}


def planned(definitions=None, originals=None, installed=BASE, choices=None, pack=PACK):
    def name(found):
        return {(one["kind"], one["key"]): one for one in found or ()}

    return install_plan(read_pack(pack), Present(name(definitions), installed, name(originals)), choices=choices)


def actions(plan):
    return [step.action for step in plan.steps]


def test_into_an_empty_workspace_everything_is_added():
    plan = planned()

    assert [Action.ADD, Action.ADD] == actions(plan)
    assert PACK["definitions"] == plan.documents
    assert () == plan.problems


def test_what_is_the_same_is_left_alone():
    assert [Action.SAME, Action.SAME] == actions(planned(PACK["definitions"]))
    assert [] == planned(PACK["definitions"]).documents


def test_a_missing_or_old_requirement_is_told():
    assert ["$.about.requires.base"] == [p.path for p in planned(installed={}).problems]
    assert "现有 2.0.0" in planned(installed={"base": "2.0.0"}).problems[0].message


def test_what_the_user_did_not_touch_is_updated():
    old = copy.deepcopy(PACK["definitions"])
    old[0]["name"] = "旧箱"

    assert [Action.UPDATE, Action.SAME] == actions(planned(old, old))


def test_what_both_changed_apart_is_merged():
    old = copy.deepcopy(PACK["definitions"])
    old[0]["name"] = "旧箱"
    mine = copy.deepcopy(old)
    mine[0]["fields"].append({"key": "color", "type": "text", "label": "颜色"})

    plan = planned(mine, old)

    assert [Action.MERGE, Action.SAME] == actions(plan)
    assert ["箱"] == [one["name"] for one in plan.documents]
    assert ["code", "color"] == [field["key"] for field in plan.documents[0]["fields"]]


def test_a_conflict_keeps_mine_unless_something_else_is_chosen():
    mine = copy.deepcopy(PACK["definitions"])
    mine[0]["name"] = "我的箱"

    kept, replaced, renamed = (planned(mine, choices={"form/box": choice}) for choice in ("keep", "replace", "rename"))

    assert (Action.KEEP, True, []) == (kept.steps[0].action, kept.steps[0].conflict, kept.documents)
    assert [PACK["definitions"][0]] == replaced.documents
    assert ["box_2"] == [one["key"] for one in renamed.documents]


def test_a_renamed_form_takes_the_packs_own_rules_along():
    mine = [{**PACK["definitions"][0], "name": "我的箱"}]

    plan = planned(mine, choices={"form/box": "rename"})

    assert ["box_2", "low"] == [one["key"] for one in plan.documents]
    assert plan.documents[1]["over"] == "box_2"
