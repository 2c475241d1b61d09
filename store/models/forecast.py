"""Forecasts: runs with their progress, what people said instead, what they know about single items, planned promotions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered


class ForecastRun(Numbered, Model):
    """One forecast of the whole shop: queued, running, done, failed or cancelled."""

    __tablename__ = "forecast_run"
    __table_args__ = (Index("ix_forecast_run_state", "state", "id"),)

    trigger: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    day: Mapped[str]
    horizon: Mapped[int]
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    step: Mapped[str] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    cancel: Mapped[bool] = mapped_column(default=False)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None]
    created_by: Mapped[str]
    created_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]


class ForecastOverride(Numbered, Model):
    """What a person says instead of the forecast, on any level, with a reason and an end."""

    __tablename__ = "forecast_override"

    where: Mapped[dict[str, Any]] = mapped_column(default=dict)
    from_day: Mapped[str]
    to_day: Mapped[str]
    value: Mapped[float]
    relative: Mapped[bool] = mapped_column(default=False)
    before: Mapped[float | None]
    reason: Mapped[str]
    expires: Mapped[str | None]
    author: Mapped[str]
    created_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[str | None]


class ForecastItem(Model):
    """What a person knows about one item: which others it will sell like, and when it leaves."""

    __tablename__ = "forecast_item"

    sku: Mapped[str] = mapped_column(primary_key=True)
    analogs: Mapped[list[Any]] = mapped_column(default=list)
    ends_on: Mapped[str | None]
    author: Mapped[str]
    updated_at: Mapped[dt.datetime]


class PromotionPlan(Numbered, Model):
    """A planned promotion: its phases, what is given away, the scenarios that were compared and what was decided."""

    __tablename__ = "promotion_plan"
    __table_args__ = (Index("ix_promotion_plan_from", "from_day"),)

    name: Mapped[str]
    from_day: Mapped[str]
    to_day: Mapped[str]
    plan: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="planned")
    author: Mapped[str]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
