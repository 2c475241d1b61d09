"""The library of daily paths: what followed past weekly origins day by day, for a sample of series."""

from __future__ import annotations

import numpy as np

from engine.forecasting.panel import Floats
from engine.forecasting.paths import Paths, library
from engine.forecasting.prepare import Prepared
from engine.forecasting.shape import available_days, last_days, past_lift

# Half a year of weekly origins of at most 4,000 series: 100,000 paths, more than the segments can use.
ORIGINS = 26
SAMPLE = 4_000


def day_paths(ready: Prepared, profiles: Floats, periods: int) -> Paths:
    """Return the library of daily paths of *periods* days, of ratios to level × weekday.

    Args:
        ready: the prepared sales.
        profiles: (N, 7) weekday weights.
        periods: days of a path.
    """
    panel = ready.panel
    reach = -(-periods // 7)
    weeks = min(ORIGINS + reach, panel.weeks)
    sold = last_days(ready.con, ready.sales, panel, ready.stream, 7 * weeks)
    usual = np.tile(profiles, (1, weeks)) * available_days(panel, weeks)
    usual *= past_lift(ready.exposure, ready.pooled, panel.weeks, weeks)
    ratios, totals, spreads = [np.zeros((0, periods))], [np.zeros(0)], [np.zeros(0)]
    generator = np.random.default_rng(7)
    for origin in range(panel.weeks - weeks, panel.weeks - reach + 1):
        level = np.nan_to_num(ready.past.level(origin))
        first = 7 * (origin - panel.weeks + weeks)
        expected = level[:, None] * usual[:, first : first + periods]
        counts = (level > 0) & (available_days(panel, weeks)[:, first : first + periods].mean(axis=1) > 0.8)
        rows = np.flatnonzero(counts & (expected.sum(axis=1) > 0))
        if len(rows) > SAMPLE:
            rows = generator.choice(rows, SAMPLE, replace=False)
        mean = level[rows, None] * np.tile(profiles[rows], (1, reach))[:, :periods]
        ratios.append(np.where(mean > 0, sold[rows, first : first + periods] / np.maximum(mean, 1e-12), 0.0))
        totals.append(mean.sum(axis=1))
        spreads.append(ready.past.spread(origin)[rows])
    return library(np.concatenate(ratios), np.concatenate(totals), np.concatenate(spreads))
