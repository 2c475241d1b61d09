"""The outlook on demand from a ready forecast table: totals of one horizon, or a row a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from engine.forecasting.panel import Floats, Ints
from engine.forecasting.paths import CHUNK, DRAWS
from engine.forecasting.source import Relation, one, quoted
from engine.replenishment.outlook import places


@dataclass(slots=True)
class ForecastOutlook:
    """Demand as a forecast table gives it.

    Args:
        place: (N,) row of each stock row in the arrays, −1 for none.
        means: (M, H) mean of each period.
        levels: (Q,) quantiles given.
        quantiles: (M, H, Q) of each period, or (M, 1, Q) of the horizon's total.
        horizon: periods of a total.
    """

    place: Ints
    means: Floats
    levels: Floats
    quantiles: Floats
    horizon: int

    @classmethod
    def read(cls, con: duckdb.DuckDBPyConnection, table: Relation, rows: pd.DataFrame) -> ForecastOutlook:
        """Return the outlook of a forecast *table* for the stock's *rows*; `horizon` is a column where rows are totals."""
        keys = ", ".join(map(quoted, rows.columns))
        levels = sorted(float(name[1:]) for name in table.columns if name.startswith("q0."))
        names = ", ".join(
            [
                "CAST(mean AS DOUBLE) AS mean",
                *(f"CAST({quoted(f'q{level:g}')} AS DOUBLE) AS q{n}" for n, level in enumerate(levels)),
            ]
        )
        horizon = "max(CAST(horizon AS INTEGER))" if "horizon" in table.columns else "0"
        found = one(con, f"SELECT {horizon} FROM ({table.sql})")
        frame = con.sql(f"SELECT {keys}, CAST(date AS DATE) AS ds, {names} FROM ({table.sql}) ORDER BY {keys}, ds").df()
        steps = frame["ds"].nunique()
        series = frame.iloc[::steps][list(rows.columns)].astype(object)
        count = len(series)
        columns = [frame[f"q{n}"].to_numpy().reshape(count, steps) for n in range(len(levels))]
        quantiles = np.stack(columns, axis=2) if columns else np.zeros((count, steps, 0))
        means = frame["mean"].to_numpy().reshape(count, steps)
        total = int(found[0] or 0)
        return cls(places(series, rows), means, np.asarray(levels), quantiles, total or steps)

    def mean(self, periods: Ints) -> Floats:
        """Return (N,) expected demand; a total is shared out evenly, beyond the horizon it goes on at its mean."""
        rate = self.means.sum(axis=1) / self.horizon
        if self.means.shape[1] == 1:
            return self._rows(rate) * periods
        sums = np.concatenate([np.zeros((len(self.means), 1)), np.cumsum(self.means, axis=1)], axis=1)
        inside = np.minimum(periods, self.means.shape[1])
        known = np.concatenate([sums, np.zeros((1, sums.shape[1]))])[self.place, inside]
        return known + self._rows(rate) * (periods - inside)

    def quantile(self, periods: Ints, level: float) -> Floats:
        """Return (N,) the quantile of the total.

        Totals are scaled to the asked length with the square root of time; single periods are taken as independent.
        """
        spread = self._spread(level)
        if self.quantiles.shape[1] == 1:
            return self.mean(periods) + self._rows(spread[:, 0]) * np.sqrt(periods / self.horizon)
        squares = np.cumsum(spread * np.abs(spread), axis=1)
        squares = np.concatenate([np.zeros((len(squares), 1)), squares], axis=1)
        inside = np.minimum(periods, spread.shape[1])
        found = np.concatenate([squares, np.zeros((1, squares.shape[1]))])[self.place, inside]
        found = found * (periods / np.maximum(inside, 1))
        return np.maximum(self.mean(periods) + np.sign(found) * np.sqrt(np.abs(found)), 0.0)

    def _spread(self, level: float) -> Floats:
        """Return (M, H) quantile − mean at *level*, interpolated between the levels given."""
        if not len(self.levels):
            return np.zeros_like(self.means)
        high = int(np.clip(np.searchsorted(self.levels, level), 1, max(len(self.levels) - 1, 1)))
        if len(self.levels) == 1:
            return self.quantiles[:, :, 0] - self.means
        low_level, high_level = self.levels[high - 1], self.levels[high]
        share = (level - low_level) / (high_level - low_level)
        between = (1 - share) * self.quantiles[:, :, high - 1] + share * self.quantiles[:, :, high]
        return between - self.means

    def recent(self, periods: int) -> Floats:
        """Return (N,) the forecast's mean a period: a forecast table has no past."""
        return self._rows(self.means.sum(axis=1) / self.horizon) + 0.0 * periods

    def deviation(self, periods: int) -> Floats:
        """Return (N,) the spread that the 0.84 quantile shows (one sigma of a normal variable), a period."""
        return (
            self._rows(self._spread(0.8413).mean(axis=1)) / np.sqrt(self.horizon / self.means.shape[1]) + 0.0 * periods
        )

    def paths(self, periods: int) -> Iterator[tuple[Ints, Floats]]:
        """Yield rows and sample paths: the quantile curve of each period read at one uniform draw a path and period."""
        generator = np.random.default_rng(7)
        draws: Floats = generator.random((DRAWS, periods))
        for start in range(0, len(self.place), CHUNK):
            rows = np.arange(start, min(start + CHUNK, len(self.place)), dtype=np.int64)
            each = [self._drawn(rows, period, draws[:, period]) for period in range(periods)]
            whole: Floats = np.round(np.stack(each, axis=2)).astype(np.float64)
            yield rows.astype(np.int64), whole.astype(np.float64)

    def _drawn(self, rows: Ints, period: int, draws: Floats) -> Floats:
        step = min(period, self.means.shape[1] - 1)
        share = 1.0 if self.means.shape[1] > 1 else 1 / self.horizon
        mean = self._rows(self.means[:, step])[rows] * share
        levels = np.concatenate([[0.0], self.levels, [1.0]])
        found = np.zeros((len(rows), len(draws)))
        for number, row in enumerate(rows):
            if self.place[row] < 0:
                continue
            curve = self.quantiles[self.place[row], step] * share if len(self.levels) else np.zeros(0)
            top = max(mean[number], curve[-1] * 1.2) if len(curve) else mean[number]
            found[number] = np.interp(draws, levels, np.concatenate([[0.0], curve, [top]]))
        return found

    def _rows(self, values: Floats) -> Floats:
        return np.concatenate([values, [0.0]])[self.place]
