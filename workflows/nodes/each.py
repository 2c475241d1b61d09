"""Multi-instance (逐行办理): one piece of work, or one child workflow, per row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows import children, deciding, seating
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.refusal import Trouble
from workflows.schemas import EXPRESSION, PEOPLE, VALUES, settings


@node_type("each")
class Each(NodeType):
    """Opens one item per row; passes when all are done or `until` holds; no row passes at once."""

    title = "逐行办理"
    title_en = "For each row"
    sentence = "明细的每一行各办一次，可以每行请人办，也可以每行走一个子流程。"
    sentence_en = "Every row of a list is handled once, by people or by a subprocess of its own."
    icon = "unordered-list"
    group = "people"
    schema = settings(
        {
            **PEOPLE,
            "each": {**EXPRESSION, "title": "哪些行", "x-title-en": "Rows"},
            "until": {**EXPRESSION, "title": "提前结束条件", "x-title-en": "Enough when"},
            "workflow": {"type": "string", "title": "每行启动的子流程", "x-title-en": "Workflow per row", "x-widget": "workflow"},
            "in": {**VALUES, "title": "传入", "x-title-en": "Into the child"},
            "out": {**VALUES, "title": "传出", "x-title-en": "Out of the child"},
            "starter": {"type": "string", "default": "initiator", "title": "子流程发起人", "x-title-en": "Child's initiator"},
            "on_reject": {"x-choices": [["fail", "停下,请管理员处理", "Stop for an administrator"], ["continue", "带着结果继续", "Go on with the outcome"]], "enum": ["fail", "continue"], "default": "fail", "title": "子流程被拒", "x-title-en": "When a child is rejected"},
        },
        ("each",),
    )  # fmt: skip
    example = {"type": "each", "each": "rows", "until": "3*done >= 2*total"}  # noqa: RUF012 a constant of the class
    waits = True
    people = True

    def enter(self, flow: Flow, run: Run) -> None:
        """Open one item per row."""
        source = flow.settings(run.node).get("each")
        rows = flow.value(source)
        if isinstance(rows, int) and not isinstance(rows, bool):
            rows = list(range(rows))
        if rows is not None and not isinstance(rows, list):
            raise Trouble(
                "not_rows", f"“{source}”不是一组行", f"“{source}” is not a list of rows", expression=str(source)
            )
        deciding.copies(flow, run, "enter")
        for row in rows or ():
            self.add(flow, run, row)
        deciding.count_items(flow, run)

    def add(self, flow: Flow, run: Run, row: Any) -> None:
        """Open the item of one row under the next free index."""
        own = flow.settings(run.node)
        item = Run(flow.number(), run.node, run.round, at=flow.moment, parent=run.id, row=row)
        item.index = len(flow.sub_runs(run))
        item.prev = list(run.prev)
        flow.instance.runs.append(item)
        flow.log("item", item, actor=flow.event.get("user") or "system")
        if own.get("workflow"):
            children.begin(flow, item)
        elif not own.get("approvers"):
            item.work = True
        elif deciding.seat_people(flow, item, own, own=False):
            item.status = "done"
        else:
            seating.arrange(flow, item)

    def expressions(self, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        """Yield the rows, the early end and what goes into and out of a child."""
        yield "each", settings.get("each"), "list"
        if "until" in settings:
            yield "until", settings["until"], "boolean"
        for name, source in (settings.get("in") or {}).items():
            yield f"in.{name}", source, ""
