"""The workspace's settings by name; a secret one comes and goes encrypted, by the caller's hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.models.workspace import Setting


def get(session: Session, key: str, default: Any = None) -> Any:
    """Return a setting's value, or *default*."""
    row = session.get(Setting, key)
    return default if row is None or row.value is None else row.value


def secret(session: Session, key: str) -> bytes | None:
    """Return a setting's encrypted value, or None."""
    row = session.get(Setting, key)
    return row.secret if row else None


def every(session: Session, prefix: str = "") -> dict[str, Any]:
    """Return the settings whose names begin with *prefix*; secret values are not among them."""
    rows = session.scalars(select(Setting).where(Setting.key.startswith(prefix, autoescape=True)).order_by(Setting.key))
    return {row.key: row.value for row in rows}


def put(session: Session, key: str, value: Any, *, user: str, now: dt.datetime, encrypted: bytes | None = None) -> None:
    """Keep a setting."""
    session.merge(Setting(key=key, value=value, secret=encrypted, updated_at=now, updated_by=user))
    session.flush()


def remove(session: Session, key: str) -> None:
    """Forget a setting."""
    session.execute(delete(Setting).where(Setting.key == key))
