"""What a dialog shows before somebody acts: where a return may go, and what it would not undo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from workflows import returning
from workflows.directory import NoDirectory
from workflows.flow import Flow
from workflows.graph import Graph
from workflows.instance import Instance


def _standing(definition: Mapping[str, Any], instance: Instance) -> Flow:
    # Nothing is moved, so the time and the people do not matter.
    return Flow(Graph(definition), instance, datetime.min.replace(tzinfo=UTC), NoDirectory(), {}, None, [])


def return_targets(definition: Mapping[str, Any], instance: Instance, node: str) -> list[str]:
    """Return where *node* may return to: START, then the nodes that were really passed, upstream and allowed."""
    return returning.targets(_standing(definition, instance), node)


def side_effects(definition: Mapping[str, Any], instance: Instance, to: str) -> list[str]:
    """Return the nodes whose side effects a return to *to* would not undo, in the order in which they ran."""
    return returning.side_effects(_standing(definition, instance), to)
