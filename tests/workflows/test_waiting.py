"""workflow.md §11: multi-instance, event choice, boundary events, signals, timers, data nodes."""

from __future__ import annotations

from typing import Any

import pytest
from flow_story import Case, Company, approval, states, task, workflow


def done(case: Case, *nodes: str, **keys: object) -> Case:
    """Complete tasks, one after another."""
    for node in nodes:
        case.do("complete", node=node, **keys)
    return case


# Multi-instance


def each(
    rows: Any = ("r0", "r1", "r2"),
    variables: dict[str, Any] | None = None,
    company: Company | None = None,
    **settings: Any,
) -> Case:
    """Return a case at the multi-instance M, followed by A."""
    definition = workflow({"M": {"type": "each", "each": "rows", **settings}, "A": task()}, "s>M M>A A>z")
    return Case(
        definition, {"rows": list(rows) if isinstance(rows, tuple) else rows, **(variables or {})}, company=company
    )


def test_one_item_per_row() -> None:
    """One item per row; when all are done the node passes."""
    case = each()
    assert ["M[0]", "M[1]", "M[2]"] == case.work
    case.do("complete", node="M", index=1)
    assert ["M[0]", "M[2]"] == case.work
    case.do("complete", node="M", index=2).do("complete", node="M", index=0)
    assert ["A"] == case.work


def test_items_may_be_addressed_by_name_and_in_any_order() -> None:
    """`M[1]` names an item too; without an index the first open one is meant."""
    assert ["M[0]", "M[2]"] == done(each(), "M[1]").work
    assert ["M[1]", "M[2]"] == done(each(), "M").work


def test_an_item_is_done_once() -> None:
    """An item that is done is refused, and so is one that does not exist."""
    case = each().do("complete", node="M", index=1)

    assert "already_decided" == case.refused("complete", node="M", index=1)
    assert "not_open" == case.refused("complete", node="M", index=7)


@pytest.mark.parametrize("rows", [(), [], None])
def test_zero_rows_pass(rows: Any) -> None:
    """Zero rows passes."""
    assert ["A"] == each(rows).work


@pytest.mark.parametrize("rows", ["text", {"a": 1}, True, 1.5])
def test_what_is_no_rows_is_an_incident(rows: Any) -> None:
    """Anything but a list (or a number of items) is an incident."""
    assert ("incident", "not_rows") == ((case := each(rows)).status, case.instance.incident.reason)


def test_a_number_of_items() -> None:
    """A whole number is that many items."""
    assert ["M[0]", "M[1]"] == each(2).work


def test_adding_while_running() -> None:
    """Adding while running is allowed and takes the next free index; later it is refused."""
    case = each(("r0",)).do("add", "root", "M", item={"sku": "K"})
    assert ["M[0]", "M[1]"] == case.work
    assert {"sku": "K"} == next(run.row for run in case.instance.runs if run.index == 1)
    done(case, "M[0]", "M[1]")
    assert "not_running" == case.refused("add", "root", "M", item={})
    assert "not_running" == case.refused("add", "root", "A", item={})


def test_the_next_free_index_counts_what_is_done() -> None:
    """The index of something done is not given again."""
    assert ["M[1]", "M[2]", "M[3]"] == done(each(), "M[0]").do("add", "root", "M", item=1).work


def test_until_ends_early() -> None:
    """`until` over done and total: when it holds the rest is withdrawn."""
    case = each(until="3*done >= 2*total")
    assert ["M[1]", "M[2]"] == done(case, "M[0]").work
    assert ["A"] == done(case, "M[1]").work
    assert "withdrawn" == case.refused("complete", node="M", index=2)


def test_until_reads_variables_and_counts_what_was_added() -> None:
    """`until` sees the variables too, and `total` counts added items."""
    case = each(("r0", "r1"), {"need": 2}, until="done >= need or done == total").do("add", "root", "M", item=1)

    assert ["M[1]", "M[2]"] == done(case, "M[0]").work
    assert ["A"] == done(case, "M[2]").work


def test_until_that_never_holds() -> None:
    """When every item is done the node passes anyway."""
    assert ["A"] == done(each(("r0", "r1"), until="done > 9"), "M[0]", "M[1]").work


def test_an_error_in_until_is_an_incident() -> None:
    """An error in `until` stops the node; a retry counts again."""
    case = done(each(until="done + 'x' > 1"), "M[0]")
    assert ("incident", "M", "expression") == (case.status, case.instance.incident.node, case.instance.incident.reason)
    case.definition["nodes"]["M"]["until"] = "done >= 1"
    assert ["A"] == case.do("retry").work


def test_items_with_people() -> None:
    """With people each item has their seats; one may act for each, and the row may name them."""
    case = each(approvers=["a", "b"])
    assert ["M[0]:a", "M[0]:b", "M[1]:a", "M[1]:b", "M[2]:a", "M[2]:b"] == case.work
    case.do("complete", "b", "M", index=0)
    assert ["M[1]:a", "M[1]:b", "M[2]:a", "M[2]:b"] == case.work
    assert "not_your_seat" == case.refused("complete", "x", "M", index=1)
    rows = each([{"owner": "x"}, {"owner": "y"}], approvers=["field:row.owner"])
    assert ["M[0]:x", "M[1]:y"] == rows.work
    assert ["A"] == rows.do("complete", "x", "M").do("complete", "y", "M").work


def test_items_hand_on() -> None:
    """An item's seat can be transferred."""
    case = each(("r0",), approvers=["a"]).do("transfer", "a", "M", index=0, to="x")

    assert ["M[0]:x"] == case.work


def test_items_write_the_form() -> None:
    """An item's form is merged as the node allows."""
    case = each(("r0",), write=["n"])

    assert "not_writable" == case.refused("complete", node="M", index=0, form={"m": 1})
    assert 3 == case.do("complete", node="M", index=0, form={"n": 3}).variables["n"]


def test_return_from_an_item_returns_the_whole_node() -> None:
    """A return from one item returns the node; by replay it starts all items anew."""
    definition = workflow(
        {"P": approval("p"), "M": {"type": "each", "each": "rows", "approvers": ["a"]}}, "s>P P>M M>z"
    )
    case = (
        Case(definition, {"rows": [1, 2]})
        .approve("P:p")
        .do("complete", "a", "M", index=0)
        .do("return", "a", "M", index=1, to="P")
    )
    assert ["P:p"] == case.work
    assert ["M[0]:a", "M[1]:a"] == case.approve("P:p").work
    case = Case(definition, {"rows": [1, 2]}).approve("P:p").do("complete", "a", "M", index=0)
    case.do("return", "a", "M", index=1, to="P", resume="direct")
    assert ["P:p"] == case.work
    assert ["M[1]:a"] == case.approve("P:p").work


def test_a_clock_on_a_multi_instance() -> None:
    """Reminders go to the people of open items; a boundary withdraws every item."""
    case = each(("r0", "r1"), approvers=["a"], timeout=[{"after": 60, "action": "remind"}]).do(
        "complete", "a", "M", index=0
    )
    assert [("M", ["a"])] == case.wait(minutes=1).notices("remind")
    node = {"type": "each", "each": "rows", "boundary": [{"id": "late", "after": 60}]}
    case = Case(workflow({"M": node, "L": task()}, "s>M M>z M#late>L L>z"), {"rows": [1, 2]}).wait(minutes=1)
    assert ["L"] == case.work


def test_one_child_per_row() -> None:
    """One child workflow per row, addressed inside its item."""
    child = workflow({"K": task()}, "s>K K>z")
    definition = workflow(
        {"M": {"type": "each", "each": "rows", "workflow": "c", "in": {"sku": "row.sku"}}, "A": task()}, "s>M M>A A>z"
    )
    case = Case(definition, {"rows": [{"sku": "x"}, {"sku": "y"}]}, library={"c": child})

    assert ["M[0]/K", "M[1]/K"] == case.work
    assert ["x", "y"] == [run.child.variables["sku"] for run in case.instance.runs if run.child]
    assert ["M[1]/K"] == done(case, "M[0]/K").work
    assert ["A"] == done(case, "M[1]/K").work


# Event choice


def choice(*extra: str, **nodes: Any) -> Case:
    """Return a case at an event choice between a task, a timer, a signal, and more."""
    every: dict[str, Any] = {
        "e": "event",
        "T": task("a"),
        "W": {"type": "timer", "after": "PT1H"},
        "G": {"type": "signal", "signal": "stock_in"},
        "X": task(),
        "Y": task(),
        "Z": task(),
        **nodes,
    }
    return Case(workflow(every, "s>e e>T T>X e>W W>Y e>G G>Z X>z Y>z Z>z " + " ".join(extra)))


@pytest.mark.parametrize("first", ["task", "timer", "signal"])
def test_the_first_wins(first: str) -> None:
    """Event choice (decision or timer or signal): the first to finish withdraws the others."""
    case = choice()
    assert ["T:a"] == case.work
    {
        "task": lambda: case.do("complete", "a", "T"),
        "timer": lambda: case.wait(hours=1),
        "signal": lambda: case.do("signal", name="stock_in"),
    }[first]()

    assert [{"task": "X", "timer": "Y", "signal": "Z"}[first]] == case.work
    assert [] == case.instance.timers
    if first != "task":
        assert "withdrawn" == case.refused("complete", "a", "T")
    assert case.work == case.wait(days=1).do("signal", name="stock_in").work


def test_followers_start_together() -> None:
    """The nodes right after an event start together; one that finishes at once wins at once."""
    case = choice("e>N N>Y", N={"type": "set", "set": {"n": "1"}})
    assert (["Y"], 1) == (case.work, case.variables["n"])
    definition = workflow(
        {"e": "event", "N": {"type": "set", "set": {"n": "1"}}, "T": task(), "Y": task()}, "s>e e>N e>T N>Y T>z Y>z"
    )
    assert ["Y"] == Case(definition).work


def test_an_approval_in_a_choice() -> None:
    """A decision wins when it is made, not when somebody starts to vote."""
    case = choice("e>N N>Y", N=approval("b", "c"))
    assert ["N:b", "N:c", "T:a"] == case.work
    assert ["N:c", "T:a"] == case.approve("N:b").work
    assert ["Y"] == case.approve("N:c").work


def test_a_boundary_of_a_choice_decides_it() -> None:
    """An interrupting boundary of one of them leaves the choice: the others go."""
    case = choice("T#late>Y", T=task("a", boundary=[{"id": "late", "after": 60}]))

    assert ["Y"] == case.wait(minutes=1).work
    assert "running" == case.status


def test_a_choice_in_a_choice_of_gateways() -> None:
    """A gateway right after an event waits for nothing and wins at once."""
    definition = workflow({"e": "event", "x": "exclusive", "T": task(), "Y": task()}, "s>e e>T e>x T>z x>Y Y>z")

    assert ["Y"] == Case(definition).work


# Boundary events


def guarded(node: dict[str, Any], **event: Any) -> Case:
    """Return a case at node A with a boundary event that leads to L."""
    node = {**node, "boundary": [{"id": "late", "after": "PT4H", **event}]}
    return Case(
        workflow({"A": node, "B": task(), "L": task()}, "s>A A>B A#late>L B>z L>z"),
        library={"c": workflow({"K": task()}, "s>K K>z")},
    )


@pytest.mark.parametrize(
    "node",
    [
        task(),
        task("a"),
        approval("a"),
        {"type": "signal", "signal": "x"},
        {"type": "timer", "after": "P9D"},
        {"type": "webhook", "url": "u"},
        {"type": "call", "workflow": "c"},
    ],
)
def test_interrupting_boundary(node: dict[str, Any]) -> None:
    """An interrupting boundary withdraws its host and leaves by its own edge; interrupting is true unless said."""
    case = guarded(node)
    assert "L" not in case.wait(hours=3, minutes=59).work
    assert (["L"], []) == (case.wait(minutes=1).work, case.instance.timers)
    assert "completed" == done(case, "L").status


def test_a_late_answer_of_a_withdrawn_effect() -> None:
    """An answer that comes after the boundary withdrew its node is refused."""
    case = guarded({"type": "webhook", "url": "u"}).wait(hours=4)

    assert "unknown_effect" == case.refused("effect_done", effect=case.asked()[0]["id"], result=1)


def test_boundary_timeout_cancels_the_child() -> None:
    """A boundary timeout cancels the child; later acts on it are refused."""
    case = guarded({"type": "call", "workflow": "c"}).wait(hours=4)

    assert "cancelled" == next(run.child for run in case.instance.runs if run.child).status
    assert "ended" == case.refused("complete", node="A/K")


def test_non_interrupting_boundary() -> None:
    """A non-interrupting boundary puts a token on its edge and the host goes on."""
    case = guarded(task(), interrupting=False).wait(hours=4)

    assert ["A", "L"] == case.work
    assert ["A", "L"] == case.wait(days=9).work
    assert "completed" == done(case, "A", "B", "L").status


def test_repeating_boundary() -> None:
    """With `every` it repeats, counted from the due moment before it, until its host ends."""
    case = guarded(task(), interrupting=False, every="PT1H").wait(hours=6, minutes=30)

    assert ["A", "L", "L", "L"] == case.work
    assert "2026-11-02T16:00:00+00:00" == case.instance.next_due()
    assert ["B", "L", "L", "L"] == done(case, "A").wait(days=1).work


def test_every_null_is_no_repeat() -> None:
    """`"every": null` is no repeat."""
    assert ["A", "L"] == guarded(task(), interrupting=False, every=None).wait(days=1).work


def test_disarmed_when_the_host_ends() -> None:
    """When its host ends it is disarmed."""
    case = done(guarded(task()), "A")

    assert ([], ["B"]) == (case.instance.timers, case.wait(days=1).work)


def test_boundary_edges_are_not_the_nodes_own() -> None:
    """When the host passes, its boundary's edges get no token."""
    assert ["B"] == done(guarded(task()), "A").work


def test_a_boundary_chooses_its_edges() -> None:
    """A boundary's edges may have conditions; none that holds is an incident, which a retry takes up."""
    node = task(boundary=[{"id": "t", "after": 60, "interrupting": False}])
    definition = workflow({"A": node, "L": task()}, "s>A A>z A#t>L[n > 1] L>z")
    case = Case(definition, {"n": 0}).wait(minutes=1)
    assert ("incident", "no_branch", ["A"]) == (case.status, case.instance.incident.reason, case.work)
    case.definition["edges"][2]["condition"] = "n >= 0"
    assert (["A", "L"], "running") == (case.do("retry").work, case.status)


def test_several_boundaries() -> None:
    """A node may have several boundary events, each with its own edge."""
    node = task(boundary=[{"id": "soon", "after": 60, "interrupting": False}, {"id": "dead", "after": 120}])
    case = Case(workflow({"A": node, "S": task(), "D": task()}, "s>A A>z A#soon>S S>z A#dead>D D>z")).wait(minutes=1)

    assert ["A", "S"] == case.work
    assert ["D", "S"] == case.wait(minutes=1).work


# Signals


def signal(*, persistent: bool) -> Case:
    """Return a case with a task T before the signal G and a task A behind it."""
    node = {"type": "signal", "signal": "stock_in", **({"persistent": True} if persistent else {})}
    return Case(workflow({"T": task(), "G": node, "A": task()}, "s>T T>G G>A A>z"))


def test_a_signal_reaches_who_waits() -> None:
    """A waiting node goes on at the signal of its name; its data is kept as its result."""
    case = done(signal(persistent=False), "T")

    assert [] == case.do("signal", name="other").work
    assert ["A"] == case.do("signal", name="stock_in", data={"quantity": 5}).work
    assert ({"quantity": 5}, 5) == (case.variables["result"]["G"], case.variables["quantity"])


def test_a_transient_signal_is_lost() -> None:
    """transient: lost if nobody waits; nobody waiting is no error."""
    case = signal(persistent=False).do("signal", name="stock_in")

    assert ([], []) == (case.instance.signals, done(case, "T").work)


def test_a_persistent_signal_is_kept() -> None:
    """persistent: kept in the instance until a node waits for it, which takes one."""
    case = signal(persistent=True).do("signal", name="stock_in", data=1).do("signal", name="stock_in", data=2)

    assert 2 == len(case.instance.signals)
    assert ["A"] == done(case, "T").work
    assert ([{"name": "stock_in", "data": 2}], 1) == (case.instance.signals, case.variables["result"]["G"])


def test_a_persistent_signal_of_another_name_is_not_kept() -> None:
    """Only names that a persistent node knows are kept."""
    assert [] == signal(persistent=True).do("signal", name="other").instance.signals


def test_one_persistent_signal_serves_one_node() -> None:
    """Of two waiting persistent nodes one takes it; two transient ones both get theirs."""
    for persistent, left in ((True, 1), (False, 0)):
        node = {"type": "signal", "signal": "x", "persistent": persistent}
        definition = workflow(
            {"f": "parallel", "G": node, "H": node, "A": task(), "B": task()}, "s>f f>G f>H G>A H>B A>z B>z"
        )
        case = Case(definition).do("signal", name="x")
        assert 2 - left == len(case.work)
        assert [] == case.instance.signals


def test_a_signal_needs_a_name() -> None:
    """A signal without a name is refused."""
    assert "missing" == signal(persistent=True).refused("signal")


def test_signals_reach_children() -> None:
    """A signal reaches waiting nodes of subprocesses."""
    child = workflow({"G": {"type": "signal", "signal": "x"}}, "s>G G>z")
    case = Case(workflow({"P": {"type": "call", "workflow": "c"}, "A": task()}, "s>P P>A A>z"), library={"c": child})

    assert ["A"] == case.do("signal", name="x").work


# Timers


def test_a_timer_waits() -> None:
    """A timer node waits its length of time."""
    case = Case(workflow({"W": {"type": "timer", "after": "PT1H"}, "A": task()}, "s>W W>A A>z"))

    assert ([], "running") == (case.wait(minutes=59).work, case.status)
    assert ["A"] == case.wait(minutes=1).work


def test_a_timer_may_wait_for_a_date() -> None:
    """Or until a date of the form, ± an offset; an empty date is nothing to wait for."""
    definition = workflow({"W": {"type": "timer", "from": "day", "before": "P1D"}, "A": task()}, "s>W W>A A>z")

    assert "2026-11-10T00:00:00+00:00" == Case(definition, {"day": "2026-11-11"}).instance.next_due()
    assert ["A"] == Case(definition).work


# Data nodes


@pytest.mark.parametrize(
    ("node", "asked"),
    [
        ({"type": "create_record", "form": "f", "values": {"sku": "sku", "n": "n * 2", "k": 5}}, {"form": "f", "values": {"sku": "K1", "n": 6, "k": 5}}),
        ({"type": "create_record", "form": "f", "values": {"lines": [{"sku": "sku", "n": "n"}]}}, {"values": {"lines": [{"sku": "K1", "n": 3}]}}),
        ({"type": "update_record", "form": "f", "record": "sku", "values": {"n": "n"}}, {"form": "f", "record": "K1", "values": {"n": 3}}),
        ({"type": "update_record", "form": "f", "where": {"sku": "sku"}, "values": {}}, {"where": {"sku": "K1"}}),
        ({"type": "delete_record", "form": "f", "record": "sku"}, {"form": "f", "record": "K1"}),
        ({"type": "query_records", "form": "f", "where": {"sku": "sku"}, "limit": 3}, {"form": "f", "where": {"sku": "K1"}, "limit": 3}),
        ({"type": "webhook", "url": "https://e.x/", "body": {"n": "n"}}, {"url": "https://e.x/", "body": {"n": 3}}),
        ({"type": "replenish", "policy": "default", "values": {"sku": "sku"}}, {"policy": "default", "values": {"sku": "K1"}}),
    ],
)  # fmt: skip
def test_effects_with_an_answer(node: dict[str, Any], asked: dict[str, Any]) -> None:
    """They keep their node waiting until `effect_done`; the result is in variables.result.<node>."""
    case = Case(workflow({"K": node, "A": task()}, "s>K K>A A>z"), {"sku": "K1", "n": 3})
    effect = case.asked()[0]

    assert asked.items() <= effect.items()
    assert (node["type"], "K", [], "running") == (effect["type"], effect["node"], case.work, case.status)
    assert ["A"] == case.do("effect_done", effect=effect["id"], result={"code": "R1"}).work
    assert {"code": "R1"} == case.variables["result"]["K"]
    assert "unknown_effect" == case.refused("effect_done", effect=effect["id"], result={})


def test_an_error_is_an_incident() -> None:
    """An error is an incident; a retry asks again, under a new id."""
    case = Case(workflow({"K": {"type": "webhook", "url": "u"}, "A": task()}, "s>K K>A A>z"))
    first = case.asked()[0]["id"]
    case.do("effect_done", effect=first, error="HTTP 500")

    assert ("incident", "K", "effect_failed") == (
        case.status,
        case.instance.incident.node,
        case.instance.incident.reason,
    )
    assert "HTTP 500" in case.instance.incident.message
    case.do("retry", "root")
    assert (2, "running") == (len(case.asked()), case.status)
    assert first != case.asked()[1]["id"]
    assert ["A"] == case.answer({}).work


def test_unknown_effects_are_refused() -> None:
    """Nobody waits for an unknown effect, and it must be named."""
    case = Case(workflow({"K": {"type": "webhook", "url": "u"}}, "s>K K>z"))

    assert "unknown_effect" == case.refused("effect_done", effect="nonsense", result=1)
    assert "missing" == case.refused("effect_done", result=1)


def test_results_are_data() -> None:
    """Later expressions read results and outcomes by their path."""
    definition = workflow(
        {"Q": {"type": "query_records", "form": "f"}, "x": "exclusive", "A": task(), "B": task()},
        "s>Q Q>x x>A[result.Q.count > 2] x>B* A>z B>z",
    )

    assert ["A"] == Case(definition).answer({"count": 3}).work
    assert ["B"] == Case(definition).answer({"count": 2}).work
    assert ["B"] == Case(definition).answer(None).work


def test_an_error_in_a_value_is_an_incident() -> None:
    """A value that cannot be computed stops the node before anything is asked."""
    case = Case(
        workflow({"K": {"type": "create_record", "form": "f", "values": {"n": "sku * 2"}}}, "s>K K>z"), {"sku": "x"}
    )

    assert ("incident", "expression", {"sku": "x"}, []) == (
        case.status,
        case.instance.incident.reason,
        case.instance.incident["values"],
        case.asked(),
    )


def test_incidents_tell_the_administrator() -> None:
    """An incident means that an administrator must act: he is told."""
    assert [("A", ["root"])] == Case(workflow({"A": approval("role:nobody")}, "s>A A>z")).notices("incident")


def test_several_incidents() -> None:
    """With several incidents the first is shown; one retry takes up all."""
    company = Company()
    case = Case(
        workflow({"f": "parallel", "A": approval("role:x"), "B": approval("role:y")}, "s>f f>A f>B A>z B>z"),
        company=company,
    )
    assert ["A", "B"] == [incident.node for incident in case.instance.all_incidents()]
    company.roles["role:x"] = ["a"]
    assert ("incident", "B", ["A:a"]) == (case.do("retry").status, case.instance.incident.node, case.work)
    company.roles["role:y"] = ["b"]
    assert ("running", ["A:a", "B:b"]) == (case.do("retry").status, case.work)
    assert {"a": "open"} == states(case, "A")
