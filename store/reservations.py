"""Reservations in SQL: units promised to orders, by channel, until shipped, released or expired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.models.stock import Reservation


def add(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a reservation; `Duplicate` when its key is taken."""
    row = Reservation(**values)
    session.add(row)
    session.flush()
    return as_dict(row)


def get(session: Session, key: str, *, hold: bool = False) -> dict[str, Any] | None:
    """Return the reservation of *key*; with *hold* nobody else changes it until the transaction ends."""
    statement = select(Reservation).where(Reservation.key == key)
    row = session.scalar(statement.with_for_update() if hold else statement)
    return as_dict(row) if row else None


def set_(session: Session, number: int, **values: Any) -> None:
    """Change a reservation."""
    session.execute(update(Reservation).where(Reservation.id == number).values(**values))


def held_by_channel(session: Session, sku: str, warehouse: str) -> dict[str, float]:
    """Return the units still reserved at a place, by channel."""
    statement = (
        select(Reservation.channel, func.sum(Reservation.left))
        .where(Reservation.sku == sku, Reservation.warehouse == warehouse, Reservation.state == "held")
        .group_by(Reservation.channel)
    )
    return {channel: float(units) for channel, units in session.execute(statement)}


def expired(session: Session, now: dt.datetime, limit: int = 500) -> list[dict[str, Any]]:
    """Return reservations that are over, oldest first."""
    statement = (
        select(Reservation)
        .where(Reservation.state == "held", Reservation.expires_at <= now)
        .order_by(Reservation.expires_at)
        .limit(limit)
    )
    return [as_dict(row) for row in session.scalars(statement)]


def page(session: Session, equal: Mapping[str, str], limit: int = 200) -> list[dict[str, Any]]:
    """Return reservations with these values, newest first."""
    where = [getattr(Reservation, name) == value for name, value in equal.items() if value]
    statement = select(Reservation).where(*where).order_by(Reservation.id.desc()).limit(limit)
    return [as_dict(row) for row in session.scalars(statement)]


def as_dict(row: Reservation) -> dict[str, Any]:
    """Return a reservation as plain data."""
    return {column.name: getattr(row, column.name) for column in Reservation.__table__.columns}
