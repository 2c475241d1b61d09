"""Newsvendor on projected stock: what will be left on the arrival day when unmet demand is lost, then the best top-up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.replenishment.policy import POLICIES, Decision, settings_schema
from engine.replenishment.projection import best_order
from engine.replenishment.situation import Situation

_COST = {"type": "number", "minimum": 0}


class NewsvendorProjected:
    """For lost sales: demand that finds no stock does not wait, so the position overstates what an order must replace."""

    title: ClassVar[str] = "投影库存报童(缺货即流失)"
    title_en: ClassVar[str] = "newsvendor on projected stock (lost sales)"
    schema: ClassVar[dict[str, Any]] = settings_schema(
        {
            "shortage_cost": {**_COST, "title": "缺一件的损失", "x-title-en": "cost of a unit short"},
            "holding_cost_per_period": {
                "type": "number", "exclusiveMinimum": 0, "title": "每件每期持有成本", "x-title-en": "holding cost a unit and period",
            },
        },
        ("shortage_cost", "holding_cost_per_period", "lead_time"),
    )  # fmt: skip
    example: ClassVar[dict[str, Any]] = {
        "type": "newsvendor_projected", "shortage_cost": 1.0, "holding_cost_per_period": 0.2, "lead_time": 2,
        "period": "week",
    }  # fmt: skip

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Order what minimises expected shortage + holding from the arrival until the next order can arrive."""
        short, hold = float(settings["shortage_cost"]), float(settings["holding_cost_per_period"])
        count = len(now.on_hand)
        wanted, left, demand = np.zeros(count), np.zeros(count), np.zeros(count)
        for rows, paths in now.outlook.paths(int(now.protection.max(initial=1))):
            wanted[rows], left[rows], demand[rows] = best_order(
                paths, now.available[rows], now.arrivals[rows], now.lead_time[rows], now.review[rows], short, hold
            )
        terms = {"left": left, "expected": demand, "ratio": np.full(count, short / (short + hold))}
        return Decision(
            wanted, None, np.ceil(left + wanted - 1e-9), terms,
            "到货时预计剩 {left}(可用 {available},在途 {incoming}),到货后 {review} 期需求期望 {expected};"
            "缺货/持有成本比 {ratio},补到 {order_up_to}",
            "stock expected at arrival {left} (available {available}, on the way {incoming}), mean demand of the "
            "{review} periods after it {expected}; critical ratio {ratio}, up to {order_up_to}",
        )  # fmt: skip


POLICIES.add("newsvendor_projected", NewsvendorProjected)
