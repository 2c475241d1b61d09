"""workflow.md §7: recall, the vote taken back, revocation after completion, cancel; suspend and resume."""

from __future__ import annotations

import pytest
from flow_story import Case, Company, approval, states, task, workflow

LINE = workflow({"A": approval("a", "b"), "B": approval("c"), "C": approval("d")}, "s>A A>B B>C C>z")


def line(**policy: object) -> Case:
    """Return a case at the first of three approvals."""
    return Case({**LINE, "policy": policy})


# Recall


@pytest.mark.parametrize(
    ("policy", "votes", "reason"),
    [
        ({}, [], None),
        ({}, ["A:a"], "acted"),
        ({"recall": "before_first"}, [], None),
        ({"recall": "before_first"}, ["A:a"], "acted"),
        ({"recall": "never"}, [], "recall_never"),
        ({"recall": "anytime"}, ["A:a", "A:b"], None),
    ],
)
def test_recall(policy: dict, votes: list[str], reason: str | None) -> None:
    """Initiator's recall: never / before anybody acted (default) / any time while running."""
    case = line(**policy).approve(*votes)

    if reason:
        assert reason == case.refused("recall", "u0")
    else:
        assert ("recalled", []) == (case.do("recall", "u0").status, case.work)


def test_only_the_initiator_recalls() -> None:
    """Nobody but the initiator recalls, and nothing that has ended."""
    assert "not_initiator" == line().refused("recall", "a")
    assert "ended" == line(recall="anytime").do("recall", "u0").refused("recall", "u0")


def test_what_counts_as_having_acted() -> None:
    """A return, a task done and an answer as advice count; what passed by itself, an urge or a comment do not."""
    for act in (
        lambda case: case.do("return", "a", "A", to="START"),
        lambda case: case.do("delegate", "a", "A", to="x").do("approve", "x", "A"),
        lambda case: case.do("reject", "a", "A"),
    ):
        case = Case(workflow({"A": approval("a", "b", collect=True)}, "s>A A>z"))
        assert "acted" == act(case).refused("recall", "u0")
    assert "acted" == Case(workflow({"A": task(), "B": task()}, "s>A A>B B>z")).do("complete", node="A").refused(
        "recall", "u0"
    )
    quiet = Case(workflow({"A": approval("u0", self="skip"), "B": approval("b")}, "s>A A>B B>z"))
    assert "recalled" == quiet.do("urge", "u0").do("comment", "b", text="?").do("recall", "u0").status


def test_acting_in_a_child_counts() -> None:
    """Somebody acted inside a subprocess: too late."""
    child = workflow({"K": approval("a"), "L": approval("a")}, "s>K K>L L>z")
    case = Case(workflow({"P": {"type": "call", "workflow": "c"}}, "s>P P>z"), library={"c": child}).approve("P/K:a")

    assert "acted" == case.refused("recall", "u0")


# The vote taken back


def test_retract_inside_an_undecided_node() -> None:
    """拿回: inside an undecided 会签 it just takes the vote back."""
    case = line().approve("A:a").do("retract", "a", "A")

    assert ["A:a", "A:b"] == case.work
    assert ["B:c"] == case.approve("A:b", "A:a").work


def test_retract_of_a_decided_node() -> None:
    """Until anyone acted after it, the node is undecided again; downstream seats are cancelled."""
    case = line().approve("A:a", "A:b").do("retract", "b", "A")

    assert (["A:b"], {"c": "cancelled"}) == (case.work, states(case, "B"))
    assert {} == case.outcome
    assert [("B", ["c"])] == case.notices("withdrawn")
    assert "completed" == case.approve("A:b", "B:c", "C:d").status


def test_retract_reopens_whom_the_decision_had_cancelled() -> None:
    """Those who were cancelled by the decision may act again."""
    case = Case(workflow({"A": approval("a", "b", mode="any"), "B": approval("c")}, "s>A A>B B>z"))
    case.approve("A:a").do("retract", "a", "A")

    assert ["A:a", "A:b"] == case.work
    assert ["B:c"] == case.approve("A:b").work


def test_one_vote_downstream_blocks() -> None:
    """One vote downstream blocks it, even if that node is open."""
    definition = workflow({"A": approval("a"), "B": approval("c", "d")}, "s>A A>B B>z")

    assert "acted_after" == Case(definition).approve("A:a", "B:c").refused("retract", "a", "A")
    assert "acted_after" == line().approve("A:a", "A:b", "B:c").refused("retract", "a", "A")


def test_a_side_effect_or_child_downstream_blocks() -> None:
    """A side effect or a child node that ran after mine blocks it; a copy, a notice or a query does not."""
    child = workflow({"K": task()}, "s>K K>z")
    for node, blocked in (
        ({"type": "create_record", "form": "f", "values": {}}, True),
        ({"type": "webhook", "url": "u"}, True),
        ({"type": "call", "workflow": "c"}, True),
        ({"type": "query_records", "form": "f"}, False),
    ):
        case = Case(workflow({"A": approval("a"), "K": node}, "s>A A>K K>z"), library={"c": child}).approve("A:a")
        if blocked:
            assert "acted_after" == case.refused("retract", "a", "A")
        else:
            assert ["A:a"] == case.do("retract", "a", "A").work
    told = workflow(
        {
            "A": approval("a"),
            "n": {"type": "notify", "to": ["x"]},
            "c": {"type": "cc", "to": ["y"]},
            "B": approval("b"),
        },
        "s>A A>n n>c c>B B>z",
    )
    assert ["A:a"] == Case(told).approve("A:a").do("retract", "a", "A").work


def test_who_may_retract() -> None:
    """Only who decided, and not what passed by itself."""
    case = line().approve("A:a")

    assert "not_decided" == case.refused("retract", "b", "A")
    assert "not_decided" == case.refused("retract", "x", "A")
    auto = Case(
        {
            **workflow({"A": approval("a"), "B": approval("a"), "C": approval("c")}, "s>A A>B B>C C>z"),
            "policy": {"dedupe": "consecutive"},
        }
    )
    auto.approve("A:a")
    assert "auto" == auto.refused("retract", "a", "B")


def test_retract_across_a_join() -> None:
    """A vote that opened a join is taken back: the sibling's token waits there again."""
    definition = workflow(
        {"f": "parallel", "A": approval("a"), "B": approval("b"), "j": "parallel", "D": approval("d")},
        "s>f f>A f>B A>j B>j j>D D>z",
    )
    case = Case(definition).approve("B:b", "A:a").do("retract", "a", "A")

    assert ["A:a"] == case.work
    assert ["D:d"] == case.approve("A:a").work


def test_retract_of_a_task() -> None:
    """Who did a task may take it back, as long as nobody acted after it."""
    case = (
        Case(workflow({"A": task("a", "b"), "B": approval("c")}, "s>A A>B B>z"))
        .do("complete", "a", "A")
        .do("retract", "a", "A")
    )

    assert ["A:a", "A:b"] == case.work


def test_retract_with_an_after_group() -> None:
    """With people added after me: they go, as long as none of them has acted."""
    case = Case(workflow({"A": approval("a", "b")}, "s>A A>z"))
    case.do("add_sign", "a", "A", kind="after", users=["x", "y"])
    assert ["A:a", "A:b"] == case.do("retract", "a", "A").work
    case.do("add_sign", "a", "A", kind="after", users=["x", "y"]).approve("A:x")
    assert "cannot_retract" == case.refused("retract", "a", "A")


def test_retract_in_sequence() -> None:
    """In sequential order the earlier person is asked again first."""
    case = (
        Case(workflow({"A": approval("a", "b", mode="sequential")}, "s>A A>z")).approve("A:a").do("retract", "a", "A")
    )

    assert (["A:a"], {"a": "open", "b": "wait"}) == (case.work, states(case, "A"))


def test_the_clocks_of_a_retracted_node_run_again() -> None:
    """A node that is undecided again has its time limits again."""
    definition = workflow(
        {"A": approval("a", timeout=[{"after": 60, "action": "pass"}]), "B": approval("b")}, "s>A A>B B>z"
    )
    case = Case(definition).approve("A:a").do("retract", "a", "A")

    assert ["B:b"] == case.wait(seconds=60).work


# Revocation


def completed(**policy: object) -> Case:
    """Return a case that three people have approved."""
    return Case({**LINE, "policy": policy}).approve("A:a", "A:b", "B:c", "C:d")


def test_revocation_asks_the_original_approvers() -> None:
    """通过后撤销: status revoking, the original approvers consent, then it is recalled."""
    case = completed().do("revoke", "u0")

    assert ("revoking", ["REVOKE:a", "REVOKE:b", "REVOKE:c", "REVOKE:d"]) == (case.status, case.work)
    case.approve("REVOKE:a", "REVOKE:b", "REVOKE:c")
    assert "revoking" == case.status
    assert "recalled" == case.approve("REVOKE:d").status


def test_refused_means_completed_again() -> None:
    """Refused: completed again, nobody is asked any more, and it may be asked again."""
    case = completed().do("revoke", "u0").approve("REVOKE:a").do("reject", "b", "REVOKE")

    assert ("completed", []) == (case.status, case.work)
    assert "revoking" == case.do("revoke", "u0").status


def test_revocation_may_be_configured() -> None:
    """Or a configured list, or never; recall on a completed instance does the same where it is configured."""
    assert ["REVOKE:x"] == completed(revoke=["user:x"]).do("recall", "u0").work
    assert "cannot_revoke" == completed(revoke="never").refused("revoke", "u0")
    assert "ended" == completed().refused("recall", "u0")
    assert "not_initiator" == completed().refused("revoke", "a")
    assert "running" == line().refused("revoke", "u0")


def test_revocation_without_approvers() -> None:
    """Where nobody had to approve, the initiator's word is enough."""
    case = Case(workflow({"A": task()}, "s>A A>z")).do("complete", node="A").do("revoke", "u0")

    assert "recalled" == case.status


# Cancel, suspend, resume


def test_cancel_needs_a_reason() -> None:
    """Cancel: any time, a reason is required."""
    case = line()

    assert "missing" == case.refused("cancel", "root")
    assert ("cancelled", []) == (case.do("cancel", "root", comment="wrong SKU").status, case.work)
    assert "wrong SKU" == case.ops("cancelled")[0]["comment"]


def test_cancel_cancels_children() -> None:
    """Cancelling cancels the child instances, in them too."""
    library = {
        "c": workflow({"Q": {"type": "call", "workflow": "d"}}, "s>Q Q>z"),
        "d": workflow({"K": task()}, "s>K K>z"),
    }
    case = Case(workflow({"P": {"type": "call", "workflow": "c"}}, "s>P P>z"), library=library)
    assert ["P/Q/K"] == case.work
    case.do("cancel", "root", comment="stop")
    child = next(run.child for run in case.instance.runs if run.child)
    assert "cancelled" == child.status
    assert "cancelled" == next(run.child for run in child.runs if run.child).status
    assert "ended" == case.refused("complete", node="P/Q/K")


def test_cancel_without_the_childs_definition() -> None:
    """A child whose definition is gone can still be cancelled."""
    case = Case(
        workflow({"P": {"type": "call", "workflow": "c"}}, "s>P P>z"), library={"c": workflow({"K": task()}, "s>K K>z")}
    )
    case.library = {}

    assert "cancelled" == case.do("cancel", "root", comment="stop").status


@pytest.mark.parametrize("state", ["incident", "suspended", "revoking"])
def test_cancel_any_time(state: str) -> None:
    """An instance with an incident, a suspended or a revoking one can be cancelled."""
    if state == "incident":
        case = Case(workflow({"A": approval("role:nobody")}, "s>A A>z"))
    elif state == "suspended":
        case = line().do("suspend", "root")
    else:
        case = completed().do("revoke", "u0")
    assert state == case.status
    assert "cancelled" == case.do("cancel", "root", comment="stop").status


def test_suspended_instances_stand_still() -> None:
    """Suspended: nobody may act and no clock fires; resumed it is as it was."""
    definition = workflow({"A": approval("a", timeout=[{"after": 60, "action": "pass"}])}, "s>A A>z")
    case = Case(definition)
    work = case.work
    case.do("suspend", "root")

    for op in ("approve", "reject", "return", "recall", "transfer", "suspend", "retract", "urge"):
        assert "suspended" == case.refused(op, "a", "A")
    assert ("suspended", work) == (case.wait(hours=1).status, case.work)
    assert "running" == case.do("resume", "root").status
    assert "completed" == case.do("advance_time").status
    assert "running" == line().refused("resume", "root")


def test_an_answer_to_a_suspended_instance_is_kept() -> None:
    """The answer of an effect is not lost while the instance is suspended; it counts when it goes on."""
    case = (
        Case(workflow({"K": {"type": "webhook", "url": "u"}, "A": task()}, "s>K K>A A>z"))
        .do("suspend", "root")
        .answer({"ok": 1})
    )

    assert ("suspended", []) == (case.status, case.work)
    assert "unknown_effect" == case.refused("effect_done", effect=case.asked()[0]["id"], result=2)
    assert ["A"] == case.do("resume", "root").work
    assert {"ok": 1} == case.variables["result"]["K"]


def test_suspend_keeps_an_incident() -> None:
    """An instance with an incident has it again when it is resumed."""
    case = (
        Case(workflow({"A": approval("role:nobody")}, "s>A A>z"), company=Company())
        .do("suspend", "root")
        .do("resume", "root")
    )

    assert "incident" == case.status
