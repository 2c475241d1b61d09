"""Seats: who may act now, what a group of added approvers says, and what the votes of a node come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workflows import counting, dedupe
from workflows.assignee import Person
from workflows.flow import Flow
from workflows.position import Run, Seat


def sit(flow: Flow, run: Run, people: Sequence[Person]) -> None:
    """Give each person a seat; nobody may act before `arrange`."""
    for person in people:
        seat = Seat(flow.number(), person.user, rule=person.rule)
        if person.owner is not None:
            seat.owner, seat.via = person.owner, "agent"
        run.seats.append(seat)
    flow.log("seated", run, actor="system", to=[person.user for person in people])


def units(run: Run) -> list[Seat]:
    """Return the living seats that the node's mode counts: base and parallel ones, in order."""
    return [seat for seat in run.seats if seat.group in {"base", "parallel"} and seat.living]


def group(run: Run, owner: Seat, kind: str) -> list[Seat]:
    """Return the living members of the before or after group of *owner*, in order."""
    return [seat for seat in run.seats if seat.parent == owner.id and seat.group == kind and seat.living]


def value(run: Run, seat: Seat) -> bool | None:
    """Return a seat's vote: its own decision and its after group's."""
    if seat.state == "rejected":
        return False
    if seat.state not in {"approved", "auto"}:
        return None
    return group_value(run, seat, "after")


def group_value(run: Run, owner: Seat, kind: str) -> bool | None:
    """Return what the before or after group of *owner* says; no group agrees."""
    members = group(run, owner, kind)
    if not members:
        return True
    return counting.group_verdict(members[0].method or "all", [value(run, seat) for seat in members])


def verdict(flow: Flow, run: Run) -> bool | None:
    """Return what the votes of *run* come to under its node's mode."""
    settings = flow.settings(run.node)
    return counting.verdict(settings, [value(run, seat) for seat in units(run)])


def _line(flow: Flow, run: Run, seat: Seat) -> list[Seat] | None:
    """Return the seats that go in order with *seat*, or None where all may act at once."""
    if seat.group in {"base", "parallel"}:
        return units(run) if flow.settings(run.node).get("mode") == "sequential" else None
    owner = next(other for other in run.seats if other.id == seat.parent)
    return group(run, owner, seat.group) if seat.method == "sequential" else None


def _may_act(flow: Flow, run: Run, seat: Seat) -> bool:
    """Say whether it is the seat's turn."""
    if group_value(run, seat, "before") is not True:
        return False
    if seat.parent is not None and seat.group in {"before", "after"}:
        owner = next(other for other in run.seats if other.id == seat.parent)
        if not owner.living or group_value(run, owner, seat.group) is not None:
            return False
    line = _line(flow, run, seat)
    first = next((other for other in line or () if value(run, other) is None), seat)
    return first is seat


def arrange(flow: Flow, run: Run) -> None:
    """Open the seats whose turn it is, close those whose turn it is not, and settle decided groups."""
    told: list[str] = []
    while _settle_groups(flow, run) or _turn(flow, run, told):
        pass
    told = [user for user in told if any(seat.state == "open" and seat.user == user for seat in run.seats)]
    flow.notify("todo", run.node, told)


def _settle_groups(flow: Flow, run: Run) -> bool:
    """Let a group that has decided act on its owner; say whether something changed."""
    for owner in run.seats:
        if not owner.living:
            continue
        for kind in ("before", "after"):
            members = group(run, owner, kind)
            said = group_value(run, owner, kind) if members else None
            if said is None:
                continue
            left = [seat for seat in members if seat.undecided]
            flow.notify(
                "decided", run.node, [seat.user for seat in left if seat.state == "open"], by=flow.event.get("user")
            )
            for seat in left:
                seat.reason = "decided"
                flow.move(run, seat, "cancelled", "cancelled", actor="system", reason="decided")
            if kind == "before" and owner.undecided and said is False:
                owner.reason = "group"
                flow.move(run, owner, "rejected", "group_rejected", actor="system")
                left.append(owner)
            if left:
                return True
    return False


def _turn(flow: Flow, run: Run, told: list[str]) -> bool:
    """Open or close one seat; say whether one changed."""
    for seat in run.seats:
        if seat.state not in {"wait", "open"}:
            continue
        turn = _may_act(flow, run, seat)
        if turn and seat.state == "wait":
            _open(flow, run, seat, told)
            return True
        if not turn and seat.state == "open":
            flow.move(run, seat, "wait", "waits", actor="system")
            return True
    return False


def _open(flow: Flow, run: Run, seat: Seat, told: list[str]) -> None:
    first_time = seat.group == "base" and not any(
        other.parent == seat.id and other.group == "before" for other in run.seats
    )
    vote = dedupe.earlier_vote(flow, run, seat) if first_time and run.parent is None and _votes(flow, run) else None
    if vote is not None:
        seat.reason, seat.source, seat.watch = "dedupe", vote.id, dedupe.watch_of(flow)
        flow.move(run, seat, "auto", "auto", actor="system", reason="dedupe", source=vote.id)
        return
    flow.move(run, seat, "open", "opened", actor="system")
    told.append(seat.user)


def _votes(flow: Flow, run: Run) -> bool:
    return flow.settings(run.node).get("type") == "approval"


def vote(flow: Flow, run: Run, seat: Seat, state: str, op: str, **data: Any) -> None:
    """Write a person's own decision on a seat."""
    seat.watch = dedupe.watch_of(flow)
    flow.move(run, seat, state, op, comment=flow.event.get("comment"), **data)


def close(flow: Flow, run: Run) -> None:
    """Cancel the seats that a final result leaves undecided, and tell their people who decided."""
    told: list[str] = []
    for seat in run.seats:
        if seat.undecided:
            told.append(seat.user)
            seat.reason = "decided"
            flow.move(run, seat, "cancelled", "cancelled", actor="system", reason="decided")
    flow.notify("decided", run.node, told, by=run.by, outcome=run.outcome)
