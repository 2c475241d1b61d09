"""Migration: a running instance goes over to another version of its definition, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.problems import Problem
from workflows.flow import Flow
from workflows.graph import Graph
from workflows.instance import REVOKE, START, Instance
from workflows.position import Incident

_FREE = (START, REVOKE)


def dry_run(
    definition: Mapping[str, Any], instance: Instance, new: Mapping[str, Any], mapping: Mapping[str, str] | None = None
) -> list[Problem]:
    """Return why *instance* cannot go over from *definition* to *new*; an empty list when it can.

    Args:
        definition: the definition that the instance is pinned to.
        instance: the instance; it is not changed.
        new: the definition to go over to.
        mapping: node ids (and edge ids) of the old definition to those of the new one, where they differ.
    """
    return obstacles(Graph(definition), instance, Graph(new), mapping or {})


def obstacles(old: Graph, instance: Instance, new: Graph, mapping: Mapping[str, str]) -> list[Problem]:
    """Return everything that keeps the instance from going over: each active item and waiting token without a target."""
    problems: list[Problem] = []
    for run in instance.runs:
        if run.live and run.node not in _FREE:
            problems += _node(old, new, run.node, mapping)
    for node in instance.joins:
        problems += _node(old, new, node, mapping)
    for edge in instance.tokens:
        problems += _edge(old, new, edge, mapping)
    for timer in instance.timers:
        host = instance.run(timer.run)
        if host is not None and timer.kind == "boundary":
            problems += _boundary(new, host.node, timer.key, mapping)
    return list(dict.fromkeys(problems))


def _node(old: Graph, new: Graph, node: str, mapping: Mapping[str, str]) -> list[Problem]:
    target = mapping.get(node, node)
    path = f"$.nodes.{node}"
    if target not in new.nodes:
        return [
            Problem(
                path,
                f"正在运行的节点“{node}”在新版本里没有对应节点",
                "请在映射中指定它对应哪个节点",
                f"the active node “{node}” has no counterpart in the new version",
                "say in the map which node it becomes",
            )
        ]
    if new.kind(target) != old.kind(node):
        return [
            Problem(
                path,
                f"“{node}”是 {old.kind(node)},“{target}”是 {new.kind(target)},类型必须相同",
                "",
                f"“{node}” is a {old.kind(node)} and “{target}” a {new.kind(target)}: the types must be equal",
            )
        ]
    return []


def _edge(old: Graph, new: Graph, edge: str, mapping: Mapping[str, str]) -> list[Problem]:
    target = mapping.get(edge, edge)
    if target not in new.edges:
        return [
            Problem(
                f"$.edges.{edge}",
                f"连线“{edge}”上有等待的令牌,新版本里没有这条连线",
                "请在映射中指定它对应哪条连线",
                f"a token waits on the edge “{edge}”, which the new version does not have",
                "say in the map which edge it becomes",
            )
        ]
    before, after = old.kind(old.edges[edge].target), new.kind(new.edges[target].target)
    if before == after:
        return []
    message = f"连线“{edge}”通向的节点类型不同({before} → {after})"
    return [Problem(f"$.edges.{edge}", message, "", f"the edge “{edge}” leads to another type ({before} → {after})")]


def _boundary(new: Graph, node: str, key: str, mapping: Mapping[str, str]) -> list[Problem]:
    target = mapping.get(node, node)
    if target not in new.nodes or any(str(event["id"]) == key for event in new.boundary(target)):
        return []
    message = f"“{node}”上的边界事件“{key}”正在计时,新版本里没有它"
    return [
        Problem(f"$.nodes.{node}.boundary", message, "", f"the armed boundary event “{node}#{key}” has no counterpart")
    ]


def move(flow: Flow, new: Graph, mapping: Mapping[str, str]) -> None:
    """Put the instance onto *new* (no obstacle was found): names change, clocks keep their due time."""
    if dict(new.definition) == dict(flow.graph.definition) and all(old == name for old, name in mapping.items()):
        return
    instance = flow.instance
    for run in instance.runs:
        run.node = mapping.get(run.node, run.node)
    for name in ("joins", "rounds", "replay"):
        setattr(instance, name, {mapping.get(node, node): value for node, value in getattr(instance, name).items()})
    instance.tokens = {mapping.get(edge, edge): tokens for edge, tokens in instance.tokens.items()}
    for node, join in instance.joins.items():
        instance.joins[node] = _renamed(join, mapping)
    instance.returned = [mapping.get(node, node) for node in instance.returned]
    for group in ("outcome", "result"):
        found = instance.variables.get(group)
        if isinstance(found, Mapping):
            instance.variables[group] = {mapping.get(node, node): value for node, value in found.items()}
    # Incidents are shared with the instance that was handed in: new ones are made, none is changed.
    instance.incidents = [
        Incident({key: mapping.get(value, value) if key in {"node", "edge"} else value for key, value in found.items()})
        for found in instance.incidents
    ]
    before = flow.graph.version
    flow.graph = new
    instance.definition_id, instance.version = new.key, new.version
    flow.log("migrated", None, before=before, after=new.version, map=dict(mapping))


def _renamed(join: dict[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    renamed = dict(join)
    if "arrived" in join:
        renamed["arrived"] = {mapping.get(edge, edge): count for edge, count in join["arrived"].items()}
    if "last" in join:
        renamed["last"] = [mapping.get(edge, edge) for edge in join["last"]]
    return renamed
