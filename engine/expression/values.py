"""Values on their way in and out: plain data of exact types, or an error at input."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

from engine.expression import limits, types
from engine.expression.context import Context
from engine.expression.limits import FIRST_MOMENT as _FIRST
from engine.expression.limits import LAST_MOMENT as _LAST
from engine.problems import EvaluationError

_DURATION = re.compile(r"(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_MAX = limits.MAX_NUMBER


def read_number(value: Any) -> float | None:
    """Return a number as a double; infinities and not-a-numbers are None."""
    kind = type(value)
    if kind is float:
        return value if -_MAX <= value <= _MAX else None
    if kind is int and -limits.MAX_WHOLE <= value <= limits.MAX_WHOLE:
        return float(value)
    if kind is bool or not isinstance(value, (Real, Decimal)) or kind.__name__ in {"bool_", "bool"}:
        raise _wrong(value, types.NUMBER)
    if isinstance(value, Integral):
        if abs(int(value)) > limits.MAX_WHOLE:
            raise EvaluationError(
                "整数超过 2 的 53 次方,不能精确计算 / a whole number beyond 2 to the 53rd is not exact"
            )
        return float(value)
    number = float(value)
    return number if -_MAX <= number <= _MAX else None


def read_text(value: Any) -> str | None:
    """Return a text; a link given as a record is its code."""
    if isinstance(value, Mapping):
        value = value.get("code")
        if value is None:
            return None
    if not isinstance(value, str):
        raise _wrong(value, types.TEXT)
    if len(value) > limits.MAX_INPUT_TEXT:
        raise EvaluationError(
            f"文本超过 {limits.MAX_INPUT_TEXT} 字 / a text exceeds {limits.MAX_INPUT_TEXT} characters"
        )
    return value if type(value) is str else str.__str__(value)


def read_boolean(value: Any) -> bool:
    """Return True or False; numbers are neither."""
    if value is True or value is False:
        return value
    if type(value).__name__ in {"bool_", "bool"}:
        return bool(value)
    raise _wrong(value, types.BOOLEAN)


def read_date(value: Any, context: Context) -> date:
    """Return a date; of an aware datetime its local date, of a text its ISO reading."""
    if type(value) is date:
        return value
    if isinstance(value, datetime):
        return (context.local(value) if value.tzinfo else value).date()
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, str) and len(value) <= 40:
        try:
            return date.fromisoformat(value) if len(value) <= 10 else read_date(datetime.fromisoformat(value), context)
        except ValueError:
            pass
    raise _wrong(value, types.DATE)


def read_datetime(value: Any, context: Context) -> datetime:
    """Return an instant in UTC (arithmetic on another zone's clock would skip its changes); a naive one is local."""
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise _wrong(value, types.DATETIME) from None
    if isinstance(value, datetime):
        plain = value if type(value) is datetime else datetime.fromisoformat(value.isoformat())
        return _instant(plain if plain.tzinfo is not None else plain.replace(tzinfo=context.tz))
    if isinstance(value, date):
        return _instant(datetime(value.year, value.month, value.day, tzinfo=context.tz))
    raise _wrong(value, types.DATETIME)


def _instant(moment: datetime) -> datetime:
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        utc = _FIRST - timedelta(1)
    if not _FIRST <= utc <= _LAST:
        raise EvaluationError("日期时间超出范围 / a datetime is out of range")
    return utc


def read_duration(value: Any) -> float | None:
    """Return a duration as seconds: of a timedelta, of a number of seconds, of an ISO 8601 text (`PT2H`)."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, str) and len(value) <= 40:
        found = _DURATION.fullmatch(value)
        if found and value[-1] not in "PT":
            weeks, days, hours, minutes = (int(part or 0) for part in found.groups()[1:5])
            seconds = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + float(found.group(6) or 0)
            return -seconds if found.group(1) else float(seconds)
    elif not isinstance(value, str):
        return read_number(value)
    raise _wrong(value, types.DURATION)


def read_list(value: Any, item: str, context: Context) -> tuple[Any, ...]:
    """Return a list's items, each read as *item*; an empty item stays None."""
    if not isinstance(value, (list, tuple)):
        raise _wrong(value, types.list_of(item))
    if len(value) > limits.MAX_LIST:
        raise EvaluationError(f"列表超过 {limits.MAX_LIST} 项 / a list exceeds {limits.MAX_LIST} items")
    read = reader(item)
    items = tuple(None if one is None else read(one, context) for one in value)
    if item == types.TEXT and sum(len(one) for one in items if one is not None) > limits.MAX_INPUT_TEXT:
        raise EvaluationError(f"列表里的文本超过 {limits.MAX_INPUT_TEXT} 字 / the texts of a list exceed the limit")
    return items


def read_any(value: Any, context: Context) -> Any:
    """Return a value by its own type."""
    return value if value is None else reader(type_of(value))(value, context)


def reader(word: str) -> Callable[[Any, Context], Any]:
    """Return the function (value that is not None, context) → plain value of type *word*."""
    if types.is_list(word):
        item = types.item_of(word)
        return lambda value, context: read_list(value, item, context)
    return _READERS[word]


_READERS: dict[str, Callable[[Any, Context], Any]] = {
    types.NUMBER: lambda value, _context: read_number(value),
    types.TEXT: lambda value, _context: read_text(value),
    types.BOOLEAN: lambda value, _context: read_boolean(value),
    types.DATE: read_date,
    types.DATETIME: read_datetime,
    types.DURATION: lambda value, _context: read_duration(value),
    types.NULL: lambda _value, _context: None,
    types.ANY: read_any,
    types.ROWS: lambda _value, _context: True,  # a row counts; its columns are read by path
}


def type_of(value: Any) -> str:  # noqa: PLR0911 one return a type
    """Return the language's type of a Python value.

    Raises:
        EvaluationError: values of that kind cannot be used.
    """
    match value:
        case None:
            return types.NULL
        case bool():
            return types.BOOLEAN
        case str():
            return types.TEXT
        case datetime():
            return types.DATETIME
        case date():
            return types.DATE
        case timedelta():
            return types.DURATION
        case Real() | Decimal():
            return types.NUMBER
        case list() | tuple():
            found = next((type_of(item) for item in value if item is not None), types.NULL)
            return types.list_of(types.ANY if types.is_list(found) else found)
    if type(value).__name__ in {"bool_", "bool"}:
        return types.BOOLEAN
    raise EvaluationError(
        f"公式不能使用 {type(value).__name__} 值 / a formula cannot use a value of type {type(value).__name__}"
    )


def give(value: Any, word: str) -> Any:
    """Return an internal value as it is handed out: seconds become a timedelta, tuples lists."""
    if value is None:
        return None
    if word == types.DURATION:
        try:
            return timedelta(seconds=value)
        except OverflowError:
            return None
    if isinstance(value, tuple):
        item = types.item_of(word) if types.is_list(word) else types.ANY
        return [give(one, item) for one in value]
    return value


def _wrong(value: Any, word: str) -> EvaluationError:
    from engine.expression.messages import type_name  # noqa: PLC0415 the way of an error

    shown = type(value).__name__
    return EvaluationError(f"值应为{type_name(word)},实为 {shown} / the value should be {word}, it is {shown}")
