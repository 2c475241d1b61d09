"""Definitions: one row a key, one row a published version (never changed), at most one draft."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered


class Definition(Numbered, Model):
    """A form, rule, workflow or other definition, by kind and key."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    kind: Mapped[str]
    key: Mapped[str]
    name: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)
    enabled: Mapped[bool] = mapped_column(default=True)
    archived: Mapped[bool] = mapped_column(default=False)
    problems: Mapped[list[Any]] = mapped_column(default=list)
    origin: Mapped[str | None]
    updated_at: Mapped[dt.datetime]
    updated_by: Mapped[str]


class Version(Model):
    """A published version of a definition."""

    __tablename__ = "definition_version"

    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]]
    published_at: Mapped[dt.datetime]
    published_by: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class Draft(Model):
    """What somebody is changing and has not published; *etag* changes with every save."""

    __tablename__ = "definition_draft"

    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), primary_key=True)
    document: Mapped[dict[str, Any]]
    etag: Mapped[str]
    updated_at: Mapped[dt.datetime]
    updated_by: Mapped[str]
