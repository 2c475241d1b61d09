"""Expressions: every condition and value parses, its names exist, its types fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.expression import check, parse
from engine.problems import DefinitionError, Problem
from workflows.graph import Graph
from workflows.node import NODE_TYPES
from workflows.soundness.place import called, edge_path, node_path

_ROW = {"item": "any", "row": "any", "index": "number", "done": "number", "total": "number"}


def problems(graph: Graph, fields: Mapping[str, Any] | None) -> list[Problem]:
    """Return what is wrong with the expressions of edges and nodes.

    Args:
        graph: the workflow.
        fields: the names of the form, or None when they are not known: then every name is accepted.
    """
    names = None if fields is None else {**fields, **_written(graph)}
    found: list[Problem] = []
    for edge in graph.edges.values():
        if isinstance(edge.condition, str):
            label = (f"连线“{edge.id}”", f"the edge “{edge.id}”")
            found += _check(
                edge.condition, names, "boolean", edge_path(edge, "condition"), label, lenient=names is None
            )
    for node, settings in graph.nodes.items():
        kind = graph.kind(node)
        if kind not in NODE_TYPES:
            continue
        label = (f"“{called(graph, node)}”", f"“{node}”")
        inner = {**(names or {}), **_ROW} if kind == "each" else names
        for path, source, wanted in NODE_TYPES[kind].expressions(settings):
            if isinstance(source, str):
                place = node_path(node, *path.split(".", 1))
                found += _check(source, inner, wanted, place, label, lenient=names is None)
    return found


def _written(graph: Graph) -> dict[str, Any]:
    """Return the names that nodes write: outcomes, results, set variables, what children hand out."""
    names: dict[str, Any] = {"outcome": "any", "result": "any"}
    for node, settings in graph.nodes.items():
        kind = graph.kind(node)
        if kind in {"approval", "call"}:
            names[node] = "text"
        for target in [*(settings.get("set") or {}), *(settings.get("out") or {}), *(settings.get("write") or ())]:
            names.setdefault(str(target), "any")
    return names


def _check(
    source: str,
    names: Mapping[str, Any] | None,
    wanted: str,
    path: str,
    label: tuple[str, str],
    *,
    lenient: bool,
) -> Iterator[Problem]:
    try:
        tree = parse(source)
    except DefinitionError as error:
        yield from (_at(problem, path, label) for problem in error.problems)
        return
    known = dict(names) if names is not None else {}
    for parts in tree.names():
        # A path into what nodes wrote (`outcome.boss`) has a type only when it runs.
        if (lenient and parts[0] not in known) or (len(parts) > 1 and known.get(parts[0]) == "any"):
            _accept(known, parts)
    result = "boolean" if wanted == "boolean" else None
    _, problems = check(tree, known, result=result)
    yield from (_at(problem, path, label) for problem in problems)


def _accept(known: dict[str, Any], parts: tuple[str, ...]) -> None:
    """Let a name through with a type that fits everything."""
    if len(parts) == 1:
        known.setdefault(parts[0], "any")
        return
    place: dict[str, Any] = known
    for part in parts[:-1]:
        entry = place.get(part)
        if not isinstance(entry, dict):
            entry = place[part] = {"type": "link", "fields": {}}
        place = entry.setdefault("fields", {})
    place.setdefault(parts[-1], "any")


def _at(problem: Problem, path: str, label: tuple[str, str]) -> Problem:
    return Problem(
        path,
        f"{label[0]}: {problem.message}",
        problem.hint or "检查表达式",
        f"{label[1]}: {problem.message_en}",
        problem.hint_en or "check the expression",
        problem.at,
    )
