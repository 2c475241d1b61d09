"""The kinds of column a form's table may have, and how each is kept in SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import BigInteger, Boolean, Date, Dialect, Float, Numeric, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.types import Json, Moment

_EXACT = 2**53


class FormColumn(Protocol):
    """One column as `form_builder.columns` gives it."""

    @property
    def name(self) -> str:
        """The field's key."""

    @property
    def kind(self) -> str:
        """A name in `KINDS`."""

    @property
    def unique(self) -> bool:
        """Whether no two records may share a value."""

    @property
    def links(self) -> str | None:
        """The form that this column points to by its `code`, or None."""


def _plain_number(value: float | Decimal | None) -> int | float | None:
    if value is None:
        return None
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


class Number(TypeDecorator[Any]):
    """A double; whole numbers come back as int, so that 12 is shown as 12 everywhere."""

    impl = Float(53)
    cache_ok = True

    def process_result_value(self, value: float | None, dialect: Dialect) -> int | float | None:  # noqa: ARG002 SQLAlchemy's signature
        """Return what was kept as int or float."""
        return _plain_number(value)


class Money(TypeDecorator[Any]):
    """An amount with four decimals: NUMERIC(18, 4) on PostgreSQL, a rounded double on SQLite, which has no decimals."""

    impl = Numeric(18, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        return dialect.type_descriptor(Float(53) if dialect.name == "sqlite" else Numeric(18, 4))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return *value* rounded to four decimals."""
        if value is None:
            return None
        return round(float(value), 4) if dialect.name == "sqlite" else round(Decimal(str(value)), 4)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | float | None:  # noqa: ARG002 SQLAlchemy's signature
        """Return what was kept as int or float."""
        return _plain_number(value)


class Day(TypeDecorator[str]):
    """A day, `2026-11-25`."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: dt.date | str | None, dialect: Dialect) -> Any:  # noqa: ARG002 SQLAlchemy's signature
        """Return the day of *value*."""
        return dt.date.fromisoformat(value) if isinstance(value, str) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 SQLAlchemy's signature
        """Return the day as ISO text."""
        return value.isoformat() if value is not None else None


class Instant(TypeDecorator[str]):
    """A moment, `2026-11-25T02:00:00Z`, to the second."""

    impl = Moment
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | str | None, dialect: Dialect) -> Any:  # noqa: ARG002 SQLAlchemy's signature
        """Return the moment of *value*, to the second."""
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.replace(microsecond=0) if moment is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 SQLAlchemy's signature
        """Return the moment in UTC as ISO text."""
        return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value is not None else None


def reader_of(type_: Any) -> Callable[[Any], Any] | None:
    """Return what makes of a value that which a column of *type_* gives back, or None where it gives back the same."""
    if isinstance(type_, Number):
        return _plain_number
    if isinstance(type_, Money):
        return _money_read
    if isinstance(type_, Day):
        return _day_read
    return _instant_read if isinstance(type_, Instant) else None


def _money_read(value: Any) -> int | float | None:
    return _plain_number(round(value, 4) if isinstance(value, int | float) else round(Decimal(str(value)), 4))


def _day_read(value: dt.date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _instant_read(value: dt.datetime | str) -> str:
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


KINDS: dict[str, TypeEngine[Any]] = {
    "text": Text(),
    "integer": BigInteger(),
    "number": Number(),
    "money": Money(),
    "boolean": Boolean(),
    "date": Day(),
    "datetime": Instant(),
    "json": Json,
}
# From one kind to another without loss; every other change of kind is refused.
WIDENS = {("integer", "number"), ("integer", "money"), ("number", "money"), ("money", "number")} | {
    (kind, "text") for kind in KINDS if kind not in {"text", "json"}
}
