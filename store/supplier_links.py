"""The suppliers' links to their orders: by the hash of the token; valid until they expire or are taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.models.stock import SupplierLink
from store.sessions import digest


def add(session: Session, token: str, **columns: Any) -> int:
    """Keep a link (record_id, nonce, created_at, expires_at)."""
    row = SupplierLink(token_hash=digest(token), **columns)
    session.add(row)
    session.flush()
    return row.id


def find(session: Session, token: str) -> dict[str, Any] | None:
    """Return the link of *token*, or None."""
    row = session.scalar(select(SupplierLink).where(SupplierLink.token_hash == digest(token)))
    return as_dict(row) if row else None


def of_order(session: Session, record_id: int) -> list[dict[str, Any]]:
    """Return the links to an order, newest first."""
    statement = select(SupplierLink).where(SupplierLink.record_id == record_id).order_by(SupplierLink.id.desc())
    return [as_dict(row) for row in session.scalars(statement)]


def note(session: Session, number: int, *, now: dt.datetime, answered: bool = False) -> None:
    """Note that a link was opened, or answered."""
    values: dict[str, Any] = {"opened_at": func.coalesce(SupplierLink.opened_at, now)}
    values |= {"answered_at": now} if answered else {}
    session.execute(update(SupplierLink).where(SupplierLink.id == number).values(values))


def revoke(session: Session, record_id: int, *, now: dt.datetime) -> None:
    """End every link to an order."""
    where = (SupplierLink.record_id == record_id, SupplierLink.revoked_at.is_(None))
    session.execute(update(SupplierLink).where(*where).values(revoked_at=now))


def as_dict(row: SupplierLink) -> dict[str, Any]:
    """Return a link as plain data."""
    return {column.name: getattr(row, column.name) for column in SupplierLink.__table__.columns}
