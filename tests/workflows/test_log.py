"""The action log and the notices of whole stories, row by row (workflow.md §1 and §13: each change is one row)."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flow_story import Case, Company, WorkWeek, approval, task, workflow

STORIES = Path(__file__).resolve().parents[1] / "definitions" / "workflow_stories"


def one_node() -> Case:
    """Transfer, advice, add-sign, reminder, return, urge, retract, cancel."""
    nodes = {"A": approval("a", "b", mode="any", timeout=[{"after": "PT1H", "action": "remind"}]), "B": approval("c")}
    case = Case(workflow(nodes, "s>A A>B B>z", version=4)).do("transfer", "a", "A", to="x", comment="t")
    case.do("delegate", "b", "A", to="h", comment="d").do("approve", "h", "A", comment="ok")
    case.do("add_sign", "x", "A", kind="before", users=["y", "w"], mode="any", comment="p").approve("A:y").wait(hours=1)
    case.approve("A:x", comment="fine", request_id="r1").do("return", "c", "B", to="A", comment="r").do(
        "urge", "u0", text="soon"
    )
    return case.approve("A:a").do("retract", "a", "A").do("cancel", "root", comment="why")


def groups() -> Case:
    """A group that refuses, an after group, remove-sign, the refusal of the instance."""
    case = Case(workflow({"A": approval("a", "b", "c", collect=True)}, "s>A A>z"))
    case.do("add_sign", "a", "A", kind="before", users=["x", "y"], mode="sequential").do(
        "reject", "x", "A", comment="no"
    )
    case.do("add_sign", "b", "A", kind="after", users=["v", "w"], comment="me too").do(
        "remove_sign", "b", "A", users=["w"], comment="not needed"
    )
    return case.approve("A:v", "A:c")


def clocks() -> Case:
    """Every action of a time limit, a boundary, a timer."""
    limits = [
        {"after": "PT1H", "action": "escalate"}, {"after": "PT2H", "action": "transfer:gone"}, {"after": "PT3H", "action": "transfer:x"},
        {"after": "PT4H", "action": "pass"},
    ]  # fmt: skip
    nodes = {
        "A": approval("a", timeout=limits), "W": {"type": "timer", "after": 60, "boundary": [{"id": "in", "after": 30, "interrupting": False}]},
        "B": task("b", timeout=[{"after": 60, "action": "return:A"}]), "L": {"type": "notify", "to": ["a"], "title": "t", "text": "x", "channels": ["mailbox"]},
    }  # fmt: skip
    case = Case(workflow(nodes, "s>A A>W W>B B>z W#in>L L>z"), company=Company(inactive={"gone"}), calendar=WorkWeek())
    return case.wait(hours=5).do("reject", "a", "A", comment="late")


def by_itself() -> Case:
    """What passes by itself: dedupe, self and empty policies, copies."""
    nodes = {
        "A": approval("a", cc=[{"on": "enter", "to": ["k"]}, {"to": ["k", "m"]}]), "B": approval("a", "x"), "C": approval("u0", self="skip"),
        "D": approval("role:nobody", empty="pass"), "E": {"type": "cc", "to": ["m", "n"]}, "F": approval("role:nobody", empty="reject", on_reject="branch"),
    }  # fmt: skip
    case = Case({**workflow(nodes, "s>A A>B B>C C>D D>E E>F F>z"), "policy": {"dedupe": "consecutive"}})
    return case.approve("A:a").approve("B:x").do("read", "k", "A").do("comment", "a", "B", text="done", users=["u0"])


def machines() -> Case:
    """Effects, an incident and its retry, signals, rows, a child, set."""
    nodes = {
        "K": {"type": "webhook", "url": "u"}, "v": {"type": "set", "set": {"n": "n + 1"}}, "G": {"type": "signal", "signal": "go", "persistent": True},
        "M": {"type": "each", "each": "rows"}, "P": {"type": "call", "workflow": "c", "out": {"k": "k"}},
        "S": {"type": "call", "workflow": "c", "wait": False}, "N": {"type": "notify", "to": ["x"], "message": "m"},
    }  # fmt: skip
    child = workflow({"T": task()}, "s>T T>z")
    case = Case(workflow(nodes, "s>K K>v v>G G>M M>P P>S S>N N>z"), {"n": 1, "rows": ["r"]}, library={"c": child})
    case.do("signal", name="go", data={"k": 2}).answer(None, error="down").do("retry", "root", comment="again").answer(
        {"ok": True}
    )
    case.do("add", "root", "M", item="q").do("complete", "p", "M", index=0, form={"k": 3}, comment="c1").do(
        "complete", node="M", index=1
    )
    case.do("complete", "p", "P/T", form={"k": 4})
    return case.do(
        "effect_done",
        effect=next(effect["id"] for effect in case.all_effects if effect.get("reason") == "notify"),
        error="bounced",
    )


def life() -> Case:
    """Agency, take-back, hand-over, suspension, migration, revocation."""
    definition = workflow({"A": approval("a"), "B": approval("b")}, "s>A A>B B>z", version=1)
    case = (
        Case(definition, company=Company(agents={"a": "x"}))
        .do("take_back", "a", "A")
        .do("handover", "b", to="y")
        .do("suspend", "root", comment="wait")
    )
    case.do("resume", "root", comment="go").do(
        "migrate", "root", definition={**copy.deepcopy(definition), "version": 2}
    )
    return (
        case.approve("A:a", "B:b")
        .do("revoke", "u0", comment="oops")
        .do("handover", "b", to="y")
        .approve("REVOKE:a")
        .do("reject", "y", "REVOKE")
    )


def returns() -> Case:
    """Direct and changed returns, START, held seats, compensation, recall."""
    undo = {"type": "delete_record", "form": "f", "values": {"code": "result.K.code"}}
    nodes = {
        "A": approval("a", write=["n"]), "B": approval("b", read=["n"]),
        "K": {"type": "create_record", "form": "f", "values": {"n": "n"}, "compensate": undo}, "C": approval("c", "d"),
    }  # fmt: skip
    case = (
        Case({**workflow(nodes, "s>A A>B B>K K>C C>z"), "policy": {"recall": "anytime"}}, {"n": 1})
        .approve("A:a", "B:b")
        .answer({"code": "R"})
    )
    case.do("return", "c", "C", to="START", resume="direct", comment="fix").do(
        "resubmit", "u0", form={"n": 1}, comment="fixed"
    )
    case.do("return", "d", "C", to="A", resume="changed").approve("A:a")
    return case.do("recall", "u0", comment="never mind")


TOLD: list[Callable[[], Case]] = [one_node, groups, clocks, by_itself, machines, life, returns]


def told(case: Case) -> dict[str, Any]:
    """Return the story as it is compared: log rows without their running number, and the effects without their ids."""
    log = [{key: value for key, value in row.items() if key != "seq"} for row in case.instance.log]
    effects = [{key: value for key, value in effect.items() if key != "id"} for effect in case.all_effects]
    return {"status": case.status, "log": log, "effects": effects}


@pytest.mark.parametrize("story", TOLD, ids=[story.__name__ for story in TOLD])
def test_story(story: Callable[[], Case]) -> None:
    """Every row and every notice of the story, as it was read and found right."""
    expected = json.loads((STORIES / f"{story.__name__}.json").read_text(encoding="utf-8"))

    assert expected == told(story())


def test_the_numbers_of_the_log() -> None:
    """Rows are numbered without a gap, and the count goes on when the log is kept elsewhere."""
    case = one_node()

    assert list(range(1, len(case.instance.log) + 1)) == [row["seq"] for row in case.instance.log]
    assert len(case.instance.log) == case.instance.logged
