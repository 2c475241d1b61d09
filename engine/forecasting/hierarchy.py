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
