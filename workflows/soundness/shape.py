"""Ids that resolve, types that exist, settings that fit: what must hold before a graph can be walked at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions import problems_in
from engine.problems import Problem, did_you_mean
from workflows.graph import Graph
from workflows.node import NODE_TYPES
from workflows.schemas import CALENDAR, DURATION
from workflows.soundness.place import called, finding, node_path

_DRAW = ("先画出流程", "draw the workflow first")
_CONNECT = ("连到已有的节点", "connect it to a node that exists")
_BOUNDARY: Mapping[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "after"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "pattern": "^[^#/\\s]{1,50}$"},
            "name": {"type": "string"},
            "after": DURATION,
            "from": {"type": "string"},
            "calendar": CALENDAR,
            "interrupting": {"type": "boolean"},
            "every": {"type": ["string", "number", "null"]},
        },
    },
}
COMMON: Mapping[str, Any] = {
    "type": {"type": "string"},
    "name": {"type": "string", "maxLength": 200},
    "name_en": {"type": "string", "maxLength": 200},
    "description": {"type": "string", "maxLength": 4000},
    "boundary": _BOUNDARY,
    "position": {"type": "object"},
}


def problems(definition: Mapping[str, Any]) -> list[Problem]:
    """Return the ids that do not resolve: nodes, edges, boundary events, the one start."""
    nodes, edges = definition.get("nodes"), definition.get("edges")
    if not isinstance(nodes, Mapping) or not nodes:
        return [finding("$.nodes", ("流程没有节点", "the workflow has no nodes"), _DRAW)]
    if not isinstance(edges, list):
        return [finding("$.edges", ("流程没有连线", "the workflow has no edges"), _DRAW)]
    found: list[Problem] = []
    for node, settings in nodes.items():
        if not isinstance(settings, Mapping) or not isinstance(settings.get("type"), str):
            message = (f"节点“{node}”缺少 type", f"the node “{node}” lacks its type")
            found.append(finding(node_path(str(node)), message, ("写明节点类型", "say which type the node has")))
    found += _edges(nodes, edges)
    if not found:
        found += _starts(nodes)
    return found


def _edges(nodes: Mapping[str, Any], edges: list[Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, edge in enumerate(edges):
        path = f"$.edges[{number}]"
        if not isinstance(edge, Mapping):
            yield finding(
                path, ("连线应为 object", "an edge is an object"), ("写明 id、from 和 to", "give it id, from and to")
            )
            continue
        key = str(edge.get("id") or f"{edge.get('from')}>{edge.get('to')}")
        if key in seen:
            message = (f"连线“{key}”重复", f"two edges are called “{key}”")
            yield finding(f"{path}.id", message, ("给其中一条换个 id", "give one of them another id"))
        seen.add(key)
        yield from _end(nodes, edge, "to", f"{path}.to")
        yield from _end(nodes, edge, "from", f"{path}.from")


def _end(nodes: Mapping[str, Any], edge: Mapping[str, Any], side: str, path: str) -> Iterator[Problem]:
    node, hash_, event = str(edge.get(side, "")).partition("#")
    if node not in nodes:
        near = did_you_mean(node, nodes)
        hint = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else _CONNECT
        yield finding(path, (f"连线指向不存在的节点“{node}”", f"there is no node “{node}”"), hint)
        return
    settings = nodes[node]
    events = [str(one.get("id")) for one in settings.get("boundary") or ()] if isinstance(settings, Mapping) else []
    if hash_ and (side == "to" or event not in events):
        message = (f"“{node}”没有边界事件“{event}”", f"“{node}” has no boundary event “{event}”")
        yield finding(path, message, ("先在节点上加这个边界事件", "add the boundary event to the node first"))


def _starts(nodes: Mapping[str, Any]) -> Iterator[Problem]:
    starts = [node for node, settings in nodes.items() if settings["type"] == "start"]
    if len(starts) == 1:
        return
    if not starts:
        message = ("流程没有开始节点", "the workflow has no start node")
        yield finding("$.nodes", message, ("加一个开始节点", "add a start node"))
    for node in starts[1:]:
        message = (f"只能有一个开始节点,“{node}”是多余的", f"only one start node: “{node}” is one more")
        yield finding(node_path(node), message, ("删掉多余的", "delete the others"))


def settings_problems(graph: Graph) -> list[Problem]:
    """Return what is wrong with each node's settings, checked by its own type's schema alone."""
    found: list[Problem] = []
    for node, settings in graph.nodes.items():
        kind = graph.kind(node)
        if kind not in NODE_TYPES:
            near = did_you_mean(kind, NODE_TYPES)
            known = "、".join(NODE_TYPES)
            hint = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else (f"可用:{known}", f"known: {known}")
            message = (f"“{node}”: 没有名为“{kind}”的节点类型", f"“{node}”: there is no node type “{kind}”")
            found.append(finding(node_path(node, "type"), message, hint))
            continue
        schema = NODE_TYPES[kind].schema
        whole = {**schema, "properties": {**COMMON, **schema["properties"]}}
        found += problems_in(whole, dict(settings), node_path(node))
        found += _ends(graph, node, kind)
    return found


def _ends(graph: Graph, node: str, kind: str) -> Iterator[Problem]:
    if kind == "start" and graph.incoming[node]:
        message = (
            f"“{called(graph, node)}”是开始节点,不能有进入的连线",
            f"“{node}” is the start: nothing may lead into it",
        )
        yield finding(node_path(node), message, ("循环请回到开始之后的节点", "let a loop come back behind the start"))
    if kind in {"end", "terminate"} and graph.leaving(node):
        message = (f"“{called(graph, node)}”是结束节点,不能有出去的连线", f"“{node}” is an end: nothing may leave it")
        yield finding(node_path(node), message, ("删掉这条连线", "delete that edge"))
