"""workflow.md §9: 自动通过 (去重) and its guards."""

from __future__ import annotations

from typing import Any

import pytest
from flow_story import Case, Company, approval, states, task, workflow


def run(
    nodes: dict[str, Any],
    edges: str,
    variables: dict[str, Any] | None = None,
    company: Company | None = None,
    **policy: Any,
) -> Case:
    """Return a case of a workflow with that policy."""
    return Case({**workflow(nodes, edges), "policy": policy}, variables, company=company)


ABA = ({"A": approval("a"), "B": approval("b"), "C": approval("a")}, "s>A A>B B>C C>z")
AA = ({"A": approval("a", write=["n"]), "B": approval("a", write=["n", "m"])}, "s>A A>B B>z")


@pytest.mark.parametrize(
    ("policy", "passes_aa", "passes_aba"),
    [
        ({}, False, False),
        ({"dedupe": "none"}, False, False),
        ({"dedupe": "consecutive"}, True, False),
        ({"dedupe": "earlier"}, True, True),
    ],
)
def test_policies(policy: dict, *, passes_aa: bool, passes_aba: bool) -> None:
    """None (default) / consecutive (somebody else in between breaks it) / earlier (agreed anywhere before)."""
    assert passes_aa is (run(*AA, **policy).approve("A:a").status == "completed")
    assert passes_aba is (run(*ABA, **policy).approve("A:a", "B:b").status == "completed")


def test_the_result_is_a_seat_in_state_auto() -> None:
    """The seat is `auto`; reason and source vote are logged."""
    case = run(*AA, dedupe="consecutive").approve("A:a")
    source = next(seat.id for run_ in case.instance.runs if run_.node == "A" for seat in run_.seats)

    assert {"a": "auto"} == states(case, "B")
    assert {"reason": "dedupe", "source": source, "node": "B", "after": "auto"}.items() <= case.ops("auto")[0].items()
    assert {"A": "approved", "B": "approved"} == case.outcome


def test_a_chain_of_the_same_person() -> None:
    """A seat that passed by itself stands for the vote behind it: a chain of one person passes at once."""
    nodes = {key: approval("a") for key in "ABCD"}

    assert "completed" == run(nodes, "s>A A>B B>C C>D D>z", dedupe="consecutive").approve("A:a").status


@pytest.mark.parametrize(
    ("node", "policy", "passes"),
    [
        ("none", "consecutive", False),
        ("inherit", "consecutive", True),
        ("consecutive", "none", True),
        ("earlier", "none", True),
    ],
)
def test_the_nodes_own_setting(node: str, policy: str, *, passes: bool) -> None:
    """A node inherits the workflow's policy or has its own."""
    case = run({"A": approval("a"), "B": approval("a", dedupe=node)}, "s>A A>B B>z", dedupe=policy).approve("A:a")

    assert passes is (case.status == "completed")


def test_gateways_and_data_in_between_do_not_break_it() -> None:
    """Only people in between break it."""
    nodes = {"A": approval("a"), "x": "exclusive", "v": {"type": "set", "set": {"k": "1"}}, "B": approval("a")}

    assert "completed" == run(nodes, "s>A A>x x>v* v>B B>z", dedupe="consecutive").approve("A:a").status


@pytest.mark.parametrize(("user", "passes"), [("a", True), ("x", False)])
def test_a_task_in_between(user: str, *, passes: bool) -> None:
    """A task by somebody else in between breaks it, the same person's does not."""
    case = run({"A": approval("a"), "T": task(user), "B": approval("a")}, "s>A A>T T>B B>z", dedupe="consecutive")

    assert passes is (case.approve("A:a").do("complete", user, "T").status == "completed")


def test_the_way_that_was_taken_counts() -> None:
    """The preceding node is the one on the way that was taken, not one drawn beside it."""
    nodes = {"A": approval("a"), "x": "exclusive", "L": approval("l"), "B": approval("a")}
    edges = "s>A A>x x>L[big] x>B* L>B B>z"

    assert ["B:a"] == run(nodes, edges, {"big": True}, dedupe="consecutive").approve("A:a", "L:l").work
    assert "completed" == run(nodes, edges, dedupe="consecutive").approve("A:a").status


def test_a_parallel_sibling_does_not_count() -> None:
    """Earlier: an agreement on a parallel sibling does not count; behind the join it does."""
    nodes = {
        "f": "parallel",
        "A": approval("a"),
        "B1": approval("b"),
        "B2": approval("a"),
        "j": "parallel",
        "D": approval("a"),
    }
    case = run(nodes, "s>f f>A f>B1 B1>B2 A>j B2>j j>D D>z", dedupe="earlier").approve("A:a", "B1:b")

    assert ["B2:a"] == case.work
    assert "completed" == case.approve("B2:a").status


def test_behind_a_join_every_preceding_node_counts() -> None:
    """Consecutive behind a join: the person must have decided every branch's last node."""
    nodes = {"f": "parallel", "A": approval("a"), "B": approval("b"), "j": "parallel", "D": approval("a")}

    assert ["D:a"] == run(nodes, "s>f f>A f>B A>j B>j j>D D>z", dedupe="consecutive").approve("A:a", "B:b").work


# The submission


def test_submit_counts() -> None:
    """`submit_counts` lets the initiator's submission count."""
    nodes = {"A": approval("u0"), "B": approval("b")}

    assert ["A:u0"] == run(nodes, "s>A A>B B>z", dedupe="consecutive").work
    assert ["B:b"] == run(nodes, "s>A A>B B>z", dedupe="consecutive", submit_counts=True).work
    late = {"B": approval("b"), "A": approval("u0")}
    assert ["A:u0"] == run(late, "s>B B>A A>z", dedupe="consecutive", submit_counts=True).approve("B:b").work
    assert "completed" == run(late, "s>B B>A A>z", dedupe="earlier", submit_counts=True).approve("B:b").status


# Guards


def test_watched_fields_must_be_unchanged() -> None:
    """Watched fields unchanged since that vote; others may change."""
    nodes = {"A": approval("a"), "T": task("a"), "B": approval("a")}
    edges = "s>A A>T T>B B>z"

    for form, passes in (({"n": 2}, False), ({"n": 1}, True), ({"m": 2}, True)):
        case = (
            run(nodes, edges, {"n": 1}, dedupe="consecutive", watch=["n"])
            .approve("A:a")
            .do("complete", "a", "T", form=form)
        )
        assert passes is (case.status == "completed")


def test_the_vote_counts_with_what_it_wrote() -> None:
    """What the vote itself wrote is what was agreed to."""
    case = run(*AA, {"n": 1}, dedupe="consecutive", watch=["n"])

    assert "completed" == case.do("approve", "a", "A", form={"n": 9}).status


def test_not_after_a_return() -> None:
    """Round 1 only: in the returned-to node and later nothing passes by itself."""
    nodes = {"A": approval("a"), "B": approval("a", "c"), "C": approval("a"), "D": approval("d")}
    case = run(nodes, "s>A A>B B>C C>D D>z", dedupe="earlier").approve("A:a", "B:c")
    assert ["D:d"] == case.work
    case.do("return", "d", "D", to="A").approve("A:a")
    assert ["B:a", "B:c"] == case.work
    assert ["C:a"] == case.approve("B:a", "B:c").work


def test_later_nodes_first_entered_after_a_return() -> None:
    """A later node that is entered for the first time after a return does not pass by itself either."""
    nodes = {"A": approval("a"), "B": approval("b"), "C": approval("a")}
    case = (
        run(nodes, "s>A A>B B>C C>z", dedupe="earlier")
        .approve("A:a")
        .do("return", "b", "B", to="A")
        .approve("A:a", "B:b")
    )

    assert ["C:a"] == case.work


def test_not_in_a_second_round_of_a_loop() -> None:
    """A node that a loop enters again is decided again."""
    nodes = {"A": approval("a"), "B": approval("a"), "T": task(), "x": "exclusive"}
    case = (
        run(nodes, "s>A A>B B>T T>x x>B[again] x>z*", dedupe="earlier")
        .approve("A:a")
        .do("complete", node="T", form={"again": True})
    )

    assert ["B:a"] == case.work


def test_not_what_the_clock_decided() -> None:
    """The earlier vote must be an approval by the person: not auto by timeout."""
    nodes = {"A": approval("a", timeout=[{"after": 60, "action": "pass"}]), "B": approval("a")}

    assert ["B:a"] == run(nodes, "s>A A>B B>z", dedupe="earlier").wait(seconds=60).work


def test_not_advice() -> None:
    """A helper's advice is not his approval."""
    nodes = {"A": approval("a"), "B": approval("x")}
    case = run(nodes, "s>A A>B B>z", dedupe="earlier").do("delegate", "a", "A", to="x").approve("A:x", "A:a")

    assert ["B:x"] == case.work


def test_not_a_refusal() -> None:
    """A refusal that branched on is not an approval."""
    nodes = {"A": approval("a", on_reject="branch"), "B": approval("a")}

    assert ["B:a"] == run(nodes, "s>A A>B B>z", dedupe="earlier").do("reject", "a", "A").work


def test_not_a_task() -> None:
    """Having done a task is not having approved."""
    assert ["B:a"] == run({"A": task("a"), "B": approval("a")}, "s>A A>B B>z", dedupe="earlier").do(
        "complete", "a", "A"
    ).work


def test_the_new_holder_voted() -> None:
    """After a transfer the new person's vote is the new person's."""
    nodes = {"A": approval("a"), "B": approval("a", "x")}
    case = run(nodes, "s>A A>B B>z", dedupe="consecutive").do("transfer", "a", "A", to="x").approve("A:x")

    assert ["B:a"] == case.work


def test_an_agents_vote_is_the_principals() -> None:
    """What an agent agreed to for another is not the agent's own agreement."""
    nodes = {"A": approval("a"), "B": approval("x")}
    case = run(nodes, "s>A A>B B>z", company=Company(agents={"a": "x"}), dedupe="consecutive").approve("A:x")
    assert ["B:x"] == case.work
    same = run(
        {"A": approval("a"), "B": approval("a")},
        "s>A A>B B>z",
        company=Company(agents={"a": "x"}),
        dedupe="consecutive",
    )
    assert "completed" == same.approve("A:x").status


# Where it applies


def test_in_countersign_to_that_seat_only() -> None:
    """In 会签 it applies to that seat only."""
    case = run({"A": approval("a"), "B": approval("a", "b")}, "s>A A>B B>z", dedupe="consecutive").approve("A:a")

    assert (["B:b"], {"a": "auto", "b": "open"}) == (case.work, states(case, "B"))


def test_in_any_mode_it_decides() -> None:
    """In 或签 the seat that passes by itself decides the node."""
    assert (
        "completed"
        == run({"A": approval("a"), "B": approval("a", "b", mode="any")}, "s>A A>B B>z", dedupe="consecutive")
        .approve("A:a")
        .status
    )


def test_in_sequential_order_when_the_seat_opens() -> None:
    """In sequential mode it applies when the seat opens."""
    nodes = {"A": approval("a"), "B": approval("b", "a", "c", mode="sequential")}
    case = run(nodes, "s>A A>B B>z", dedupe="consecutive").approve("A:a")
    assert {"b": "open", "a": "wait", "c": "wait"} == states(case, "B")
    assert {"b": "approved", "a": "auto", "c": "open"} == states(case.approve("B:b"), "B")


def test_added_approvers_are_always_asked() -> None:
    """Somebody who was added on purpose is asked."""
    nodes = {"A": approval("x"), "B": approval("b")}
    case = (
        run(nodes, "s>A A>B B>z", dedupe="earlier").approve("A:x").do("add_sign", "b", "B", kind="before", users=["x"])
    )

    assert ["B:x"] == case.work
