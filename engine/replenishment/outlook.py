"""The outlook on demand: from sales (through the forecast) or from a ready forecast table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np
import pandas as pd

from engine.forecasting.day_paths import day_paths
from engine.forecasting.features import Window
from engine.forecasting.model import Totals, fit
from engine.forecasting.panel import Floats, Ints
from engine.forecasting.paths import CHUNK, Paths, calibrated, week_paths, whole_units
from engine.forecasting.prepare import Prepared, prepare
from engine.forecasting.shape import day_shares, last_days, weekday_profiles
from engine.forecasting.source import Source

# Protection intervals are rounded up to one of so many spans, so that a hundred lead times are not a hundred models.
SPANS = 8
# Where the model's quantiles fix the spread of sample paths: the body, and the tail where orders are decided.
KNOTS = (0.25, 0.5, 0.7, 0.8, 0.9, 0.95)


@dataclass(slots=True)
class SalesOutlook:
    """Demand as the forecast sees it, for the rows of a stock table.

    Args:
        sales: rows of keys, date, quantity, in_stock.
        day: D.
        period: "day" or "week".
        rows: the stock's keys.
        mapping: our column -> theirs.
        keys: the key columns.
        future: promotions planned.
        challenge: let the global model compete.
    """

    sales: Source
    day: date
    period: str
    rows: pd.DataFrame
    mapping: Mapping[str, str] | None = None
    keys: Sequence[str] | None = None
    future: Source | None = None
    challenge: bool = True
    _prepared: dict[int, tuple[Prepared, Ints]] = field(default_factory=dict)
    _totals: dict[tuple[int, float], Totals] = field(default_factory=dict)

    def prepared(self, periods: int) -> tuple[Prepared, Ints]:
        """Return the sales prepared for *periods*, and the series of each stock row (−1 = none)."""
        if periods not in self._prepared:
            ready = prepare(
                self.sales, periods, self.day, period=self.period, mapping=self.mapping, keys=self.keys,
                future=self.future,
            )  # fmt: skip
            self._prepared[periods] = (ready, places(ready.panel.keys, self.rows))
        return self._prepared[periods]

    def totals(self, periods: int, level: float) -> tuple[Totals, Ints]:
        """Return mean and the *level* quantile of the first *periods* periods."""
        ready, place = self.prepared(periods)
        if (periods, level) not in self._totals:
            weeks = periods if self.period == "week" else periods // 7
            window = Window(0, weeks, rest=ready.panel.rest > 0)
            self._totals[periods, level] = fit(ready.maker, [window], [level], challenge=self.challenge).totals(window)
        return self._totals[periods, level], place

    def mean(self, periods: Ints) -> Floats:
        """Return (N,) expected demand of the first *periods* periods."""
        known = {level for _, level in self._totals}
        level = next(iter(known), 0.5)
        return self._each(periods, lambda span: _picked(self.totals(span, level), None))

    def quantile(self, periods: Ints, level: float) -> Floats:
        """Return (N,) the *level* quantile of the total of the first *periods* periods."""
        return self._each(periods, lambda span: _picked(self.totals(span, level), 0))

    def _each(self, periods: Ints, of: _Of) -> Floats:
        found = np.zeros(len(periods))
        for asked, span in spans(periods):
            rows = np.isin(periods, asked)
            whole = of(span)[rows]
            # A shorter interval inside a span takes its share of it.
            found[rows] = whole * (periods[rows] / span)
        return found

    def recent(self, periods: int) -> Floats:
        """Return (N,) average sales a period over the last *periods* periods; days out of stock count as they are."""
        return _recent(self, periods).mean(axis=1)

    def deviation(self, periods: int) -> Floats:
        """Return (N,) standard deviation of sales a period over the last *periods* periods."""
        return _recent(self, periods).std(axis=1)

    def paths(self, periods: int) -> Iterator[tuple[Ints, Floats]]:
        """Yield rows and (n, draws, *periods*) joint sample paths."""
        ready, place = self.prepared(periods)
        mean, spread, quantiles, library = (self._weekly if self.period == "week" else self._daily)(ready, periods)
        mean = np.concatenate([mean, np.zeros((1, periods))])
        spread = np.concatenate([spread, [1.0]])
        quantiles = np.concatenate([quantiles, np.zeros((1, *quantiles.shape[1:]))])
        for start in range(0, len(place), CHUNK):
            rows = np.arange(start, min(start + CHUNK, len(place)))
            series = place[rows]
            drawn = library.draw(mean[series], spread[series])
            if quantiles.shape[1]:
                drawn = calibrated(drawn, KNOTS, quantiles[series])
            yield rows, whole_units(drawn)

    def _weekly(self, ready: Prepared, periods: int) -> tuple[Floats, Floats, Floats, Paths]:
        windows = [Window(week, week + 1) for week in range(periods)]
        model = fit(ready.maker, windows, KNOTS, challenge=self.challenge)
        found = [model.totals(window) for window in windows]
        mean = np.stack([part.mean for part in found], axis=1)
        quantiles = np.stack([part.quantiles for part in found], axis=1)
        return mean, ready.past.spread(ready.past.weeks), quantiles, week_paths(ready.past, periods)

    def _daily(self, ready: Prepared, periods: int) -> tuple[Floats, Floats, Floats, Paths]:
        totals, _ = self.totals(periods, 0.5)
        profiles = weekday_profiles(ready.con, ready.sales, ready.panel, ready.stream, ready.pooled)
        shares = day_shares(ready.exposure, profiles, ready.pooled, ready.panel.weeks, periods)
        mean, spread = totals.mean[:, None] * shares, ready.past.spread(ready.past.weeks)
        return mean, spread, np.zeros((len(mean), 0, 0)), day_paths(ready, profiles, periods)


class _Of(Protocol):
    def __call__(self, span: int) -> Floats: ...


def _picked(found: tuple[Totals, Ints], quantile: int | None) -> Floats:
    totals, place = found
    values = totals.mean if quantile is None else totals.quantiles[:, quantile]
    return np.where(place >= 0, values[place], 0.0)


def _recent(outlook: SalesOutlook, periods: int) -> Floats:
    """Return (N, periods) sales of the last periods."""
    any_span = next(iter(outlook._prepared), 1)  # noqa: SLF001 the cache of the same class
    ready, place = outlook.prepared(any_span)
    panel = ready.panel
    if outlook.period == "week":
        sold = (panel.units + panel.lost)[:, -periods:]
    else:
        sold = last_days(ready.con, ready.sales, panel, ready.stream, periods)
    return np.concatenate([sold, np.zeros((1, sold.shape[1]))])[place]


def spans(periods: Ints) -> list[tuple[Ints, int]]:
    """Return groups of distinct *periods* and the span each is rounded up to: at most SPANS groups."""
    distinct = np.unique(periods)
    groups = np.array_split(distinct, min(SPANS, len(distinct)))
    return [(group, int(group.max())) for group in groups if len(group)]


def places(series: pd.DataFrame, rows: pd.DataFrame) -> Ints:
    """Return the index in *series* of each of *rows* by their common key columns, −1 for none."""
    names = list(series.columns)
    if len(names) == 1:
        index = pd.Index(series[names[0]].astype(str))
        alone: Ints = index.get_indexer(pd.Index(rows[names[0]].astype(str))).astype(np.int64)
        return alone
    index = pd.MultiIndex.from_frame(series.astype(str))
    wanted = pd.MultiIndex.from_frame(rows[names].astype(str))
    found: Ints = index.get_indexer(wanted).astype(np.int64)
    return found
