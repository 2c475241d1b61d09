"""Passing by itself (去重): a person who agreed before need not agree again (workflow.md §9)."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.assignee import returned
from workflows.flow import Flow
from workflows.plain import digest
from workflows.position import OUTSIDE, Run, Seat


def watch_of(flow: Flow) -> str | None:
    """Return a digest of the watched fields as they are now; None when none is watched."""
    names = flow.graph.policy.get("watch")
    return digest({name: flow.instance.variables.get(name) for name in names}) if names else None


def earlier_vote(flow: Flow, run: Run, seat: Seat) -> Seat | None:
    """Return the vote that lets *seat* pass by itself, or None.

    Guards: first round, no return before, watched fields unchanged since the vote, and the vote was the person's own.
    """
    policy = flow.settings(run.node).get("dedupe", "inherit")
    if policy == "inherit":
        policy = flow.graph.policy.get("dedupe", "none")
    if policy not in {"consecutive", "earlier"} or run.round > 1 or returned(flow, run.node):
        return None
    found = _consecutive(flow, run, seat) if policy == "consecutive" else _earlier(flow, run, seat)
    return found if found is not None and found.watch == watch_of(flow) else None


def _earlier(flow: Flow, run: Run, seat: Seat) -> Seat | None:
    """Return the newest own vote of the person on the way here; parallel siblings do not lie on it."""
    for before in _ancestors(flow, run):
        vote = _vote(flow, before, seat)
        if vote is not None:
            return vote
    return None


def _consecutive(flow: Flow, run: Run, seat: Seat) -> Seat | None:
    """Return the person's vote at the directly preceding node that people decided; at every one after a join."""
    votes = [_vote(flow, before, seat) for before in _directly_before(flow, run, seat)]
    return votes[0] if votes and None not in votes else None


def _directly_before(flow: Flow, run: Run, seat: Seat) -> Iterator[Run]:
    """Yield the nearest earlier runs that people decided; a task of the same person is not somebody else in between."""
    waiting, seen = list(run.prev), set()
    while waiting:
        number = waiting.pop(0)
        before = flow.instance.run(number)
        if before is None or number in seen:
            continue
        seen.add(number)
        if _is_vote(before) or _hands(flow, before) - {seat.user}:
            yield before
        else:
            waiting.extend(before.prev)


def _is_vote(run: Run) -> bool:
    return any(seat.reason != "completed" for seat in run.seats if seat.state != "cancelled")


def _hands(flow: Flow, run: Run) -> set[str | None]:
    """Return who completed a task, or the items of a multi-instance."""
    return {part.by for part in [run, *flow.sub_runs(run)] if part.by not in {None, OUTSIDE, "system"}}


def _ancestors(flow: Flow, run: Run) -> Iterator[Run]:
    seen: set[int] = set()
    waiting = list(run.prev)
    while waiting:
        number = max(waiting)
        waiting = [other for other in waiting if other != number]
        before = flow.instance.run(number)
        if before is None or number in seen:
            continue
        seen.add(number)
        yield before
        waiting.extend(before.prev)


def _vote(flow: Flow, run: Run, seat: Seat) -> Seat | None:
    """Return the person's own approval at *run*; a seat that passed by dedupe stands for the vote behind it."""
    for other in run.seats:
        same = other.user == seat.user and _principal(other) == _principal(seat)
        if not same:
            continue
        if other.state == "approved" and other.reason in {None, "submitted"}:
            if other.reason == "submitted" and not flow.graph.policy.get("submit_counts"):
                continue
            return other
        if other.state == "auto" and other.reason == "dedupe":
            return _seat(flow, other.source)
    return None


def _principal(seat: Seat) -> str | None:
    return seat.owner if seat.via == "agent" else None


def _seat(flow: Flow, number: int | None) -> Seat | None:
    for run in flow.instance.runs:
        for seat in run.seats:
            if seat.id == number:
                return seat
    return None
