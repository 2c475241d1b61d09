"""Coherence over levels: totals are sums of series, and an edit of a total is shared out in proportion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from engine.forecasting.panel import Floats


def roll_up(forecast: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return means summed by *by* and `ds`: bottom-up, so that every level adds up.

    Quantiles do not add up, so only the mean is summed; quantiles of a group need its own paths.
    """
    keys = [*by, "ds"]
    return forecast.groupby(keys, as_index=False, sort=True, observed=True)[["mean"]].sum()


@dataclass(frozen=True, slots=True)
class Override:
    """What a person says instead.

    Args:
        where: key values that an affected row has (`{"category": "爆款"}`); empty = everything.
        start: first day.
        end: last day.
        value: total units of those rows and days; or a factor when *relative*.
        relative: *value* multiplies.
        author: who.
        reason: why.
        expires: the last evaluation day on which it counts; None for ever.
    """

    where: Mapping[str, str]
    start: date
    end: date
    value: float
    relative: bool = False
    author: str = ""
    reason: str = ""
    expires: date | None = None


def apply_overrides(forecast: pd.DataFrame, overrides: Sequence[Override], day: date) -> pd.DataFrame:
    """Return *forecast* with *overrides* applied in order; mean and quantiles of a row move together.

    An absolute total is shared out in proportion to the means; where they are all zero, evenly.

    Args:
        forecast: rows of keys, ds, mean, q….
        overrides: what people said; a later one sees the result of an earlier one.
        day: the evaluation day; expired overrides are passed over.
    """
    result = forecast.copy()
    numbers = [name for name in result.columns if name == "mean" or name.startswith("q0.")]
    days = pd.to_datetime(result["ds"]).dt.date
    for override in overrides:
        if override.expires is not None and override.expires < day:
            continue
        chosen = ((days >= override.start) & (days <= override.end)).to_numpy()
        for key, value in override.where.items():
            chosen = chosen & (result[key].astype(str) == value).to_numpy()
        if chosen.any():
            values = result.loc[chosen, numbers].to_numpy(dtype=np.float64)
            result.loc[chosen, numbers] = _moved(values, override)
    return result


def _moved(values: Floats, override: Override) -> Floats:
    if override.relative:
        return values * override.value
    total = float(values[:, 0].sum())
    if total > 0:
        return values * (override.value / total)
    return np.full_like(values, override.value / len(values))


def moved_grid(
    mean: Floats,
    keys: pd.DataFrame,
    overrides: Sequence[Override],
    first: date,
    day: date,
    shares: Mapping[str, Floats] | None = None,
) -> tuple[Floats, dict[str, Floats]]:
    """Return the daily means (N, H) from *first* with *overrides* applied in order: totals shared out in proportion.

    Args:
        mean: units a day.
        keys: N rows: the series' keys and whatever else an override may name (category, region).
        overrides: what people said; one that names a column that *keys* lacks changes nothing.
        first: the day of the first column.
        day: the evaluation day; expired overrides are passed over.
        shares: channel -> (N,) its part of each series, where channels are parts of series.

    Returns:
        The means, and channel -> (N, H) units that overrides of this channel alone added: the channel's own part is its
        share of the rest, plus this.
    """
    grid, added = mean.copy(), dict[str, Floats]()
    for override in overrides:
        channel = None if "channel" in keys.columns else override.where.get("channel")
        where = {name: value for name, value in override.where.items() if channel is None or name != "channel"}
        low = max((override.start - first).days, 0)
        high = min((override.end - first).days + 1, grid.shape[1])
        rows = chosen_rows(keys, where)
        expired = override.expires is not None and override.expires < day
        if expired or high <= low or not rows.any():
            continue
        if channel is None:
            grid[rows, low:high] = _scaled(grid[rows, low:high], override, high - low)
            continue
        share = (shares or {}).get(channel, np.zeros(len(keys)))[rows, None]
        own = added.setdefault(channel, np.zeros_like(grid))
        others = sum((part[rows, low:high] for part in added.values()), np.zeros((int(rows.sum()), high - low)))
        part = share * (grid[rows, low:high] - others) + own[rows, low:high]
        change = _scaled(part, override, high - low) - part
        own[rows, low:high] += change
        grid[rows, low:high] += change
    return grid, added


def chosen_rows(keys: pd.DataFrame, where: Mapping[str, str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which rows of *keys* have the values of *where*; none when a column is missing."""
    rows = np.ones(len(keys), dtype=np.bool_)
    for name, value in where.items():
        rows &= (keys[name].astype(str) == str(value)).to_numpy() if name in keys.columns else False
    return rows


def _scaled(part: Floats, override: Override, seen: int) -> Floats:
    if override.relative:
        return part * override.value
    # Of a total over days that are partly over (or beyond the horizon) only the share of the days in sight is meant.
    whole = (override.end - override.start).days + 1
    value = override.value * seen / whole
    total = float(part.sum())
    return part * (value / total) if total > 0 else np.full_like(part, value / part.size)
