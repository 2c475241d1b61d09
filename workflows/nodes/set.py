"""Set (赋值): variables get new values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows import tokens
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import VALUES, settings


@node_type("set")
class Set(NodeType):
    """Computes all its expressions over the variables as they are, then writes them together."""

    title = "赋值"
    title_en = "Set variables"
    sentence = "算出几个值记下来，后面的条件和节点可以用。"
    sentence_en = "Computes values that later conditions and steps can use."
    icon = "edit"
    group = "data"
    schema = settings({"set": VALUES}, ("set",))
    example = {"type": "set", "set": {"n": "n + 1"}}  # noqa: RUF012 a constant of the class

    def enter(self, flow: Flow, run: Run) -> None:
        """Compute, write and go on."""
        written = {name: flow.value(source) for name, source in flow.settings(run.node).get("set", {}).items()}
        flow.instance.variables.update(written)
        flow.log("set", run, form=written, actor="system")
        tokens.finish(flow, run)

    def expressions(self, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        """Yield the expression of each variable."""
        for name, source in (settings.get("set") or {}).items():
            yield f"set.{name}", source, ""
