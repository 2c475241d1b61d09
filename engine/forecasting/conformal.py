"""Quantiles of horizon totals from what forecasts of the same size missed by: a table of ratios that anyone can read.

At each of the last 26 weekly origins the same level forecast is made and compared with what was sold. The quantiles of
actual / forecast, by segment of size, times today's forecast are the quantiles of demand: calibrated by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.forecasting.levels import History
from engine.forecasting.panel import Floats, Ints

# Half a year of origins: every season of the last months once, and 26 × N ratios.
ORIGINS = 26
# Six sizes from slow to fast, each with enough ratios that the 0.98 quantile rests on at least six of them.
SEGMENTS = 6
SEGMENT_RATIOS = 300


@dataclass(frozen=True, slots=True)
class Misses:
    """What the level forecast missed by at past origins: one entry a series and origin.

    Args:
        row: series index.
        origin: week index of the origin.
        expected: forecast of the window's total.
        actual: what was sold in it.
    """

    row: Ints
    origin: Ints
    expected: Floats
    actual: Floats

    def joined(self, others: Sequence[Misses]) -> Misses:
        """Return these and *others*."""
        every = [self, *others]
        return Misses(
            np.concatenate([part.row for part in every]),
            np.concatenate([part.origin for part in every]),
            np.concatenate([part.expected for part in every]),
            np.concatenate([part.actual for part in every]),
        )


def misses(
    past: History, start: int, stop: int, *, rest: bool = False, origins: int = ORIGINS, last: int | None = None
) -> Misses:
    """Return forecasts and actuals of weeks *start* … *stop* − 1 after each of the *origins* origins up to *last*.

    Windows of which less than half could be sold (out of stock, closed) are left out: their total says little.
    """
    newest = past.weeks - stop - int(rest and past.part_units is not None)
    last = newest if last is None else min(last, newest)
    found = [_miss(past, origin, start, stop, rest=rest) for origin in range(max(last - origins + 1, 1), last + 1)]
    if not found:
        return Misses(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    row, origin, expected, actual = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Misses(row, origin, expected, actual)


def _miss(past: History, origin: int, start: int, stop: int, *, rest: bool) -> tuple[Ints, Ints, Floats, Floats]:
    level = past.level(origin)
    units, exposure = past.window(origin, start, stop, rest=rest)
    known, before = past.exposure[:, origin], past.units[:, origin]
    usual = np.quantile(exposure, 0.95) if len(exposure) else 0.0
    rows = np.flatnonzero((exposure >= 0.5 * usual) & (exposure > 0) & (known > 0) & (before > 0) & (level > 0))
    return rows, np.full(len(rows), origin), level[rows] * exposure[rows], units[rows]


@dataclass(frozen=True, slots=True)
class RatioTable:
    """Quantiles of actual / forecast by size of the forecast.

    Args:
        edges: (S − 1,) forecast totals between segments.
        levels: (Q,) probabilities.
        ratios: (S, Q).
        counts: (S,) how many ratios each segment rests on.
    """

    edges: Floats
    levels: Floats
    ratios: Floats
    counts: Ints

    def segment(self, expected: Floats) -> Ints:
        """Return the segment of each forecast."""
        return np.searchsorted(self.edges, expected, side="right").astype(np.int64)

    def quantiles(self, expected: Floats) -> Floats:
        """Return (N, Q) quantiles of the total for forecasts *expected* (N,)."""
        return self.ratios[self.segment(expected)] * expected[:, None]

    def frame(self) -> pd.DataFrame:
        """Return the table for people: segment, from, to, count and one column a quantile."""
        bounds = np.concatenate([[0.0], self.edges, [np.inf]])
        data = {"segment": np.arange(len(self.ratios)), "from": bounds[:-1], "to": bounds[1:], "count": self.counts}
        columns = {f"q{level:g}": self.ratios[:, number] for number, level in enumerate(self.levels)}
        return pd.DataFrame(data | columns)


def ratio_table(missed: Misses, levels: Sequence[float]) -> RatioTable:
    """Return the conformal table of *missed*; without any past origin the ratios of a Poisson total of one unit stand in."""
    wanted = np.asarray(levels, dtype=np.float64)
    if len(missed.row) == 0:
        return RatioTable(np.zeros(0), wanted, np.quantile(_POISSON, wanted)[None, :], np.zeros(1, np.int64))
    count = int(np.clip(len(missed.row) // SEGMENT_RATIOS, 1, SEGMENTS))
    edges = np.unique(np.quantile(missed.expected, np.arange(1, count) / count))
    segment = np.searchsorted(edges, missed.expected, side="right")
    ratio = missed.actual / missed.expected
    ratios = np.stack([np.quantile(ratio[segment == number], wanted) for number in range(len(edges) + 1)])
    return RatioTable(edges, wanted, np.maximum.accumulate(ratios, axis=1), np.bincount(segment).astype(np.int64))


# 1,000 evenly spaced draws of a Poisson variable of mean 1: nothing is known but that sales are counts.
_POISSON = np.repeat([0, 1, 2, 3, 4, 5], [368, 368, 184, 61, 15, 4]).astype(np.float64)
