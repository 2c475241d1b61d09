"""Saved views of forms' lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from store.models.around import View


@dataclass(frozen=True, slots=True)
class ViewState:
    """One saved view."""

    id: int
    form: str
    owner: str
    name: str
    shared: bool
    settings: dict[str, Any]
    updated_at: dt.datetime


def of(session: Session, form: str, user: str) -> list[ViewState]:
    """Return the views of *form* that *user* has or that are shared, the shared ones first, by name."""
    statement = select(View).where(View.form == form, or_(View.owner == user, View.shared.is_(True)))
    return [_state(row) for row in session.scalars(statement.order_by(View.shared.desc(), View.name, View.id))]


def get(session: Session, view_id: int) -> ViewState | None:
    """Return one view, or None."""
    row = session.get(View, view_id)
    return _state(row) if row else None


def add(
    session: Session,
    *,
    form: str,
    owner: str,
    name: str,
    shared: bool,
    settings: Mapping[str, Any],
    now: dt.datetime,
) -> ViewState:
    """Keep a new view."""
    row = View(form=form, owner=owner, name=name, shared=shared, settings=dict(settings), updated_at=now)
    session.add(row)
    session.flush()
    return _state(row)


def change(session: Session, view_id: int, *, now: dt.datetime, **columns: Any) -> ViewState | None:
    """Change a view; None when there is none."""
    row = session.get(View, view_id)
    if row is None:
        return None
    for name, value in columns.items():
        setattr(row, name, value)
    row.updated_at = now
    session.flush()
    return _state(row)


def remove(session: Session, view_id: int) -> None:
    """Remove a view."""
    row = session.get(View, view_id)
    if row is not None:
        session.delete(row)


def _state(row: View) -> ViewState:
    return ViewState(row.id, row.form, row.owner, row.name, row.shared, dict(row.settings), row.updated_at)
