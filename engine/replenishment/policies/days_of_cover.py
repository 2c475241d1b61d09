"""Days of cover: hold so many days of average demand beyond the lead time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.replenishment.policy import POLICIES, Decision, settings_schema
from engine.replenishment.situation import Situation


class DaysOfCover:
    """What ERP and SaaS tools call 备货天数: average of 28 days × (lead time + cover)."""

    title: ClassVar[str] = "可售天数"
    title_en: ClassVar[str] = "days of cover"
    schema: ClassVar[dict[str, Any]] = settings_schema(
        {
            "days": {"type": "integer", "minimum": 1, "default": 28, "title": "近几天", "x-title-en": "days averaged"},
            "cover": {
                "type": "number",
                "minimum": 0,
                "default": 14,
                "title": "备货天数",
                "x-title-en": "days of cover",
            },
        },
        ("lead_time",),
    )
    example: ClassVar[dict[str, Any]] = {"type": "days_of_cover", "lead_time": 7, "days": 28, "cover": 14}

    @staticmethod
    def decide(settings: Mapping[str, Any], now: Situation) -> Decision:
        """Order up to average × (lead time + cover); the reorder point is what the lead time and review use."""
        average = now.outlook.recent(now.periods_of(settings["days"]))
        cover = settings["cover"] / now.period_days
        target = np.ceil(average * (now.lead_time + cover) - 1e-9)
        point = np.minimum(average * now.protection, target)
        wanted = np.where(now.position <= point, now.to_level(target), 0.0)
        terms = {"average": average, "cover": np.full(len(target), cover)}
        return Decision(
            wanted, point, target, terms,
            "均销 {average} × (提前期 {lead_time} + 备货 {cover}) = {order_up_to},库存位置 {position},补货点 {reorder_point}",
            "average {average} × (lead time {lead_time} + cover {cover}) = {order_up_to}, position {position}, "
            "reorder point {reorder_point}",
        )  # fmt: skip


POLICIES.add("days_of_cover", DaysOfCover)
