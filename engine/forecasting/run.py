"""Forecast the demand of every series: the mean and honest quantiles, by day, by week or for the whole horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from engine.forecasting.features import Window
from engine.forecasting.model import Model, fit
from engine.forecasting.panel import Floats
from engine.forecasting.prepare import Prepared, prepare
from engine.forecasting.shape import SPREAD_WEEKS, available_days, day_ratios, day_shares, past_lift, weekday_profiles
from engine.forecasting.source import Source, connect, one, read
from engine.problems import DefinitionError, Problem

DEFAULT_LEVELS = (0.5, 0.9, 0.95)
LONGEST = 366


def forecast(
    series: Source,
    horizon: int,
    *,
    levels: Sequence[float] = DEFAULT_LEVELS,
    future: Source | None = None,
    as_of: date | str | None = None,
    period: str = "day",
    total: bool = False,
    stream: str = "ordinary",
    mapping: Mapping[str, str] | None = None,
    keys: Sequence[str] | None = None,
    challenge: bool = True,
    spark: str | None = None,
) -> pd.DataFrame:
    """Return the forecast of periods D … D + *horizon* − 1.

    Args:
        series: sales as DataFrame, Arrow table or path (Parquet, CSV, folder, Delta): key columns (sku, location,
            channel, … or unique_id), `date` (or `ds`), `quantity` (or `y`, units), optionally `exceptional` (units),
            `in_stock` (false: the day is masked), `promotion`, `discount`. A missing day is a day without sales.
        horizon: days, or weeks when *period* is "week".
        levels: the quantiles, between 0 and 1.
        future: promotions and other planned events: any of the key columns, `date`, `promotion`, optionally `discount`
            (0.2 = 20 % off), `phase`, `multiplier`. Rows of the past teach, rows from D on are the plan.
        as_of: D; nothing of D or later is read from *series*. Default: the day after the last sale.
        period: "day" or "week" (`date` is then the week's first day).
        total: one row a series with the horizon's sum and the quantiles of the sum.
        stream: "ordinary" (quantity − exceptional), "exceptional" or "all".
        mapping: our column name -> the name in *series*.
        keys: key columns, when they are not the usual ones.
        challenge: let the global model compete with the base.
        spark: a Spark master (`local[2]`) that sums the facts by week; all else is the same.

    Returns:
        The key columns as text, `unique_id`, `ds` (D for totals), `mean` and `q0.5`, … in units.

    Raises:
        DefinitionError: a column is missing or an argument is out of range.
    """
    wanted = _checked(horizon, levels, period)
    day = evaluation_day(series, as_of, mapping)
    ready = prepare(
        series, horizon, day, period=period, stream=stream, mapping=mapping, keys=keys, future=future, spark=spark
    )
    if period == "week" and not total:
        return _by_week(ready, wanted, challenge=challenge)
    window = Window(0, horizon // 7 if period == "day" else horizon, rest=ready.panel.rest > 0)
    model = fit(ready.maker, [window], wanted, challenge=challenge)
    if total:
        found = model.totals(window)
        return _frame(ready, [ready.panel.day], found.mean[:, None], found.quantiles[:, None, :], wanted)
    return _by_day(ready, model, window)


def _checked(horizon: int, levels: Sequence[float], period: str) -> tuple[float, ...]:
    problems = []
    if not 1 <= horizon <= LONGEST:
        text = f"预测长度应在 1 到 {LONGEST} 之间"
        problems.append(Problem("$.horizon", text, "", f"the horizon must be between 1 and {LONGEST}"))
    if not levels or any(not 0 < level < 1 for level in levels):
        problems.append(Problem("$.levels", "分位数应在 0 与 1 之间", "", "a quantile lies between 0 and 1"))
    if period not in {"day", "week"}:
        problems.append(Problem("$.period", "周期是 day 或 week", "", "the period is day or week"))
    if problems:
        raise DefinitionError(problems)
    return tuple(sorted(set(levels)))


def _by_week(ready: Prepared, levels: tuple[float, ...], *, challenge: bool) -> pd.DataFrame:
    windows = [Window(week, week + 1) for week in range(ready.horizon)]
    model = fit(ready.maker, windows, levels, challenge=challenge)
    found = [model.totals(window) for window in windows]
    days = [ready.panel.day + timedelta(days=7 * week) for week in range(ready.horizon)]
    mean = np.stack([part.mean for part in found], axis=1)
    return _frame(ready, days, mean, np.stack([part.quantiles for part in found], axis=1), levels)


def _by_day(ready: Prepared, model: Model, window: Window) -> pd.DataFrame:
    """Share the total out over the days; a day's quantiles come from how single days spread around their mean."""
    panel, weeks = ready.panel, ready.panel.weeks
    profiles = weekday_profiles(ready.con, ready.sales, panel, ready.stream, ready.pooled)
    mean = model.totals(window).mean[:, None] * day_shares(ready.exposure, profiles, ready.pooled, weeks, ready.horizon)
    spread = min(SPREAD_WEEKS, weeks)
    level = np.repeat(_levels_before(ready, spread), 7, axis=1)
    expected = level * np.tile(profiles, (1, spread)) * available_days(panel, spread)
    expected *= past_lift(ready.exposure, ready.pooled, weeks, spread)
    edges, ratios = day_ratios(ready.con, ready.sales, panel, ready.stream, expected, model.levels)
    place = np.searchsorted(edges, mean, side="right")
    days = [panel.day + timedelta(days=number) for number in range(ready.horizon)]
    return _frame(ready, days, mean, ratios[place] * mean[:, :, None], model.levels)


def _levels_before(ready: Prepared, weeks: int) -> Floats:
    now = ready.past.weeks
    return np.stack([np.nan_to_num(ready.past.level(now - weeks + week)) for week in range(weeks)], axis=1)


def _frame(ready: Prepared, days: list[date], mean: Floats, quantiles: Floats, levels: Sequence[float]) -> pd.DataFrame:
    """Return the answer, a row a series and step: *mean* (N, H), *quantiles* (N, H, Q)."""
    count = len(days)
    keys = ready.panel.keys
    columns = {name: np.repeat(keys[name].to_numpy(), count) for name in keys.columns}
    columns["unique_id"] = np.repeat(ready.panel.unique_id(), count)
    columns["ds"] = np.tile(np.array(days, dtype="datetime64[s]"), len(keys))
    columns["mean"] = mean.reshape(-1)
    for place, level in enumerate(levels):
        columns[f"q{level:g}"] = quantiles[:, :, place].reshape(-1)
    return pd.DataFrame(columns)


def evaluation_day(series: Source, as_of: date | str | None, mapping: Mapping[str, str] | None) -> date:
    """Return D: *as_of*, or else the day after the last sale."""
    if isinstance(as_of, str):
        return date.fromisoformat(as_of)
    if as_of is not None:
        return as_of
    con = connect()
    sales = read(con, series, "sales", mapping=mapping, require=("date",))
    row = one(con, f"SELECT max(CAST(date AS DATE)) FROM ({sales.sql})")
    if row[0] is None:
        raise DefinitionError([Problem("$.sales", "没有任何销售行", "", "there is not a single sales row")])
    last: date = row[0]
    return last + timedelta(days=1)
