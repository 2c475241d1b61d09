"""People, their sessions and tokens, departments, and who acts for whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered


class User(Model):
    """A person; *epoch* goes up when a password or a role changes, which ends every older session."""

    __tablename__ = "user_account"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    roles: Mapped[list[Any]] = mapped_column(default=list)
    superior: Mapped[str | None]
    department: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="zh")
    email: Mapped[str | None]
    phone: Mapped[str | None]
    addresses: Mapped[dict[str, Any]] = mapped_column(default=dict)
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[int] = mapped_column(default=1)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    last_login_at: Mapped[dt.datetime | None]


class Department(Model):
    """A department with its head and the department above it."""

    __tablename__ = "department"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent: Mapped[str | None]
    head: Mapped[str | None]


class Agency(Numbered, Model):
    """For a time, *agent* acts for *principal* in one workflow, or in all when it is null."""

    __tablename__ = "agency"

    principal: Mapped[str] = mapped_column(ForeignKey("user_account.key"), index=True)
    agent: Mapped[str] = mapped_column(ForeignKey("user_account.key"))
    workflow: Mapped[str | None]
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]


class LoginSession(Model):
    """A login of the browser; the cookie's secret is kept as its hash only."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_user", "user"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("user_account.key"))
    epoch: Mapped[int]
    csrf: Mapped[str]
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    address: Mapped[str | None]
    browser: Mapped[str | None]


class Token(Numbered, Model):
    """A bearer token of a program, kept as its hash only."""

    __tablename__ = "api_token"

    token_hash: Mapped[str] = mapped_column(unique=True)
    user: Mapped[str] = mapped_column(ForeignKey("user_account.key"), index=True)
    name: Mapped[str]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
