"""What surrounds the records of forms: which tables there are, each record's history, running numbers, and events."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered


class FormTable(Model):
    """The SQL table of a form as it stands now: its columns and what must be unique together."""

    __tablename__ = "form_table"

    form: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[list[Any]]
    natural_keys: Mapped[list[Any]] = mapped_column(default=list)
    updated_at: Mapped[dt.datetime]


class History(Numbered, Model):
    """One change of one record: who, when, and each changed field before and after."""

    __tablename__ = "record_history"
    __table_args__ = (Index("ix_record_history_form_record", "form", "record_id"),)

    form: Mapped[str]
    record_id: Mapped[int]
    version: Mapped[int]
    at: Mapped[dt.datetime]
    actor: Mapped[str]
    operation: Mapped[str]
    changes: Mapped[dict[str, Any]]
    batch: Mapped[str | None] = mapped_column(index=True)


class Counter(Model):
    """A running number by name (of an automatic-number field and its period)."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class Event(Numbered, Model):
    """Something happened that triggers may wait for; written with its cause, worked off by a worker."""

    __tablename__ = "event"
    __table_args__ = (
        Index(
            "ix_event_waiting",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    name: Mapped[str]
    form: Mapped[str | None]
    record_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    depth: Mapped[int] = mapped_column(default=0)
    at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None]
    error: Mapped[str | None]
