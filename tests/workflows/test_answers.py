"""workflow.md §8: rejection, 催办, 抄送, comments."""

from __future__ import annotations

from flow_story import Case, Company, approval, task, workflow


def test_reject_ends_the_instance() -> None:
    """reject: end (default): the instance is rejected, the outcome is data."""
    case = Case(workflow({"A": approval("a"), "B": approval("b")}, "s>A A>B B>z")).do("reject", "a", "A", comment="no")

    assert ("rejected", {"A": "rejected"}, []) == (case.status, case.outcome, case.work)


def test_reject_in_a_branch_withdraws_the_siblings() -> None:
    """Reject inside a parallel branch with `end` rejects the instance and withdraws siblings."""
    definition = workflow(
        {"f": "parallel", "A": approval("a"), "B": approval("b"), "T": task(), "j": "parallel"},
        "s>f f>A f>B f>T A>j B>j T>j j>z",
    )
    case = Case(definition).do("reject", "a", "A")

    assert ("rejected", [], [("B", ["b"])]) == (case.status, case.work, case.notices("withdrawn"))


def test_reject_goes_to_a_node() -> None:
    """reject: goto:N is an automatic replay return."""
    definition = workflow(
        {"A": approval("a"), "B": approval("b"), "C": approval("c", on_reject="goto:A")}, "s>A A>B B>C C>z"
    )
    case = Case(definition).approve("A:a", "B:b").do("reject", "c", "C")

    assert (["A:a"], "running") == (case.work, case.status)
    assert ["B:b"] == case.approve("A:a").work


def test_reject_goes_to_the_start() -> None:
    """goto:START gives the form back to its initiator."""
    case = Case(workflow({"A": approval("a", on_reject="goto:START")}, "s>A A>z")).do("reject", "a", "A")

    assert ["START:u0"] == case.work
    assert "completed" == case.do("resubmit", "u0").approve("A:a").status


def test_reject_to_a_node_not_passed_is_an_incident() -> None:
    """A target that was not passed cannot be returned to: an incident."""
    definition = workflow(
        {"x": "exclusive", "L": approval("l"), "B": approval("b", on_reject="goto:L")}, "s>x x>L[big] x>B* L>B B>z"
    )
    case = Case(definition).do("reject", "b", "B")

    assert ("incident", "not_passed") == (case.status, case.instance.incident.reason)


def test_reject_branches() -> None:
    """reject: branch: the outcome becomes data, conditions read it under the node's name, the flow goes on."""
    definition = workflow(
        {"A": approval("a", on_reject="branch"), "x": "exclusive", "Y": task(), "N": task()},
        "s>A A>x x>N[A == 'reject'] x>Y[A == 'pass'] Y>z N>z",
    )

    assert (["N"], "running") == ((case := Case(definition).do("reject", "a", "A")).work, case.status)
    assert {"A": "rejected"} == case.outcome
    assert ["Y"] == Case(definition).approve("A:a").work


def test_the_outcome_chooses_edges_of_the_approval_itself() -> None:
    """An approval's own edges may be chosen by its outcome."""
    definition = workflow(
        {"A": approval("a", on_reject="branch"), "Y": task(), "N": task()},
        "s>A A>Y[outcome.A == 'approved'] A>N* Y>z N>z",
    )

    assert ["N"] == Case(definition).do("reject", "a", "A").work
    assert ["Y"] == Case(definition).approve("A:a").work


# Urge


def test_urge_notifies_open_seats_only() -> None:
    """催办: notifies open seats only; no state changes; it is logged."""
    case = Case(workflow({"A": approval("a", "b", mode="sequential")}, "s>A A>z"))
    work = case.work
    case.do("urge", "u0", text="please")

    assert ([("A", ["a"])], work) == (case.notices("urge"), case.work)
    assert {"actor": "u0", "comment": "please", "node": "A"}.items() <= case.ops("urge")[0].items()


def test_urge_at_most_once_in_half_an_hour() -> None:
    """At most once per seat per interval (30 minutes)."""
    case = Case(workflow({"A": approval("a", "b", mode="sequential")}, "s>A A>z")).do("urge", "u0")

    assert "urged_recently" == case.later(minutes=29).refused("urge", "u0", "A")
    case.later(minutes=1).do("urge", "u0", "A")
    assert [("A", ["a"])] == case.notices("urge")
    case.approve("A:a").do("urge", "u0")
    assert [("A", ["b"])] == case.notices("urge")


def test_urge_interval_is_a_setting() -> None:
    """The interval is a setting of the workflow."""
    case = Case({**workflow({"A": approval("a")}, "s>A A>z"), "policy": {"urge_every": "PT5M"}}).do("urge", "u0")

    assert [("A", ["a"])] == case.later(minutes=5).do("urge", "u0").notices("urge")


def test_urge_one_node_or_all_and_children() -> None:
    """Without a node everybody with an open seat is told, in subprocesses too; without anybody it is refused."""
    child = workflow({"K": approval("k")}, "s>K K>z")
    definition = workflow(
        {"f": "parallel", "A": approval("a"), "B": approval("b"), "P": {"type": "call", "workflow": "c"}},
        "s>f f>A f>B f>P A>z B>z P>z",
    )
    case = Case(definition, library={"c": child}).do("urge", "u0", "B")

    assert [("B", ["b"])] == case.notices("urge")
    assert [("A", ["a"]), ("P/K", ["k"])] == case.do("urge", "u0").notices("urge")
    assert "nobody_to_urge" == Case(workflow({"W": {"type": "timer", "after": 9}}, "s>W W>z")).refused("urge", "u0")


# Copies


def test_a_copy_never_blocks() -> None:
    """抄送 never blocks; everybody behind the sources gets one copy."""
    case = Case(workflow({"c": {"type": "cc", "to": ["role:buyer", "x", "a"]}}, "s>c c>z"))

    assert ("completed", [("c", ["a", "b", "x"])]) == (case.status, case.notices("copy"))
    assert ["a", "b", "x"] == case.instance.copies


def test_one_copy_a_person_and_instance() -> None:
    """One copy per person per instance."""
    definition = workflow(
        {
            "c": {"type": "cc", "to": ["x", "y"]},
            "d": {"type": "cc", "to": ["y", "w"]},
            "e": {"type": "cc", "to": ["x"]},
        },
        "s>c c>d d>e e>z",
    )
    case = Case(definition)

    assert [("c", ["x", "y"]), ("d", ["w"])] == case.notices("copy")
    assert ["x", "y", "w"] == case.instance.copies


def test_copies_on_enter_pass_and_reject() -> None:
    """Copies are sent on enter, on pass or on reject."""
    node = approval(
        "a",
        on_reject="branch",
        cc=[{"on": "enter", "to": ["e"]}, {"on": "pass", "to": ["p"]}, {"on": "reject", "to": ["r"]}],
    )
    definition = workflow({"A": node}, "s>A A>z")

    assert [("A", ["e"])] == Case(definition).notices("copy")
    assert [("A", ["p"])] == Case(definition).approve("A:a").notices("copy")
    assert [("A", ["r"])] == Case(definition).do("reject", "a", "A").notices("copy")


def test_a_copy_to_nobody() -> None:
    """A copy to nobody, or to inactive people, is nothing."""
    case = Case(
        workflow({"c": {"type": "cc", "to": ["role:nobody", "gone"]}}, "s>c c>z"), company=Company(inactive={"gone"})
    )

    assert ("completed", [], []) == (case.status, case.notices("copy"), case.instance.copies)


def test_a_failed_delivery_never_stops_the_flow() -> None:
    """A failing delivery of a copy or notice is logged and changes nothing else."""
    case = Case(workflow({"c": {"type": "cc", "to": ["x"]}, "A": task()}, "s>c c>A A>z"))
    copy = next(effect for effect in case.effects if effect.get("reason") == "copy")
    case.do("effect_done", effect=copy["id"], error="mailbox full")

    assert (["A"], "running") == (case.work, case.status)
    assert "mailbox full" == case.ops("delivery_failed")[0]["comment"]


def test_reading_is_noted() -> None:
    """Reading = 已阅."""
    case = (
        Case(workflow({"c": {"type": "cc", "to": ["x"]}, "A": task()}, "s>c c>A A>z"))
        .do("read", "x", "c")
        .do("read", "x", "c")
    )

    assert (["x"], 1) == (case.instance.readers, len(case.ops("read")))


# Comments


def test_comments() -> None:
    """A comment is logged, changes nothing, is possible after the end too, and tells whom it mentions."""
    case = Case(workflow({"A": approval("a")}, "s>A A>z")).do("comment", "u0", "A", text="see @x", users=["x"])

    assert (["A:a"], [("A", ["x"])]) == (case.work, case.notices("mention"))
    assert {"actor": "u0", "comment": "see @x", "node": "A"}.items() <= case.ops("comment")[0].items()
    assert "missing" == case.refused("comment", "u0")
    assert "completed" == case.approve("A:a").do("comment", "a", text="done").status


def test_the_notify_node() -> None:
    """A notify node asks for a message to its people and goes on."""
    case = Case(
        workflow(
            {"n": {"type": "notify", "to": ["initiator", "x"], "text": "下单了", "values": {"n": "quantity * 2"}}},
            "s>n n>z",
        ),
        {"quantity": 4},
    )
    effect = next(effect for effect in case.effects if effect["type"] == "notify")

    assert ("completed", ["u0", "x"], "下单了", {"n": 8}) == (
        case.status,
        effect["to"],
        effect["text"],
        effect["values"],
    )
