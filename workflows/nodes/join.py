"""Partial join (n of m): goes on at the n-th arrival and absorbs the rest."""

from __future__ import annotations

from workflows.flow import Flow
from workflows.graph import Edge
from workflows.node import NodeType, node_type
from workflows.schemas import settings
from workflows.withdrawal import withdraw_region


@node_type("join")
class Join(NodeType):
    """Fires on the n-th arrival of a round and absorbs the others; a cancelling one withdraws the branches still at work."""

    title = "部分汇合"
    title_en = "Partial join"
    sentence = "几条路汇合，到了够数的几条就继续，不必等全部。"
    sentence_en = "Paths meet; as soon as enough of them have arrived the workflow goes on."
    icon = "merge-cells"
    group = "gateway"
    schema = settings(
        {
            "n": {"type": "integer", "minimum": 1, "title": "到齐几个", "x-title-en": "Arrivals needed"},
            "split": {"type": "string", "title": "对应的分支节点", "x-title-en": "Where the branches start"},
            "cancel": {"type": "boolean", "default": False, "title": "取消其余", "x-title-en": "Cancel the rest"},
        }
    )
    example = {"type": "join", "n": 2, "split": "f", "cancel": True}  # noqa: RUF012 a constant of the class
    passage = True

    def goes_on(self, flow: Flow, node: str) -> bool:
        """Say whether the next arrival is the n-th of its round."""
        join = flow.instance.joins.get(node, {})
        arrived = sum(join.get("arrived", {}).values())
        return not join.get("fired") and arrived + 1 >= self._needed(flow, node)

    def arrive(self, flow: Flow, edge: Edge) -> None:
        """Count the arrival; fire, cancel and re-arm."""
        node = edge.target
        fires = self.goes_on(flow, node)
        join = dict(flow.instance.joins.get(node, {}))
        arrived = dict(join.get("arrived", {}))
        arrived[edge.id] = arrived.get(edge.id, 0) + 1
        join["arrived"] = arrived
        if fires:
            join.update(fired=True, at=flow.instance.serial)
        join["last"] = list(arrived)
        own = flow.settings(node)
        if fires and own.get("cancel"):
            self._cancel(flow, node, own.get("split"))
            join.update(arrived={}, fired=False)
        elif join.get("fired") and sum(arrived.values()) >= len(flow.graph.incoming[node]):
            join.update(arrived={}, fired=False)
        flow.instance.joins[node] = join

    def _needed(self, flow: Flow, node: str) -> int:
        return int(flow.settings(node).get("n", len(flow.graph.incoming[node])))

    def _cancel(self, flow: Flow, node: str, split: str | None) -> None:
        graph = flow.graph
        start = split if split in graph.nodes else graph.split_of(node)
        if start is None:
            return
        inside = graph.between(str(start), node)
        region = inside | {str(start), node}
        edges = {
            edge.id for edge in graph.edges.values() if edge.host in region - {node} and edge.target in region - {start}
        }
        withdraw_region(flow, inside, edges, "join")
        for other in inside:
            flow.instance.joins.pop(other, None)
