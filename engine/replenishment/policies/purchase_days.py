"""Purchase days (the common SaaS formula): (purchase days + safety days) × average against available + on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.replenishment.policy import POLICIES, Decision, settings_schema
from engine.replenishment.situation import Situation


class PurchaseDays:
    """For those who come from BigSeller and its like: 采购天数 + 安全天数."""

    title: ClassVar[str] = "采购天数 + 安全天数"
    title_en: ClassVar[str] = "purchase days + safety days"
    schema: ClassVar[dict[str, Any]] = settings_schema(
        {
            "days": {"type": "integer", "minimum": 1, "default": 28, "title": "近几天", "x-title-en": "days averaged"},
            "purchase_days": {"type": "number", "minimum": 0, "title": "采购天数", "x-title-en": "purchase days"},
            "safety_days": {"type": "number", "minimum": 0, "title": "安全天数", "x-title-en": "safety days"},
        },
        ("purchase_days", "safety_days"),
    )
    example: ClassVar[dict[str, Any]] = {"type": "purchase_days", "purchase_days": 10, "safety_days": 5}

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Order (purchase + safety days) × average − available − on the way, when positive."""
        average = now.outlook.recent(now.periods_of(settings["days"]))
        span = (settings["purchase_days"] + settings["safety_days"]) / now.period_days
        target = np.ceil(average * span - 1e-9)
        terms = {"average": average, "span": np.full(len(target), span)}
        return Decision(
            now.to_level(target), target, target, terms,
            "均销 {average} × {span} 期 = {order_up_to},可用 {available} + 在途 {incoming}",
            "average {average} × {span} periods = {order_up_to}; available {available} + on the way {incoming}",
        )  # fmt: skip


POLICIES.add("purchase_days", PurchaseDays)
