"""Joint sample paths of demand over the coming periods: past ratio paths of series alike in size and spread, times today's means.

A path is what actually followed a forecast: its periods hang together (a level that was wrong stays wrong), which is
what lost sales on the way to an arrival depend on. Nothing is assumed about the distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.forecasting.levels import History
from engine.forecasting.panel import Floats, Ints

# Origins of one year: every season of a shop follows some origin.
ORIGINS = 52
# Six sizes, and in each three degrees of spread; a cell needs enough paths that its 0.98 quantile is not one path.
SIZES = 6
SPREADS = 3
CELL_PATHS = 150
DRAWS = 500
# Series handled together, so that paths of a chunk stay below half a gigabyte.
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Paths:
    """A library of what followed past forecasts, by cells of size and spread.

    Args:
        sizes: (S − 1,) forecast totals between sizes.
        spreads: S arrays (K − 1,) of spreads between the cells of a size.
        ratios: (size, spread) -> (M, P) actual / forecast period by period.
    """

    sizes: Floats
    spreads: tuple[Floats, ...]
    ratios: dict[tuple[int, int], Floats]

    def draw(self, mean: Floats, spread: Floats, seed: int = 7) -> Floats:
        """Return (N, DRAWS, P) units (not yet whole) for period means (N, P) and spreads (N,)."""
        generator = np.random.default_rng(seed)
        size = np.searchsorted(self.sizes, mean.sum(axis=1), side="right")
        paths = np.zeros((len(mean), DRAWS, mean.shape[1]))
        for (number, cell), library in self.ratios.items():
            inside = np.searchsorted(self.spreads[number], spread, side="right") == cell
            rows = np.flatnonzero((size == number) & inside)
            if len(rows):
                paths[rows] = mean[rows, None, :] * library[generator.integers(0, len(library), DRAWS)][None, :, :]
        return paths


def calibrated(paths: Floats, levels: Sequence[float], quantiles: Floats) -> Floats:
    """Return *paths* with each period's values moved to the model's *quantiles* (N, P, Q); their ranks stay.

    The paths keep how periods hang together, the model says how far each period spreads. Beyond the last level the
    paths' own tail goes on from there.
    """
    draws = paths.shape[1]
    rank = (np.arange(draws) + 0.5) / draws
    knots = np.concatenate([[0.0], np.asarray(levels)])
    weights = np.stack([np.interp(rank, knots, unit) for unit in np.eye(len(knots))])[1:]
    moved = np.empty_like(paths)
    last = int(np.searchsorted(rank, levels[-1]))
    for period in range(paths.shape[2]):
        order = np.argsort(paths[:, :, period], axis=1, kind="stable")
        ordered = np.take_along_axis(paths[:, :, period], order, axis=1)
        values = quantiles[:, period, :] @ weights
        anchor = np.maximum(ordered[:, last - 1 : last], 1e-9)
        tail = quantiles[:, period, -1:] * np.minimum(ordered[:, last:] / anchor, ordered[:, last:] + 1)
        values[:, last:] = np.maximum(tail, quantiles[:, period, -1:])
        np.put_along_axis(moved[:, :, period], order, values, axis=1)
    return moved


def whole_units(paths: Floats, seed: int = 7) -> Floats:
    """Round cumulative units at a random offset: each path becomes whole, its total keeps its mean."""
    offset = np.random.default_rng(seed).random((*paths.shape[:2], 1))
    cumulative = np.floor(np.cumsum(paths, axis=2) + offset)
    cumulative[:, :, 1:] -= cumulative[:, :, :-1].copy()
    return cumulative


def week_paths(past: History, periods: int) -> Paths:
    """Return the library of weekly paths of *periods* weeks."""
    last = past.weeks - periods
    parts = [_after(past, origin, periods) for origin in range(max(last - ORIGINS + 1, 4), last + 1)]
    if not parts:
        return library(np.ones((1, periods)), np.ones(1), np.ones(1))
    ratio, total, spread = (np.concatenate(found) for found in zip(*parts, strict=True))
    return library(ratio, total, spread)


def _after(past: History, origin: int, periods: int) -> tuple[Floats, Floats, Floats]:
    level = past.level(origin)
    windows = [past.window(origin, week, week + 1) for week in range(periods)]
    units = np.stack([units for units, _ in windows], axis=1)
    exposure = np.stack([exposure for _, exposure in windows], axis=1)
    usual = np.quantile(exposure, 0.95, axis=0)
    known = (exposure >= 0.5 * usual[None, :]).all(axis=1) & (exposure > 0).all(axis=1)
    rows: Ints = np.flatnonzero(known & (level > 0) & (past.units[:, origin] > 0))
    expected = level[rows, None] * exposure[rows]
    return units[rows] / expected, expected.sum(axis=1), past.spread(origin)[rows]


def library(ratio: Floats, total: Floats, spread: Floats) -> Paths:
    """Return *ratio* paths (M, P) by size of their forecast *total* (M,) and by *spread* (M,)."""
    if len(total) == 0:
        ratio, total, spread = np.ones((1, ratio.shape[1])), np.ones(1), np.ones(1)
    sizes = np.unique(_cuts(total, SIZES, SPREADS * CELL_PATHS))
    size = np.searchsorted(sizes, total, side="right")
    spreads: list[Floats] = []
    ratios: dict[tuple[int, int], Floats] = {}
    for number in range(len(sizes) + 1):
        rows = np.flatnonzero(size == number)
        cuts = np.unique(_cuts(spread[rows], SPREADS, CELL_PATHS))
        cell = np.searchsorted(cuts, spread[rows], side="right")
        spreads.append(cuts)
        ratios |= {(number, place): ratio[rows[cell == place]] for place in map(int, np.unique(cell))}
        ratios |= {(number, place): ratio[rows] for place in range(len(cuts) + 1) if (number, place) not in ratios}
    return Paths(sizes, tuple(spreads), ratios)


def _cuts(values: Floats, most: int, each: int) -> Floats:
    count = int(np.clip(len(values) // each, 1, most))
    return np.quantile(values, np.arange(1, count) / count)
