"""What people put beside records: comments on one, and views of a form's list, their own or shared."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered


class Comment(Numbered, Model):
    """One comment on one record."""

    __tablename__ = "record_comment"
    __table_args__ = (Index("ix_record_comment_form_record", "form", "record_id"),)

    form: Mapped[str]
    record_id: Mapped[int]
    at: Mapped[dt.datetime]
    author: Mapped[str]
    text: Mapped[str]
    mentions: Mapped[list[Any]] = mapped_column(default=list)
    files: Mapped[list[Any]] = mapped_column(default=list)


class View(Numbered, Model):
    """How somebody looks at a form's list: filter, order, groups, columns; others see it when it is shared."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_form", "form", "owner"),)

    form: Mapped[str]
    owner: Mapped[str]
    name: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]]
    updated_at: Mapped[dt.datetime]
