"""workflow.md §5: 转交, 委派, 代理, 交接."""

from __future__ import annotations

from flow_story import Case, Company, approval, states, task, workflow


def at_a(*people: str, company: Company | None = None, **settings: object) -> Case:
    """Return a case that stands at the one approval A."""
    return Case(workflow({"A": approval(*(people or ("a",)), **settings)}, "s>A A>z"), company=company)


# Transfer


def test_transfer_gives_the_seat_away() -> None:
    """转交: the new person holds the seat and the owner is the first holder; it does not come back."""
    case = at_a().do("transfer", "a", "A", to="x")

    assert (["A:x"], [("A", ["x"])]) == (case.work, case.notices("todo"))
    assert ("x", "a") == (case.instance.runs[-1].seats[0].user, case.instance.runs[-1].seats[0].owner)
    assert "not_your_seat" == case.refused("approve", "a", "A")
    assert "not_yours" == case.refused("take_back", "a", "A")
    assert "completed" == case.approve("A:x").status


def test_the_new_persons_vote_counts_as_his() -> None:
    """The vote counts as the new person's: the log names no principal."""
    case = at_a().do("transfer", "a", "A", to="x").approve("A:x")

    assert "on_behalf_of" not in case.ops("approve")[0]


def test_transfer_twice_keeps_the_first_holder() -> None:
    """The owner of a seat that moves on stays the first holder."""
    case = at_a().do("transfer", "a", "A", to="x").do("transfer", "x", "A", to="y")

    assert ("y", "a") == (case.instance.runs[-1].seats[0].user, case.instance.runs[-1].seats[0].owner)


def test_transfer_refusals() -> None:
    """Self, an existing approver, and an inactive person are refused."""
    case = at_a("a", "b", company=Company(inactive={"gone"}))

    assert "self" == case.refused("transfer", "a", "A", to="a")
    assert "already_approver" == case.refused("transfer", "a", "A", to="b")
    assert "inactive" == case.refused("transfer", "a", "A", to="gone")
    assert "missing" == case.refused("transfer", "a", "A")


def test_a_task_is_transferred_too() -> None:
    """A task's seat can be given away."""
    case = Case(workflow({"A": task("a")}, "s>A A>z")).do("transfer", "a", "A", to="x")

    assert "completed" == case.do("complete", "x", "A").status


# Delegate


def test_delegation_comes_back_with_advice() -> None:
    """委派: the helper holds the seat; it comes back; any answer of the helper is advice; the vote is mine."""
    for answer in ("approve", "reject"):
        case = at_a("a", "b").do("delegate", "a", "A", to="x")
        assert (["A:b", "A:x"], [("A", ["x"])]) == (case.work, case.notices("todo"))
        case.do(answer, "x", "A", comment="I would")
        assert (["A:a", "A:b"], "running") == (case.work, case.status)
        assert [("A", ["a"])] == case.notices("todo")
        assert "completed" == case.approve("A:a", "A:b").status
        assert "a" == case.ops("approve")[-2]["actor"]


def test_delegation_refusals() -> None:
    """Self, an existing approver and an inactive person are refused, and the helper may only answer."""
    case = at_a("a", "b", company=Company(inactive={"gone"}))

    assert "self" == case.refused("delegate", "a", "A", to="a")
    assert "already_approver" == case.refused("delegate", "a", "A", to="b")
    assert "inactive" == case.refused("delegate", "a", "A", to="gone")
    case.do("delegate", "a", "A", to="x")
    assert "advice_only" == case.refused("transfer", "x", "A", to="y")
    assert "advice_only" == case.refused("delegate", "x", "A", to="y")
    assert "advice_only" == case.refused("add_sign", "x", "A", kind="before", users=["y"])
    assert "advice_only" == case.refused("return", "x", "A", to="START")
    assert "not_your_seat" == case.refused("approve", "a", "A")


def test_a_delegated_task_comes_back() -> None:
    """A helper who does a task gives advice; its holder completes it."""
    case = Case(workflow({"A": task("a")}, "s>A A>z")).do("delegate", "a", "A", to="x").do("complete", "x", "A")

    assert (["A:a"], "running") == (case.work, case.status)
    assert "completed" == case.do("complete", "a", "A").status


def test_advice_is_logged() -> None:
    """The advice is in the log."""
    case = at_a().do("delegate", "a", "A", to="x").do("reject", "x", "A", comment="no")

    assert {"actor": "x", "advice": "rejected", "comment": "no"}.items() <= case.ops("advice")[0].items()


# Agent


def test_the_principal_may_take_back() -> None:
    """代理: ending the agency leaves old seats with the agent; the principal may take back."""
    company = Company(agents={"a": "x"})
    case = at_a(company=company)
    company.agents.clear()

    assert ["A:x"] == case.do("comment", "a", text="back again").work
    assert "not_yours" == case.refused("take_back", "b", "A")
    assert (["A:a"], [("A", ["x"])]) == (case.do("take_back", "a", "A").work, case.notices("withdrawn"))
    assert "not_your_seat" == case.refused("approve", "x", "A")
    assert "on_behalf_of" not in case.approve("A:a").ops("approve")[0]


def test_the_principal_may_take_back_from_a_helper() -> None:
    """A delegated seat can be taken back before the helper answers, not after the decision."""
    case = at_a().do("delegate", "a", "A", to="x").do("take_back", "a", "A")

    assert ["A:a"] == case.work
    assert "not_yours" == case.refused("take_back", "a", "A")


def test_an_agent_may_delegate() -> None:
    """What an agent delegates comes back to the agent; the principal may take it from the helper."""
    company = Company(agents={"a": "x"})
    case = at_a(company=company).do("delegate", "x", "A", to="y").approve("A:y")

    assert ["A:x"] == case.work
    assert "a" == case.approve("A:x").ops("approve")[0]["on_behalf_of"]
    case = at_a(company=company).do("delegate", "x", "A", to="y")
    assert ["A:a"] == case.do("take_back", "a", "A").work


# Hand-over


def test_handover_moves_every_undecided_seat() -> None:
    """交接: all open and waiting seats of the one who leaves move; the vote is the new person's."""
    definition = workflow(
        {"p": "parallel", "A": approval("b", "a", mode="sequential"), "B": approval("a"), "T": task("a")},
        "s>p p>A p>B p>T A>z B>z T>z",
    )
    case = Case(definition).do("handover", "a", to="x")

    assert ["A:b", "B:x", "T:x"] == case.work
    assert {"b": "open", "x": "wait"} == states(case, "A")
    assert "completed" == case.approve("A:b", "A:x", "B:x").do("complete", "x", "T").status
    assert "on_behalf_of" not in case.ops("approve")[-1]


def test_handover_never_makes_a_second_seat() -> None:
    """A person who already has a seat on the node does not get a second one."""
    case = at_a("a", "b").do("handover", "a", to="b")

    assert (["A:b"], {"a": "cancelled", "b": "open"}) == (case.work, states(case, "A"))
    assert "completed" == case.approve("A:b").status


def test_handover_may_decide() -> None:
    """When the receiver has already agreed, nothing of the one who leaves is missing any more."""
    assert "completed" == at_a("a", "b").approve("A:b").do("handover", "a", to="b").status


def test_handover_flags_future_nodes() -> None:
    """Future static approvers are flagged."""
    definition = workflow({"A": approval("b"), "B": approval("user:a", "c"), "C": approval("a")}, "s>A A>B B>C C>z")

    assert ["B", "C"] == Case(definition).do("handover", "a", to="x").ops("handover")[0]["flagged"]


def test_handover_of_a_returned_form_and_of_held_seats() -> None:
    """A form that waits for its initiator, and a frozen seat, go over too."""
    definition = workflow({"A": approval("a")}, "s>A A>z")
    case = Case(definition, initiator="u0").do("return", "a", "A", to="START", resume="direct")

    assert ["START:x"] == case.do("handover", "u0", to="x").work
    assert ["A:y"] == case.do("handover", "a", to="y").do("resubmit", "x").work


def test_handover_refusals() -> None:
    """Oneself and an inactive receiver are refused; a person without seats is no error."""
    case = at_a(company=Company(inactive={"gone"}))

    assert "self" == case.refused("handover", "a", to="a")
    assert "inactive" == case.refused("handover", "a", to="gone")
    assert ["A:a"] == case.do("handover", "nobody", to="x").work


def test_handover_reaches_children() -> None:
    """Seats in subprocesses move too."""
    child = workflow({"K": approval("a")}, "s>K K>z")
    case = Case(workflow({"P": {"type": "call", "workflow": "c"}}, "s>P P>z"), library={"c": child})

    assert ["P/K:x"] == case.do("handover", "a", to="x").work


def test_a_delegation_of_a_leaver_comes_back_to_the_receiver() -> None:
    """What the one who leaves has delegated comes back to the receiver."""
    case = at_a().do("delegate", "a", "A", to="h").do("handover", "a", to="x")

    assert ["A:x"] == case.approve("A:h").work


def test_handover_repeats_harmlessly() -> None:
    """It runs in batches and can be resumed: once more changes no seat."""
    case = at_a("a", "b").do("handover", "a", to="x")

    assert case.work == case.do("handover", "a", to="x").work
