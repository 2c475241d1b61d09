"""workflow.md §11: subprocesses."""

from __future__ import annotations

from typing import Any

import pytest
from flow_story import Case, Company, approval, task, workflow

CHILD = workflow({"K1": task(), "K2": approval("k")}, "s>K1 K1>K2 K2>z", key="child")


def call(
    child: dict[str, Any] | None = None,
    company: Company | None = None,
    variables: dict[str, Any] | None = None,
    **settings: Any,
) -> Case:
    """Return a case at the subprocess P, followed by A."""
    definition = workflow({"P": {"type": "call", "workflow": "child", **settings}, "A": task()}, "s>P P>A A>z")
    return Case(definition, variables, library={"child": child or CHILD}, company=company)


def test_the_parent_waits() -> None:
    """sync: the parent waits until the child has ended; its work is addressed as P/K1."""
    case = call()
    assert (["P/K1"], "running") == (case.work, case.status)
    assert ["P/K2:k"] == case.do("complete", node="P/K1").work
    assert (["A"], {"P": "approved"}) == (case.approve("P/K2:k").work, case.outcome)


def test_in_and_out_mapping() -> None:
    """`in` maps child variable to an expression over the parent's variables, `out` parent variable over the child's."""
    settings = {"in": {"n": "quantity * 2"}, "out": {"total": "n + extra", "sku": "'K9'"}}
    case = call(variables={"quantity": 3, "sku": "K1"}, **settings).do("complete", node="P/K1", form={"extra": 1})

    assert {"n": 6, "extra": 1} == next(run.child.variables for run in case.instance.runs if run.child)
    assert "extra" not in case.variables
    case.approve("P/K2:k")
    assert {"total": 7, "sku": "K9", "quantity": 3}.items() <= case.variables.items()


def test_an_error_in_out_is_an_incident() -> None:
    """An `out` expression that cannot be evaluated stops the parent; a retry takes the results again."""
    case = call(out={"x": "n + 'a'"}, **{"in": {"n": "1"}}).do("complete", node="P/K1").approve("P/K2:k")
    assert ("incident", "P", "expression") == (case.status, case.instance.incident.node, case.instance.incident.reason)
    case.definition["nodes"]["P"]["out"]["x"] = "n"
    assert (["A"], 1) == (case.do("retry").work, case.variables["x"])


def test_a_child_that_ends_at_once() -> None:
    """A child that needs nobody ends in the same step."""
    assert ["A"] == call(workflow({"v": {"type": "set", "set": {"n": "1"}}}, "s>v v>z")).work


def test_an_asynchronous_child() -> None:
    """async: the child is an effect and the parent goes on."""
    case = call(wait=False, variables={"q": 2}, **{"in": {"n": "q"}})
    effect = next(effect for effect in case.effects if effect["type"] == "start_workflow")

    assert (["A"], "child", {"n": 2}, "u0") == (case.work, effect["workflow"], effect["variables"], effect["initiator"])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "u0"), ({"starter": "initiator"}, "u0"), ({"starter": "user:x"}, "x"), ({"starter": "field:owner"}, "o1"), ({"starter": "$owner"}, "o1"),
        ({"starter": "field:none", "empty": "admin"}, "root"), ({"starter": "field:none", "empty": "user:y"}, "y"), ({"starter": "field:none"}, None),
    ],
)  # fmt: skip
def test_the_starter(settings: dict[str, Any], expected: str | None) -> None:
    """Starter = initiator / field / fixed, with a fallback policy."""
    case = call(variables={"owner": "o1"}, **settings)

    if expected is None:
        assert ("incident", "no_starter") == (case.status, case.instance.incident.reason)
    else:
        assert expected == next(run.child.initiator for run in case.instance.runs if run.child)


def test_a_rejected_child_fails_the_parent() -> None:
    """Child rejected → fail: the parent is rejected."""
    case = call(on_reject="fail").do("complete", node="P/K1").do("reject", "k", "P/K2")

    assert ("rejected", {"P": "rejected"}) == (case.status, case.outcome)


def test_a_rejected_child_as_data() -> None:
    """Child rejected → continue with the outcome as data."""
    definition = workflow(
        {
            "P": {"type": "call", "workflow": "child", "on_reject": "continue"},
            "x": "exclusive",
            "N": task(),
            "Y": task(),
        },
        "s>P P>x x>N[P == 'reject'] x>Y* N>z Y>z",
    )
    case = Case(definition, library={"child": CHILD}).do("complete", node="P/K1").do("reject", "k", "P/K2")

    assert (["N"], {"P": "rejected"}) == (case.work, case.outcome)


def test_acts_on_an_ended_child_are_refused() -> None:
    """Later acts on an ended child are refused."""
    case = call().do("complete", node="P/K1").approve("P/K2:k")

    assert "ended" == case.refused("approve", "k", "P/K2")
    assert "unknown_node" == case.refused("approve", "k", "Q/K2")


def test_operations_reach_inside() -> None:
    """Every operation on a seat works inside a child: transfer, add-sign, return, retract."""
    case = call().do("complete", node="P/K1").do("transfer", "k", "P/K2", to="x")
    assert ["P/K2:x"] == case.work
    case.do("add_sign", "x", "P/K2", kind="before", users=["y"])
    assert ["P/K2:y"] == case.work
    case.approve("P/K2:y").do("return", "x", "P/K2", to="START")
    assert ["P/START:u0"] == case.work
    assert ["P/K1"] == case.do("resubmit", "u0", "P/START").work


def test_a_childs_notices_name_the_path() -> None:
    """Effects of a child name its node with the path, and its effects are answered by id."""
    child = workflow({"W": {"type": "webhook", "url": "u"}, "K": approval("k")}, "s>W W>K K>z")
    case = call(child)
    assert "P/W" == case.asked()[0]["node"]
    assert [("P/K", ["k"])] == case.answer({"n": 1}).notices("todo")
    assert {"W": {"n": 1}} == next(run.child.variables["result"] for run in case.instance.runs if run.child)


def test_a_childs_incident_is_the_parents() -> None:
    """An incident inside is shown outside with its path; a retry reaches it."""
    company = Company()
    case = call(workflow({"K": approval("role:late")}, "s>K K>z"), company=company)
    assert ("incident", "P/K", "no_approver") == (
        case.status,
        case.instance.incident.node,
        case.instance.incident.reason,
    )
    company.roles["role:late"] = ["x"]
    assert (["P/K:x"], "running") == (case.do("retry").work, case.status)


def test_a_childs_clock() -> None:
    """Clocks of children are due with the parent's, in one order."""
    child = workflow({"W": {"type": "timer", "after": "PT1H"}, "V": {"type": "timer", "after": "PT1H"}}, "s>W W>V V>z")
    definition = workflow(
        {
            "f": "parallel",
            "P": {"type": "call", "workflow": "child"},
            "T": {"type": "timer", "after": "PT90M"},
            "A": task(),
        },
        "s>f f>P f>T P>z T>A A>z",
    )
    case = Case(definition, library={"child": child})
    assert "2026-11-02T10:00:00+00:00" == case.instance.next_due()
    case.wait(hours=1, minutes=45)
    assert (["A"], "2026-11-02T11:00:00+00:00") == (case.work, case.instance.next_due())
    assert "completed" == case.wait(minutes=15).do("complete", node="A").status


def test_clocks_go_on_in_the_parent_at_the_childs_moment() -> None:
    """When a child ends by its clock the parent goes on at that moment."""
    child = workflow({"W": {"type": "timer", "after": "PT1H"}}, "s>W W>z")
    definition = workflow(
        {"P": {"type": "call", "workflow": "child"}, "T": {"type": "timer", "after": "PT1H"}, "A": task()},
        "s>P P>T T>A A>z",
    )

    assert ["A"] == Case(definition, library={"child": child}).wait(hours=2).work


def test_an_unknown_child_is_an_incident() -> None:
    """A child that nobody knows is an incident; once it is known, a retry starts it."""
    case = Case(workflow({"P": {"type": "call", "workflow": "new"}}, "s>P P>z"))
    assert ("incident", "unknown_workflow") == (case.status, case.instance.incident.reason)
    case.library["new"] = CHILD
    assert ["P/K1"] == case.do("retry").work


def test_a_running_child_needs_its_definition() -> None:
    """A step into a child whose definition is missing is refused."""
    case = call()
    case.library = {}

    assert "unknown_workflow" == case.refused("complete", node="P/K1")


def test_workflows_that_call_each_other_are_cut() -> None:
    """Workflows that call each other without end are cut at depth 8 and reported with the path."""
    ring = workflow({"P": {"type": "call", "workflow": "ring"}}, "s>P P>z", key="ring")
    case = Case(ring, library={"ring": ring})

    assert ("incident", "too_deep") == (case.status, case.instance.incident.reason)
    assert "P/P/P/P/P/P/P/P" in case.instance.incident.message
    assert 9 == len(case.instance.incident.node.split("/"))


def test_child_ids_are_distinct() -> None:
    """Each child has an id of its own, made from the parent's, the node and the round."""
    definition = workflow(
        {"f": "parallel", "x": "exclusive", "P": {"type": "call", "workflow": "child"}}, "s>f f>P f>x x>P P>z"
    )
    case = Case(definition, library={"child": CHILD})

    assert ["P/K1", "P/K1"] == case.work
    assert ["i1/P.1", "i1/P.2"] == [run.child.id for run in case.instance.runs if run.child]
    assert ["P/K1", "P/K2:k"] == case.do("complete", node="P/K1").work
    assert ["P/K2:k", "P/K2:k"] == case.do("complete", node="P/K1").work
