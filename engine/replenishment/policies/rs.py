"""(R,S): at every review, order up to the quantile of demand over lead time + review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.replenishment.policy import POLICIES, SERVICE, Decision, settings_schema
from engine.replenishment.situation import Situation


class PeriodicReview:
    """The default: calibrated quantile of the protection interval's total, no distribution assumed."""

    title: ClassVar[str] = "分位数补货 (R,S)"
    title_en: ClassVar[str] = "quantile order-up-to (R,S)"
    schema: ClassVar[dict[str, Any]] = settings_schema({"service_level": SERVICE}, ("lead_time",))
    example: ClassVar[dict[str, Any]] = {"type": "rs", "lead_time": 7, "review": 7, "service_level": 0.95}

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Order up to S = Q_tau(demand over L + R)."""
        level = settings["service_level"]
        target = np.ceil(now.outlook.quantile(now.protection, level) - 1e-9)
        terms = {"expected": now.outlook.mean(now.protection), "level": np.full(len(target), 100 * level)}
        return Decision(
            now.to_level(target), target, target, terms,
            "未来 {protection} 期需求期望 {expected}、{level}% 分位 {order_up_to};库存位置 {position}",
            "demand of the next {protection} periods: mean {expected}, {level} % quantile {order_up_to}; "
            "position {position}",
        )  # fmt: skip


POLICIES.add("rs", PeriodicReview)
