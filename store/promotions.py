"""Planned promotions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.models.forecast import PromotionPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanState:
    """One planned promotion; *state* is planned or archived."""

    id: int
    name: str
    from_day: str
    to_day: str
    plan: dict[str, Any]
    result: dict[str, Any]
    state: str
    author: str
    created_at: dt.datetime
    updated_at: dt.datetime


def _plan(row: PromotionPlan) -> PlanState:
    return PlanState(**{f.name: getattr(row, f.name) for f in fields(PlanState)})


def add(session: Session, **columns: Any) -> PlanState:
    """Keep a plan (name, from_day, to_day, plan, result, author, created_at, updated_at)."""
    row = PromotionPlan(**columns)
    session.add(row)
    session.flush()
    return _plan(row)


def get(session: Session, plan_id: int) -> PlanState | None:
    """Return one plan, or None."""
    row = session.get(PromotionPlan, plan_id)
    return _plan(row) if row else None


def every(session: Session, *, archived: bool = False) -> list[PlanState]:
    """Return the plans by their first day, newest first."""
    statement = select(PromotionPlan).order_by(PromotionPlan.from_day.desc(), PromotionPlan.id.desc())
    if not archived:
        statement = statement.where(PromotionPlan.state != "archived")
    return [_plan(row) for row in session.scalars(statement)]


def change(session: Session, plan_id: int, **columns: Any) -> None:
    """Change columns of a plan."""
    session.execute(update(PromotionPlan).where(PromotionPlan.id == plan_id).values(**columns))
