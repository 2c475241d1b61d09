"""Joint sample paths of demand over the coming periods: past ratio paths of series of the same size, times today's means.

A path is what actually followed a forecast: its periods hang together (a level that was wrong stays wrong), which is
what lost sales on the way to an arrival depend on. Nothing is assumed about the distribution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.forecasting.levels import History
from engine.forecasting.panel import Floats

# Origins of one year: every season of a shop follows some origin.
ORIGINS = 52
SEGMENTS = 12
SEGMENT_PATHS = 400
DRAWS = 500
# Series handled together, so that paths of a chunk stay below half a gigabyte.
CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Paths:
    """A library of what followed past forecasts.

    Args:
        edges: (S − 1,) forecast totals between segments.
        ratios: S arrays (M, P) of actual / forecast period by period.
    """

    edges: Floats
    ratios: tuple[Floats, ...]

    def draw(self, mean: Floats, seed: int = 7) -> Floats:
        """Return (N, DRAWS, P) whole units for period means (N, P): the total of each path is rounded without bias."""
        generator = np.random.default_rng(seed)
        segment = np.searchsorted(self.edges, mean.sum(axis=1), side="right")
        paths = np.zeros((len(mean), DRAWS, mean.shape[1]))
        for number, library in enumerate(self.ratios):
            rows = np.flatnonzero(segment == number)
            if len(rows) and len(library):
                chosen = library[generator.integers(0, len(library), DRAWS)]
                paths[rows] = mean[rows, None, :] * chosen[None, :, :]
        return whole_units(paths, generator)


def whole_units(paths: Floats, generator: np.random.Generator) -> Floats:
    """Round cumulative units at a random offset: each path stays whole, its total keeps its mean."""
    cumulative = np.floor(np.cumsum(paths, axis=2) + generator.random((*paths.shape[:2], 1)))
    cumulative[:, :, 1:] -= cumulative[:, :, :-1].copy()
    return cumulative


def week_paths(past: History, periods: int) -> Paths:
    """Return the library of weekly paths of *periods* weeks."""
    last = past.weeks - periods
    parts = [_after(past, origin, periods) for origin in range(max(last - ORIGINS + 1, 4), last + 1)]
    if not parts:
        return Paths(np.zeros(0), (np.ones((1, periods)),))
    ratio, total = (np.concatenate(found) for found in zip(*parts, strict=True))
    return library(ratio, total)


def _after(past: History, origin: int, periods: int) -> tuple[Floats, Floats]:
    level = past.level(origin)
    windows = [past.window(origin, week, week + 1) for week in range(periods)]
    units = np.stack([units for units, _ in windows], axis=1)
    exposure = np.stack([exposure for _, exposure in windows], axis=1)
    usual = np.quantile(exposure, 0.95, axis=0)
    known = (exposure >= 0.5 * usual[None, :]).all(axis=1) & (exposure > 0).all(axis=1)
    rows = np.flatnonzero(known & (level > 0) & (past.units[:, origin] > 0))
    expected = level[rows, None] * exposure[rows]
    return units[rows] / expected, expected.sum(axis=1)


def library(ratio: Floats, total: Floats) -> Paths:
    """Return *ratio* paths (M, P) by size of their forecast *total* (M,)."""
    if len(total) == 0:
        return Paths(np.zeros(0), (np.ones((1, ratio.shape[1])),))
    count = int(np.clip(len(total) // SEGMENT_PATHS, 1, SEGMENTS))
    edges = np.unique(np.quantile(total, np.arange(1, count) / count))
    segment = np.searchsorted(edges, total, side="right")
    return Paths(edges, tuple(ratio[segment == number] for number in range(len(edges) + 1)))


