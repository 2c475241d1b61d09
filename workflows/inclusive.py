"""The inclusive join: it fires when no token elsewhere can still come to one of its empty edges."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.flow import Flow
from workflows.graph import Edge
from workflows.instance import START
from workflows.position import Run


def may_fire(flow: Flow, node: str) -> bool:
    """Say whether the inclusive gateway *node* may fire; asked only when nothing else can move."""
    incoming = flow.graph.incoming[node]
    full = {edge.id for edge in incoming if flow.instance.tokens.get(edge.id)}
    if any(incident.get("edge") in full for incident in flow.instance.incidents):
        return False
    empty = {edge.id for edge in incoming} - full
    if not empty:
        return True
    for start in elsewhere(flow, node):
        reached = flow.graph.reach(start, without=node)
        # A token that may also come to a full edge is not waited for (the rule of BPMN 2.0).
        if reached & empty and not reached & full:
            return False
    return True


def may_come(flow: Flow, edge: Edge) -> bool:
    """Say whether a token somewhere else can still come to *edge*."""
    return any(edge.id in flow.graph.reach(start, without=edge.target) for start in elsewhere(flow, edge.target))


def elsewhere(flow: Flow, join: str) -> Iterator[list[Edge]]:
    """Yield, for each token that is not at *join*, the edges on which it is or which it can take."""
    graph = flow.graph
    for edge in flow.instance.tokens:
        if graph.edges[edge].target != join:
            yield [graph.edges[edge]]
    for run in flow.instance.live_runs():
        yield _ways(flow, run)
    for timer in flow.instance.timers:
        if timer.kind == "boundary":
            host = flow.instance.run(timer.run)
            yield graph.outgoing.get(f"{host.node}#{timer.key}", []) if host is not None else []
    for node, count in flow.instance.joins.items():
        if count.get("arrived") and not count.get("fired"):
            yield graph.outgoing.get(node, [])


def _ways(flow: Flow, run: Run) -> list[Edge]:
    if run.resume is not None:
        # A direct return jumps back to the run that is held, which stands here for itself.
        return []
    node = flow.graph.start if run.node == START else run.node
    source = f"{node}#{run.leaving}" if run.leaving else node
    return flow.graph.outgoing.get(source, [])
