"""Static threshold: when the position falls to a fixed number, order up to another fixed number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.replenishment.policy import POLICIES, Decision, settings_schema
from engine.replenishment.situation import Situation


class StaticThreshold:
    """The classic 安全库存 box; simple, and the dearest: it does not see demand change."""

    title: ClassVar[str] = "固定阈值"
    title_en: ClassVar[str] = "static threshold"
    schema: ClassVar[dict[str, Any]] = settings_schema(
        {
            "threshold": {"type": "number", "minimum": 0, "title": "补货点", "x-title-en": "reorder point"},
            "order_up_to": {"type": "number", "minimum": 0, "title": "补到", "x-title-en": "order up to"},
        },
        ("threshold",),
    )
    example: ClassVar[dict[str, Any]] = {"type": "static_threshold", "threshold": 20, "order_up_to": 60}

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Order up to `order_up_to` (default twice the threshold) when the position is at or below `threshold`."""
        count = len(now.on_hand)
        point = np.full(count, float(settings["threshold"]))
        target = np.full(count, float(settings.get("order_up_to", 2 * settings["threshold"])))
        wanted = np.where(now.position <= point, now.to_level(target), 0.0)
        return Decision(
            wanted, point, target, {},
            "库存位置 {position} 与固定阈值 {reorder_point} 比较,补到 {order_up_to}",
            "position {position} against the fixed threshold {reorder_point}; order up to {order_up_to}",
        )  # fmt: skip


POLICIES.add("static_threshold", StaticThreshold)
