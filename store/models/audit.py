"""The audit log, append-only, and the seals that chain it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered


class Audit(Numbered, Model):
    """Who did what to what, with the state before and after."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "kind", "key"),)

    at: Mapped[dt.datetime]
    actor: Mapped[str]
    action: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    summary: Mapped[str]
    summary_en: Mapped[str]
    before: Mapped[Any | None]
    after: Mapped[Any | None]


class Seal(Numbered, Model):
    """A seal over the rows *first_id* … *last_id*: their digest chained to the seal before."""

    __tablename__ = "audit_seal"

    first_id: Mapped[int]
    last_id: Mapped[int] = mapped_column(unique=True)
    count: Mapped[int]
    previous: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    sealed_at: Mapped[dt.datetime]
