"""Is a workflow sound? Every finding with its place, the node, the reason and what to do, all at once (workflow.md §12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.problems import Problem
from workflows.graph import Graph
from workflows.refusal import Refused
from workflows.soundness import formulas, people, shape, structure

__all__ = ["check_workflow"]


def check_workflow(
    definition: Mapping[str, Any],
    fields: Mapping[str, Any] | None = None,
    library: Mapping[str, Any] | None = None,
) -> list[Problem]:
    """Return everything that keeps a workflow from being published; an empty list when it is sound.

    Args:
        definition: the workflow; its outer form is checked by `engine.definitions.check("workflow", …)`.
        fields: the names of its form as `engine.expression.check` takes them; without them names are not checked.
        library: the other workflows by key, for subprocesses; without it they are not looked up.
    """
    problems = shape.problems(definition)
    if problems:
        # Ids that do not resolve leave no graph to say anything about.
        return problems
    try:
        graph = Graph(definition)
    except Refused as refused:
        return [Problem("$", refused.message, "", refused.message_en)]
    problems = shape.settings_problems(graph)
    problems += structure.problems(graph)
    problems += people.problems(graph, library)
    problems += formulas.problems(graph, fields)
    return list(dict.fromkeys(problems))
