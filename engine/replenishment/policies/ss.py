"""(s,S): order only when the position is at or below the lead time's quantile, then a lot that is worth an order's cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.replenishment.formulas import economic_quantity
from engine.replenishment.policy import POLICIES, SERVICE, Decision, settings_schema
from engine.replenishment.situation import Situation

_COST = {"type": "number", "minimum": 0}


class ReorderPoint:
    """For suppliers where an order itself costs money or time."""

    title: ClassVar[str] = "补货点与目标 (s,S)"
    title_en: ClassVar[str] = "reorder point and order-up-to (s,S)"
    schema: ClassVar[dict[str, Any]] = settings_schema(
        {
            "service_level": SERVICE,
            "order_cost": {**_COST, "default": 0, "title": "每单成本", "x-title-en": "cost of an order"},
            "holding_cost_per_period": {**_COST, "title": "每件每期持有成本", "x-title-en": "holding cost"},
        },
        ("lead_time",),
    )
    example: ClassVar[dict[str, Any]] = {
        "type": "ss", "lead_time": 7, "service_level": 0.95, "order_cost": 30, "holding_cost_per_period": 0.01,
    }  # fmt: skip

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Order when position ≤ s = Q_tau(demand over L + R), up to s + the economic quantity."""
        point = np.ceil(now.outlook.quantile(now.protection, settings["service_level"]) - 1e-9)
        expected = now.outlook.mean(now.protection)
        rate = expected / np.maximum(now.protection, 1)
        holding = settings.get("holding_cost_per_period", 0.0)
        lot = economic_quantity(rate, settings["order_cost"], holding) if holding else rate * now.review
        target = point + np.ceil(lot - 1e-9)
        wanted = np.where(now.position <= point, now.to_level(target), 0.0)
        terms = {"lot": np.ceil(lot - 1e-9), "expected": expected}
        return Decision(
            wanted, point, target, terms,
            "库存位置 {position},补货点 {reorder_point}(未来 {protection} 期期望 {expected}),每次补 {lot},补到 {order_up_to}",
            "position {position}, reorder point {reorder_point} (mean of {protection} periods {expected}), lot {lot}, "
            "order up to {order_up_to}",
        )  # fmt: skip


POLICIES.add("ss", ReorderPoint)
