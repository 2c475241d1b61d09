"""The level of every series at every weekly origin: a blend of 28-, 56- and 182-day means per unit of exposure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.forecasting.exposure import Exposure
from engine.forecasting.panel import Floats, Panel

# Weeks -> weight. Half the weight on two months, a quarter each on the last month (what is new) and on half a year
# (what is usual): measured best of the cheap blends on long-tail e-commerce (docs/forecasting.md).
BLEND: dict[int, float] = {4: 0.25, 8: 0.5, 26: 0.25}


def running(values: Floats) -> Floats:
    """Return cumulative sums along weeks with a leading zero column: (N, B + 1)."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


@dataclass(slots=True)
class History:
    """Cumulative units and exposure, from which every level and every window total is a difference.

    Args:
        units: (N, B + 1).
        exposure: (N, B + 1).
        part_units: (N, B) first `rest` days of each week, None when the horizon is whole weeks.
        part_exposure: (N, B).
    """

    units: Floats
    exposure: Floats
    part_units: Floats | None
    part_exposure: Floats | None

    @property
    def weeks(self) -> int:
        """B, the number of weeks."""
        return int(self.units.shape[1]) - 1

    def window(self, origin: int, start: int, stop: int, *, rest: bool = False) -> tuple[Floats, Floats]:
        """Return units and exposure of weeks *origin* + *start* … *stop* − 1, plus the first days of week *stop*."""
        low, high = max(origin + start, 0), max(origin + stop, 0)
        units = self.units[:, high] - self.units[:, low]
        exposure = self.exposure[:, high] - self.exposure[:, low]
        if rest and self.part_units is not None and self.part_exposure is not None:
            units = units + self.part_units[:, high]
            exposure = exposure + self.part_exposure[:, high]
        return units, exposure

    def mean(self, origin: int, weeks: int) -> Floats:
        """Return units per exposure over the last *weeks* weeks before *origin*; NaN where there was no exposure."""
        units, exposure = self.window(origin, -weeks, 0)
        # Fewer than half a day of exposure says nothing.
        return np.where(exposure > 0.5, units / np.maximum(exposure, 0.5), np.nan)

    def level(self, origin: int) -> Floats:
        """Return the blended level at *origin* (week index; B is D itself); NaN where nothing was ever on sale."""
        total, weight = np.zeros(len(self.units)), np.zeros(len(self.units))
        for weeks, share in BLEND.items():
            mean = self.mean(origin, weeks)
            known = ~np.isnan(mean)
            total[known] += share * mean[known]
            weight[known] += share
        level = np.where(weight > 0, total / np.maximum(weight, 1e-12), np.nan)
        return np.where(np.isnan(level), self.mean(origin, origin), level)

    def spread(self, origin: int, weeks: int = 26) -> Floats:
        """Return the standard deviation of weekly rates over the last *weeks* weeks, relative to the level."""
        low = max(origin - weeks, 0)
        units = np.diff(self.units[:, low : origin + 1], axis=1)
        exposure = np.diff(self.exposure[:, low : origin + 1], axis=1)
        known = exposure > 0
        rate = np.where(known, units / np.maximum(exposure, 1e-9), 0.0)
        count = np.maximum(known.sum(axis=1), 1)
        mean = rate.sum(axis=1) / count
        variance = np.where(known, (rate - mean[:, None]) ** 2, 0.0).sum(axis=1) / count
        level = np.nan_to_num(self.level(origin))
        return np.where(level > 0, np.sqrt(variance) / np.maximum(level, 1e-12), 1.0)


def history(panel: Panel, exposure: Exposure, *, weekly_rows: bool = False) -> History:
    """Return the cumulative sums of *panel*.

    Args:
        panel: the sales.
        exposure: how much of a usual day each day is.
        weekly_rows: the rows are whole weeks. A week that ran out still sold most of a week: where that exceeds what was
            expected it counts as it is. Single days out of stock are only masked (counting the high ones among them
            would take chance for demand: bias +9 % instead of −1 % on a fresh-food shop).
    """
    units, whole = panel.units.copy(), exposure.whole.copy()
    past = History(running(units), running(whole), panel.part, exposure.part)
    if weekly_rows and panel.lost.any():
        _uncensor(panel, past, units, whole, exposure)
        past = History(running(units), running(whole), panel.part, exposure.part)
    return past


def _uncensor(panel: Panel, past: History, units: Floats, whole: Floats, exposure: Exposure) -> None:
    """Take sales of days out of stock as demand where they already exceed what those days were expected to sell.

    Such sales are a lower bound of demand. Left out, only the weeks with low demand would remain (stock runs out when
    demand is high), and the level would be too low.
    """
    full = exposure.weights[: panel.weeks].sum(axis=1)
    for week in np.flatnonzero(panel.lost.any(axis=0)):
        missing = full[week] - whole[:, week]
        expected = past.level(int(week)) * missing
        beyond = (panel.lost[:, week] > np.nan_to_num(expected, nan=np.inf)) & (7 * week >= panel.first)
        units[beyond, week] += panel.lost[beyond, week]
        whole[beyond, week] = full[week]
