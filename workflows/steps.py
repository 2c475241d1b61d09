"""The pure core: an instance starts, and moves on by one operation at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows import tokens
from workflows.directory import Calendar, Directory, NoDirectory
from workflows.flow import Flow
from workflows.graph import Graph
from workflows.instance import Instance
from workflows.operations import perform
from workflows.plain import digest, plain
from workflows.refusal import Refused

Prepared = Graph
"""A definition that was prepared once; see `prepare`."""
Effects = list[dict[str, Any]]
Definition = Mapping[str, Any] | Prepared


def prepare(definition: Mapping[str, Any]) -> Prepared:
    """Return *definition* ready to be walked, for `start` and `advance` of its many instances; it must not change any more.

    Raises:
        Refused: an edge leads nowhere.
    """
    return Graph(definition)


def _graph(definition: Definition) -> Graph:
    return definition if isinstance(definition, Graph) else Graph(definition)


def start(
    definition: Definition,
    variables: Mapping[str, Any] | None = None,
    *,
    initiator: str = "",
    now: datetime,
    directory: Directory | None = None,
    library: Mapping[str, Definition] | None = None,
    id: str | None = None,  # noqa: A002 the public contract's name
    calendar: Calendar | None = None,
) -> tuple[Instance, Effects]:
    """Start an instance of *definition* and let it move as far as it can.

    Args:
        definition: the workflow (workflow.md §0), or what `prepare` made of it; it is not changed.
        variables: the form's values, JSON data.
        initiator: who submits it.
        now: the time, aware.
        directory: who is who; without one everybody is active and nobody has a superior.
        library: the definitions of subprocesses by key.
        id: the instance's key; it seeds random draws and the ids of effects. Without one it is made from the rest.
        calendar: work time, for clocks that run by it.

    Returns:
        The instance, and the effects that the outside is asked for, in order.

    Raises:
        Refused: the definition has no start, or an edge leads nowhere.
    """
    data = plain(variables or {})
    graph = _graph(definition)
    begin = graph.start
    key = id if id is not None else digest([graph.key, initiator, now.isoformat(), data])
    instance = Instance(str(key), graph.key, graph.version, variables=data, initiator=initiator)
    flow = Flow(graph, instance, _aware(now), directory or NoDirectory(), library or {}, calendar, [])
    flow.event = {"user": initiator}
    tokens.enter(flow, begin, [])
    tokens.settle(flow)
    return instance, flow.effects


def advance(
    definition: Definition,
    instance: Instance,
    event: Mapping[str, Any],
    *,
    now: datetime,
    directory: Directory | None = None,
    library: Mapping[str, Definition] | None = None,
    calendar: Calendar | None = None,
) -> tuple[Instance, Effects]:
    """Carry out one operation and return the new instance and the effects; *instance* is not changed.

    Args:
        definition: the version that the instance is pinned to.
        instance: the position.
        event: the operation (workflow.md §0): `op` and its keys.
        now: the time, aware.
        directory: who is who.
        library: the definitions of subprocesses by key.
        calendar: work time.

    Raises:
        Refused: the step may not be taken; nothing has changed.
    """
    graph = _graph(definition)
    twin = instance.copy()
    flow = Flow(graph, twin, _aware(now), directory or NoDirectory(), library or {}, calendar, [])
    perform(flow, event)
    if twin.logged != instance.logged:
        # Whatever changes the position leaves a row in the log.
        twin.lock_version += 1
    return twin, flow.effects


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise Refused("naive_time", "时间必须带时区", "the time must carry its zone")
    return now
