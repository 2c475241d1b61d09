"""workflow.md §4: 加签 and 减签."""

from __future__ import annotations

import pytest
from flow_story import Case, Company, approval, states, task, workflow


def at_a(*people: str, company: Company | None = None, **settings: object) -> Case:
    """Return a case that stands at the one approval A."""
    return Case(workflow({"A": approval(*(people or ("a",)), **settings)}, "s>A A>z"), company=company)


def sign(case: Case, user: str, kind: str, *users: str, **keys: object) -> Case:
    """Add approvers."""
    return case.do("add_sign", user, "A", kind=kind, users=list(users), **keys)


# Before


def test_before_my_seat_waits_for_the_group() -> None:
    """Before: my seat waits; the group is true, and my seat opens again."""
    case = sign(at_a(), "a", "before", "x", "y")

    assert (["A:x", "A:y"], [("A", ["x", "y"])]) == (case.work, case.notices("todo"))
    assert "not_open" == case.refused("approve", "a", "A")
    case.approve("A:x")
    assert ["A:y"] == case.work
    case.approve("A:y")
    assert (["A:a"], [("A", ["a"])]) == (case.work, case.notices("todo"))
    assert "completed" == case.approve("A:a").status


def test_before_group_false_counts_as_my_refusal() -> None:
    """Before: group false counts as my refusal."""
    case = sign(at_a(), "a", "before", "x").do("reject", "x", "A")

    assert ("rejected", {"a": "rejected", "x": "rejected"}) == (case.status, states(case, "A"))


def test_my_refusal_by_the_group_is_one_vote_only() -> None:
    """Before, in mode any with or_reject all: the group's refusal is one refusal, others may still agree."""
    case = sign(at_a("a", "b", mode="any", or_reject="all"), "a", "before", "x").do("reject", "x", "A")

    assert ("running", ["A:b"]) == (case.status, case.work)
    assert "completed" == case.approve("A:b").status


@pytest.mark.parametrize(
    ("mode", "answers", "work"),
    [
        ("any", [("approve", "x")], ["A:a"]),
        ("any", [("reject", "x")], ["A:y"]),
        ("any", [("reject", "x"), ("approve", "y")], ["A:a"]),
        ("all", [("approve", "x")], ["A:y"]),
        ("all", [("approve", "x"), ("approve", "y")], ["A:a"]),
        ("sequential", [], ["A:x"]),
        ("sequential", [("approve", "x")], ["A:y"]),
        ("sequential", [("approve", "x"), ("approve", "y")], ["A:a"]),
    ],
)
def test_the_group_decides_by_its_own_method(mode: str, answers: list[tuple[str, str]], work: list[str]) -> None:
    """The group decides by any, all or sequential, whatever the node's mode; once decided, the rest is cancelled."""
    case = sign(at_a(), "a", "before", "x", "y", mode=mode)
    for op, user in answers:
        case.do(op, user, "A")

    assert work == case.work


def test_the_rest_of_a_decided_group_is_cancelled() -> None:
    """Once the group has decided, its others may not act any more."""
    case = sign(at_a(), "a", "before", "x", "y", mode="any").approve("A:x")

    assert {"a": "open", "x": "approved", "y": "cancelled"} == states(case, "A")


# After


def test_after_means_i_agree_and_you_must_too() -> None:
    """After: my seat is approved, the node waits for the group."""
    case = sign(at_a(), "a", "after", "x")

    assert ({"a": "approved", "x": "open"}, "running", ["A:x"]) == (states(case, "A"), case.status, case.work)
    assert "completed" == case.approve("A:x").status


def test_after_group_false_is_a_refusal() -> None:
    """After: group false is a refusal."""
    assert "rejected" == sign(at_a(), "a", "after", "x").do("reject", "x", "A").status


def test_after_in_mode_any_waits_for_the_group() -> None:
    """In mode any the node does not pass before the group agreed."""
    case = sign(at_a("a", "b", mode="any"), "a", "after", "x")

    assert ("running", ["A:b", "A:x"]) == (case.status, case.work)
    assert "completed" == case.approve("A:x").status


def test_after_in_mode_any_another_may_pass() -> None:
    """In mode any somebody else's agreement passes the node while my group still thinks."""
    case = sign(at_a("a", "b", mode="any"), "a", "after", "x").approve("A:b")

    assert ("completed", "cancelled") == (case.status, states(case, "A")["x"])


def test_after_in_sequential_order() -> None:
    """In sequential mode the next person waits until my group has agreed."""
    case = sign(at_a("a", "b", mode="sequential"), "a", "after", "x")

    assert ["A:x"] == case.work
    assert ["A:b"] == case.approve("A:x").work


# Parallel


@pytest.mark.parametrize(
    ("settings", "answers", "status"),
    [
        ({"mode": "all"}, ["a", "b"], "running"),
        ({"mode": "all"}, ["a", "b", "x"], "completed"),
        ({"mode": "any"}, ["x"], "completed"),
        ({"mode": "ratio", "ratio": "1/2"}, ["a"], "running"),
        ({"mode": "ratio", "ratio": "1/2"}, ["a", "x"], "completed"),
        ({"mode": "count", "count": 2}, ["a"], "running"),
        ({"mode": "count", "count": 2}, ["a", "x"], "completed"),
    ],
)
def test_parallel_is_an_equal_seat(settings: dict, answers: list[str], status: str) -> None:
    """Parallel: all → N+1, ratio → denominator N+1, any → one more candidate, count → k stays."""
    case = sign(at_a("a", "b", **settings), "a", "parallel", "x")
    for user in answers:
        case.approve(f"A:{user}")

    assert status == case.status


def test_parallel_leaves_my_seat_open() -> None:
    """My own seat stays open."""
    assert ["A:a", "A:x"] == sign(at_a(), "a", "parallel", "x").work


def test_parallel_in_sequential_order_comes_directly_after_me() -> None:
    """Sequential: directly after me."""
    case = sign(at_a("a", "b", mode="sequential"), "a", "parallel", "x")

    assert ["A:a"] == case.work
    assert ["A:x"] == case.approve("A:a").work
    assert ["A:b"] == case.approve("A:x").work
    assert "completed" == case.approve("A:b").status


def test_parallel_inside_a_group() -> None:
    """A member of a group who adds beside himself adds an equal member of the group."""
    case = sign(sign(at_a(), "a", "before", "x"), "x", "parallel", "y")

    assert ["A:x", "A:y"] == case.work
    assert ["A:y"] == case.approve("A:x").work
    assert ["A:a"] == case.approve("A:y").work


# What must be refused


def test_an_existing_approver_is_refused() -> None:
    """An existing living approver of the node is refused, one who has already decided too, and myself."""
    case = at_a("a", "b", "c").approve("A:b")

    for user in ("a", "b", "c"):
        assert "already_approver" == case.refused("add_sign", "a", "A", kind="before", users=[user])


def test_a_removed_approver_may_be_added_again() -> None:
    """A seat that is gone does not stand in the way."""
    case = sign(at_a(), "a", "before", "x").do("remove_sign", "a", "A", users=["x"])

    assert ["A:x"] == sign(case, "a", "before", "x").work


def test_before_and_after_on_one_seat() -> None:
    """Before and after on the same seat are refused."""
    case = sign(at_a(), "a", "before", "x").approve("A:x")

    assert "both_groups" == case.refused("add_sign", "a", "A", kind="after", users=["y"])


def test_not_my_seat_or_not_open() -> None:
    """Acting on a seat that is not mine or not open is refused."""
    case = sign(at_a("a", "b"), "a", "before", "x")

    assert "not_your_seat" == case.refused("add_sign", "stranger", "A", kind="before", users=["y"])
    assert "not_open" == case.refused("add_sign", "a", "A", kind="before", users=["y"])


@pytest.mark.parametrize(("kind", "group"), [("before", ["A:y"]), ("after", ["A:y"]), ("parallel", ["A:x", "A:y"])])
def test_an_added_person_may_add_one_level(kind: str, group: list[str]) -> None:
    """Add-sign by a person who was himself added: allowed one level."""
    case = sign(sign(at_a(), "a", "before", "x"), "x", kind, "y")

    assert group == case.work
    assert "too_deep" == case.refused("add_sign", "y", "A", kind="before", users=["w"])


def test_the_levels_are_a_setting() -> None:
    """How many levels added people may add is a setting of the node."""
    case = sign(at_a(add_sign_levels=0), "a", "before", "x")

    assert "too_deep" == case.refused("add_sign", "x", "A", kind="before", users=["y"])


def test_other_refusals() -> None:
    """Nobody chosen, an inactive person, an unknown kind or mode, and a task are refused."""
    case = at_a(company=Company(inactive={"gone"}))

    assert "missing" == case.refused("add_sign", "a", "A", kind="before", users=[])
    assert "inactive" == case.refused("add_sign", "a", "A", kind="before", users=["gone"])
    assert "bad_kind" == case.refused("add_sign", "a", "A", kind="beside", users=["x"])
    assert "bad_mode" == case.refused("add_sign", "a", "A", kind="before", users=["x"], mode="most")
    tasks = Case(workflow({"A": task("a")}, "s>A A>z"))
    assert "not_an_approval" == tasks.refused("add_sign", "a", "A", kind="before", users=["x"])


# Removing


def test_only_people_i_added_who_have_not_acted() -> None:
    """减签: only people I added, and only while they have not acted."""
    case = sign(at_a("a", "b"), "a", "before", "x", "y")

    assert "not_added_by_you" == case.refused("remove_sign", "b", "A", users=["x"])
    assert "not_added_by_you" == case.refused("remove_sign", "a", "A", users=["b"])
    assert "not_added_by_you" == case.refused("remove_sign", "a", "A", users=["nobody"])
    case.approve("A:x")
    assert "already_decided" == case.refused("remove_sign", "a", "A", users=["x"])
    assert ["A:a", "A:b"] == case.do("remove_sign", "a", "A", users=["y"]).work


@pytest.mark.parametrize("kind", ["before", "after"])
def test_without_the_last_one_my_seat_reopens(kind: str) -> None:
    """The last one removed: my seat reopens, undecided."""
    case = sign(at_a(), "a", kind, "x", "y").do("remove_sign", "a", "A", users=["x"])

    assert ["A:y"] == case.work
    case.do("remove_sign", "a", "A", users=["y"])
    assert (["A:a"], "running") == (case.work, case.status)
    assert "completed" == case.approve("A:a").status


def test_removing_may_decide() -> None:
    """Removing the one who was still missing lets the votes that are there decide."""
    case = sign(at_a("a", "b"), "a", "parallel", "x").approve("A:a", "A:b")

    assert "running" == case.status
    assert "completed" == case.do("remove_sign", "a", "A", users=["x"]).status


def test_a_removed_person_is_told() -> None:
    """Whoever is removed is told."""
    case = sign(at_a(), "a", "before", "x").do("remove_sign", "a", "A", users=["x"])

    assert [("A", ["x"])] == case.notices("withdrawn")


def test_removing_after_the_end_of_the_node() -> None:
    """When the node has decided there is nothing to remove."""
    case = Case(workflow({"A": approval("a", "b", mode="any"), "B": approval("c")}, "s>A A>B B>z"))
    sign(case, "a", "parallel", "x").approve("A:b")

    assert "already_decided" == case.refused("remove_sign", "a", "A", users=["x"])


def test_timeouts_apply_to_seats_of_groups() -> None:
    """Timeouts apply to the open seats, also of groups."""
    case = sign(
        at_a(timeout=[{"after": "PT1H", "action": "remind"}, {"after": "PT2H", "action": "pass"}]), "a", "before", "x"
    )

    assert [("A", ["x"])] == case.wait(hours=1).notices("remind")
    assert ("completed", {"a": "auto", "x": "cancelled"}) == (case.wait(hours=1).status, states(case, "A"))


def test_a_timeout_answers_for_an_after_group() -> None:
    """A timeout answers for the undecided of an after group too: refusal refuses."""
    limits = [{"after": "PT2H", "action": "reject"}]
    case = sign(at_a(timeout=limits), "a", "after", "x").wait(hours=2)

    assert ("rejected", {"a": "approved", "x": "rejected"}) == (case.status, states(case, "A"))


def test_add_sign_is_logged() -> None:
    """Who added whom, how, is in the log."""
    row = sign(at_a(), "a", "before", "x", mode="any").ops("add_sign")[0]

    assert {"actor": "a", "kind": "before", "users": ["x"], "mode": "any", "node": "A"}.items() <= row.items()
