"""What providers told us, and how fast we may send through each channel."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered


class Callback(Numbered, Model):
    """One thing that a provider reported; UNIQUE by its key, so that a repeat is recognised.

    `done` is false for a receipt that came before the sending was noted: it waits to be matched.
    """

    __tablename__ = "callback"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index("ix_callback_provider", "channel", "provider_id"),
        Index("ix_callback_address", "channel", "address", "at"),
    )

    channel: Mapped[str]
    key: Mapped[str]
    kind: Mapped[str]
    at: Mapped[dt.datetime]
    provider_id: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    person: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    done: Mapped[bool] = mapped_column(default=True)


class Bucket(Model):
    """How much may still be sent under one limit: a token bucket that all workers share."""

    __tablename__ = "rate_bucket"

    name: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[float]
    filled_at: Mapped[float]
    blocked_until: Mapped[float] = mapped_column(default=0.0)
    failures: Mapped[int] = mapped_column(default=0)
