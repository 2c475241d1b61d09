"""Which formula field needs which: the order of computing them, what a change touches, and circles told as a path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.expression.parser import parse
from engine.expression.scope import Scope
from engine.expression.tree import Tree
from engine.problems import DefinitionError, Problem


def needs(formulas: Mapping[str, Tree | str], scope: Scope) -> dict[str, tuple[str, ...]]:
    """Return for every formula field the formula fields of the same record that it reads directly.

    Args:
        formulas: key of the field → its formula, as text or parsed. One that cannot be read needs nothing.
        scope: the names of the record.
    """
    found: dict[str, tuple[str, ...]] = {}
    for key, formula in formulas.items():
        try:
            tree = formula if isinstance(formula, Tree) else parse(formula)
        except DefinitionError:
            found[key] = ()
            continue
        first = (scope.find(parts[0]) for parts in tree.names())
        keys = (entries[0].key for entries in first if len(entries) == 1)
        found[key] = tuple(dict.fromkeys(name for name in keys if name in formulas))
    return found


def order(formulas: Mapping[str, Tree | str], scope: Scope) -> tuple[list[str], list[Problem]]:
    """Return the formula fields in an order in which each comes after what it reads, and a problem for every circle.

    Fields in a circle are left out of the order.
    """
    graph = needs(formulas, scope)
    done: list[str] = []
    state: dict[str, int] = {}
    problems: list[Problem] = []
    broken: set[str] = set()
    for start in graph:
        _visit(start, graph, state, [], (done, broken, problems), scope)
    return [key for key in done if key not in broken], problems


def _visit(
    key: str,
    graph: Mapping[str, tuple[str, ...]],
    state: dict[str, int],
    path: list[str],
    results: tuple[list[str], set[str], list[Problem]],
    scope: Scope,
) -> None:
    done, broken, problems = results
    if state.get(key) == 2:
        return
    if state.get(key) == 1:
        circle = [*path[path.index(key) :], key]
        broken.update(circle)
        problems.append(_circle(circle, scope))
        return
    state[key] = 1
    for needed in graph[key]:
        _visit(needed, graph, state, [*path, key], results, scope)
    state[key] = 2
    if any(needed in broken for needed in graph[key]):
        broken.add(key)
    done.append(key)


def _circle(circle: list[str], scope: Scope) -> Problem:
    labels = [entries[0].label or key if (entries := scope.find(key)) else key for key in circle]
    return Problem(
        "$", f"公式互相引用成了一圈:{' → '.join(labels)}", "去掉其中一处引用",
        f"formulas refer to each other in a circle: {' → '.join(circle)}", "remove one of the references",
    )  # fmt: skip


def affected(changed: Iterable[str], graph: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the formula fields that have to be computed again after *changed* fields changed, in the graph's order.

    Args:
        changed: keys of fields, stored ones or formulas.
        graph: field → the fields that it reads directly (stored fields may stand in it too).
    """
    touched = set(changed)
    found: list[str] = []
    again = True
    while again:
        again = False
        for key, read in graph.items():
            if key not in touched and touched & set(read):
                touched.add(key)
                found.append(key)
                again = True
    return [key for key in graph if key in found]
