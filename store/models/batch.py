"""Imports: one batch a file, with its progress and result."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model


class Batch(Model):
    """One import of one file into one form."""

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_created", "created_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[str]
    file: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="queued")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    facts_version: Mapped[int | None]
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None]
    created_by: Mapped[str]
    created_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    undone_at: Mapped[dt.datetime | None]
    undone_by: Mapped[str | None]
