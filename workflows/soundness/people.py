"""People and places in settings: approvers, return targets, rejection targets, time limits, subprocesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.problems import Problem, did_you_mean
from workflows.counting import read_ratio
from workflows.durations import read_duration
from workflows.graph import Graph
from workflows.instance import START
from workflows.refusal import Trouble
from workflows.soundness.place import called, finding, node_path

_LENGTH = ("写成 PT4H、P1D 或秒数", "write PT4H, P1D or a number of seconds")


def problems(graph: Graph, library: Mapping[str, Any] | None) -> list[Problem]:
    """Return what is wrong with approvers, targets, lengths of time and subprocesses."""
    found: list[Problem] = []
    for node, settings in graph.nodes.items():
        if graph.kind(node) == "approval":
            found += _approvers(graph, node, settings)
        found += _targets(graph, node, settings)
        found += _durations(node, settings)
        if library is not None and settings.get("workflow") not in {None, graph.key, *library}:
            key = str(settings["workflow"])
            near = did_you_mean(key, library)
            hint = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("先发布它", "publish it first")
            message = (f"“{called(graph, node)}”: 没有工作流“{key}”", f"“{node}”: there is no workflow “{key}”")
            found.append(finding(node_path(node, "workflow"), message, hint))
    return found


def _approvers(graph: Graph, node: str, settings: Mapping[str, Any]) -> Iterator[Problem]:
    if not settings.get("approvers") and "empty" not in settings:
        message = (f"“{called(graph, node)}”没有审批人", f"“{node}” has no approvers")
        hint = ("选审批人,或设置“找不到人时”怎么办", "choose approvers, or say what to do when nobody is found")
        yield finding(node_path(node, "approvers"), message, hint)
    mode = settings.get("mode", "all")
    if mode == "ratio":
        try:
            read_ratio(settings.get("ratio", ""))
        except Trouble as trouble:
            message = (f"“{node}”: {trouble.message}", f"“{node}”: {trouble.message_en}")
            yield finding(node_path(node, "ratio"), message, ("写成 2/3 或 60%", "write 2/3 or 60%"))
    if mode == "count" and "count" not in settings:
        message = (f"“{node}”缺少通过人数 count", f"“{node}” lacks the votes to pass")
        yield finding(node_path(node, "count"), message, ("写明几个人同意算通过", "say how many votes pass"))


def _targets(graph: Graph, node: str, settings: Mapping[str, Any]) -> Iterator[Problem]:
    for number, target in enumerate(settings.get("return_to") or ()):
        yield from _upstream(graph, node, str(target), node_path(node, "return_to", number))
    policy = str(settings.get("on_reject", ""))
    if policy.startswith("goto:"):
        yield from _upstream(graph, node, policy.removeprefix("goto:"), node_path(node, "on_reject"))
    for number, entry in enumerate(settings.get("timeout") or ()):
        action = str(entry.get("action", ""))
        if action.startswith("return:"):
            yield from _upstream(
                graph, node, action.removeprefix("return:"), node_path(node, "timeout", number, "action")
            )


def _upstream(graph: Graph, node: str, target: str, path: str) -> Iterator[Problem]:
    if target in {START, graph.start}:
        return
    if target not in graph.nodes:
        near = did_you_mean(target, graph.nodes)
        hint = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("选上游的节点", "choose a node upstream")
        yield finding(path, (f"“{node}”: 没有节点“{target}”", f"“{node}”: there is no node “{target}”"), hint)
    elif target == node or target not in graph.upstream(node):
        message = (
            f"“{called(graph, node)}”不能退回到“{target}”:它不在上游",
            f"“{node}” cannot return to “{target}”, which does not lie upstream",
        )
        yield finding(path, message, ("选上游的节点", "choose a node upstream"))


def _durations(node: str, settings: Mapping[str, Any]) -> Iterator[Problem]:
    for group in ("timeout", "boundary"):
        for number, entry in enumerate(settings.get(group) or ()):
            for key in ("after", "before", "every"):
                yield from _duration(node, entry.get(key), node_path(node, group, number, key))
            if group == "timeout" and not {"after", "before"} & set(entry):
                message = (f"“{node}”的超时缺少 after", f"the time limit of “{node}” lacks its length")
                yield finding(node_path(node, group, number), message, _LENGTH)
    if settings.get("type") == "timer":
        for key in ("after", "before"):
            yield from _duration(node, settings.get(key), node_path(node, key))
        if not {"after", "before", "from"} & set(settings):
            message = (f"“{node}”没有说等多久", f"“{node}” does not say how long to wait")
            yield finding(node_path(node, "after"), message, _LENGTH)


def _duration(node: str, value: Any, path: str) -> Iterator[Problem]:
    if value is None:
        return
    try:
        read_duration(value)
    except Trouble as trouble:
        yield finding(path, (f"“{node}”: {trouble.message}", f"“{node}”: {trouble.message_en}"), _LENGTH)
