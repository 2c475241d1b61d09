"""Forecast value added: what each step from the naive forecast to a person's word did to the error, scored afterwards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.forecasting.panel import Floats

# In this order: each step is compared with the one before it.
STEPS = ("naive", "base", "model", "promotion", "person")


def wape(actual: Floats, forecast: Floats) -> float:
    """Return Σ|forecast − actual| ÷ Σ actual; NaN when nothing was sold."""
    total = float(np.abs(actual).sum())
    return float(np.abs(forecast - actual).sum()) / total if total > 0 else float("nan")


def bias(actual: Floats, forecast: Floats) -> float:
    """Return (Σ forecast − Σ actual) ÷ Σ actual: above 0 the forecast was too high."""
    total = float(actual.sum())
    return float((forecast - actual).sum()) / total if total > 0 else float("nan")


def pinball(actual: Floats, quantile: Floats, level: float) -> float:
    """Return 2 × pinball loss ÷ Σ actual; at level 0.5 it is the WAPE."""
    miss = actual - quantile
    total = float(np.abs(actual).sum())
    return 2 * float(np.maximum(level * miss, (level - 1) * miss).sum()) / total if total > 0 else float("nan")


def coverage(actual: Floats, quantile: Floats) -> float:
    """Return the share of cases in which demand stayed within the quantile."""
    return float((actual <= quantile).mean()) if len(actual) else float("nan")


# Further from nominal than three points the quantiles no longer mean what they say.
DRIFT = 0.03


def coverage_alarm(actual: Floats, quantile: Floats, level: float) -> bool:
    """Return whether coverage has drifted: beyond DRIFT and beyond what chance does to so few cases (two errors)."""
    if not len(actual):
        return False
    error = 2 * float(np.sqrt(level * (1 - level) / len(actual)))
    return abs(coverage(actual, quantile) - level) > max(DRIFT, error)


def value_added(scored: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return WAPE and bias of each step and what it added, worst last.

    Args:
        scored: one row a series and period that is over: `actual`, a column for each of STEPS that was made, and any
            columns to group *by* (author, category).
        by: group columns; empty for the whole.

    Returns:
        The group columns, `step`, `wape`, `bias`, `added` (WAPE points gained over the step before, negative = it
        hurt), `rows`.
    """
    steps = [step for step in STEPS if step in scored.columns]
    groups = scored.groupby(list(by), sort=True, observed=True) if by else [((), scored)]
    found = []
    for name, rows in groups:
        key = name if isinstance(name, tuple) else (name,)
        actual, before = rows["actual"].to_numpy(dtype=np.float64), float("nan")
        for step in steps:
            forecast = rows[step].to_numpy(dtype=np.float64)
            error = wape(actual, forecast)
            found.append((*key, step, error, bias(actual, forecast), before - error, len(rows)))
            before = error
    return pd.DataFrame(found, columns=[*by, "step", "wape", "bias", "added", "rows"])
