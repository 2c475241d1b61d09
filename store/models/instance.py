"""Workflow instances, their log, people's seats (the to-do list), copies, and the links behind notices."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered

_OPEN = text("state = 'open'")


class Instance(Model):
    """One run of a workflow: its whole position as JSON, pinned to a version."""

    __tablename__ = "instance"
    __table_args__ = (
        Index("ix_instance_status", "status"),
        Index("ix_instance_record", "form", "record_id"),
        Index("ix_instance_initiator", "initiator", "started_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    workflow: Mapped[str]
    version: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    form: Mapped[str | None]
    record_id: Mapped[int | None]
    episode_id: Mapped[int | None] = mapped_column(index=True)
    initiator: Mapped[str]
    status: Mapped[str]
    position: Mapped[dict[str, Any]]
    incident: Mapped[dict[str, Any] | None]
    depth: Mapped[int] = mapped_column(default=0)
    lock_version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]


class InstanceLog(Numbered, Model):
    """One step of an instance: who did what where; never changed."""

    __tablename__ = "instance_log"
    __table_args__ = (UniqueConstraint("instance", "sequence"),)

    instance: Mapped[str] = mapped_column(ForeignKey("instance.id"))
    sequence: Mapped[int]
    at: Mapped[dt.datetime]
    actor: Mapped[str]
    on_behalf_of: Mapped[str | None]
    op: Mapped[str]
    node: Mapped[str] = mapped_column(default="")
    comment: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request_id: Mapped[str | None] = mapped_column(index=True)


class Seat(Numbered, Model):
    """A place where one person may act; `open` ones are that person's to-do list."""

    __tablename__ = "seat"
    __table_args__ = (
        Index("uq_seat_open", "instance", "work", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_seat_user_state", "user", "state"),
    )

    instance: Mapped[str] = mapped_column(ForeignKey("instance.id"))
    work: Mapped[str]
    node: Mapped[str]
    user: Mapped[str]
    owner: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    op: Mapped[str | None]
    comment: Mapped[str] = mapped_column(default="")
    arrived_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime | None]
    done_at: Mapped[dt.datetime | None]
    summary: Mapped[list[Any]] = mapped_column(default=list)


class Copy(Numbered, Model):
    """A copy (抄送) of an instance for one person; one a person."""

    __tablename__ = "copy"
    __table_args__ = (UniqueConstraint("instance", "user"),)

    instance: Mapped[str] = mapped_column(ForeignKey("instance.id"))
    user: Mapped[str] = mapped_column(index=True)
    at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]


class Link(Numbered, Model):
    """A link behind a notice: one person, one seat or episode, single use; its secret is kept as its hash only."""

    __tablename__ = "action_link"

    token_hash: Mapped[str] = mapped_column(unique=True)
    person: Mapped[str]
    seat_id: Mapped[int | None] = mapped_column(index=True)
    episode_id: Mapped[int | None]
    nonce: Mapped[str]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    opened_at: Mapped[dt.datetime | None]
    used_at: Mapped[dt.datetime | None]
    used_for: Mapped[str | None]
    delivery_id: Mapped[int | None]
    failed_pins: Mapped[int] = mapped_column(default=0)
