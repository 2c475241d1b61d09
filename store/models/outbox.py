"""What must be sent (the outbox), each attempt to send it, and the built-in mailbox."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered

_QUEUED, _SENDING = text("state = 'queued'"), text("state = 'sending'")


class Delivery(Numbered, Model):
    """One notice to one recipient through one channel; written with its cause, sent afterwards by a worker.

    `queued` waits for *due_at*; `sending` is a worker's until *lease_until*; then `accepted`, `delivered` (a receipt
    came), `acted` (its recipient did something about it), `failed` (the recipient was refused) or `dead` (given up).
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_queued", "severity", "due_at", "id", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
        Index("ix_delivery_sending", "lease_until", sqlite_where=_SENDING, postgresql_where=_SENDING),
        Index("ix_delivery_provider", "channel", "provider_id"),
        Index("ix_delivery_episode", "episode_id"),
        Index("ix_delivery_recipient", "recipient", "created_at"),
        Index("ix_delivery_instance", "instance"),
    )

    idempotency_key: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    recipient: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    severity: Mapped[int] = mapped_column(default=5)
    message: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="queued")
    attempt: Mapped[int] = mapped_column(default=0)
    unsure: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[dt.datetime]
    lease_until: Mapped[dt.datetime | None]
    worker: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    provider_id: Mapped[str | None]
    code: Mapped[str | None]
    error: Mapped[str | None]
    episode_id: Mapped[int | None]
    instance: Mapped[str | None]
    response: Mapped[str | None]
    acted_at: Mapped[dt.datetime | None]
    acted_by: Mapped[str | None]
    acted_op: Mapped[str | None]


class Attempt(Numbered, Model):
    """One attempt to send a delivery, and what the other side said."""

    __tablename__ = "delivery_attempt"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    attempt: Mapped[int]
    at: Mapped[dt.datetime]
    outcome: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    worker: Mapped[str] = mapped_column(default="")


class Mail(Numbered, Model):
    """A message in somebody's built-in mailbox; UNIQUE by the delivery's key, so that sending twice leaves one."""

    __tablename__ = "mailbox_message"
    __table_args__ = (Index("ix_mailbox_message_user", "user", "id"),)

    idempotency_key: Mapped[str] = mapped_column(unique=True)
    user: Mapped[str]
    at: Mapped[dt.datetime]
    title: Mapped[str]
    body: Mapped[str]
    html: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="zh")
    read_at: Mapped[dt.datetime | None]
    episode_id: Mapped[int | None]
    instance: Mapped[str | None]
    seat_id: Mapped[int | None]
