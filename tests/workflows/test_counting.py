"""workflow.md §3: counting votes, in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from flow_story import Case, approval, states, workflow
from hypothesis import given
from hypothesis import strategies as st

from workflows import Refused
from workflows.counting import group_verdict, read_ratio, verdict
from workflows.refusal import Trouble

Y, N, U = True, False, None


@pytest.mark.parametrize(
    ("settings", "votes", "expected"),
    [
        ({"mode": "any"}, [U, U], None),
        ({"mode": "any"}, [Y, U], True),
        ({"mode": "any"}, [N, U], False),
        ({"mode": "any", "or_reject": "first"}, [N, U, U], False),
        ({"mode": "any", "or_reject": "all"}, [N, U], None),
        ({"mode": "any", "or_reject": "all"}, [N, N], False),
        ({"mode": "any", "or_reject": "all"}, [N, Y], True),
        ({"mode": "all"}, [Y, U], None),
        ({"mode": "all"}, [Y, Y], True),
        ({"mode": "all"}, [Y, N], False),
        ({"mode": "all"}, [N, U, U], False),
        ({}, [Y, Y], True),
        ({}, [Y, N], False),
        ({"mode": "all", "collect": True}, [N, U], None),
        ({"mode": "all", "collect": True}, [N, Y], False),
        ({"mode": "all", "collect": True}, [Y, Y], True),
        ({"mode": "all", "collect": True}, [Y, U], None),
        ({"mode": "ratio", "ratio": "2/3"}, [Y, Y, U], True),
        ({"mode": "ratio", "ratio": "2/3"}, [Y, U, U], None),
        ({"mode": "ratio", "ratio": "2/3"}, [Y, N, U], None),
        ({"mode": "ratio", "ratio": "2/3"}, [N, N, U], False),
        ({"mode": "ratio", "ratio": "1/3"}, [Y, U, U], True),
        ({"mode": "ratio", "ratio": 0.6}, [Y, Y, Y, U, U], True),
        ({"mode": "ratio", "ratio": "60%"}, [Y, Y, U, U, U], None),
        ({"mode": "ratio", "ratio": 0.1}, [Y] + [U] * 9, True),
        ({"mode": "ratio", "ratio": 1}, [Y, U], None),
        ({"mode": "ratio", "ratio": 1}, [Y, Y], True),
        ({"mode": "count", "count": 2}, [Y, U, U], None),
        ({"mode": "count", "count": 2}, [Y, Y, U], True),
        ({"mode": "count", "count": 2}, [Y, N, U], None),
        ({"mode": "count", "count": 2}, [N, N, U], False),
        ({"mode": "count", "count": 3}, [U, U], False),
        ({"mode": "sequential"}, [Y, U], None),
        ({"mode": "sequential"}, [Y, Y], True),
        ({"mode": "sequential"}, [N, U], False),
        ({"mode": "random"}, [Y], True),
        ({"mode": "random"}, [N], False),
        ({"mode": "random"}, [U], None),
    ],
)
def test_verdict(settings: dict[str, Any], votes: list[bool | None], expected: bool | None) -> None:
    """The table of workflow.md §3, row by row."""
    assert expected is verdict(settings, votes)


def test_ratio_is_exact() -> None:
    """2 of 3 meets "2/3" and 7 of 10 meets 0.7: floats are forbidden."""
    for total in range(1, 40):
        for yes in range(1, total + 1):
            votes = [Y] * yes + [U] * (total - yes)
            assert verdict({"mode": "ratio", "ratio": f"{yes}/{total}"}, votes) is True


@given(st.integers(1, 12), st.fractions(min_value=Fraction(1, 50), max_value=1), st.data())
def test_ratio_decides_when_it_must(total: int, share: Fraction, data: st.DataObject) -> None:
    """It passes exactly when y/n ≥ p, and is rejected exactly when even all the undecided would not do."""
    votes = data.draw(st.lists(st.sampled_from([Y, N, U]), min_size=total, max_size=total))
    yes, undecided = votes.count(Y), sum(vote is None for vote in votes)
    expected = True if Fraction(yes, total) >= share else False if Fraction(yes + undecided, total) < share else None

    assert expected is verdict({"mode": "ratio", "ratio": str(share)}, votes)


@pytest.mark.parametrize("settings", [{"mode": mode} for mode in ("any", "all", "sequential", "random")] + [
    {"mode": "any", "or_reject": "all"}, {"mode": "all", "collect": True}, {"mode": "ratio", "ratio": "2/3"}, {"mode": "count", "count": 2},
])  # fmt: skip
def test_everybody_answered_is_final(settings: dict[str, Any]) -> None:
    """When nobody is undecided, every mode has a result; and a result never changes when more people answer."""
    for votes in product([Y, N, U], repeat=3):
        result = verdict(settings, votes)
        if U not in votes:
            assert result is not None
        if result is not None and settings.get("mode") != "any":
            for place, vote in enumerate(votes):
                if vote is U:
                    for later in (Y, N):
                        assert result is verdict(settings, [*votes[:place], later, *votes[place + 1 :]])


@pytest.mark.parametrize("ratio", ["x", "3/2", "0", 0, "1/0", "", None, -1, "101%"])
def test_bad_ratios(ratio: Any) -> None:
    """A share is more than nothing and at most everything."""
    with pytest.raises(Trouble):
        read_ratio(ratio)


def test_a_bad_ratio_is_an_incident() -> None:
    """A ratio that is none stops the node, and a retry after the repair goes on with the votes given."""
    case = Case(workflow({"A": approval("a", "b", mode="ratio", ratio="lots")}, "s>A A>z"))

    assert ("incident", "bad_ratio") == (case.status, case.instance.incident.reason)
    case.definition["nodes"]["A"]["ratio"] = "1/2"
    assert "completed" == case.do("retry").approve("A:a").status


def test_an_unknown_mode_is_an_incident() -> None:
    """A mode that does not exist stops the node."""
    assert "bad_mode" == Case(workflow({"A": approval("a", mode="most")}, "s>A A>z")).instance.incident.reason


@pytest.mark.parametrize(
    ("method", "votes", "expected"),
    [
        ("any", [], True),
        ("any", [Y, U], True),
        ("any", [N, U], None),
        ("any", [N, N], False),
        ("all", [], True),
        ("all", [Y, U], None),
        ("all", [N, U], False),
        ("all", [Y, Y], True),
        ("sequential", [Y, Y], True),
        ("sequential", [N, U], False),
        ("sequential", [Y, U], None),
    ],
)
def test_groups(method: str, votes: list[bool | None], expected: bool | None) -> None:
    """An added group decides by any, all or sequential."""
    assert expected is group_verdict(method, votes)


# In a workflow


def at_a(mode: str, *people: str, **settings: Any) -> Case:
    """Return a case that stands at the approval A of that mode."""
    return Case(workflow({"A": approval(*(people or ("a", "b", "c")), mode=mode, **settings)}, "s>A A>z"))


def test_any_passes_at_the_first_yes() -> None:
    """或签: one agreement passes; the rest are cancelled and told who decided."""
    case = at_a("any").approve("A:b")

    assert ("completed", {"A": "approved"}) == (case.status, case.outcome)
    assert {"a": "cancelled", "b": "approved", "c": "cancelled"} == states(case, "A")
    assert [("A", ["a", "c"])] == case.notices("decided")
    assert "b" == next(effect["by"] for effect in case.effects if effect.get("reason") == "decided")


def test_any_rejects_at_the_first_no_or_the_last() -> None:
    """或签: the first refusal rejects, or with `or_reject` all only the last."""
    assert "rejected" == at_a("any").do("reject", "a", "A").status
    case = at_a("any", or_reject="all").do("reject", "a", "A").do("reject", "b", "A")
    assert "running" == case.status
    assert "rejected" == case.do("reject", "c", "A").status


def test_all_needs_everybody() -> None:
    """会签: everybody agrees, or the first refusal is a veto."""
    case = at_a("all").approve("A:a", "A:b")

    assert (["A:c"], "running") == (case.work, case.status)
    assert "completed" == case.approve("A:c").status
    assert "rejected" == at_a("all").approve("A:a").do("reject", "b", "A").status


def test_collect_waits_for_every_answer() -> None:
    """会签 with collect decides only when everybody has answered."""
    case = at_a("all", collect=True).do("reject", "a", "A")

    assert (["A:b", "A:c"], "running") == (case.work, case.status)
    assert "rejected" == case.approve("A:b", "A:c").status


def test_sequential_opens_one_seat_at_a_time() -> None:
    """依次: only the first undecided seat is open; the first refusal rejects."""
    case = at_a("sequential")

    assert (["A:a"], [("A", ["a"])]) == (case.work, case.notices("todo"))
    assert "not_open" == case.refused("approve", "b", "A")
    case.approve("A:a")
    assert (["A:b"], [("A", ["b"])]) == (case.work, case.notices("todo"))
    assert "completed" == case.approve("A:b", "A:c").status
    assert "rejected" == at_a("sequential").approve("A:a").do("reject", "b", "A").status


def test_ratio_and_count_in_a_flow() -> None:
    """票签: two of three meet 2/3; two refusals of three make two votes impossible."""
    assert "completed" == at_a("ratio", ratio="2/3").approve("A:a", "A:c").status
    case = at_a("count", count=2).do("reject", "a", "A")
    assert "running" == case.status
    assert "rejected" == case.do("reject", "b", "A").status


def test_random_counts_the_drawn_seat() -> None:
    """Random: the drawn person's answer is the node's."""
    case = at_a("random")
    assert "rejected" == case.do("reject", case.work[0].removeprefix("A:"), "A").status


def test_a_result_is_final() -> None:
    """After the result nobody may act: "already decided by X at T"."""
    case = Case(workflow({"A": approval("a", "b", mode="any"), "B": approval("c")}, "s>A A>B B>z")).approve("A:a")

    assert "already_decided" == case.refused("approve", "b", "A")
    with pytest.raises(Refused, match="already decided by a at 2026-11-02T09:00:00"):
        case.do("approve", "b", "A")
