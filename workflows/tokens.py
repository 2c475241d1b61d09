"""The token game: tokens move along edges until nothing can move, gateways gather and split them."""

from __future__ import annotations

from collections.abc import Sequence

from workflows import clocks, holding, inclusive
from workflows.flow import MAX_ENTRIES, Flow
from workflows.graph import Edge
from workflows.instance import REVOKE, START, Token
from workflows.node import NodeType, find
from workflows.position import Run
from workflows.refusal import Trouble
from workflows.withdrawal import withdraw_run


def type_of(flow: Flow, node: str) -> NodeType:
    """Return the node type of *node*.

    Raises:
        Trouble: nobody registered it.
    """
    kind = flow.graph.kind(node)
    found = find(kind)
    if found is None:
        raise Trouble("unknown_type", f"没有名为“{kind}”的节点类型", f"there is no node type “{kind}”")
    return found


def settle(flow: Flow) -> None:
    """Move tokens until nothing can move, then say what the instance has come to; a suspended one stands still."""
    while not flow.ended and flow.instance.status != "suspended":
        edge = _movable(flow)
        if edge is not None:
            _take(flow, edge)
        elif not _fire_inclusive(flow):
            break
    conclude(flow)


def _fire_inclusive(flow: Flow) -> bool:
    """Fire the first inclusive gateway that may fire; evaluated only when nothing else can move."""
    blocked = {incident.get("edge") for incident in flow.instance.incidents}
    waiting = [flow.graph.edges[edge] for edge in flow.instance.tokens if edge not in blocked]
    nodes = [edge.target for edge in sorted(waiting, key=lambda edge: edge.order)]
    for node in dict.fromkeys(nodes):
        if gathers(flow, node) == "inclusive" and inclusive.may_fire(flow, node):
            full = [edge for edge in flow.graph.incoming[node] if flow.instance.tokens.get(edge.id)]
            flow.entered[0] += 1
            try:
                _guard(flow, node)
                gather(flow, node, full)
            except Trouble as trouble:
                flow.incident(node, trouble, edge=full[0].id)
            return True
    return False


def _guard(flow: Flow, node: str) -> None:
    if flow.entered[0] > MAX_ENTRIES:
        raise Trouble("endless", f"流程在“{node}”附近不停循环", f"the workflow loops around “{node}” without end")


def conclude(flow: Flow) -> None:
    """Set the status: running while work or clocks exist, completed when nothing is left, incident when stuck."""
    instance = flow.instance
    if flow.ended or instance.status in {"suspended", "revoking"}:
        return
    live = instance.live_runs()
    if not live and not instance.incidents:
        stuck = _stuck(flow)
        if stuck is None:
            instance.status = "completed"
            instance.timers.clear()
            flow.log("completed", actor="system")
            return
        message = f"流程停在“{stuck}”: 没有待办, 但还有令牌"
        trouble = Trouble("deadlock", message, f"deadlock at “{stuck}”: tokens are left but no work")
        flow.incident(stuck, trouble)
    instance.status = "running" if instance.incident is None else "incident"


def _stuck(flow: Flow) -> str | None:
    """Return the node at which a token waits though no work is left, or None."""
    for edge in flow.graph.edges.values():
        if flow.instance.tokens.get(edge.id):
            return edge.target
    for node, join in flow.instance.joins.items():
        if join.get("arrived") and not join.get("fired"):
            return node
    return None


def _movable(flow: Flow) -> Edge | None:
    """Return the first edge, in the designer's order, whose token can move by itself."""
    if not flow.instance.tokens:
        return None
    blocked = {incident.get("edge") for incident in flow.instance.incidents}
    waiting = [flow.graph.edges[edge] for edge in flow.instance.tokens if edge not in blocked]
    for edge in sorted(waiting, key=lambda edge: edge.order):
        gather = gathers(flow, edge.target)
        if gather == "each" or (gather == "all" and _complete(flow, edge.target)):
            return edge
    return None


def gathers(flow: Flow, node: str) -> str:
    """Return how *node* takes its tokens: each, all or inclusive."""
    found = find(flow.graph.kind(node))
    return "each" if found is None else found.gather


def _complete(flow: Flow, node: str) -> bool:
    return all(flow.instance.tokens.get(edge.id) for edge in flow.graph.incoming[node])


def pop(flow: Flow, edge: str) -> Token:
    """Take one token from *edge*."""
    waiting = flow.instance.tokens[edge]
    token = waiting.pop(0)
    if not waiting:
        del flow.instance.tokens[edge]
    return token


def _take(flow: Flow, edge: Edge) -> None:
    flow.entered[0] += 1
    node = edge.target
    try:
        _guard(flow, node)
        kind = type_of(flow, node)
        if kind.gather == "all":
            gather(flow, node, flow.graph.incoming[node])
        elif kind.passage:
            _pass(flow, kind, edge)
        else:
            enter(flow, node, pop(flow, edge.id))
    except Trouble as trouble:
        flow.incident(node, trouble, edge=edge.id)


def gather(flow: Flow, node: str, edges: Sequence[Edge]) -> None:
    """Take exactly one token from each of *edges* and split over the outgoing ones of the gateway *node*."""
    chosen = type_of(flow, node).split(flow, node, flow.graph.outgoing.get(node, []))
    token = sorted({run for edge in edges for run in pop(flow, edge.id)})
    if len(flow.graph.incoming[node]) > 1:
        join = flow.instance.joins.setdefault(node, {})
        join["at"] = flow.instance.serial
    _record(flow, node, edges, chosen)
    put(flow, chosen, token)


def _pass(flow: Flow, kind: NodeType, edge: Edge) -> None:
    node, chosen = edge.target, []
    goes_on = kind.goes_on(flow, node)
    if goes_on:
        chosen = kind.split(flow, node, flow.graph.outgoing.get(node, []))
    token = pop(flow, edge.id)
    kind.arrive(flow, edge)
    if goes_on:
        _record(flow, node, [edge], chosen)
        put(flow, chosen, token)


def _record(flow: Flow, node: str, taken: Sequence[Edge], chosen: Sequence[Edge]) -> None:
    if flow.trace is not None:
        flow.trace.append(
            {
                "node": f"{flow.path}{node}",
                "type": flow.graph.kind(node),
                "at": flow.moment,
                "input": dict(flow.instance.variables),
                "output": {},
                "taken": [edge.id for edge in taken],
                "edges": [edge.id for edge in chosen],
            }
        )


def put(flow: Flow, edges: Sequence[Edge], token: Token) -> None:
    """Put a token on each of *edges*."""
    for edge in edges:
        flow.instance.tokens.setdefault(edge.id, []).append(list(token))


def new_run(flow: Flow, node: str, token: Token) -> Run:
    """Return a new run of *node*, one round later than the last."""
    instance = flow.instance
    instance.rounds[node] = instance.rounds.get(node, 0) + 1
    run = Run(flow.number(), node, instance.rounds[node], at=flow.moment, prev=list(token))
    instance.runs.append(run)
    return run


def enter(flow: Flow, node: str, token: Token, *, choice: int | None = None, resume: int | None = None) -> Run:
    """Enter *node* with *token*; what keeps it from starting is an incident at the run."""
    run = new_run(flow, node, token)
    run.choice, run.resume = choice, resume
    begin(flow, run)
    return run


def begin(flow: Flow, run: Run) -> None:
    """Do what the node of *run* does on entry (again after a retry)."""
    run.status = "active"
    if flow.trace is not None:
        flow.trace.append(
            {
                "node": f"{flow.path}{run.node}",
                "type": flow.graph.kind(run.node),
                "at": flow.moment,
                "input": dict(flow.instance.variables),
                "run": run.id,
                "instance": flow.instance.id,
            }
        )
    try:
        kind = type_of(flow, run.node)
        if holding.passes_unchanged(flow, run):
            finish(flow, run)
            return
        clocks.arm(flow, run)
        kind.enter(flow, run)
    except Trouble as trouble:
        clocks.disarm(flow, run)
        flow.incident(run.node, trouble, run=run)


def leave_boundary(flow: Flow, run: Run, boundary: str) -> None:
    """Put a token on the edges of a boundary event of *run*'s node; where none can be chosen it is an incident."""
    source = f"{run.node}#{boundary}"
    try:
        chosen = type_of(flow, run.node).split(flow, run.node, flow.graph.outgoing.get(source, []))
    except Trouble as trouble:
        # The event has happened whatever its host does: it gets a run of its own, which a retry takes up.
        stuck = Run(flow.number(), run.node, run.round, at=flow.moment, prev=[run.id], leaving=boundary, parent=run.id)
        flow.instance.runs.append(stuck)
        flow.incident(run.node, trouble, run=stuck)
        return
    put(flow, chosen, [run.id])


def finish(flow: Flow, run: Run) -> None:
    """End *run* and let its token go on."""
    clocks.disarm(flow, run)
    run.status = "done"
    run.work = False
    if run.reads is None and run.parent is None and run.node in flow.graph.nodes and type_of(flow, run.node).waits:
        run.reads = holding.reads_of(flow, run)
    run.ended = run.ended or flow.moment
    if run.choice is not None:
        win(flow, run.choice, run)
    depart(flow, run)


def depart(flow: Flow, run: Run, boundary: str | None = None) -> None:
    """Put the token of a finished run on its edges; a direct return goes back to the held run instead."""
    if run.resume is not None:
        held, run.resume = flow.instance.run(run.resume), None
        if held is not None and held.status == "held":
            holding.reopen(flow, held)
        return
    if run.node == REVOKE:
        return
    node = flow.graph.start if run.node == START else run.node
    source = node if boundary is None else f"{node}#{boundary}"
    try:
        chosen = type_of(flow, node).split(flow, node, flow.graph.outgoing.get(source, []))
    except Trouble as trouble:
        run.leaving = boundary or ""
        flow.incident(node, trouble, run=run)
        return
    run.leaving = None
    _traced(flow, run, chosen)
    put(flow, chosen, [run.id])


def _traced(flow: Flow, run: Run, chosen: Sequence[Edge]) -> None:
    for row in reversed(flow.trace or ()):
        if row.get("run") == run.id and row.get("instance") == flow.instance.id:
            before = row["input"]
            now = flow.instance.variables
            row["output"] = {key: value for key, value in now.items() if key not in before or before[key] != value}
            row["edges"] = [edge.id for edge in chosen]
            row["left"] = flow.moment
            return


def win(flow: Flow, choice: int, winner: Run | None = None) -> None:
    """Withdraw the others of an event choice: the first to finish has won."""
    for other in flow.instance.runs:
        if other.choice == choice and other is not winner and other.live:
            withdraw_run(flow, other, "choice")
