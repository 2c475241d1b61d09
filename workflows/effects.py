"""Effects with an answer: a data node asks the outside and waits until it is told the result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows import clocks, tokens
from workflows.flow import Flow
from workflows.node import NodeType
from workflows.position import Run
from workflows.refusal import Trouble


class DataNode(NodeType):
    """A node that asks for one effect and keeps its token until `effect_done`."""

    group = "data"
    waits = True
    effects = True
    kind = ""
    computed: tuple[str, ...] = ()
    """Settings that are expressions (a text) or objects of expressions."""

    def enter(self, flow: Flow, run: Run) -> None:
        """Compute the settings, ask, and wait."""
        data = self.request(flow, flow.settings(run.node))
        run.effect = flow.emit(self.kind, run.node, **data)

    def request(self, flow: Flow, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the effect carries: every setting of the type, expressions computed."""
        data: dict[str, Any] = {}
        for name in self.schema.get("properties", {}):
            if name in settings and name != "compensate":
                data[name] = _computed(flow, settings[name]) if name in self.computed else settings[name]
        return data

    def answer(self, flow: Flow, run: Run, result: Any) -> None:
        """Keep the result in `variables.result.<node>` and go on."""
        flow.put("result", run.node, result)
        tokens.finish(flow, run)

    def expressions(self, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        """Yield every computed setting."""
        for name in self.computed:
            value = settings.get(name)
            if isinstance(value, Mapping):
                for key, source in value.items():
                    yield f"{name}.{key}", source, ""
            else:
                yield name, value, ""


def _computed(flow: Flow, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _computed(flow, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_computed(flow, item) for item in value]
    return flow.value(value)


def answered(flow: Flow, run: Run, kind: NodeType, event: Mapping[str, Any]) -> None:
    """Take the answer of the effect that *run* waits for: a result goes on, an error is an incident."""
    run.effect = None
    error = event.get("error")
    if error not in (None, "", False):
        clocks.disarm(flow, run)
        message = f"“{run.node}”执行失败: {error}"
        flow.incident(run.node, Trouble("effect_failed", message, f"“{run.node}” failed: {error}"), run=run)
        return
    run.by = "system"
    flow.log("effect_done", run, actor="system")
    kind.answer(flow, run, event.get("result"))
