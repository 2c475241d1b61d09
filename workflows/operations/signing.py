"""Adding and removing approvers: 加签 (before, after, parallel) and 减签."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows import deciding, seating
from workflows.flow import Flow
from workflows.operations import work
from workflows.position import Run, Seat
from workflows.refusal import Refused

_KINDS = ("before", "after", "parallel")
_METHODS = ("any", "all", "sequential")


def add_sign(flow: Flow, event: Mapping[str, Any]) -> None:
    """Add approvers before, after or beside one's own open seat."""
    run, seat = work.seat_of(flow, event)
    kind, method = event.get("kind"), event.get("mode") or "all"
    _check(flow, run, seat, kind, method)
    users = work.users_in(event, "users")
    _check_users(flow, run, users)
    _place(flow, run, seat, str(kind), str(method), users)
    flow.log("add_sign", run, seat, kind=kind, users=users, mode=method, comment=event.get("comment"))
    if kind == "before":
        flow.move(run, seat, "wait", "waits")
    elif kind == "after":
        seating.vote(flow, run, seat, "approved", "approve")
    deciding.review(flow, run)


def _check(flow: Flow, run: Run, seat: Seat, kind: Any, method: Any) -> None:
    if flow.settings(run.node).get("type") != "approval":
        raise Refused("not_an_approval", "只有审批节点可以加签", "only an approval takes more approvers")
    work.allowed(flow, run, "add_sign")
    work.own(seat)
    if kind not in _KINDS:
        raise Refused("bad_kind", f"加签方式应为 {'、'.join(_KINDS)}", f"the kind is one of {', '.join(_KINDS)}")
    if method not in _METHODS:
        raise Refused(
            "bad_mode", f"加签组的方式应为 {'、'.join(_METHODS)}", f"the mode is one of {', '.join(_METHODS)}"
        )
    if seat.level > int(flow.settings(run.node).get("add_sign_levels", 1)):
        raise Refused("too_deep", "被加签的人不能再往下加签", "an added approver may not add further ones")
    groups = {other.group for other in run.seats if other.parent == seat.id and other.living}
    if kind != "parallel" and {"before", "after"} & groups - {kind}:
        raise Refused("both_groups", "同一审批人不能既前加签又后加签", "before and after on one seat")


def _check_users(flow: Flow, run: Run, users: Sequence[str]) -> None:
    for user in users:
        if any(other.user == user and other.living for other in run.seats):
            raise Refused("already_approver", f"“{user}”已是这个节点的审批人", f"“{user}” already decides here")
        if not flow.directory.active(user):
            raise Refused("inactive", f"“{user}”已停用", f"“{user}” is not active")


def _place(flow: Flow, run: Run, seat: Seat, kind: str, method: str, users: Sequence[str]) -> None:
    """Put the new seats into the order: directly after me (and after what I added before)."""
    inside = kind == "parallel" and seat.group in {"before", "after"}
    place = max(number for number, other in enumerate(run.seats) if other is seat or other.parent == seat.id) + 1
    for user in users:
        new = Seat(flow.number(), user, group=seat.group if inside else kind, level=seat.level + 1, by=seat.user)
        new.parent = seat.parent if inside else seat.id
        new.method = seat.method if inside else (None if kind == "parallel" else method)
        run.seats.insert(place, new)
        place += 1


def remove_sign(flow: Flow, event: Mapping[str, Any]) -> None:
    """Remove people whom one added and who have not acted; without the last of them one's own seat opens again."""
    user = work.need(event, "user")
    users = work.users_in(event, "users")
    runs = work.runs_at(flow, event)
    run = next((run for run in runs if run.status == "active" and run.seats), None)
    if run is None:
        raise work.why_not(runs, str(event["node"]), user)
    removed = [_removable(run, user, other) for other in users]
    for seat in removed:
        seat.reason = "removed"
        flow.move(run, seat, "cancelled", "remove_sign", comment=event.get("comment"))
    for parent in {seat.parent for seat in removed if seat.group == "after"}:
        owner = next(seat for seat in run.seats if seat.id == parent)
        if owner.state == "approved" and not seating.group(run, owner, "after"):
            owner.watch = None
            flow.move(run, owner, "open", "reopened")
    flow.notify("withdrawn", run.node, [seat.user for seat in removed], cause="removed")
    deciding.review(flow, run)


def _removable(run: Run, user: str, other: str) -> Seat:
    seats = [seat for seat in run.seats if seat.user == other and seat.living]
    mine = next((seat for seat in seats if seat.by == user or _holds_parent(run, seat, user)), None)
    if mine is None:
        raise Refused("not_added_by_you", f"“{other}”不是您加签的", f"“{other}” was not added by you")
    if not mine.undecided or mine.advice is not None:
        raise Refused("already_decided", f"“{other}”已处理,不能减签", f"“{other}” has already acted")
    return mine


def _holds_parent(run: Run, seat: Seat, user: str) -> bool:
    return seat.by is not None and any(other.id == seat.parent and other.user == user for other in run.seats)
