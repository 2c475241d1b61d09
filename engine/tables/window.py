"""A rolling window over facts, as the series functions ask for it: which days, of what, leaving out which."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from engine.expression.typed import Field, InputCall, walk

# How far back `days_since_last` and `ewma` look.
HISTORY_DAYS = 730
EWMA_DAYS = 365
# The same days of the year before: 52 weeks back, so that weekdays agree.
YEAR = dt.timedelta(days=364)
# The weights of `ewma` as whole numbers, so that their sum does not depend on the order of adding.
EWMA_UNIT = 1 << 30

# A row of facts may say in which hour of its day it happened, 0 to 23; without it, it counts for its whole day.
HOUR = "hour"
LAST_HOUR = 23

EXCLUDES = ("spikes", "promotions", "stockouts")


@dataclass(frozen=True)
class Window:
    """One series call with its days counted out for an evaluation day.

    Args:
        call: the call.
        day: the evaluation day D; the window ends before it.
        start: its first day.
        end: its last day.
        hour: the hour of the run on the evaluation day, for what is kept by hour.
    """

    call: InputCall
    day: dt.date
    start: dt.date
    end: dt.date
    hour: int = LAST_HOUR

    @property
    def hours(self) -> tuple[int, int]:
        """Of an hourly window the first and last hour, counted from the evaluation day's midnight: complete hours only."""
        return self.hour - int(self.call.arguments[0]), self.hour - 1

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    @property
    def function(self) -> str:
        """The name of the function."""
        return self.call.function.lower()

    @property
    def excludes(self) -> frozenset[str]:
        """What is left out: `spikes`, `promotions`, `stockouts`."""
        given = self.call.options.get("exclude")
        return frozenset([given] if isinstance(given, str) else given or ())

    @property
    def min_days(self) -> int:
        """Below so many days the value is null."""
        return max(1, int(self.call.options.get("min_days") or 1))

    @property
    def by(self) -> tuple[str, ...] | None:
        """The key columns to group by, or None for all keys of the rule's table."""
        return by_of(self.call)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the facts that its value and condition read."""
        nodes = [part for part in (self.call.value, self.call.condition) if part is not None]
        return tuple(
            dict.fromkeys(
                column_of(node, self.call.form) for part in nodes for node in walk(part) if isinstance(node, Field)
            )
        )


def by_of(call: InputCall) -> tuple[str, ...] | None:
    """Return the key columns that a call names in `by`, or None."""
    given = call.options.get("by")
    if given is None:
        return None
    return tuple(part.strip() for part in given.split(",")) if isinstance(given, str) else tuple(given)


def column_of(node: Field, form: str) -> str:
    """Return the facts column that a field of a value or condition names (`sales.quantity` → quantity)."""
    return node.path.removeprefix(f"{form}.")


def windows_of(call: InputCall, day: dt.date, hour: int = LAST_HOUR) -> tuple[Window, ...]:
    """Return the windows that *call* reads on the evaluation day *day* at *hour*; `year_over_year` reads two."""
    function = call.function.lower()
    if function == "avg_hourly":
        first, last = hour - int(call.arguments[0]), hour - 1
        span = (day + dt.timedelta(days=first // 24), day + dt.timedelta(days=last // 24))
        return (Window(call, day, *span, hour),)
    shift = int(call.options.get("offset") or 0)
    end = day - dt.timedelta(days=1 + shift)
    if function == "today_so_far":
        return (Window(call, day, day, day, hour),)
    if function == "days_since_last":
        return (Window(call, day, end - dt.timedelta(days=HISTORY_DAYS - 1), end),)
    if function == "ewma":
        return (Window(call, day, end - dt.timedelta(days=EWMA_DAYS - 1), end),)
    start = end - dt.timedelta(days=int(call.arguments[0]) - 1)
    before = Window(call, day, start - YEAR, end - YEAR)
    if function == "same_period_last_year":
        return (before,)
    if function == "year_over_year":
        return (Window(call, day, start, end), before)
    return (Window(call, day, start, end),)


def ewma_weight(age: int, half_life: float) -> int:
    """Return the whole-number weight of a day *age* days before the newest."""
    weight: float = EWMA_UNIT * 0.5 ** (age / half_life)
    return math.floor(weight + 0.5)
