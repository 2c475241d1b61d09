"""The operators: which types they take, what they are called in every reader, and how they compute on Python values.

Null (None) is dealt with by the readers; these take and give plain values. A result that is not finite is None.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from engine.expression import limits
from engine.expression.types import BOOLEAN, DATE, DATETIME, DURATION, NUMBER, TEXT

Truth = bool | None
Rule = dict[tuple[str, str], tuple[str, str]]

BINARY_RULES: dict[str, Rule] = {
    "+": {
        (NUMBER, NUMBER): (NUMBER, "add"),
        (TEXT, TEXT): (TEXT, "concat"),
        (DATE, NUMBER): (DATE, "date_plus"),
        (NUMBER, DATE): (DATE, "plus_date"),
        (DATETIME, NUMBER): (DATETIME, "time_plus_days"),
        (NUMBER, DATETIME): (DATETIME, "days_plus_time"),
        (DATETIME, DURATION): (DATETIME, "time_plus"),
        (DURATION, DATETIME): (DATETIME, "plus_time"),
        (DURATION, DURATION): (DURATION, "add"),
    },
    "-": {
        (NUMBER, NUMBER): (NUMBER, "sub"),
        (DATE, NUMBER): (DATE, "date_minus"),
        (DATE, DATE): (NUMBER, "date_diff"),
        (DATETIME, NUMBER): (DATETIME, "time_minus_days"),
        (DATETIME, DATETIME): (DURATION, "time_diff"),
        (DATETIME, DURATION): (DATETIME, "time_minus"),
        (DURATION, DURATION): (DURATION, "sub"),
    },
    "*": {
        (NUMBER, NUMBER): (NUMBER, "mul"),
        (DURATION, NUMBER): (DURATION, "mul"),
        (NUMBER, DURATION): (DURATION, "mul"),
    },
    "/": {
        (NUMBER, NUMBER): (NUMBER, "div"),
        (DURATION, NUMBER): (DURATION, "div"),
        (DURATION, DURATION): (NUMBER, "div"),
    },
    "//": {(NUMBER, NUMBER): (NUMBER, "floordiv")},
    "%": {(NUMBER, NUMBER): (NUMBER, "mod")},
    "**": {(NUMBER, NUMBER): (NUMBER, "pow")},
}
"""Operator → types of both sides → type of the result and the operation's name in the readers."""

COMPARE_NAMES = {
    "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "in": "in", "not in": "not_in",
}  # fmt: skip
RESULT_OF_COMPARE = BOOLEAN

_DAY = 86_400.0
_MAX = limits.MAX_NUMBER


def finite(value: float) -> float | None:
    """Return *value*, or None where it is infinite or not a number."""
    return value if -_MAX <= value <= _MAX else None


def add(a: float, b: float) -> float | None:
    """Return a + b."""
    return finite(a + b)


def sub(a: float, b: float) -> float | None:
    """Return a − b."""
    return finite(a - b)


def mul(a: float, b: float) -> float | None:
    """Return a × b."""
    return finite(a * b)


def div(a: float, b: float) -> float | None:
    """Return a ÷ b; by zero it is None."""
    return finite(a / b) if b else None


def floordiv(a: float, b: float) -> float | None:
    """Return ⌊a ÷ b⌋ as Python's `//` of floats does; by zero it is None."""
    return finite(a // b) if b else None


def mod(a: float, b: float) -> float | None:
    """Return the remainder with the sign of *b*, as Python's `%`; by zero it is None."""
    return a % b if b else None


def power(base: float, exponent: float) -> float | None:
    """Return base to a literal exponent: whole ones by repeated multiplication in one fixed order, so that all agree."""
    if exponent < 0:
        below = power(base, -exponent)
        return div(1.0, below) if below is not None else None
    whole = math.floor(exponent)
    if exponent != whole:
        return fractional_power(base, exponent)
    result = 1.0
    for _ in range(whole):
        result *= base
    return finite(result)


def fractional_power(base: float, exponent: float) -> float | None:
    """Return base to a fraction; a negative base gives None. One half is the exact square root."""
    if base < 0:
        return None
    if exponent == 0.5:
        return math.sqrt(base)
    try:
        return finite(math.pow(base, exponent))
    except OverflowError:
        return None


def concat(a: str, b: str) -> str | None:
    """Return both texts joined; a result longer than the limit is None."""
    return a + b if len(a) + len(b) <= limits.MAX_TEXT else None


def date_plus(day: date, days: float) -> date | None:
    """Return the date *days* later (fractions are dropped downwards); outside the years 1 … 9999 it is None."""
    try:
        return day + timedelta(math.floor(days))
    except OverflowError:
        return None


def date_minus(day: date, days: float) -> date | None:
    """Return the date *days* earlier."""
    return date_plus(day, -days)


def date_diff(a: date, b: date) -> float:
    """Return the days from *b* to *a*."""
    return float(a.toordinal() - b.toordinal())


def time_plus(moment: datetime, seconds: float) -> datetime | None:
    """Return the instant *seconds* later, to the microsecond."""
    try:
        moved = moment + timedelta(microseconds=math.floor(seconds * 1e6 + 0.5))
    except OverflowError:
        return None
    return moved if limits.FIRST_MOMENT <= moved <= limits.LAST_MOMENT else None


def time_minus(moment: datetime, seconds: float) -> datetime | None:
    """Return the instant *seconds* earlier."""
    return time_plus(moment, -seconds)


def time_plus_days(moment: datetime, days: float) -> datetime | None:
    """Return the instant *days* × 24 hours later."""
    return time_plus(moment, days * _DAY)


def time_minus_days(moment: datetime, days: float) -> datetime | None:
    """Return the instant *days* × 24 hours earlier."""
    return time_plus(moment, -days * _DAY)


def time_diff(a: datetime, b: datetime) -> float:
    """Return the seconds from *b* to *a*."""
    gap = a - b
    return float((gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds) / 1e6


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "add": add, "sub": sub, "mul": mul, "div": div, "floordiv": floordiv, "mod": mod, "pow": power, "concat": concat,
    "date_plus": date_plus, "plus_date": lambda days, day: date_plus(day, days), "date_minus": date_minus,
    "date_diff": date_diff, "time_plus": time_plus, "plus_time": lambda seconds, moment: time_plus(moment, seconds),
    "time_minus": time_minus, "time_plus_days": time_plus_days,
    "days_plus_time": lambda days, moment: time_plus_days(moment, days), "time_minus_days": time_minus_days,
    "time_diff": time_diff,
}  # fmt: skip
"""Name → function of two values that are not null."""


def is_in(value: Any, items: Any) -> bool:
    """Say whether *value* is one of *items*; a null among them never matches."""
    return any(item is not None and item == value for item in items)


def kleene_and(a: Truth, b: Truth) -> Truth:
    """Return a and b in three-valued logic."""
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def kleene_or(a: Truth, b: Truth) -> Truth:
    """Return a or b in three-valued logic."""
    if a is True or b is True:
        return True
    return None if a is None or b is None else False
