"""workflow.md §6: 退回 — targets, replay, direct, changed, and what a return leaves alone."""

from __future__ import annotations

import pytest
from flow_story import Case, approval, states, task, workflow

from workflows import return_targets, side_effects

LINE = workflow({"A": approval("a"), "B": approval("b"), "C": approval("c", "d")}, "s>A A>B B>C C>z")
# Two branches between a split and its join, a node before and one behind.
BLOCK = workflow(
    {
        "O": approval("o"),
        "f": "parallel",
        "A1": approval("a1"),
        "A2": approval("a2"),
        "B": approval("b"),
        "j": "parallel",
        "D": approval("d"),
    },
    "s>O O>f f>A1 A1>A2 A2>j f>B B>j j>D D>z",
)


def at_c() -> Case:
    """Return a case at the third of three approvals."""
    return Case(LINE).approve("A:a", "B:b")


# Targets


def test_targets_were_really_passed() -> None:
    """Targets are nodes that this instance really passed, upstream, plus START."""
    definition = workflow(
        {"x": "exclusive", "L": approval("l"), "R": approval("r"), "B": approval("b"), "C": approval("c")},
        "s>x x>L[big] x>R* L>B R>B B>C C>z",
    )
    case = Case(definition, {"big": True}).approve("L:l")

    assert "not_passed" == case.refused("return", "b", "B", to="R")
    assert "not_upstream" == case.refused("return", "b", "B", to="C")
    assert "not_upstream" == case.refused("return", "b", "B", to="B")
    assert "unknown_node" == case.refused("return", "b", "B", to="Q")
    assert "missing" == case.refused("return", "b", "B")
    assert ["L:l"] == case.do("return", "b", "B", to="L").work


def test_a_sibling_branch_is_not_upstream() -> None:
    """A node of a parallel sibling was passed but does not lie upstream."""
    case = Case(BLOCK).approve("O:o", "B:b")

    assert "not_upstream" == case.refused("return", "a1", "A1", to="B")


def test_return_to_limits_the_targets() -> None:
    """`return_to` limits the targets; START is always one."""
    definition = workflow(
        {"A": approval("a"), "B": approval("b"), "C": approval("c", return_to=["B"])}, "s>A A>B B>C C>z"
    )
    case = Case(definition).approve("A:a", "B:b")

    assert "return_not_allowed" == case.refused("return", "c", "C", to="A")
    assert ["B:b"] == case.do("return", "c", "C", to="B").work
    assert ["START:u0"] == Case(definition).approve("A:a", "B:b").do("return", "c", "C", to="START").work


@pytest.mark.parametrize("start", ["START", "s"])
def test_the_start_may_be_named_either_way(start: str) -> None:
    """START means that the initiator edits the form."""
    case = at_c().do("return", "c", "C", to=start)

    assert (["START:u0"], [("START", ["u0"])]) == (case.work, case.notices("todo"))


def test_who_may_return() -> None:
    """An open seat returns; without `user` only where no person holds the work."""
    case = at_c()
    assert "not_your_seat" == case.refused("return", "x", "C", to="A")
    assert "missing" == case.refused("return", node="C", to="A")
    tasks = Case(workflow({"A": approval("a"), "T": task()}, "s>A A>T T>z")).approve("A:a")
    assert ["A:a"] == tasks.do("return", node="T", to="A").work


# START


def test_resubmit_comes_from_the_initiator() -> None:
    """After a return to START the initiator, nobody else, submits again, and may write everything."""
    case = at_c().do("return", "c", "C", to="START")

    assert "not_initiator" == case.refused("resubmit", "a")
    assert ["A:a"] == case.do("resubmit", "u0", form={"quantity": 5}).work
    assert 5 == case.variables["quantity"]
    assert "not_returned" == case.refused("resubmit", "u0")


def test_start_may_limit_what_is_written() -> None:
    """A `write` list of the start node holds for the new submission."""
    definition = workflow({"s": {"type": "start", "write": ["note"]}, "A": approval("a")}, "s>A A>z")
    case = Case(definition).do("return", "a", "A", to="START")

    assert "not_writable" == case.refused("resubmit", "u0", form={"cost": 1})
    assert ["A:a"] == case.do("resubmit", "u0", form={"note": "x"}).work


# Replay


def test_replay_is_the_default() -> None:
    """Replay: the target is entered with round + 1 and every node in between decides again."""
    case = at_c().do("return", "c", "C", to="A")

    assert ["A:a"] == case.work
    assert {"c": "returned", "d": "cancelled"} == states(case, "C")
    assert [1, 2] == [run.round for run in case.instance.runs if run.node == "A"]
    assert ["B:b"] == case.approve("A:a").work
    assert ["C:c", "C:d"] == case.approve("B:b").work
    assert "completed" == case.approve("C:c", "C:d").status


def test_one_return_returns_the_whole_node() -> None:
    """A return inside 会签 by one person returns the whole node at once; the vote rule does not apply."""
    case = at_c().approve("C:c").do("return", "d", "C", to="B")

    assert (["B:b"], []) == (case.work, case.notices("decided"))
    assert "withdrawn" == case.refused("approve", "c", "C")


def test_what_was_withdrawn_does_not_count_as_passed() -> None:
    """After a replay to A, B has not been passed any more until it decides again."""
    case = at_c().do("return", "c", "C", to="A").approve("A:a")

    assert ["A:a"] == case.do("return", "b", "B", to="A").work
    assert "not_upstream" == case.refused("return", "a", "A", to="B")


def test_replay_withdraws_every_branch_behind_the_target() -> None:
    """Seats cancelled, tokens zeroed, clocks and children stopped: everything reachable from the target."""
    definition = workflow(
        {
            "O": approval("o"),
            "f": "parallel",
            "A": approval("a"),
            "B": approval("b"),
            "P": {"type": "call", "workflow": "k"},
            "W": {"type": "timer", "after": 60},
            "j": "parallel",
        },
        "s>O O>f f>A f>B f>P f>W A>j B>j P>j W>j j>z",
    )
    case = Case(definition, library={"k": workflow({"K": task()}, "s>K K>z")}).approve("O:o", "B:b")
    child = next(run.child for run in case.instance.runs if run.child)
    assert "running" == child.status

    case.do("return", "a", "A", to="O")
    assert (["O:o"], {}, []) == (case.work, case.instance.tokens, case.instance.timers)
    assert "cancelled" == next(run.child for run in case.instance.runs if run.child).status
    assert "unknown_effect" == case.refused("effect_done", effect="i1:99:webhook")
    assert ["A:a", "B:b", "P/K"] == case.approve("O:o").work


def test_return_inside_a_branch_leaves_the_sibling_alone() -> None:
    """A return inside a branch keeps the sibling's token at the join."""
    case = Case(BLOCK).approve("O:o", "B:b", "A1:a1").do("return", "a2", "A2", to="A1")

    assert ["A1:a1"] == case.work
    assert ["D:d"] == case.approve("A1:a1", "A2:a2").work


def test_return_from_behind_the_join_into_one_branch() -> None:
    """A return from behind the join into one branch replays it, and the join still opens."""
    case = Case(BLOCK).approve("O:o", "A1:a1", "A2:a2", "B:b").do("return", "d", "D", to="A2")

    assert ["A2:a2"] == case.work
    assert ["D:d"] == case.approve("A2:a2").work
    assert "completed" == case.approve("D:d").status


def test_return_from_behind_the_join_before_the_split() -> None:
    """A return from behind the join to before the split replays both branches."""
    case = Case(BLOCK).approve("O:o", "A1:a1", "A2:a2", "B:b").do("return", "d", "D", to="O").approve("O:o")

    assert ["A1:a1", "B:b"] == case.work
    assert "completed" == case.approve("A1:a1", "A2:a2", "B:b", "D:d").status


@pytest.mark.parametrize("n", [1, 2])
def test_return_into_a_branch_of_a_partial_join(n: int) -> None:
    """A partial join counts the arrivals of branches that were not returned, so that it can fire again."""
    definition = workflow(
        {"f": "parallel", "A": approval("a"), "B": approval("b"), "j": {"type": "join", "n": n}, "D": approval("d")},
        "s>f f>A f>B A>j B>j j>D D>z",
    )
    case = Case(definition).approve("A:a", "B:b").do("return", "d", "D", to="A")

    assert ["A:a"] == case.work
    assert ["D:d"] == case.approve("A:a").work
    assert "completed" == case.approve("D:d").status


def test_return_across_an_inclusive_join() -> None:
    """An inclusive join opens again after a return into one of its branches."""
    definition = workflow(
        {"f": "inclusive", "A": approval("a"), "B": approval("b"), "j": "inclusive", "D": approval("d")},
        "s>f f>A[True] f>B[True] A>j B>j j>D D>z",
    )
    case = Case(definition).approve("A:a", "B:b").do("return", "d", "D", to="A")

    assert ["A:a"] == case.work
    assert ["D:d"] == case.approve("A:a").work


def test_return_in_a_loop_keeps_what_came_before() -> None:
    """In a loop, what was passed before the target stays passed."""
    definition = workflow(
        {"A": approval("a"), "B": approval("b", write=["again"]), "x": "exclusive", "C": approval("c")},
        "s>A A>B B>x x>A[again] x>C* C>z",
    )
    case = Case(definition).approve("A:a").do("approve", "b", "B", form={"again": True}).approve("A:a")
    case.do("approve", "b", "B", form={"again": False}).do("return", "c", "C", to="B")

    assert ["B:b"] == case.work
    assert ["A:a"] == case.do("return", "b", "B", to="A").work


# Direct


def test_direct_comes_back_to_the_returning_node() -> None:
    """Direct: the returning node is held, the target opens again, and when it passes control jumps back."""
    case = at_c().approve("C:c").do("return", "d", "C", to="A", resume="direct")

    assert (["A:a"], "running", {"c": "approved", "d": "held"}) == (case.work, case.status, states(case, "C"))
    assert "held" == case.refused("approve", "d", "C")
    case.approve("A:a")
    assert (["C:d"], [("C", ["d"])]) == (case.work, case.notices("todo"))
    assert {"c": "approved", "d": "open"} == states(case, "C")
    assert "completed" == case.approve("C:d").status


def test_direct_freezes_every_open_seat() -> None:
    """Votes already given stay; every open seat, also that of the person who returned, is frozen and opens again."""
    case = at_c().do("return", "c", "C", to="B", resume="direct")

    assert {"c": "held", "d": "held"} == states(case, "C")
    assert ["C:c", "C:d"] == case.approve("B:b").work


def test_direct_to_start() -> None:
    """A direct return to START jumps back to the node that returned it."""
    case = at_c().do("return", "c", "C", to="START", resume="direct")

    assert ["START:u0"] == case.work
    assert ["C:c", "C:d"] == case.do("resubmit", "u0", form={"n": 1}).work


def test_direct_siblings_go_on_and_the_join_waits() -> None:
    """Sibling branches go on, the join waits."""
    case = Case(BLOCK).approve("O:o", "A1:a1").do("return", "a2", "A2", to="O", resume="direct")

    assert ["B:b", "O:o"] == case.work
    assert ["O:o"] == case.approve("B:b").work
    assert ["A2:a2"] == case.approve("O:o").work
    assert ["D:d"] == case.approve("A2:a2").work


def test_a_second_direct_return_stacks() -> None:
    """A second direct return while one is held: inner first."""
    case = at_c().do("return", "c", "C", to="B", resume="direct").do("return", "b", "B", to="A", resume="direct")

    assert ["A:a"] == case.work
    assert ["B:b"] == case.approve("A:a").work
    assert ["C:c", "C:d"] == case.approve("B:b").work
    assert "completed" == case.approve("C:c", "C:d").status


def test_rejecting_at_the_target_of_a_direct_return() -> None:
    """Who refuses at the reopened node rejects the instance; the held node goes with it."""
    case = at_c().do("return", "c", "C", to="A", resume="direct").do("reject", "a", "A")

    assert ("rejected", {"c": "cancelled", "d": "cancelled"}) == (case.status, states(case, "C"))


def test_a_replay_behind_a_direct_return_takes_both_away() -> None:
    """A sibling's replay that withdraws the held node withdraws the reopened one with it."""
    case = Case(BLOCK).approve("O:o", "A1:a1").do("return", "a2", "A2", to="A1", resume="direct")

    assert ["A1:a1", "B:b"] == case.work
    assert ["O:o"] == case.do("return", "b", "B", to="O").work
    assert "completed" == case.approve("O:o", "A1:a1", "A2:a2", "B:b", "D:d").status


def test_the_clocks_of_a_held_node_stand_still() -> None:
    """A held node's time limits stop and start anew when it opens again."""
    definition = workflow(
        {"A": approval("a"), "B": approval("b", timeout=[{"after": "PT1H", "action": "pass"}])}, "s>A A>B B>z"
    )
    case = Case(definition).approve("A:a").do("return", "b", "B", to="A", resume="direct").wait(hours=2)

    assert ["A:a"] == case.work
    assert ["B:b"] == case.approve("A:a").work
    assert "completed" == case.wait(hours=1).status


# How the way is chosen


@pytest.mark.parametrize(
    ("setting", "asked", "work"),
    [
        (None, None, ["B:b"]),
        (None, "direct", ["C:c"]),
        ("direct", None, ["C:c"]),
        ("replay", None, ["B:b"]),
        ("ask", "direct", ["C:c"]),
        ("ask", "replay", ["B:b"]),
        ("ask", None, ["B:b"]),
    ],
)
def test_resume_is_the_nodes_or_asked(setting: str | None, asked: str | None, work: list[str]) -> None:
    """`resume` of the node decides, with `ask` (or nothing said) the operation; the default is replay."""
    node = approval("c", **({"resume": setting} if setting else {}))
    case = Case(workflow({"A": approval("a"), "B": approval("b"), "C": node}, "s>A A>B B>C C>z")).approve("A:a", "B:b")
    case.do("return", "c", "C", to="A", **({"resume": asked} if asked else {}))

    assert work == case.approve("A:a").work


def test_a_fixed_resume_cannot_be_changed() -> None:
    """A node that fixes the way refuses another one, and an unknown one is refused."""
    definition = workflow({"A": approval("a"), "B": approval("b", resume="replay")}, "s>A A>B B>z")
    case = Case(definition).approve("A:a")

    assert "resume_fixed" == case.refused("return", "b", "B", to="A", resume="direct")
    assert "bad_resume" == case.refused("return", "b", "B", to="A", resume="backwards")


# Changed


CHANGED = workflow(
    {
        "A": approval("a", write=["quantity", "note"]),
        "B": approval("b", read=["quantity"]),
        "K": {"type": "create_record", "form": "f", "values": {"n": "note"}},
        "C": approval("c"),
    },
    "s>A A>B B>K K>C C>z",
)


def test_changed_passes_what_was_not_touched() -> None:
    """Changed: a node in between passes when none of the fields it reads changed since it decided."""
    case = (
        Case(CHANGED, {"quantity": 1, "note": "x"})
        .approve("A:a", "B:b")
        .answer({})
        .do("return", "c", "C", to="A", resume="changed")
    )

    case.do("approve", "a", "A", form={"quantity": 1})
    assert (["C:c"], 1) == (case.work, len(case.asked()))
    assert 2 == len(case.ops("unchanged"))


def test_changed_asks_where_something_changed() -> None:
    """A node decides again when a field that it reads changed; a side effect runs again when what it sends changed."""
    case = (
        Case(CHANGED, {"quantity": 1, "note": "x"})
        .approve("A:a", "B:b")
        .answer({})
        .do("return", "c", "C", to="A", resume="changed")
    )
    case.do("approve", "a", "A", form={"quantity": 2})

    assert ["B:b"] == case.work
    assert ["C:c"] == case.approve("B:b").work
    case = (
        Case(CHANGED, {"quantity": 1, "note": "x"})
        .approve("A:a", "B:b")
        .answer({})
        .do("return", "c", "C", to="A", resume="changed")
    )
    case.do("approve", "a", "A", form={"note": "y"})
    assert ([], 2) == (case.work, len(case.asked()))


def test_without_read_a_node_reads_everything() -> None:
    """A node without a `read` list reads every field."""
    definition = workflow({"A": approval("a", write=["n"]), "B": approval("b"), "C": approval("c")}, "s>A A>B B>C C>z")
    case = Case(definition, {"n": 1}).approve("A:a", "B:b").do("return", "c", "C", to="A", resume="changed")

    assert ["B:b"] == case.do("approve", "a", "A", form={"n": 2}).work
    case = Case(definition, {"n": 1}).approve("A:a", "B:b").do("return", "c", "C", to="A", resume="changed")
    assert ["C:c"] == case.approve("A:a").work


# Side effects


def test_side_effects_are_not_undone_but_listed() -> None:
    """Side effects that already ran are not undone; the return lists them in the log."""
    case = Case(CHANGED).approve("A:a", "B:b").answer({}).do("return", "c", "C", to="A")

    assert ["K"] == case.ops("return")[0]["kept"]
    assert 1 == len(case.asked())


def test_a_node_may_declare_what_undoes_it() -> None:
    """A node may declare `compensate`: the return asks for that effect and waits for nothing."""
    undo = {"type": "delete_record", "form": "f", "values": {"code": "result.K.code"}}
    definition = workflow(
        {
            "A": approval("a"),
            "K": {"type": "create_record", "form": "f", "values": {}, "compensate": undo},
            "C": approval("c"),
        },
        "s>A A>K K>C C>z",
    )
    case = Case(definition).approve("A:a").answer({"code": "R1"}).do("return", "c", "C", to="A")
    effect = case.asked()[-1]

    assert ("delete_record", {"code": "R1"}, "compensate") == (effect["type"], effect["values"], effect["reason"])
    assert ["A:a"] == case.do("effect_done", effect=effect["id"], result=None).work
    assert "unknown_effect" == case.refused("effect_done", effect=effect["id"], result=None)


def test_the_return_dialog() -> None:
    """The dialog lists the targets, START first, and the side effects that a return would not undo."""
    case = Case(CHANGED).approve("A:a", "B:b").answer({})

    assert ["START", "A", "B", "K"] == return_targets(CHANGED, case.instance, "C")
    assert (["K"], ["K"], []) == (
        side_effects(CHANGED, case.instance, "A"),
        side_effects(CHANGED, case.instance, "START"),
        side_effects(CHANGED, Case(CHANGED).instance, "START"),
    )
    for target in return_targets(CHANGED, case.instance, "C"):
        assert Case(CHANGED).approve("A:a", "B:b").answer({}).do("return", "c", "C", to=target).status == "running"


def test_changed_undoes_only_what_is_done_again() -> None:
    """With `changed`, what a node did is undone only when the node has to do it again."""
    undo = {"type": "delete_record", "form": "f", "values": {"code": "result.K.code"}}
    nodes = {
        "A": approval("a", write=["n"]),
        "K": {"type": "create_record", "form": "f", "values": {"n": "n"}, "compensate": undo},
        "C": approval("c"),
    }
    for value, kinds in ((1, ["create_record"]), (2, ["create_record", "delete_record", "create_record"])):
        case = Case(workflow(nodes, "s>A A>K K>C C>z"), {"n": 1}).approve("A:a").answer({"code": "R1"})
        case.do("return", "c", "C", to="A", resume="changed").do("approve", "a", "A", form={"n": value})
        assert kinds == [effect["type"] for effect in case.asked()]
