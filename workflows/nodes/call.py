"""Subprocess (子流程): another workflow runs inside this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows import children, tokens
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import EMPTY, VALUES, settings


@node_type("call")
class Call(NodeType):
    """Runs a child workflow and waits for it, or with `"wait": false` starts one and goes on."""

    title = "子流程"
    title_en = "Subprocess"
    sentence = "走另一个流程；等它办完再继续，也可以不等。"
    sentence_en = "Runs another workflow; waits until it is done, or not."
    icon = "block"
    group = "data"
    schema = settings(
        {
            "workflow": {"type": "string", "title": "子流程", "x-title-en": "Workflow", "x-widget": "workflow"},
            "in": {**VALUES, "title": "传入", "x-title-en": "Into the child"},
            "out": {**VALUES, "title": "传出", "x-title-en": "Out of the child"},
            "wait": {"type": "boolean", "default": True, "title": "等它结束", "x-title-en": "Wait for it"},
            "starter": {"type": "string", "default": "initiator", "title": "子流程发起人", "x-title-en": "Child's initiator"},
            "empty": EMPTY,
            "on_reject": {"x-choices": [["fail", "停下,请管理员处理", "Stop for an administrator"], ["continue", "带着结果继续", "Go on with the outcome"]], "enum": ["fail", "continue"], "default": "fail", "title": "子流程被拒", "x-title-en": "When it is rejected"},
        },
        ("workflow",),
    )  # fmt: skip
    example = {"type": "call", "workflow": "child", "in": {"sku": "sku"}, "out": {"ok": "ok"}}  # noqa: RUF012 a constant of the class
    waits = True

    def enter(self, flow: Flow, run: Run) -> None:
        """Start the child; an asynchronous one is an effect."""
        own = flow.settings(run.node)
        if own.get("wait", True):
            children.begin(flow, run)
            return
        variables = {name: flow.value(source) for name, source in (own.get("in") or {}).items()}
        starter = children.starter_of(flow, run, own)
        flow.emit("start_workflow", run.node, workflow=own["workflow"], variables=variables, initiator=starter)
        tokens.finish(flow, run)

    def expressions(self, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        """Yield what goes into the child; what comes out is over the child's names."""
        for name, source in (settings.get("in") or {}).items():
            yield f"in.{name}", source, ""
