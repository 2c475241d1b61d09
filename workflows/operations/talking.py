"""Talking: urge (催办), comment, and having read a copy (已阅)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows.durations import read_duration
from workflows.flow import Flow
from workflows.operations import work
from workflows.position import Run, Seat
from workflows.refusal import Refused

_INTERVAL = "PT30M"


def urge(flow: Flow, event: Mapping[str, Any]) -> None:
    """Remind the people with open seats; each seat at most once in 30 minutes (`policy.urge_every`)."""
    work.need(event, "user")
    found = _urgeable(flow, event)
    told = _urge(flow, found, event)
    if told == 0 and found:
        raise Refused("urged_recently", "刚刚催办过,请稍后再催", "these people were urged a short while ago")
    if not found:
        raise Refused("nobody_to_urge", "现在没有人待处理", "nobody holds open work")


def _urgeable(flow: Flow, event: Mapping[str, Any]) -> list[tuple[Flow, Run, Seat]]:
    node = event.get("node")
    found: list[tuple[Flow, Run, Seat]] = []
    for run in flow.instance.runs:
        if run.status != "active" or (node is not None and run.node != node):
            continue
        found.extend((flow, run, seat) for seat in run.seats if seat.state == "open")
        if run.child is not None and not run.child.ended:
            found.extend(_urgeable(flow.child_flow(run), {**event, "node": None}))
    return found


def _urge(flow: Flow, found: list[tuple[Flow, Run, Seat]], event: Mapping[str, Any]) -> int:
    interval = read_duration(flow.graph.policy.get("urge_every", _INTERVAL))
    told: dict[int, tuple[Flow, Run, list[str]]] = {}
    count = 0
    for walk, run, seat in found:
        if seat.urged is not None and flow.now - datetime.fromisoformat(seat.urged) < interval:
            continue
        seat.urged = flow.moment
        count += 1
        walk.log("urge", run, seat, comment=event.get("text"), holder=seat.user)
        told.setdefault(id(run), (walk, run, []))[2].append(seat.user)
    for walk, run, users in told.values():
        text = {"text": event["text"]} if event.get("text") else {}
        walk.notify("urge", run.node, users, by=event.get("user"), **text)
    return count


def comment(flow: Flow, event: Mapping[str, Any]) -> None:
    """Write a comment, with files where some are given; those whom it mentions are told."""
    text = event.get("text") or event.get("comment")
    if not text:
        raise Refused("missing", "评论不能为空", "a comment needs a text")
    mentioned = event.get("users") or ()
    more = {name: list(event[name]) for name in ("users", "files") if event.get(name)}
    flow.log("comment", None, node=event.get("node"), comment=text, **more)
    flow.notify("mention", str(event.get("node") or ""), list(mentioned), text=text, by=event.get("user"))


def read(flow: Flow, event: Mapping[str, Any]) -> None:
    """Note that somebody has read it."""
    user = work.need(event, "user")
    if user not in flow.instance.readers:
        flow.instance.readers.append(user)
        flow.log("read", None, node=event.get("node"))
