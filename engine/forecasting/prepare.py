"""Everything a forecast stands on, made once from the sales: panel, exposure, cumulative history, features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import numpy.typing as npt

from engine.forecasting.calendar_effect import CalendarEffect, calendar_weights
from engine.forecasting.events import Events, busy_days, learn, read_events
from engine.forecasting.exposure import Exposure, closed_days, day_totals, exposure, weekday_weights, with_events
from engine.forecasting.features import Maker
from engine.forecasting.levels import History, history
from engine.forecasting.panel import Floats, Panel, align, read_panel
from engine.forecasting.source import Relation, Source, connect, part_of, read


@dataclass(slots=True)
class Prepared:
    """The sales of all series before D, ready for models.

    Args:
        con: the connection that holds the tables `series` and `weekly`.
        sales: the relation read.
        panel: weekly sums.
        exposure: how much of a usual day each day is.
        past: cumulative sums.
        maker: features.
        pooled: the shop's seven weekday weights.
        stream: which demand.
        horizon: days or weeks ahead.
        events: promotions and other events of single series, with their uplifts.
        effects: what the calendar does to the whole shop.
    """

    con: duckdb.DuckDBPyConnection
    sales: Relation
    panel: Panel
    exposure: Exposure
    past: History
    maker: Maker
    pooled: Floats
    stream: str
    horizon: int
    events: Events
    effects: list[CalendarEffect]

    @property
    def weeks_ahead(self) -> int:
        """Weeks that the horizon reaches into."""
        return int(self.exposure.ahead.shape[1])


def prepare(
    series: Source,
    horizon: int,
    day: date,
    *,
    period: str = "day",
    stream: str = "ordinary",
    mapping: Mapping[str, str] | None = None,
    keys: Sequence[str] | None = None,
    con: duckdb.DuckDBPyConnection | None = None,
    future: Source | None = None,
    calendar: bool = True,
    spark: str | None = None,
    plan_only: bool = False,
) -> Prepared:
    """Return the sales before *day*, prepared for a forecast of *horizon* periods.

    Args:
        series: rows of keys, date, quantity and optionally exceptional, in_stock, promotion, discount.
        horizon: days, or weeks when *period* is "week".
        day: the evaluation day D; nothing of D or later is read.
        period: "day" or "week".
        stream: "ordinary" (quantity − exceptional), "exceptional" or "all".
        mapping: our column -> theirs.
        keys: the key columns, when they are not the usual ones.
        con: a DuckDB connection to work in.
        future: promotions and other planned events.
        calendar: learn what Chinese holidays and shopping festivals do to the shop.
        spark: a Spark master that sums the facts by week, instead of DuckDB.
        plan_only: on days of *future* the sales' own promotion labels are passed over.
    """
    con = con or connect()
    sales = read(con, series, "sales", mapping=mapping, keys=keys, require=("date", "quantity"))
    start, weekly_rows = align(con, sales, day, period)
    rest = horizon % 7 if period == "day" else 0
    ahead = horizon if period == "week" else -(-horizon // 7)
    panel = read_panel(con, sales, start, period=period, rest=rest, stream=stream, spark=spark)
    units, count = day_totals(con, sales, panel, stream)
    closed, pooled = _profile(units, count, weekly_rows=weekly_rows)
    weights = np.tile(pooled, (panel.weeks + ahead, 1))
    plan = None
    if future is not None:
        names = part_of(mapping, con, future)
        plan = read(con, future, "promotions", mapping=names, keys=sales.keys, require=("date",))
    events = read_events(con, sales, plan, panel, weights.size, plan_only=plan_only)
    effects: list[CalendarEffect] = []
    if not weekly_rows and calendar:
        skip = busy_days(events, panel)
        lift, effects = calendar_weights(panel.start, units, closed.reshape(-1), weights.size, skip=skip)
        weights *= lift.reshape(-1, 7)
    weights[: panel.weeks][closed] = 0.0
    shown = exposure(panel, weights, ahead)
    if len(events.row):
        learn(con, sales, panel, stream, events, weights, shown.whole)
        shown = with_events(panel, shown, events.daily())
    past = history(panel, shown, weekly_rows=weekly_rows)
    maker = make_features(panel, past, shown)
    return Prepared(con, sales, panel, shown, past, maker, pooled, stream, horizon, events, effects)


def _profile(units: Floats, count: Floats, *, weekly_rows: bool) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Return closed days (B, 7) and the weekday weights; the rows of a weekly file all lie on the week's first day."""
    if weekly_rows:
        return np.zeros((len(units) // 7, 7), dtype=bool), np.array([7.0, 0, 0, 0, 0, 0, 0])
    closed = closed_days(units, count)
    return closed.reshape(-1, 7), weekday_weights(units, closed)


def make_features(panel: Panel, past: History, shown: Exposure) -> Maker:
    """Return the feature maker of a panel."""
    ahead = np.concatenate([np.zeros((len(panel.keys), 1)), np.cumsum(shown.ahead, axis=1)], axis=1)
    group = np.full(len(panel.keys), -1)
    return Maker(panel, past, shown.weights.sum(axis=1), group, ahead, shown.ahead_part)
