"""workflow.md §10: time limits, boundary clocks, timers and the business calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flow_story import NINE, Case, Company, WorkWeek, approval, states, task, workflow

from workflows.durations import later, read_duration
from workflows.refusal import Trouble


def limited(
    *limits: dict[str, Any], people: tuple[str, ...] = ("a",), company: Company | None = None, **settings: Any
) -> Case:
    """Return a case at the approval A with those time limits, followed by B."""
    definition = workflow(
        {"A": approval(*people, timeout=list(limits), **settings), "B": approval("z1")}, "s>A A>B B>z"
    )
    return Case(definition, company=company, calendar=WorkWeek())


def remind(**entry: Any) -> dict[str, Any]:
    """Return a reminder."""
    return {"action": "remind", **entry}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("PT4H", 14_400), ("PT1H30M", 5_400), ("P1D", 86_400), ("P1W", 604_800), ("P1DT1S", 86_401), ("-PT5M", -300),
        ("P1M", 30 * 86_400), ("P1Y", 365 * 86_400), ("PT0.5S", 0.5), (90, 90), (0.25, 0.25), ("PT0S", 0), ("+PT1M", 60),
    ],
)  # fmt: skip
def test_durations(value: Any, seconds: float) -> None:
    """Durations are ISO 8601 or a number of seconds."""
    assert timedelta(seconds=seconds) == read_duration(value)


@pytest.mark.parametrize("value", ["", "P", "PT", "4H", "P1H", "PT1D", "P1DT", None, True, [], "soon"])
def test_bad_durations(value: Any) -> None:
    """Anything else is no duration."""
    with pytest.raises(Trouble):
        read_duration(value)


def test_a_bad_duration_is_an_incident() -> None:
    """A duration that cannot be read stops the node."""
    case = limited(remind(after="soon"))

    assert ("incident", "bad_duration", []) == (case.status, case.instance.incident.reason, case.instance.timers)


# Reminders


def test_a_reminder_fires_once() -> None:
    """Without `every` a reminder fires once, at its time and not before; one firing is one effect."""
    case = limited(remind(after="PT4H"), people=("a", "b"))

    assert [] == case.wait(hours=3, minutes=59, seconds=59).effects
    case.wait(seconds=1)
    assert [("A", ["a", "b"])] == case.notices("remind")
    assert 1 == len(case.effects)
    assert [] == case.wait(days=9).effects


def test_every_repeat_fires_by_itself() -> None:
    """A repeat counts from the due moment before it; after downtime every repeat that fell due fires."""
    case = limited(remind(after="PT1H", every="PT30M")).wait(hours=2, minutes=10)

    assert 3 == len(case.notices("remind"))
    assert ["10:00", "10:30", "11:00"] == [effect["due"][11:16] for effect in case.effects]
    assert "2026-11-02T11:30:00+00:00" == case.instance.next_due()
    assert 1 == len(case.wait(minutes=20).notices("remind"))


@pytest.mark.parametrize("most", [1, 2, 3])
def test_max_counts_every_reminder(most: int) -> None:
    """`max` counts all reminders, the first too; when it is reached there is silence."""
    case = limited(remind(after="PT1H", every="PT1H", max=most)).wait(days=1)

    assert most == len(case.notices("remind"))
    assert [] == case.wait(days=1).effects
    assert [] == case.instance.timers


def test_only_open_seats_are_reminded() -> None:
    """A reminder goes to those who have not answered."""
    assert [("A", ["b"])] == limited(remind(after=60), people=("a", "b")).approve("A:a").wait(minutes=1).notices(
        "remind"
    )


def test_reminders_before_the_deadline() -> None:
    """remind: before, at and after."""
    case = limited(remind(before="PT1H"), {"after": "PT4H", "action": "pass"}, remind(after="PT4H"))

    assert [("A", ["a"])] == case.wait(hours=3).notices("remind")
    case.wait(hours=1)
    assert ["B:z1"] == case.work


# Deciding


@pytest.mark.parametrize(
    ("action", "settings", "votes", "expected"),
    [
        ("pass", {}, [], "approved"),
        ("pass", {"mode": "any"}, [], "approved"),
        ("pass", {"mode": "sequential"}, ["a"], "approved"),
        ("pass", {"mode": "ratio", "ratio": "1/2"}, [], "approved"),
        ("pass", {"mode": "count", "count": 2}, ["a"], "approved"),
        ("reject", {}, ["a"], "rejected"),
        ("reject", {"mode": "any"}, [], "rejected"),
        ("reject", {"mode": "any", "or_reject": "all"}, [], "rejected"),
        ("reject", {"mode": "count", "count": 2}, ["a"], "rejected"),
        ("reject", {"mode": "sequential"}, ["a"], "rejected"),
    ],
)
def test_the_clock_decides(action: str, settings: dict, votes: list[str], expected: str) -> None:
    """Pass / reject: decided by the system, logged `timeout`."""
    case = limited({"after": "PT1H", "action": action}, people=("a", "b"), **settings)
    for user in votes:
        case.approve(f"A:{user}")
    case.wait(hours=1)

    assert {"A": expected} == case.outcome
    assert (["B:z1"] if expected == "approved" else []) == case.work
    assert {"op": "timeout", "actor": "system"}.items() <= case.ops("timeout")[0].items()


def test_votes_already_given_stay_on_their_side() -> None:
    """The sides are counted as always: a collected refusal is not outvoted by the clock."""
    case = (
        limited({"after": 60, "action": "pass"}, people=("a", "b"), collect=True).do("reject", "a", "A").wait(minutes=1)
    )

    assert ("rejected", {"a": "rejected", "b": "auto"}) == (case.status, states(case, "A"))


def test_the_clock_refuses_as_the_node_says() -> None:
    """A refusal by the clock follows on_reject."""
    case = limited({"after": 60, "action": "reject"}, on_reject="branch").wait(minutes=1)

    assert (["B:z1"], {"A": "rejected"}) == (case.work, case.outcome)


def test_the_other_is_refused() -> None:
    """Whoever commits first wins; the other is refused with "already decided by timeout"."""
    case = limited({"after": 60, "action": "pass"}).wait(minutes=1)

    assert "already_decided" == case.refused("approve", "a", "A")
    with pytest.raises(Exception, match="already decided by timeout"):
        case.do("approve", "a", "A")
    first = limited({"after": 60, "action": "pass"}).later(minutes=1).approve("A:a").do("advance_time")
    assert [] == first.ops("timeout")


def test_a_task_is_completed_or_refused_by_the_clock() -> None:
    """A task that the clock passes goes on, one that it refuses rejects the instance."""
    node = task("a", timeout=[{"after": 60, "action": "pass"}])
    assert ["B"] == Case(workflow({"A": node, "B": task()}, "s>A A>B B>z")).wait(minutes=1).work
    node = task(timeout=[{"after": 60, "action": "reject"}])
    assert "rejected" == Case(workflow({"A": node}, "s>A A>z")).wait(minutes=1).status


# Moving


def test_transfer_moves_each_open_seat() -> None:
    """transfer:u: each open seat moves, the owner is the first holder."""
    case = limited({"after": 60, "action": "transfer:x"}, people=("a", "b"), mode="sequential").wait(minutes=1)

    assert (["A:x"], [("A", ["x"])]) == (case.work, case.notices("todo"))
    assert {"x": "open", "b": "wait"} == states(case, "A")
    both = limited({"after": 60, "action": "transfer:user:x"}, people=("a", "b")).wait(minutes=1)
    assert ["A:x", "A:x"] == both.work
    assert ["A:x"] == both.approve("A:x").work
    assert ["B:z1"] == both.approve("A:x").work


def test_transfer_to_somebody_inactive_is_skipped() -> None:
    """A seat does not move to somebody who may not act; the log says so."""
    case = limited({"after": 60, "action": "transfer:x"}, company=Company(inactive={"x"})).wait(minutes=1)

    assert (["A:a"], "inactive") == (case.work, case.ops("skipped")[0]["reason"])


def test_escalate_adds_the_superior() -> None:
    """escalate: adds the superior as a parallel seat, once."""
    case = limited({"after": 60, "action": "escalate"}, people=("a", "b")).wait(minutes=1)

    assert ["A:a", "A:b", "A:s1"] == case.work
    assert [("A", ["s1"])] == case.notices("todo")
    assert ["B:z1"] == case.approve("A:a", "A:b", "A:s1").work


def test_escalate_may_transfer() -> None:
    """Or transfers to the superior."""
    assert ["A:s1"] == limited({"after": 60, "action": "escalate", "how": "transfer"}).wait(minutes=1).work


def test_escalate_repeats_up_the_line() -> None:
    """With `every` it goes up level by level."""
    case = limited({"after": 60, "action": "escalate", "every": 60, "how": "transfer"})

    assert ["A:s1"] == case.wait(minutes=1).work
    assert ["A:s2"] == case.wait(minutes=1).work


def test_escalate_without_a_superior() -> None:
    """Nobody above: the seat stays."""
    assert ["A:a"] == limited({"after": 60, "action": "escalate"}, company=Company(superiors={})).wait(minutes=1).work


def test_return_by_the_clock() -> None:
    """return:P sends the work back by replay; a node that was not passed is an incident."""
    definition = workflow(
        {"P": approval("p"), "A": approval("a", timeout=[{"after": 60, "action": "return:P"}])}, "s>P P>A A>z"
    )
    case = Case(definition).approve("P:p").wait(minutes=1)
    assert ["P:p"] == case.work
    assert ["A:a"] == case.approve("P:p").work
    skipped = workflow(
        {"x": "exclusive", "P": approval("p"), "A": approval("a", timeout=[{"after": 60, "action": "return:P"}])},
        "s>x x>P[far] x>A* P>A A>z",
    )
    assert "not_passed" == Case(skipped).wait(minutes=1).instance.incident.reason


# Order and life of the clocks


def test_several_entries_fire_in_due_order() -> None:
    """Several entries fire in due order, whatever their order in the list."""
    case = limited({"after": "PT3H", "action": "pass"}, remind(after="PT2H"), remind(after="PT1H")).wait(hours=5)

    assert ["10:00", "11:00"] == [effect["due"][11:16] for effect in case.effects if effect.get("reason") == "remind"]
    assert ["B:z1"] == case.work


def test_completing_the_node_disarms_all() -> None:
    """Completing the node disarms all."""
    case = limited(remind(after="PT1H", every="PT1H"), {"after": "PT2H", "action": "reject"}).approve("A:a")

    assert [] == case.instance.timers
    assert ("running", []) == (case.wait(days=1).status, case.effects)


def test_after_downtime_everything_happens_at_its_own_time() -> None:
    """A missed clock fires with its original due time, in order: later clocks count from there."""
    definition = workflow(
        {"W": {"type": "timer", "after": "PT1H"}, "V": {"type": "timer", "after": "PT1H"}, "A": task()},
        "s>W W>V V>A A>z",
    )
    case = Case(definition).wait(hours=5)

    assert ["A"] == case.work
    assert ["10:00", "11:00"] == [row["at"][11:16] for row in case.ops("timer")]


def test_one_jump_equals_many_small_steps() -> None:
    """Jumping over a day is the same as looking every minute."""
    limits = [
        remind(after="PT25M", every="PT20M", max=4),
        {"after": "PT2H", "action": "transfer:x"},
        {"after": "PT3H", "action": "pass"},
    ]
    jump, small = limited(*limits), limited(*limits)
    jump.wait(hours=4)
    for _ in range(240):
        small.wait(minutes=1)

    assert jump.work == small.work
    assert [row["at"] for row in jump.instance.log] == [row["at"] for row in small.instance.log]
    assert jump.all_effects == small.all_effects


def test_start_is_the_entry_of_the_node() -> None:
    """The clock starts when the node is entered, not when the instance starts."""
    definition = workflow(
        {"T": task(), "A": approval("a", timeout=[{"after": "PT1H", "action": "pass"}])}, "s>T T>A A>z"
    )
    case = Case(definition).later(hours=5).do("complete", node="T").wait(minutes=59)

    assert ["A:a"] == case.work
    assert "completed" == case.wait(minutes=1).status


@pytest.mark.parametrize(
    ("entry", "due"),
    [
        ({"from": "needed_by", "after": 0}, "2026-11-11T00:00:00+00:00"),
        ({"from": "needed_by", "after": "P1D"}, "2026-11-12T00:00:00+00:00"),
        ({"from": "needed_by", "after": "-P2D"}, "2026-11-09T00:00:00+00:00"),
        ({"from": "needed_by", "before": "P2D"}, "2026-11-09T00:00:00+00:00"),
        ({"from": "moment", "after": "PT1H"}, "2026-11-11T09:30:00+08:00"),
        ({"from": "nothing", "after": "PT1H"}, None),
        ({"from": "word", "after": "PT1H"}, None),
    ],
)
def test_a_form_date_and_an_offset(entry: dict, due: str | None) -> None:
    """Start may be a form date ± offset; an empty date arms nothing."""
    definition = workflow({"A": approval("a", timeout=[{"action": "pass", **entry}])}, "s>A A>z")
    case = Case(definition, {"needed_by": "2026-11-11", "moment": "2026-11-11T08:30:00+08:00", "word": "soon"})

    assert due == case.instance.next_due()


# Calendar


def test_the_business_calendar() -> None:
    """With `"calendar": "work"` the clock is the business calendar: nights and weekends do not count."""
    case = limited({"after": "PT12H", "calendar": "work", "action": "pass"})

    assert "2026-11-03T13:00:00+00:00" == case.instance.next_due()
    friday = Case(
        workflow({"A": approval("a", timeout=[remind(after="PT6H", every="PT4H", calendar="work")])}, "s>A A>z"),
        calendar=WorkWeek(), now=datetime(2026, 11, 6, 15, tzinfo=UTC),
    )  # fmt: skip
    assert "2026-11-09T13:00:00+00:00" == friday.instance.next_due()
    assert "2026-11-09T17:00:00+00:00" == friday.wait(days=3).instance.next_due()


def test_wall_clock_otherwise() -> None:
    """Without it the clock on the wall counts, and without a calendar work time is wall time."""
    assert "2026-11-02T21:00:00+00:00" == limited({"after": "PT12H", "action": "pass"}).instance.next_due()
    assert NINE + timedelta(hours=12) == later(NINE, "PT12H", None, "work")


def test_work_timers_and_boundaries() -> None:
    """Timer nodes and boundary events count by the calendar too."""
    timer = workflow({"W": {"type": "timer", "after": "PT10H", "calendar": "work"}}, "s>W W>z")
    assert "2026-11-03T11:00:00+00:00" == Case(timer, calendar=WorkWeek()).instance.next_due()
    node = task(boundary=[{"id": "b", "after": "PT10H", "calendar": "work"}])
    assert (
        "2026-11-03T11:00:00+00:00"
        == Case(workflow({"A": node}, "s>A A>z A#b>z"), calendar=WorkWeek()).instance.next_due()
    )


# Effects


def test_arming_tells_the_outside() -> None:
    """An armed clock is an effect with its due moment; the next one is always `next_due`."""
    case = limited(remind(after="PT4H"))
    effect = next(effect for effect in case.effects if effect["type"] == "timer")

    assert ("A", "2026-11-02T13:00:00+00:00") == (effect["node"], effect["due"])
    assert effect["due"] == case.instance.next_due()
