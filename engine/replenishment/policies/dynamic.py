"""Dynamic threshold: daily average of the last days × (lead time + review) × a factor (the usual 7-day rule)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.replenishment.policy import POLICIES, Decision, settings_schema
from engine.replenishment.situation import Situation


class Dynamic:
    """What most shops run today: 日均销量 × 提前期 × 系数."""

    title: ClassVar[str] = "7 天动态"
    title_en: ClassVar[str] = "7-day dynamic"
    schema: ClassVar[dict[str, Any]] = settings_schema(
        {
            "days": {"type": "integer", "minimum": 1, "default": 7, "title": "近几天", "x-title-en": "days averaged"},
            "factor": {"type": "number", "minimum": 0, "default": 1.2, "title": "系数", "x-title-en": "factor"},
        },
        ("lead_time",),
    )
    example: ClassVar[dict[str, Any]] = {"type": "dynamic", "lead_time": 7, "days": 7, "factor": 1.2}

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Order up to average × protection interval × factor."""
        average = now.outlook.recent(now.periods_of(settings["days"]))
        target = np.ceil(average * now.protection * settings["factor"] - 1e-9)
        terms = {"average": average, "factor": np.full(len(target), float(settings["factor"]))}
        return Decision(
            now.to_level(target), target, target, terms,
            "近期均销 {average} × (提前期 {lead_time} + 间隔 {review}) × {factor} = {order_up_to},库存位置 {position}",
            "recent average {average} × (lead time {lead_time} + review {review}) × {factor} = {order_up_to}, "
            "position {position}",
        )  # fmt: skip


POLICIES.add("dynamic", Dynamic)
