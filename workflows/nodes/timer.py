"""Timer (等待时间): the token waits until a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows import clocks, tokens
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import CALENDAR, DURATION, EXPRESSION, settings


@node_type("timer")
class Timer(NodeType):
    """Waits a length of time, by the clock or in work time, or until the date in a field (± an offset)."""

    title = "等待时间"
    title_en = "Timer"
    sentence = "等一段时间，或等到某个日期前后，再往下走。"
    sentence_en = "Waits a while, or until about a certain date."
    icon = "clock-circle"
    group = "event"
    schema = settings(
        {
            "after": {**DURATION, "title": "等待多久", "x-title-en": "Wait for"},
            "from": {**EXPRESSION, "title": "从哪个日期算起", "x-title-en": "Counted from"},
            "before": {**DURATION, "title": "提前多久", "x-title-en": "Before that date"},
            "calendar": CALENDAR,
        }
    )
    example = {"type": "timer", "after": "PT1H"}  # noqa: RUF012 a constant of the class
    waits = True

    def enter(self, flow: Flow, run: Run) -> None:
        """Start the clock; an empty form date means that there is nothing to wait for."""
        own = flow.settings(run.node)
        due = clocks.first_due(flow, own, own)
        if due is None:
            tokens.finish(flow, run)
        else:
            clocks.add(flow, run, "timer", due)

    def expressions(self, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        """Yield the date that it counts from."""
        if "from" in settings:
            yield "from", settings["from"], ""
