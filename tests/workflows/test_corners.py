"""Corners that the stories of the other files do not come to: each was once a fault that no test noticed."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flow_story import NINE, Case, Company, WorkWeek, approval, states, task, workflow

from workflows import Refused, check_workflow, prepare, start, test_run
from workflows.graph import Graph
from workflows.plain import plain
from workflows.refusal import Trouble
from workflows.soundness import simulation


def seat(case: Case, node: str, user: str) -> Any:
    """Return the newest seat of *user* at *node*."""
    return next(
        one for run in reversed(case.instance.runs) if run.node == node for one in run.seats if one.user == user
    )


def test_why_a_seat_is_gone() -> None:
    """A seat says why it is in its state when no person decided it."""
    case = Case(workflow({"A": approval("a", "b", mode="any"), "B": approval("c")}, "s>A A>B B>z"))
    case.do("add_sign", "a", "A", kind="parallel", users=["x"]).do("remove_sign", "a", "A", users=["x"])
    assert "removed" == seat(case, "A", "x").reason
    case.do("handover", "b", to="y")
    assert "handover" == seat(case, "A", "y").via
    case.approve("A:a")
    assert "decided" == seat(case, "A", "y").reason
    case.do("cancel", "root", comment="x")
    assert "cancelled" == seat(case, "B", "c").reason


def test_a_task_may_choose_the_next_approver() -> None:
    """Whoever does a task may choose whom `previous` means; a single name is enough."""
    definition = workflow({"T": task("t"), "B": approval("previous")}, "s>T T>B B>z")

    assert ["B:x"] == Case(definition).do("complete", "t", "T", users=["x"]).work
    assert ["B:y"] == Case(definition).do("complete", "t", "T", next="y").work


def test_a_ring_above_the_initiator_ends() -> None:
    """Superiors that form a ring of their own are each asked once."""
    company = Company(superiors={"u0": "s1", "s1": "s2", "s2": "s1"})

    assert ["A:s1", "A:s2"] == Case(workflow({"A": approval("chain:9")}, "s>A A>z"), company=company).work


def test_the_row_names_the_starter_of_its_child() -> None:
    """The child of a row may be started by whom the row names."""
    definition = workflow(
        {"M": {"type": "each", "each": "rows", "workflow": "c", "starter": "field:row.owner"}}, "s>M M>z"
    )
    case = Case(
        definition, {"rows": [{"owner": "x"}, {"owner": "y"}]}, library={"c": workflow({"T": task()}, "s>T T>z")}
    )

    assert ["x", "y"] == [run.child.initiator for run in case.instance.runs if run.child]


def test_who_was_escalated_to_counts_as_added() -> None:
    """A superior who was added by the clock may add one level, no more."""
    node = approval("a", timeout=[{"after": 60, "action": "escalate"}])
    case = Case(workflow({"A": node}, "s>A A>z")).wait(minutes=1).do("add_sign", "s1", "A", kind="before", users=["x"])

    assert "too_deep" == case.refused("add_sign", "x", "A", kind="before", users=["y"])


def test_a_side_branch_survives_a_cancelling_join() -> None:
    """What leaves the block and never comes to the join is not between split and join."""
    definition = workflow(
        {"f": "parallel", "A": task(), "B": task(), "g": "parallel", "E": task(), "j": {"type": "join", "n": 1, "split": "f", "cancel": True}, "D": task()},
        "s>f f>A f>g g>B g>E A>j B>j E>z j>D D>z",
    )  # fmt: skip
    case = Case(definition).do("complete", node="A")

    assert ["D", "E"] == case.work


@pytest.mark.parametrize(
    ("node", "path"),
    [
        ({"type": "each", "each": "rows +"}, "$.nodes.X.each"),
        ({"type": "each", "each": "rows", "until": "done +"}, "$.nodes.X.until"),
        ({"type": "each", "each": "rows", "until": "done"}, "$.nodes.X.until"),
        ({"type": "each", "each": "rows", "workflow": "c", "in": {"k": "row +"}}, "$.nodes.X.in.k"),
        ({"type": "call", "workflow": "c", "in": {"k": "n +"}}, "$.nodes.X.in.k"),
        ({"type": "timer", "from": "n +", "after": 1}, "$.nodes.X.from"),
        ({"type": "notify", "to": ["x"], "values": {"k": "n +"}}, "$.nodes.X.values.k"),
        ({"type": "update_record", "form": "f", "record": "n +", "values": {}}, "$.nodes.X.record"),
        ({"type": "update_record", "form": "f", "where": {"k": "n +"}, "values": {}}, "$.nodes.X.where.k"),
        ({"type": "delete_record", "form": "f", "record": "n +"}, "$.nodes.X.record"),
        ({"type": "query_records", "form": "f", "where": {"k": "n +"}}, "$.nodes.X.where.k"),
        ({"type": "webhook", "url": "u", "body": {"k": "n +"}}, "$.nodes.X.body.k"),
        ({"type": "webhook", "url": "u", "values": {"k": "n +"}}, "$.nodes.X.values.k"),
        ({"type": "replenish", "values": {"k": "n +"}}, "$.nodes.X.values.k"),
    ],
)
def test_every_expression_of_a_node_is_checked(node: dict[str, Any], path: str) -> None:
    """Publishing reads every expression that a node will evaluate."""
    assert [path] == [problem.path for problem in check_workflow(workflow({"X": node}, "s>X X>z"))]


def test_refusals_inside_a_child_keep_their_reason() -> None:
    """A step into a child is refused for the child's own reason, and changes nothing in it."""
    child = workflow({"K": approval("k", write=["n"], required_on={"approve": ["m"]})}, "s>K K>z")
    case = Case(workflow({"P": {"type": "call", "workflow": "c"}}, "s>P P>z"), library={"c": child})

    assert "not_your_seat" == case.refused("approve", "x", "P/K")
    assert "required" == case.refused("approve", "k", "P/K", form={"n": 1})
    assert {} == next(run.child.variables for run in case.instance.runs if run.child)


def test_the_deadline_is_the_first_entry_that_decides() -> None:
    """`before` counts back from the first entry that is no reminder."""
    limits = [
        {"after": "PT1H", "action": "remind"},
        {"after": "PT5H", "action": "pass"},
        {"before": "PT1H", "action": "remind"},
    ]
    case = Case(workflow({"A": approval("a", timeout=limits)}, "s>A A>z")).wait(hours=4)

    assert ["10:00", "13:00"] == [effect["due"][11:16] for effect in case.effects if effect.get("reason") == "remind"]


def test_before_without_a_deadline_is_nothing() -> None:
    """Without a deadline or a date there is nothing to count back from."""
    case = Case(workflow({"A": approval("a", timeout=[{"before": "PT1H", "action": "remind"}])}, "s>A A>z"))

    assert [] == case.instance.timers


def test_rows_inside_a_child_in_a_test_run() -> None:
    """A test run does the rows inside a child, with people and without, and the rows' children."""
    child = workflow(
        {"M": {"type": "each", "each": "rows", "approvers": ["a"]}, "N": {"type": "each", "each": "rows"}},
        "s>M M>N N>z",
        key="c",
    )
    definition = workflow(
        {
            "P": {"type": "call", "workflow": "c", "in": {"rows": "rows"}},
            "M": {"type": "each", "each": "rows", "approvers": ["b"], "write": ["n"]},
        },
        "s>P P>M M>z",
    )
    result = test_run(
        definition,
        {"rows": [1, 2]},
        initiator="u0",
        now=NINE,
        directory=Company(),
        library={"c": child},
        answers={"M": [{"n": 1}, {"n": 2}]},
    )

    assert ("completed", 2, []) == (result["status"], result["variables"]["n"], result["refusals"])


def test_prepared_definitions_walk_the_same() -> None:
    """A prepared definition, also of a child, gives the same instance and effects."""
    child = workflow({"K": approval("k")}, "s>K K>z", key="c")
    definition = workflow({"P": {"type": "call", "workflow": "c"}, "A": approval("a")}, "s>P P>A A>z")
    plainly = start(definition, {}, initiator="u0", now=NINE, directory=Company(), library={"c": child})

    assert plainly == start(
        prepare(definition), {}, initiator="u0", now=NINE, directory=Company(), library={"c": prepare(child)}
    )


def test_what_refusals_and_troubles_say() -> None:
    """Both languages are in the text; a message may be left out."""
    assert "为什么 / why" == str(Refused("r", "为什么", "why"))
    assert ("r", "r", "r") == (str(Refused("r")), Refused("r").message, Refused("r").message_en)
    assert "坏了 / broken" == str(Trouble("r", "坏了", "broken"))


def test_an_outcome_survives_a_changed_return() -> None:
    """A node that passes unchanged keeps its outcome and who decided."""
    nodes = {"A": approval("a", write=["n"]), "B": approval("b", on_reject="branch", read=["m"]), "C": approval("c")}
    case = Case(workflow(nodes, "s>A A>B B>C C>z"), {"n": 1}).approve("A:a").do("reject", "b", "B")
    case.do("return", "c", "C", to="A", resume="changed").do("approve", "a", "A", form={"n": 2})
    run = next(run for run in reversed(case.instance.runs) if run.node == "B")

    assert ("rejected", "b", ["C:c"]) == (run.outcome, run.by, case.work)


def test_sequential_seats_of_an_added_group_wait_their_turn() -> None:
    """In a sequential group the later person may not act, and is told when the turn comes."""
    case = Case(workflow({"A": approval("a")}, "s>A A>z")).do(
        "add_sign", "a", "A", kind="after", users=["x", "y"], mode="sequential"
    )
    assert ("not_open", [("A", ["x"])]) == (case.refused("approve", "y", "A"), case.notices("todo"))
    assert {"a": "approved", "x": "approved", "y": "open"} == states(case.approve("A:x"), "A")


def test_the_rest_of_a_decided_group_is_told() -> None:
    """Who was asked in a group that has decided is told that it is no longer needed."""
    case = (
        Case(workflow({"A": approval("a")}, "s>A A>z"))
        .do("add_sign", "a", "A", kind="before", users=["x", "y"], mode="any")
        .approve("A:x")
    )

    assert [("A", ["y"])] == case.notices("decided")


def test_a_group_of_another_does_not_stop_passing_by_itself() -> None:
    """Whose turn comes after somebody with a before group still passes by himself."""
    nodes = {"A": approval("b"), "B": approval("a", "b", mode="sequential")}
    definition = {**workflow(nodes, "s>A A>B B>z"), "policy": {"dedupe": "earlier"}}
    case = Case(definition).approve("A:b").do("add_sign", "a", "B", kind="before", users=["x"]).approve("B:x", "B:a")

    assert "completed" == case.status
    assert "auto" == seat(case, "B", "b").state


def test_the_status_of_a_returned_run() -> None:
    """The run that returned is `returned`, what passed before it is `undone`, and compensation is logged."""
    undo = {"type": "delete_record", "form": "f"}
    nodes = {
        "A": approval("a"),
        "K": {"type": "create_record", "form": "f", "values": {}, "compensate": undo},
        "C": approval("c"),
    }
    case = Case(workflow(nodes, "s>A A>K K>C C>z")).approve("A:a").answer({}).do("return", "c", "C", to="A")

    assert [("s", "done"), ("A", "undone"), ("K", "undone"), ("C", "returned"), ("A", "active")] == [
        (run.node, run.status) for run in case.instance.runs
    ]
    assert ["K"] == [row["node"] for row in case.ops("compensated")]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("completed", "已完成"),
        ("rejected", "已被驳回"),
        ("recalled", "已撤回"),
        ("cancelled", "已取消"),
        ("suspended", "已暂停"),
        ("revoking", "正在撤销"),
        ("running", "运行中"),
        ("incident", "出了异常"),
    ],
)
def test_a_refusal_says_what_the_instance_is(status: str, words: str) -> None:
    """An operation that comes at the wrong time is told in words what the instance has come to."""
    case = Case({**workflow({"A": approval("a"), "B": approval("b")}, "s>A A>B B>z"), "policy": {"recall": "anytime"}})
    case.definition["edges"][0]["condition"] = "IF_NULL(broken, False) == False"
    {
        "completed": lambda: case.approve("A:a", "B:b"),
        "rejected": lambda: case.do("reject", "a", "A"),
        "recalled": lambda: case.do("recall", "u0"),
        "cancelled": lambda: case.do("cancel", "root", comment="x"),
        "suspended": lambda: case.do("suspend", "root"),
        "revoking": lambda: case.approve("A:a", "B:b").do("revoke", "u0"),
        "running": lambda: case,
        "incident": lambda: case.do("return", "a", "A", to="START").do("resubmit", "u0", form={"broken": True}),
    }[status]()
    op = "resume" if status in {"running", "incident"} else "retract"
    with pytest.raises(Refused) as caught:
        case.do(op, "a", "A")

    assert status == case.status
    assert (words in caught.value.message, status in caught.value.message_en) == (True, True)


def test_an_exclusive_gateway_takes_one_way_only() -> None:
    """The simulation knows that an exclusive gateway never takes two ways, and an inclusive one may."""
    edges = "s>m m>A A>x x>m[n > 1] x>y[n > 0] x>z* y>z"
    nodes: dict[str, Any] = {"m": "exclusive", "A": task(), "y": task()}

    assert [] == check_workflow(workflow({**nodes, "x": "exclusive"}, edges))
    assert check_workflow(workflow({**nodes, "x": "inclusive"}, edges))


def test_the_simulation_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its limit of states the simulation stops and says that it has not seen all."""
    monkeypatch.setattr(simulation, "MAX_STATES", 5)
    nodes = {f"N{number}": task() for number in range(20)}
    edges = "s>N0 " + " ".join(f"N{number}>N{number + 1}" for number in range(19)) + " N19>z"
    found = simulation.explore(Graph(workflow(nodes, edges)))

    assert (6, False) == (found.states, found.complete)


def test_more_sound_workflows() -> None:
    """Cancelling joins, also in loops, rows as numbers, and many conditions are understood by the check."""
    three = {"f": "parallel", "A": task(), "B": task(), "C": task(), "D": task()}
    between = "f>A f>B f>C A>j B>j C>j"
    cancelling = {"type": "join", "n": 2, "split": "f", "cancel": True}
    assert [] == check_workflow(workflow({**three, "j": cancelling}, f"s>f {between} j>D D>z"))
    assert [] == check_workflow(
        workflow({**three, "j": {"type": "join", "n": 2, "cancel": True}}, f"s>f {between} j>D D>z")
    )
    loop = {**three, "j": cancelling, "m": "exclusive", "x": "exclusive"}
    assert [] == check_workflow(workflow(loop, f"s>m m>f {between} j>D D>x x>m[n > 1] x>z*"))
    assert (
        check_workflow(
            workflow({**three, "j": {"type": "join", "n": 2}, "k": "parallel"}, f"s>f {between} j>D D>k s>k k>z"),
            fields={},
        )
        == []
    )
    many = {"f": "inclusive", "j": "parallel", **{f"T{number}": task() for number in range(8)}}
    edges = "s>f f>T0* j>z T0>j " + " ".join(f"f>T{number}[n > {number}] T{number}>j" for number in range(1, 8))
    assert ["$.nodes.j"] == [problem.path for problem in check_workflow(workflow(many, edges))]
    assert [] == check_workflow(workflow({**many, "j": "inclusive"}, edges))
    rows = {"type": "each", "each": "lines", "workflow": "c", "in": {"twice": "row * 2", "place": "index + 1"}}
    assert [] == check_workflow(workflow({"M": rows}, "s>M M>z"), fields={"lines": "list[number]"}, library={"c": {}})


def test_a_return_may_not_write() -> None:
    """A return's form is checked like an approval's."""
    case = Case(workflow({"A": approval("a"), "B": approval("b", write=["m"])}, "s>A A>B B>z")).approve("A:a")

    assert "not_writable" == case.refused("return", "b", "B", to="A", form={"n": 1})
    assert {"m": 2} == {key: case.do("return", "b", "B", to="A", form={"m": 2}).variables[key] for key in ("m",)}


def test_what_comes_back_from_a_group_is_asked() -> None:
    """A seat that was open once and comes back from its before group never passes by itself."""
    nodes = {"A": approval("b", write=["n"]), "T": task("t"), "B": approval("b", "c", write=["n"])}
    definition = {**workflow(nodes, "s>A A>T T>B B>z"), "policy": {"dedupe": "earlier", "watch": ["n"]}}
    case = Case(definition, {"n": 1}).approve("A:b").do("complete", "t", "T", form={"n": 2})
    case.do("add_sign", "b", "B", kind="before", users=["x"]).do("approve", "x", "B", form={"n": 1})

    assert ["B:b", "B:c"] == case.work


def test_saved_data_shares_nothing() -> None:
    """Whoever changes what `to_json` gave does not change the instance."""
    case = Case(
        workflow(
            {
                "c": {"type": "cc", "to": ["k"]},
                "f": "parallel",
                "A": task(),
                "B": approval("b"),
                "j": {"type": "join", "n": 2},
            },
            "s>c c>f f>A f>B A>j B>j j>z",
        )
    )
    case.do("read", "k", "c").do("complete", node="A", form={"rows": [{"x": 1}]}).do("return", "b", "B", to="START")
    before = json.dumps(case.instance.to_json())
    data = case.instance.to_json()
    for key in ("copies", "readers", "returned", "runs", "log"):
        data[key].append("changed")
    data["variables"]["rows"][0]["x"] = 2
    data["rounds"]["A"] = 9

    assert before == json.dumps(case.instance.to_json())


def test_cancel_takes_waiting_tokens_away() -> None:
    """Tokens that wait at a join go when the instance is cancelled, and the position says so."""
    definition = workflow({"f": "parallel", "A": task(), "B": task(), "j": "parallel"}, "s>f f>A f>B A>j B>j j>z")
    case = Case(definition).do("complete", node="A").do("cancel", "root", comment="x")

    assert ({}, {}, []) == (case.instance.tokens, case.instance.joins, case.instance.live_runs())


def test_a_boundary_says_why_work_is_gone() -> None:
    """Seats that a boundary event withdrew say so."""
    node = approval("a", boundary=[{"id": "late", "after": 60}])
    case = Case(workflow({"A": node}, "s>A A>z A#late>z")).wait(minutes=1)

    assert ("cancelled", "boundary", "completed") == (
        seat(case, "A", "a").state,
        seat(case, "A", "a").reason,
        case.status,
    )


def test_a_retry_counts_the_votes_that_are_there() -> None:
    """After the repair of a broken ratio the votes already given decide at once."""
    case = Case(workflow({"A": approval("a", "b", "c", mode="ratio", ratio="1")}, "s>A A>z")).approve("A:a")
    case.definition["nodes"]["A"]["ratio"] = "lots"
    case.approve("A:b")
    assert ("incident", "bad_ratio") == (case.status, case.instance.incident.reason)
    case.definition["nodes"]["A"]["ratio"] = "2/3"

    assert "completed" == case.do("retry").status


def test_an_incident_goes_over_with_its_edge() -> None:
    """An incident at a gateway goes over to a new version under the new names, and its retry works there."""
    old = workflow({"T": task(), "x": "exclusive", "A": task()}, "s>T T>x x>A[n > 1] A>z")
    new = workflow({"T": task(), "y": "exclusive", "A": task()}, "s>T T>y y>A[n >= 0] A>z")
    case = (
        Case(old, {"n": 0})
        .do("complete", node="T")
        .do("migrate", "root", definition=new, map={"x": "y", "T>x": "T>y", "x>A": "y>A"})
    )

    assert ("y", "T>y") == (case.instance.incident.node, case.instance.incident.edge)
    assert ["A"] == case.do("retry").work


def test_waiting_nodes_pass_unchanged_too() -> None:
    """After a return with `changed`, signals, timers and tasks that were done are passed as well."""
    nodes = {
        "A": approval("a"),
        "G": {"type": "signal", "signal": "x"},
        "W": {"type": "timer", "after": 60},
        "T": task(),
        "C": approval("c"),
    }
    case = (
        Case(workflow(nodes, "s>A A>G G>W W>T T>C C>z"))
        .approve("A:a")
        .do("signal", name="x")
        .wait(minutes=1)
        .do("complete", node="T")
    )
    case.do("return", "c", "C", to="A", resume="changed").approve("A:a")

    assert ["C:c"] == case.work


def test_without_write_a_return_writes_nothing() -> None:
    """Without a `write` list a return's form is refused."""
    case = Case(workflow({"A": approval("a"), "B": approval("b")}, "s>A A>B B>z")).approve("A:a")

    assert "not_writable" == case.refused("return", "b", "B", to="A", form={"n": 1})


def test_a_return_from_where_nothing_is_open() -> None:
    """A return without a person from a node that is done says so."""
    case = Case(workflow({"T": task(), "B": approval("b")}, "s>T T>B B>z")).do("complete", node="T")

    assert "already_decided" == case.refused("return", node="T", to="START")


def test_why_the_clock_took_a_seat() -> None:
    """What the clock decided or took away says so."""
    node = approval("a", "b", timeout=[{"after": 60, "action": "pass"}])
    case = Case(workflow({"A": node}, "s>A A>z")).do("add_sign", "a", "A", kind="before", users=["x"]).wait(minutes=1)

    assert ("timeout", "timeout", "decided") == tuple(seat(case, "A", user).reason for user in ("a", "b", "x"))


def test_why_a_groups_rest_is_gone() -> None:
    """Who is not needed any more in a decided group says so."""
    case = (
        Case(workflow({"A": approval("a")}, "s>A A>z"))
        .do("add_sign", "a", "A", kind="before", users=["x", "y"], mode="any")
        .approve("A:x")
    )

    assert ("cancelled", "decided") == (seat(case, "A", "y").state, seat(case, "A", "y").reason)


def test_why_a_childs_work_is_gone() -> None:
    """Work in a child that was cancelled with its parent says so, in the child's own log too."""
    child = workflow({"K": approval("k")}, "s>K K>z")
    case = Case(workflow({"P": {"type": "call", "workflow": "c"}}, "s>P P>z"), library={"c": child}).do(
        "cancel", "root", comment="x"
    )
    inside = next(run.child for run in case.instance.runs if run.child)

    assert ("parent", "cancelled") == (
        next(one.reason for run in inside.runs if run.node == "K" for one in run.seats),
        inside.log[-1]["op"],
    )


def test_a_task_is_escalated() -> None:
    """Escalating a task opens a seat for the superior beside the others."""
    case = Case(workflow({"T": task("a", timeout=[{"after": 60, "action": "escalate"}])}, "s>T T>z")).wait(minutes=1)

    assert (["T:a", "T:s1"], [("T", ["s1"])]) == (case.work, case.notices("todo"))
    assert "completed" == case.do("complete", "s1", "T").status


def test_the_receiver_is_the_principal_now() -> None:
    """When a principal leaves, the receiver may take the seat back from the agent."""
    case = Case(workflow({"A": approval("a")}, "s>A A>z"), company=Company(agents={"a": "x"})).do(
        "handover", "a", to="y"
    )

    assert ["A:x"] == case.work
    assert ["A:y"] == case.do("take_back", "y", "A").work


@pytest.mark.parametrize(
    ("source", "user"),
    [("dept_head", "h1"), ("chain", "s1"), ("superior", "s1"), ("superior:3", "s3"), ("dept_head:2", "h2")],
)
def test_levels_are_one_unless_said(source: str, user: str) -> None:
    """Without a number a source means the first level."""
    assert [f"A:{user}"] == Case(workflow({"A": approval(source)}, "s>A A>z")).work


def test_previous_means_the_nearest_people_before() -> None:
    """Somebody who chose nobody has chosen nobody: an earlier choice is not taken instead."""
    definition = workflow({"A": approval("a"), "B": approval("b"), "C": approval("previous")}, "s>A A>B B>C C>z")
    case = Case(definition).do("approve", "a", "A", users=["x"]).approve("B:b")

    assert ("incident", "no_approver") == (case.status, case.instance.incident.reason)


def test_a_comment_under_either_key() -> None:
    """A comment's text may stand under `text` or `comment`."""
    case = Case(workflow({"A": approval("a")}, "s>A A>z")).do("comment", "u0", comment="hello")

    assert "hello" == case.ops("comment")[0]["comment"]


def test_a_revocation_that_needs_nobody_is_logged() -> None:
    """The initiator's word is enough, and it is written down."""
    case = Case(workflow({"A": task()}, "s>A A>z")).do("complete", node="A").do("revoke", "u0", comment="oops")

    assert ("u0", "oops") == (case.ops("revoked")[0]["actor"], case.ops("revoked")[0]["comment"])


def test_repeats_count_in_work_time() -> None:
    """A repeat of a work-time limit counts in work time over the night."""
    node = approval("a", timeout=[{"after": "PT6H", "action": "remind", "every": "PT6H", "calendar": "work"}])
    case = Case(workflow({"A": node}, "s>A A>z"), calendar=WorkWeek()).wait(hours=6)

    assert "2026-11-03T13:00:00+00:00" == case.instance.next_due()


def test_every_mistake_is_told_beside_others() -> None:
    """A line that is no edge, and a node of an unknown type, do not hide later mistakes."""
    broken = {**workflow({"A": task()}, "s>A A>z"), "edges": ["x", {"from": "s", "to": "nowhere"}]}
    assert ["$.edges[0]", "$.edges[1].to"] == [problem.path for problem in check_workflow(broken)]
    odd = workflow({"A": "magic", "v": {"type": "set", "set": {"n": "n +"}}}, "s>A A>v v>z")
    assert ["$.nodes.A.type", "$.nodes.v.set.n"] == [problem.path for problem in check_workflow(odd)]


@pytest.mark.parametrize(
    "kind", ["create_record", "update_record", "delete_record", "query_records", "webhook", "replenish"]
)
def test_a_test_run_answers_every_effect(kind: str) -> None:
    """Every effect with an answer is answered, and a test run shows what it was asked."""
    example = {"type": kind, "form": "f", "url": "u", "values": {}} if kind != "replenish" else {"type": kind}
    result = test_run(workflow({"K": example}, "s>K K>z"), initiator="u0", now=NINE, answers={"K": {"ok": 1}})

    assert ("completed", {"ok": 1}, [kind]) == (
        result["status"],
        result["variables"]["result"]["K"],
        [one["type"] for one in result["effects"]],
    )


def test_what_a_step_of_a_test_run_shows() -> None:
    """A step shows no inner numbers; a gateway shows which edges brought and took tokens."""
    result = test_run(workflow({"x": "exclusive", "A": task()}, "s>x x>A[True] x>z* A>z"), initiator="u0", now=NINE)
    gateway = next(step for step in result["steps"] if step["node"] == "x")

    assert (["s>x"], ["x>A"]) == (gateway["taken"], gateway["edges"])
    assert all({"run", "instance"} & set(step) == set() for step in result["steps"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1.50"), 1.5), (Decimal(3), 3), ((1, 2), [1, 2]), ({7}, [7]), (date(2026, 1, 2), "2026-01-02"), (time(8, 30), "08:30:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"), ({1: {"a": (1,)}}, {"1": {"a": [1]}}), ([None, True, "x", 1.5], [None, True, "x", 1.5]),
    ],
)  # fmt: skip
def test_plain_data(value: Any, expected: Any) -> None:
    """Whatever comes in becomes JSON data."""
    assert expected == plain(value)
