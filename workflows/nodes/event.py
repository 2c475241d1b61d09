"""Event choice (事件选择): what happens first decides the branch."""

from __future__ import annotations

from workflows import clocks, tokens
from workflows.flow import Flow
from workflows.graph import Edge
from workflows.node import NODE_TYPES, NodeType, node_type
from workflows.position import Run
from workflows.schemas import settings


@node_type("event")
class Event(NodeType):
    """Starts the nodes right after it together; the first to finish withdraws the others."""

    title = "事件选择"
    title_en = "Event choice"
    sentence = "后面几件事同时等着，谁先发生就走谁，其余不再等。"
    sentence_en = "Several things are waited for at once; the first to happen wins."
    icon = "thunderbolt"
    group = "gateway"
    schema = settings({})
    example = {"type": "event"}  # noqa: RUF012 a constant of the class

    def enter(self, flow: Flow, run: Run) -> None:
        """Start every follower; none is started any more once one has finished."""
        clocks.disarm(flow, run)
        run.status, run.ended = "done", flow.moment
        for edge in flow.graph.outgoing.get(run.node, []):
            if self._won(flow, run) or flow.ended:
                return
            self._start(flow, run, edge)

    def _start(self, flow: Flow, run: Run, edge: Edge) -> None:
        kind = flow.graph.kind(edge.target)
        if kind in NODE_TYPES and NODE_TYPES[kind].passage:
            # A gateway waits for nothing: it has finished as soon as it starts.
            tokens.put(flow, [edge], [run.id])
            tokens.win(flow, run.id)
        else:
            tokens.enter(flow, edge.target, [run.id], choice=run.id)

    def _won(self, flow: Flow, run: Run) -> bool:
        return any(other.choice == run.id and not other.live for other in flow.instance.runs)
