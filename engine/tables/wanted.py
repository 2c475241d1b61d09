"""What a run asks of the window store: one series call for each record of a table, and the sums that it is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.tables.day_columns import Measure
from engine.tables.dense_series import FROM_SUMS, Sums
from engine.tables.rolling import Sum
from engine.tables.store_folder import Ints
from engine.tables.window import Window


@dataclass(frozen=True)
class Wanted:
    """A series call that the store is to answer for each record of a table.

    Args:
        column: the column that the answer becomes.
        windows: as `windows_of` gave them for the evaluation day.
        facts: the facts table.
        group: its key columns.
        own: the record's columns that hold them.
        measure: what is added up.
        scale: its unit is 1 / *scale*.
        without: the marks of days that are left out.
        launched: the query of launch days, or None where none matters.
    """

    column: str
    windows: tuple[Window, ...]
    facts: str
    group: tuple[str, ...]
    own: tuple[str, ...]
    measure: Measure
    scale: int
    without: tuple[Measure, ...]
    launched: str | None

    @property
    def days(self) -> list[dt.date]:
        """Every day that it looks at."""
        return [w.start + dt.timedelta(days=n) for w in self.windows for n in range(w.days)]

    def sums(self) -> list[Sum]:
        """Return the rolling sums that it is made of; none for what looks at single days."""
        if self.windows[0].function not in FROM_SUMS:
            return []
        powers = (1, 2) if self.windows[0].function == "std_over" else (1,)
        return [one for window in self.windows for one in self._of(window, powers)]

    def _of(self, window: Window, powers: tuple[int, ...]) -> list[Sum]:
        lag = (window.day - window.end).days
        span = (self.without, window.start, window.end, lag)
        left_out = [Sum(None, 1, *span)] if self.without else []
        return [*(Sum(self.measure, power, *span) for power in powers), *left_out]

    def in_window(self, window: Window, found: Mapping[str, Ints]) -> Sums:
        """Return what *window* adds up to."""
        total, *rest = (found[one.key] for one in self._of(window, (1,)))
        squares = None
        if window.function == "std_over":
            squares = found[self._of(window, (2,))[0].key]
        return Sums(total, squares, window.days - rest[0].astype(np.int64) if rest else window.days)
