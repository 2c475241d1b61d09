"""Returns (退回): an earlier node decides again, by replay, directly, or only where something changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workflows import inclusive, tokens
from workflows.flow import Flow
from workflows.graph import Edge
from workflows.holding import compensate, hold
from workflows.instance import START
from workflows.node import NODE_TYPES
from workflows.position import Run, Seat
from workflows.refusal import Refused
from workflows.withdrawal import withdraw_region, withdraw_run

RESUMES = ("replay", "direct", "changed")


def last_passed(flow: Flow, node: str) -> Run | None:
    """Return the newest run of *node* that passed and was not withdrawn since."""
    for run in reversed(flow.instance.runs):
        if run.node == node and run.status == "done" and run.parent is None:
            return run
    return None


def targets(flow: Flow, node: str) -> list[str]:
    """Return the nodes to which *node* may return, START first: really passed, upstream, in `return_to` when set."""
    allowed = flow.settings(node).get("return_to")
    upstream = flow.graph.upstream(node)
    passed = dict.fromkeys(run.node for run in flow.instance.runs if run.status == "done" and run.parent is None)
    found = [
        other
        for other in passed
        if other != node and other in upstream and other != flow.graph.start and (allowed is None or other in allowed)
    ]
    return [START, *found]


def check_target(flow: Flow, node: str, to: Any) -> str:
    """Return the node that *to* names.

    Raises:
        Refused: it was not passed, does not lie upstream, or is not allowed.
    """
    to = START if to == flow.graph.start else to
    if to == START:
        return START
    if to not in flow.graph.nodes:
        raise Refused("unknown_node", f"没有节点“{to}”", f"there is no node “{to}”")
    if to == node or to not in flow.graph.upstream(node):
        raise Refused("not_upstream", f"“{to}”不在“{node}”的上游", f"“{to}” does not lie upstream of “{node}”")
    if last_passed(flow, to) is None:
        raise Refused("not_passed", f"本流程没有经过“{to}”", f"this instance did not pass “{to}”")
    allowed = flow.settings(node).get("return_to")
    if allowed is not None and to not in allowed:
        raise Refused("return_not_allowed", f"“{node}”不能退回到“{to}”", f"“{node}” may not return to “{to}”")
    return str(to)


def go_back(flow: Flow, run: Run, to: str, resume: str) -> None:
    """Return from *run* to the node *to* (checked before)."""
    flow.instance.returned.append(to)
    if resume == "direct":
        hold(flow, run)
        _open_target(flow, to, resume=run.id)
        return
    withdraw_run(flow, run, "returned", status="returned")
    passed = _target_run(flow, to)
    edges = flow.graph.leaving(flow.graph.start if to == START else to)
    token = list(passed.prev) if passed is not None else []
    rewind(flow, edges, {flow.graph.start, START} if to == START else {to}, passed.id if passed else 0, resume=resume)
    _open_target(flow, to, token=token)


def _target_run(flow: Flow, to: str) -> Run | None:
    if to != START:
        return last_passed(flow, to)
    return next((run for run in flow.instance.runs if run.node == flow.graph.start), None)


def _open_target(flow: Flow, to: str, *, token: Sequence[int] | None = None, resume: int | None = None) -> None:
    if to == START:
        run = tokens.new_run(flow, START, [])
        run.resume = resume
        seat = Seat(flow.number(), flow.instance.initiator, "open")
        run.seats.append(seat)
        flow.log("opened", run, seat, before="wait", after="open", actor="system", holder=seat.user)
        flow.notify("todo", START, [seat.user])
        return
    if token is None:
        passed = last_passed(flow, to)
        token = passed.prev if passed is not None else []
    tokens.enter(flow, to, list(token), resume=resume)


def rewind(flow: Flow, edges: Sequence[Edge], own: set[str], since: int, *, resume: str = "replay") -> None:
    """Withdraw everything reachable over *edges* (and at *own*): seats, tokens, join counters, clocks, children.

    Runs that passed since the run numbered *since* count as not passed any more. What a join had taken from branches
    that are not withdrawn is put back, so that it can fire again.
    """
    reached = flow.graph.reach(edges)
    nodes = {flow.graph.edges[edge].target for edge in reached} | own
    withdraw_region(flow, nodes, reached, "returned")
    for run in flow.instance.runs:
        if run.status == "done" and run.node in nodes and run.id >= since:
            run.status = "undone"
            if resume == "changed" and run.node not in own and run.parent is None:
                # What it did stands until it is known that the node has to do it again.
                record = {"run": run.id, "reads": run.reads, "outcome": run.outcome, "by": run.by}
                flow.instance.replay[run.node] = record
            else:
                compensate(flow, run)
    for node in nodes & set(flow.instance.joins):
        _restore_join(flow, node, reached, since)


def _restore_join(flow: Flow, node: str, reached: set[str], since: int) -> None:
    join = flow.instance.joins.pop(node)
    outside = [edge for edge in flow.graph.incoming[node] if edge.id not in reached]
    undone = join.get("at", 0) >= since
    if NODE_TYPES[flow.graph.kind(node)].gather == "each":
        arrived = {edge: count for edge, count in join.get("arrived", {}).items() if edge not in reached}
        if undone and not arrived:
            arrived = {edge.id: 1 for edge in outside if edge.id in join.get("last", ())}
        if arrived:
            flow.instance.joins[node] = {**join, "arrived": arrived, "fired": bool(join.get("fired")) and not undone}
    elif not undone:
        flow.instance.joins[node] = join
    elif NODE_TYPES[flow.graph.kind(node)].gather == "all":
        for edge in outside:
            if not flow.instance.tokens.get(edge.id) and not inclusive.may_come(flow, edge):
                passed = last_passed(flow, edge.host)
                tokens.put(flow, [edge], [passed.id] if passed is not None else [])


def side_effects(flow: Flow, to: str) -> list[str]:
    """Return the nodes whose side effects a return to *to* would not undo."""
    node = flow.graph.start if to == START else to
    after = flow.graph.downstream(node) | {node}
    found = [
        run.node
        for run in flow.instance.runs
        if run.status == "done" and run.node in after and run.parent is None and _has_effects(flow, run.node)
    ]
    return list(dict.fromkeys(found))


def _has_effects(flow: Flow, node: str) -> bool:
    kind = flow.graph.kind(node) if node in flow.graph.nodes else ""
    return kind in NODE_TYPES and NODE_TYPES[kind].effects
