"""A definition as a graph: nodes by id, edges in the designer's order, and what can be reached from where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from workflows.refusal import Refused


class Edge(NamedTuple):
    """One arrow; *source* is a node's id or `node#boundary`, *host* the node itself."""

    id: str
    source: str
    target: str
    condition: Any
    default: bool
    order: int
    host: str


def _edge(order: int, data: Mapping[str, Any]) -> Edge:
    get = data.get
    source, target = str(get("from", "")), str(get("to", ""))
    host = source.partition("#")[0] if "#" in source else source
    return Edge(
        str(get("id") or f"{source}>{target}"), source, target, get("condition"), bool(get("default")), order, host
    )


class Graph:
    """A workflow definition, ready to be walked.

    Raises:
        Refused: an edge names a node that does not exist, or there is no start.
    """

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self.definition = definition
        self.key = str(definition.get("key", ""))
        self.version = definition.get("version")
        self.policy: Mapping[str, Any] = definition.get("policy") or {}
        self.nodes: Mapping[str, Mapping[str, Any]] = definition.get("nodes") or {}
        self.kinds = {node: str(settings.get("type", "")) for node, settings in self.nodes.items()}
        self.edges: dict[str, Edge] = {}
        self.outgoing: dict[str, list[Edge]] = {}
        self.incoming: dict[str, list[Edge]] = {node: [] for node in self.nodes}
        self._leaving: dict[str, list[Edge]] = {node: [] for node in self.nodes}
        incoming, leaving, outgoing = self.incoming, self._leaving, self.outgoing
        for order, data in enumerate(definition.get("edges") or ()):
            edge = _edge(order, data)
            if edge.id in self.edges:
                raise Refused("bad_definition", f"连线“{edge.id}”重复", f"two edges are called “{edge.id}”")
            if edge.host not in leaving or edge.target not in incoming:
                node = edge.target if edge.host in leaving else edge.host
                raise Refused("bad_definition", f"连线“{edge.id}”指向不存在的节点“{node}”", f"no node “{node}”")
            self.edges[edge.id] = edge
            incoming[edge.target].append(edge)
            leaving[edge.host].append(edge)
            if edge.source in outgoing:
                outgoing[edge.source].append(edge)
            else:
                outgoing[edge.source] = [edge]

    @property
    def start(self) -> str:
        """The id of the start node."""
        for node, settings in self.nodes.items():
            if settings.get("type") == "start":
                return node
        raise Refused("bad_definition", "流程没有开始节点", "the workflow has no start node")

    def kind(self, node: str) -> str:
        """Return the type word of *node*."""
        return self.kinds[node]

    def leaving(self, node: str) -> list[Edge]:
        """Return every edge out of *node*, those of its boundary events included."""
        return self._leaving[node]

    def boundary(self, node: str) -> list[Mapping[str, Any]]:
        """Return the boundary events of *node*."""
        return list(self.nodes[node].get("boundary") or ())

    def reach(self, edges: Iterable[Edge], *, without: str | None = None) -> set[str]:
        """Return the ids of the edges that a token on one of *edges* can come to without passing the node *without*."""
        found: set[str] = set()
        waiting = list(edges)
        while waiting:
            edge = waiting.pop()
            if edge.id in found:
                continue
            found.add(edge.id)
            if edge.target != without:
                waiting.extend(self._leaving[edge.target])
        return found

    def downstream(self, node: str) -> set[str]:
        """Return the nodes that can be reached by leaving *node* (itself only when it lies on a loop)."""
        return {self.edges[edge].target for edge in self.reach(self._leaving[node])}

    def upstream(self, node: str, *, without: str | None = None) -> set[str]:
        """Return the nodes from which *node* can be reached without passing the node *without*."""
        found: set[str] = set()
        waiting = [edge.host for edge in self.incoming[node]]
        while waiting:
            source = waiting.pop()
            if source in found or source == without:
                continue
            found.add(source)
            waiting.extend(edge.host for edge in self.incoming[source])
        return found

    def between(self, split: str, join: str) -> set[str]:
        """Return the nodes on a way from *split* to *join*, both aside."""
        ahead = {self.edges[edge].target for edge in self.reach(self._leaving[split], without=join)}
        return (ahead & self.upstream(join, without=split)) - {split, join}

    def split_of(self, join: str) -> str | None:
        """Return the nearest node that every way from the start to *join* passes, or None."""
        candidates = self.upstream(join) - {join}
        start = self.start
        passed_by_all = [
            node for node in candidates if node != start and start not in self.upstream(join, without=node) - {node}
        ]
        # Of two such nodes the nearer one has the other upstream of it.
        return max(passed_by_all, key=lambda node: (len(self.upstream(node)), node), default=start)
