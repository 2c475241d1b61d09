"""What belongs to the workspace as a whole: settings, and answers already given."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model


class Setting(Model):
    """One setting by name; a secret one is kept encrypted."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any | None]
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    updated_at: Mapped[dt.datetime]
    updated_by: Mapped[str]


class Answer(Model):
    """The answer given to one request of one person, so that the same request again is answered, not done again."""

    __tablename__ = "idempotency"

    user: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int | None]
    body: Mapped[Any | None]
    created_at: Mapped[dt.datetime] = mapped_column(index=True)
