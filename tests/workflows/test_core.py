"""workflow.md §0 and §1: the definition, the pure core, operations and open work."""

from __future__ import annotations

import copy
import json
from datetime import datetime

import pytest
from flow_story import NINE, Case, Company, approval, task, workflow

from workflows import Instance, Refused, advance, open_work, start

EXAMPLE = {
    "key": "replenishment_approval",
    "name": "补货审批",
    "form": "replenishment_task",
    "policy": {"dedupe": "consecutive", "watch": ["quantity"], "recall": "before_first"},
    "nodes": {
        "s": {"type": "start"},
        "big": {"type": "exclusive"},
        "buyer": {"type": "approval", "approvers": ["role:buyer"], "mode": "any"},
        "boss": {"type": "approval", "approvers": ["superior"], "mode": "all", "timeout": [{"after": "PT4H", "action": "remind"}]},
        "order": {"type": "create_record", "form": "purchase_order", "values": {"sku": "sku", "quantity": "quantity"}},
        "z": {"type": "end"},
    },
    "edges": [
        {"id": "e1", "from": "s", "to": "big"},
        {"id": "e2", "from": "big", "to": "boss", "condition": "quantity * cost > 50000"},
        {"id": "e3", "from": "big", "to": "buyer", "default": True},
        {"id": "e4", "from": "buyer", "to": "order"},
        {"id": "e5", "from": "boss", "to": "order"},
        {"id": "e6", "from": "order", "to": "z"},
    ],
}  # fmt: skip
LINE = workflow({"A": task()}, "s>A A>z")


def test_the_example_small() -> None:
    """A small amount goes to any buyer, then to an order, and the instance completes with the order's answer."""
    case = Case(EXAMPLE, {"sku": "K1", "quantity": 10, "cost": 5})

    assert ["buyer:a", "buyer:b"] == case.work
    case.approve("buyer:a")
    assert [] == case.work
    assert "running" == case.status
    assert {"sku": "K1", "quantity": 10} == case.asked()[0]["values"]
    case.answer({"code": "PO-1"})
    assert "completed" == case.status
    assert {"code": "PO-1"} == case.variables["result"]["order"]


def test_the_example_big() -> None:
    """A large amount goes to the superior, who is reminded after four hours."""
    case = Case(EXAMPLE, {"sku": "K1", "quantity": 1000, "cost": 60})

    assert ["boss:s1"] == case.work
    assert [("boss", ["s1"])] == case.wait(hours=4).notices("remind")


@pytest.mark.parametrize("missing", ["form", "policy", "name"])
def test_optional_parts(missing: str) -> None:
    """The core runs any definition whose ids resolve: form, policy and schema_version may be absent."""
    definition = copy.deepcopy(EXAMPLE)
    del definition[missing]

    assert ["buyer:a", "buyer:b"] == Case(definition, {"quantity": 1, "cost": 1}).work


@pytest.mark.parametrize(
    ("edges", "reason"),
    [("s>A A>nowhere", "bad_definition"), ("s>A A>z s>A", "bad_definition")],
)
def test_ids_that_do_not_resolve(edges: str, reason: str) -> None:
    """An edge into nowhere, or two edges of one id, are refused."""
    with pytest.raises(Refused) as caught:
        Case(workflow({"A": task()}, edges))

    assert reason == caught.value.reason


def test_no_start() -> None:
    """Without a start node nothing starts."""
    with pytest.raises(Refused, match="开始"):
        start({"key": "k", "nodes": {"z": {"type": "end"}}, "edges": []}, {}, initiator="u", now=NINE)


def test_unsound_definitions_run_into_an_incident() -> None:
    """Soundness is checked by publishing only; whatever then cannot go on is an incident."""
    case = Case(workflow({"A": {"type": "magic"}}, "s>A A>z"))

    assert ("incident", "A", "unknown_type") == (
        case.status,
        case.instance.incident.node,
        case.instance.incident.reason,
    )


def test_expressions_read_variables_as_written() -> None:
    """Names are exactly as written; a name without a value is null, and a null condition is false."""
    definition = workflow(
        {"x": "exclusive", "A": task(), "B": task(), "C": task()}, "s>x x>A[数量 > 5] x>B[N > 5] x>C* A>z B>z C>z"
    )

    assert ["A"] == Case(definition, {"数量": 6}).work
    assert ["B"] == Case(definition, {"N": 6, "n": 1}).work
    assert ["C"] == Case(definition, {"n": 6}).work


def test_edge_ids_are_optional() -> None:
    """An edge without an id is called by its ends."""
    definition = {**LINE, "edges": [{"from": "s", "to": "A"}, {"from": "A", "to": "z"}]}

    assert "completed" == Case(definition).do("complete", node="A").status


# Purity


def test_json_round_trip() -> None:
    """`Instance.from_json(instance.to_json()) == instance`, as data and as text."""
    instance = Case(EXAMPLE, {"quantity": 1000, "cost": 60}).instance

    assert instance == Instance.from_json(instance.to_json())
    assert instance == Instance.from_json(json.dumps(instance.to_json()))


def test_to_json_is_plain_data() -> None:
    """`to_json` gives plain JSON data that shares nothing with the instance."""
    instance = Case(workflow({"A": task()}, "s>A A>z"), {"rows": [1, {"x": 2}], "day": NINE.date()}).instance
    data = instance.to_json()

    assert data == json.loads(json.dumps(data))
    assert "2026-11-02" == data["variables"]["day"]
    data["variables"]["rows"].append(9)
    assert [1, {"x": 2}] == instance.variables["rows"]


def test_arguments_are_not_changed() -> None:
    """Neither the definition nor the variables that were handed in are changed."""
    definition, variables = copy.deepcopy(EXAMPLE), {"quantity": 1, "cost": 1, "tags": ["x"]}
    case = Case(definition, variables)
    variables["tags"].append("y")

    case.approve("buyer:a")
    assert EXAMPLE == definition
    assert ["x"] == case.variables["tags"]


def test_same_input_same_answer() -> None:
    """The core has no clock and no chance: the same call gives the same instance and the same effects."""
    first = start(EXAMPLE, {"quantity": 1, "cost": 1}, initiator="u0", now=NINE, directory=Company())
    second = start(EXAMPLE, {"quantity": 1, "cost": 1}, initiator="u0", now=NINE, directory=Company())

    assert first == second


def test_an_instance_of_ten_steps_is_small() -> None:
    """After ten steps the position, without its log, is at most 12 kB."""
    nodes = {f"N{number}": approval("a", "b", "c", mode="any") for number in range(10)}
    edges = "s>N0 " + " ".join(f"N{number}>N{number + 1}" for number in range(9)) + " N9>z"
    case = Case(workflow(nodes, edges), {f"field_{number}": "value" for number in range(40)})
    for number in range(10):
        case.approve(f"N{number}:b")

    assert len(json.dumps(case.instance.to_json(log=False)).encode()) <= 12_000


def test_without_its_log_an_instance_goes_on() -> None:
    """The log decides nothing: without it every later step is the same."""
    whole = Case(EXAMPLE, {"quantity": 1, "cost": 1})
    bare = Instance.from_json(whole.instance.to_json(log=False))
    one, effects = advance(
        EXAMPLE, bare, {"op": "approve", "user": "a", "node": "buyer"}, now=NINE, directory=Company()
    )
    whole.approve("buyer:a")

    assert whole.effects == effects
    assert whole.instance.to_json(log=False) == one.to_json(log=False)


def test_now_must_be_aware() -> None:
    """`now` is an aware datetime."""
    with pytest.raises(Refused):
        start(LINE, {}, initiator="u", now=datetime(2026, 1, 1))  # noqa: DTZ001 the mistake


def test_the_id_names_effects() -> None:
    """Effects are data with an id of their own; ids of one instance differ."""
    case = Case(EXAMPLE, {"quantity": 1, "cost": 1}, id="abc").approve("buyer:a")
    ids = [effect["id"] for effect in case.all_effects]

    assert len(set(ids)) == len(ids)
    assert all(key.startswith("abc") for key in ids)


def test_refused() -> None:
    """A step that may not be taken raises `Refused(reason, message)` and changes nothing."""
    case = Case(LINE)

    assert "unknown_op" == case.refused("aprove", "a", "A")
    assert "unknown_node" == case.refused("complete", node="B")
    assert "missing" == case.refused("complete")
    assert ["A"] == case.work
    error = Refused("why", "为什么")
    assert ("why", "为什么") == (error.reason, error.message)


def test_ended_instances_refuse() -> None:
    """After the end nothing is taken any more; a signal or the time finds nobody and is no error."""
    case = Case(LINE).do("complete", node="A")

    for op in ("complete", "approve", "reject", "return", "transfer", "retract", "add", "suspend", "retry", "recall"):
        assert "ended" == case.refused(op, "u0", "A")
    assert "completed" == case.do("signal", name="x").wait(days=1).status


# Open work


def test_open_work_words() -> None:
    """`N:a` for people, `A` for a task without them, `M[0]` for items, `M[0]:a` with people, `P/K1` inside a child."""
    definition = workflow(
        {
            "p": "parallel",
            "N": approval("a", "b"),
            "A": task(),
            "T": task("c"),
            "M": {"type": "each", "each": "rows"},
            "Q": {"type": "each", "each": "rows", "approvers": ["a"]},
            "P": {"type": "call", "workflow": "child"},
            "w": {"type": "timer", "after": 60},
            "g": {"type": "signal", "signal": "x"},
            "j": "parallel",
        },
        "s>p p>N p>A p>T p>M p>Q p>P p>w p>g N>j A>j T>j M>j Q>j P>j w>j g>j j>z",
    )
    child = workflow({"K1": task(), "K2": approval("d"), "p": "parallel"}, "s>p p>K1 p>K2 K1>z K2>z")
    case = Case(definition, {"rows": [1]}, library={"child": child})

    assert ["A", "M[0]", "N:a", "N:b", "P/K1", "P/K2:d", "Q[0]:a", "T:c"] == case.work


def test_a_node_entered_twice_stands_twice() -> None:
    """Open work is sorted and has one entry per open item."""
    case = Case(workflow({"p": "parallel", "x": "exclusive", "A": task()}, "s>p p>x p>A x>A A>z"))

    assert ["A", "A"] == case.work
    assert ["A"] == case.do("complete", node="A").work


def test_waiting_is_not_open_work() -> None:
    """Timers, signals, held seats and effects in flight are not listed; while they exist the instance is running."""
    for node in ({"type": "timer", "after": 60}, {"type": "signal", "signal": "x"}, {"type": "webhook", "url": "u"}):
        case = Case(workflow({"W": node}, "s>W W>z"))
        assert ([], "running") == (case.work, case.status)


# Forms


@pytest.mark.parametrize(
    ("node", "form", "expected"),
    [
        (task(), {"note": "x"}, None),
        (task(write=["note"]), {"note": "x"}, None),
        (task(write=["note"]), {"note": "x", "cost": 1}, "not_writable"),
        (task(write=[]), {"note": "x"}, "not_writable"),
        (task(write=["*"]), {"note": "x"}, None),
        (task(), {"outcome": {"boss": "approved"}}, "not_writable"),
        (task(), {"result": 1}, "not_writable"),
    ],
)
def test_what_a_task_may_write(node: dict, form: dict, expected: str | None) -> None:
    """Without `write` a task may write everything (never what nodes write); else every field must be allowed."""
    case = Case(workflow({"A": node}, "s>A A>z"))

    if expected:
        assert expected == case.refused("complete", node="A", form=form)
        assert {} == case.variables
    else:
        assert form == case.do("complete", node="A", form=form).variables


@pytest.mark.parametrize("op", ["approve", "reject"])
def test_what_an_approval_may_write(op: str) -> None:
    """Without `write` an approval may write nothing; the whole step is refused, not only the field."""
    case = Case(workflow({"A": approval("a"), "B": approval("a", write=["note"])}, "s>A A>B B>z"))

    assert "not_writable" == case.refused(op, "a", "A", form={"note": "x"})
    assert ["A:a"] == case.work
    case.approve("A:a")
    assert "not_writable" == case.refused(op, "a", "B", form={"note": "x", "cost": 2})
    assert "x" == case.do(op, "a", "B", form={"note": "x"}).variables["note"]


def test_required_on() -> None:
    """A field that an answer requires must be filled in."""
    case = Case(
        workflow(
            {"A": approval("a", write=["reason"], required_on={"reject": ["reason"], "approve": ["comment"]})},
            "s>A A>z",
        )
    )

    assert "required" == case.refused("reject", "a", "A")
    assert "required" == case.refused("reject", "a", "A", form={"reason": ""})
    assert "required" == case.refused("approve", "a", "A")
    assert "rejected" == case.do("reject", "a", "A", form={"reason": "too dear"}).status


# Who may


def test_whose_seat_it_is() -> None:
    """The core checks whose seat it is."""
    case = Case(workflow({"A": approval("a"), "B": task("b"), "p": "parallel"}, "s>p p>A p>B A>z B>z"))

    assert "not_your_seat" == case.refused("approve", "x", "A")
    assert "not_your_seat" == case.refused("complete", "x", "B")
    assert "not_your_seat" == case.refused("complete", node="B")
    assert "missing" == case.refused("approve", node="A")


def test_approve_is_for_approvals_and_complete_for_tasks() -> None:
    """An approval is not completed, a task is not approved."""
    case = Case(workflow({"A": approval("a"), "B": task("b"), "p": "parallel"}, "s>p p>A p>B A>z B>z"))

    assert "not_a_task" == case.refused("complete", "a", "A")
    assert "not_an_approval" == case.refused("approve", "b", "B")
    assert "not_an_approval" == case.refused("reject", "b", "B")


def test_a_task_of_several_people() -> None:
    """A task's people: one may act, the others' seats are cancelled with a notice."""
    case = Case(workflow({"A": task("a", "b")}, "s>A A>z"))

    assert ["A:a", "A:b"] == case.work
    case.do("complete", "b", "A")
    assert ("completed", [("A", ["a"])]) == (case.status, case.notices("decided"))


def test_actions_limit_the_operations() -> None:
    """`actions` says what the node offers; unless said it is every one."""
    case = Case(workflow({"A": approval("a", actions=["approve"])}, "s>A A>z"))

    assert "action_not_allowed" == case.refused("reject", "a", "A")
    assert "action_not_allowed" == case.refused("transfer", "a", "A", to="b")
    assert "action_not_allowed" == case.refused("delegate", "a", "A", to="b")
    assert "action_not_allowed" == case.refused("return", "a", "A", to="START")
    assert "action_not_allowed" == case.refused("add_sign", "a", "A", kind="before", users=["b"])
    assert "completed" == case.approve("A:a").status


# The log


def test_each_change_is_a_row() -> None:
    """Each change of a seat is one row: sequence, request, actor, operation, node, run, seat, before, after, comment."""
    case = Case(workflow({"A": approval("a")}, "s>A A>z"), initiator="u0")
    case.do("approve", "a", "A", comment="fine", request_id="r-7")
    row = case.ops("approve")[0]

    assert {
        "request_id": "r-7",
        "actor": "a",
        "op": "approve",
        "node": "A",
        "before": "open",
        "after": "approved",
        "comment": "fine",
    }.items() <= row.items()
    assert list(range(1, len(case.instance.log) + 1)) == [row["seq"] for row in case.instance.log]


def test_the_form_diff_is_logged() -> None:
    """The log says which fields a step changed, from what to what."""
    case = Case(workflow({"A": task()}, "s>A A>z"), {"n": 1}).do("complete", "u", "A", form={"n": 2, "m": 3})

    assert {"n": [1, 2], "m": [None, 3]} == case.ops("write")[0]["form"]


def test_the_version_is_pinned() -> None:
    """An instance knows the version of its definition, and the log names it."""
    case = Case({**LINE, "version": 3})

    assert 3 == case.instance.version
    assert {3} == {row["version"] for row in case.instance.log}


def test_open_work_of_a_fresh_instance() -> None:
    """`open_work` is a function of the instance alone."""
    assert [] == open_work(Instance("x"))
