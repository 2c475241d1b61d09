"""Where a finding stands: JSON paths of nodes and edges, and how a node is called in messages."""

from __future__ import annotations

from typing import Any

from engine.definitions.document import child
from engine.problems import Problem
from workflows.graph import Edge, Graph


def node_path(node: str, *more: str | int) -> str:
    """Return the JSON path of a node, or of something inside it."""
    path = child("$.nodes", node)
    for part in more:
        path = child(path, part)
    return path


def edge_path(edge: Edge, *more: str) -> str:
    """Return the JSON path of an edge, or of something inside it."""
    path = f"$.edges[{edge.order}]"
    for part in more:
        path = child(path, part)
    return path


def called(graph: Graph, node: str) -> str:
    """Return what to call a node: its id, with its name where it has one."""
    name: Any = graph.nodes[node].get("name")
    return f"{node} {name}" if name else node


def finding(path: str, message: tuple[str, str], hint: tuple[str, str]) -> Problem:
    """Return a finding in both languages."""
    return Problem(path, message[0], hint[0], message[1], hint[1])
