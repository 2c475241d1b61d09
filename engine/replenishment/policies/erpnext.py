"""ERPNext's auto reorder: when the projected quantity is at or below the level, order the larger of lot and deficit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.replenishment.policy import POLICIES, Decision, settings_schema
from engine.replenishment.situation import Situation

_LEVEL = {"type": "number", "minimum": 0}


class Erpnext:
    """For those who come from ERPNext: the same numbers give the same orders (stock/reorder_item)."""

    title: ClassVar[str] = "ERPNext 自动补货"
    title_en: ClassVar[str] = "ERPNext auto reorder"
    schema: ClassVar[dict[str, Any]] = settings_schema(
        {
            "reorder_level": {**_LEVEL, "title": "补货点", "x-title-en": "re-order level"},
            "reorder_quantity": {**_LEVEL, "title": "补货量", "x-title-en": "re-order quantity"},
        },
        ("reorder_level", "reorder_quantity"),
    )
    example: ClassVar[dict[str, Any]] = {"type": "erpnext", "reorder_level": 10, "reorder_quantity": 40}

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Order max(reorder quantity, level − projected) when projected ≤ level."""
        count = len(now.on_hand)
        point = np.full(count, float(settings["reorder_level"]))
        lot = np.full(count, float(settings["reorder_quantity"]))
        wanted = np.where(now.position <= point, np.maximum(lot, point - now.position), 0.0)
        return Decision(
            wanted, point, None, {"lot": lot},
            "预计库存 {position} 与补货点 {reorder_point} 比较,每次补 {lot} 或缺口中较大者",
            "projected {position} against the re-order level {reorder_point}; the larger of {lot} and the deficit",
        )  # fmt: skip


POLICIES.add("erpnext", Erpnext)
