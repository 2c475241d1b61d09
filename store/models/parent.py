"""What every table shares: how Python types are kept, and how constraints are named."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Boolean, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import Float

from store.types import Id, Json, Moment

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """The parent of all tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {  # noqa: RUF012 SQLAlchemy's own way to say it
        str: Text,
        int: Id,
        float: Float(53),
        bool: Boolean,
        dt.datetime: Moment,
        dict[str, Any]: Json,
        list[Any]: Json,
        Any: Json,
    }


class Numbered:
    """A table whose rows number themselves."""

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True, sort_order=-1)
