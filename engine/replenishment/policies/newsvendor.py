"""Newsvendor: one buy for a stretch of selling, at the critical ratio of margin lost against money tied up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.replenishment.formulas import critical_ratio
from engine.replenishment.policy import POLICIES, Decision, settings_schema
from engine.replenishment.situation import Situation

_COST = {"type": "number", "minimum": 0}


class Newsvendor:
    """For promotion and season buys: what is left over is sold off or held, what is missing is lost."""

    title: ClassVar[str] = "一次性采购(报童)"
    title_en: ClassVar[str] = "newsvendor, one buy"
    schema: ClassVar[dict[str, Any]] = settings_schema(
        {
            "shortage_cost": {**_COST, "title": "缺一件的损失", "x-title-en": "cost of a unit short"},
            "overage_cost": {**_COST, "title": "剩一件的损失", "x-title-en": "cost of a unit left over"},
            "horizon": {"type": "integer", "minimum": 1, "title": "覆盖周期数", "x-title-en": "periods covered"},
        },
        ("shortage_cost", "overage_cost"),
    )
    example: ClassVar[dict[str, Any]] = {"type": "newsvendor", "shortage_cost": 8, "overage_cost": 2, "horizon": 14}

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Order up to the critical quantile of demand over `horizon` (default: lead time + review)."""
        ratio = critical_ratio(settings["shortage_cost"], settings["overage_cost"])
        span = now.protection if "horizon" not in settings else np.full(len(now.on_hand), int(settings["horizon"]))
        target = np.ceil(now.outlook.quantile(span, ratio) - 1e-9)
        terms = {"ratio": np.full(len(target), ratio), "expected": now.outlook.mean(span), "span": span.astype(float)}
        return Decision(
            now.to_level(target), target, target, terms,
            "未来 {span} 期需求期望 {expected},临界比 {ratio} 的分位 {order_up_to},库存位置 {position}",
            "demand of {span} periods: mean {expected}, quantile at the critical ratio {ratio}: {order_up_to}; "
            "position {position}",
        )  # fmt: skip


POLICIES.add("newsvendor", Newsvendor)
