"""Odoo's reordering rule: when the forecast stock is below the minimum, order to the maximum, rounded up to the multiple."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.replenishment.policy import POLICIES, Decision, settings_schema
from engine.replenishment.situation import Situation

_LEVEL = {"type": "number", "minimum": 0}


class Odoo:
    """For those who come from Odoo: the same numbers give the same orders (stock.warehouse.orderpoint)."""

    title: ClassVar[str] = "Odoo 补货规则"
    title_en: ClassVar[str] = "Odoo reordering rule"
    schema: ClassVar[dict[str, Any]] = settings_schema(
        {
            "minimum": {**_LEVEL, "title": "最小量", "x-title-en": "min quantity"},
            "maximum": {**_LEVEL, "title": "最大量", "x-title-en": "max quantity"},
        },
        ("minimum", "maximum"),
    )
    example: ClassVar[dict[str, Any]] = {"type": "odoo", "minimum": 10, "maximum": 50, "pack_size": 6}

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Order max(minimum, maximum) − position when position < minimum; Odoo's forecast is on hand plus moves."""
        count = len(now.on_hand)
        point = np.full(count, float(settings["minimum"]))
        target = np.full(count, float(max(settings["minimum"], settings["maximum"])))
        wanted = np.where(now.position < point, now.to_level(target), 0.0)
        return Decision(
            wanted, point, target, {},
            "库存位置 {position} 与最小量 {reorder_point} 比较,补到最大量 {order_up_to}",
            "position {position} against the minimum {reorder_point}; to the maximum {order_up_to}",
        )  # fmt: skip


POLICIES.add("odoo", Odoo)
