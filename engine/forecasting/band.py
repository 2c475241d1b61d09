"""How far the days of a group stray from what was to be expected: measured on the group's own past, since quantiles do not add up."""

from __future__ import annotations

import numpy as np

from engine.forecasting.panel import Flags, Floats

# A day is compared with the mean of its weekday over the eight weeks before: what a level knows, without the group's model.
WEEKS = 8
LOW, HIGH = 0.1, 0.9


def band(units: Floats, skip: Flags) -> tuple[float, float]:
    """Return the LOW and HIGH quantile of day ÷ expected day over the past of one group.

    Args:
        units: (T,) units of the group by day.
        skip: (T,) days of promotions and the like, which say nothing about usual days.

    Returns:
        Factors around a daily mean; (0, 2) where the past is too short to measure.
    """
    usual = np.where(skip, np.nan, units)
    ratios = []
    for day in range(7 * WEEKS, len(units)):
        before = usual[day - 7 * WEEKS : day : 7]
        known = before[~np.isnan(before)]
        if not skip[day] and len(known) >= WEEKS // 2 and known.mean() > 0:
            ratios.append(units[day] / known.mean())
    if len(ratios) < 4 * WEEKS:
        return 0.0, 2.0
    low, high = np.quantile(ratios, (LOW, HIGH))
    return float(low), float(high)
