"""How much of a usual day each day is: weekday profile, closed days, calendar and promotion multipliers, days in stock.

A level is units per unit of exposure; a forecast is level × exposure of the days to come. A day out of stock, before the
launch or on which the shop was closed has no exposure: it says nothing about demand. A promotion day that sells twice as
much has exposure 2, so that it does not inflate the level.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from engine.forecasting.panel import ALL_DAYS, Flags, Floats, Ints, Panel, clean_rows
from engine.forecasting.source import Relation

# Half a year of weeks: enough that one odd week does not move the profile, short enough to follow a change of habit.
PROFILE_WEEKS = 26
# A day on which nothing of at least this many usually selling series sold is a closed day.
CLOSED_SERIES = 20


@dataclass(frozen=True, slots=True)
class Exposure:
    """The exposure of every series and week.

    Args:
        whole: (N, B) exposure of each past week.
        part: (N, B) exposure of its first `rest` days (None when rest is 0).
        ahead: (N, F) exposure of each of the coming F weeks.
        ahead_part: (N, F) of their first `rest` days.
        weights: (B + F, 7) weight of each day for every series, before stock and promotions.
        event: series, day since the start of week 0 and multiplier of every day with an event.
    """

    whole: Floats
    part: Floats | None
    ahead: Floats
    ahead_part: Floats | None
    weights: Floats
    event: tuple[Ints, Ints, Floats] | None = None

    def day_lift(self, first: int, days: int) -> Floats:
        """Return the event multipliers of *days* days from day *first* on: (N, days), or (1, 1) when all are 1."""
        if self.event is None or not len(self.event[0]):
            return np.ones((1, 1))
        row, day, multiplier = self.event
        inside = (day >= first) & (day < first + days)
        lift = np.ones((len(self.whole), days))
        lift[row[inside], day[inside] - first] = multiplier[inside]
        return lift


def day_totals(con: duckdb.DuckDBPyConnection, sales: Relation, panel: Panel, stream: str) -> tuple[Floats, Floats]:
    """Return units and number of series with a sale, of the whole panel by day, oldest first: two arrays (7·B,)."""
    got = con.sql(
        f"SELECT ago, sum(units) AS units, count(CASE WHEN units > 0 THEN 1 END) AS n"
        f" FROM ({clean_rows(sales, panel.day, stream)}) GROUP BY ago"
    ).fetchnumpy()
    units, count = np.zeros(7 * panel.weeks), np.zeros(7 * panel.weeks)
    place = 7 * panel.weeks - np.asarray(got["ago"]).astype(np.int64)
    units[place], count[place] = got["units"], got["n"]
    return units, count


def weekday_weights(units: Floats, closed: Flags) -> Floats:
    """Return the seven weights (mean 1) of a week that begins on D's weekday.

    The median over weeks of a day's share of its week: one wholesale order does not bend it.
    """
    weeks = units.reshape(-1, 7)[-PROFILE_WEEKS:]
    open_ = ~closed.reshape(-1, 7)[-PROFILE_WEEKS:]
    usable = weeks.sum(axis=1) > 0
    if not usable.any():
        return np.ones(7)
    weeks, open_ = weeks[usable], open_[usable]
    full = open_.sum(axis=1) >= np.median(open_.sum(axis=1))
    shares = weeks[full] / weeks[full].sum(axis=1, keepdims=True)
    weights = np.median(shares, axis=0)
    total = weights.sum()
    return weights * 7 / total if total > 0 else np.ones(7)


def closed_days(units: Floats, count: Floats) -> Flags:
    """Return which past days the shop was closed: nothing sold although many series usually sell on a day."""
    busy = np.median(count[count > 0]) if (count > 0).any() else 0.0
    closed: Flags = (units <= 0) & (busy >= CLOSED_SERIES)
    return closed


def exposure(panel: Panel, weights: Floats, ahead_weeks: int) -> Exposure:
    """Return the exposure of *panel* under day *weights* (B + *ahead_weeks*, 7)."""
    weeks = panel.weeks
    table = np.stack([weights @ _bits(pattern) for pattern in range(ALL_DAYS + 1)], axis=1)
    available = ALL_DAYS & ~panel.out.astype(np.int64)
    launch_week = np.minimum(panel.first // 7, weeks)
    week = np.arange(weeks)
    available[week[None, :] < launch_week[:, None]] = 0
    rows = np.flatnonzero(launch_week < weeks)
    started = ALL_DAYS & ~((1 << (panel.first[rows] % 7)) - 1)
    available[rows, launch_week[rows]] &= started
    whole = table[week[None, :], available]
    first_days = (1 << panel.rest) - 1
    size = (len(panel.keys), ahead_weeks)
    ahead = np.broadcast_to(table[weeks:, ALL_DAYS], size).copy()
    if not panel.rest:
        return Exposure(whole, None, ahead, None, weights)
    part = table[week[None, :], available & first_days]
    ahead_part = np.broadcast_to(table[weeks:, first_days], size).copy()
    return Exposure(whole, part, ahead, ahead_part, weights)


def _bits(pattern: int) -> Floats:
    return np.array([(pattern >> day) & 1 for day in range(7)], dtype=np.float64)


def with_events(panel: Panel, plain: Exposure, event: tuple[Ints, Ints, Floats]) -> Exposure:
    """Return *plain* with the multipliers of single series' days: past ones where they were on sale, planned ones ahead."""
    row, day, multiplier = event
    weeks = panel.weeks
    added = (multiplier - 1) * plain.weights.reshape(-1)[day]
    week, place = day // 7, day % 7
    past = week < weeks
    on_sale = np.zeros(len(row), dtype=bool)
    bits = panel.out[row[past], week[past]].astype(np.int64)
    on_sale[past] = (((bits >> place[past]) & 1) == 0) & (day[past] >= panel.first[row[past]])
    whole, ahead = plain.whole.copy(), plain.ahead.copy()
    np.add.at(whole, (row[on_sale], week[on_sale]), added[on_sale])
    np.add.at(ahead, (row[~past], week[~past] - weeks), added[~past])
    if plain.part is None or plain.ahead_part is None:
        return Exposure(whole, None, ahead, None, plain.weights, event)
    part, ahead_part, early = plain.part.copy(), plain.ahead_part.copy(), place < panel.rest
    np.add.at(part, (row[on_sale & early], week[on_sale & early]), added[on_sale & early])
    np.add.at(ahead_part, (row[~past & early], week[~past & early] - weeks), added[~past & early])
    return Exposure(whole, part, ahead, ahead_part, plain.weights, event)
