"""Policies tried on the shop's own past: what each would have given, and how often its promised service was kept.

A sample of SKUs is replayed week by week: at each review a policy sees only what was known then, orders up to its level, and
the order takes its lead time. Compared are policies of one protection interval; the knob of each is swept for its curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from engine.forecasting.features import Window
from engine.forecasting.model import Model, fit, retable
from engine.forecasting.panel import Floats
from engine.forecasting.prepare import prepare
from engine.problems import EvaluationError
from engine.replenishment.simulate import simulate

REVIEW = 7
LEVELS = (0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99)
FACTORS = (0.7, 1.0, 1.5, 2.0, 3.0, 4.5)
SAMPLE = 200
SEEDS = (1, 2)
NAMES = {
    "rs": ("分位数补货 (R,S)", "quantile (R,S)"),
    "dynamic": ("7 天动态", "7-day dynamic"),
    "days_of_cover": ("28 天备货", "28-day cover"),
    "static_threshold": ("固定阈值", "static threshold"),
}


def try_policies(
    sales: pa.Table, day: date, *, lead_days: int = 7, weeks: int = 13, sample: int = SAMPLE, nominal: float = 0.95
) -> dict[str, Any]:
    """Return the curves of four policies on the *weeks* before *day*.

    Args:
        sales: sku, date, quantity (one row a SKU and day at least; more are added up).
        day: nothing of it or later is read.
        lead_days: lead time, give or take two days.
        weeks: length of the replay.
        sample: SKUs at most, the same ones every time, spread over all volumes.
        nominal: the service level whose measured coverage is told.

    Raises:
        EvaluationError: nothing was sold in the eight weeks before the replay.

    Returns:
        `{skus, weeks, lead_days, nominal, coverage, policies: [{type, name, name_en, points: [{knob, fill, stock_days,
        empty, orders, stock_value, lost_value}]}]}`; coverage = share of SKU-weeks whose demand over the protection
        interval was at most the nominal quantile.
    """
    frame = sales.select(["sku", "date", "quantity"]).to_pandas()
    frame["date"] = pd.to_datetime(frame["date"])
    frame = frame.groupby(["sku", "date"], as_index=False)["quantity"].sum()
    start = day - timedelta(days=7 * weeks)
    skus = _sample(frame, start, sample)
    if not skus:
        text = f"历史太短:{start.isoformat()} 之前的 8 周没有销量"
        raise EvaluationError(f"{text} / the history is too short: nothing was sold in the 8 weeks before {start}")
    frame = frame[frame["sku"].isin(skus)]
    horizon, days = lead_days + REVIEW, 7 * weeks
    history = _matrix(frame, skus, start - timedelta(days=182), 182 + days)
    leads = [max(lead_days + more, 1) for more in (-2, -1, 0, 1, 2)]
    targets = _quantiles(frame, skus, start, weeks, horizon)
    reviews = np.arange(182, 182 + days, REVIEW)
    ones = np.ones(len(skus))
    curves = {"rs": list(zip(LEVELS, targets, strict=True))}
    for name, window in (("dynamic", 7), ("days_of_cover", 28)):
        base = _means(history, reviews, window)
        curves[name] = [(factor, factor * horizon * base) for factor in FACTORS]
    first = _means(history, reviews[:1], 91)
    curves["static_threshold"] = [(factor, np.repeat(factor * horizon * first, weeks, axis=1)) for factor in FACTORS]
    demand = history[:, 182:]
    policies = [
        {
            "type": name, "name": NAMES[name][0], "name_en": NAMES[name][1],
            "points": [{"knob": knob, **_outcome(demand, target, leads, ones)} for knob, target in points],
        }
        for name, points in curves.items()
    ]  # fmt: skip
    level = targets[int(np.argmin(np.abs(np.array(LEVELS) - nominal)))]
    coverage = _coverage(history, reviews, horizon, level)
    return {
        "skus": len(skus), "weeks": weeks, "lead_days": lead_days, "nominal": nominal,
        "coverage": round(coverage, 4), "policies": policies,
    }  # fmt: skip


def _sample(frame: pd.DataFrame, start: date, sample: int) -> list[str]:
    """Return SKUs that sold in the eight weeks before, every n-th by volume."""
    warm = frame[(frame["date"] < pd.Timestamp(start)) & (frame["date"] >= pd.Timestamp(start - timedelta(days=56)))]
    volume = warm.groupby("sku")["quantity"].sum()
    ordered = volume[volume > 0].sort_values(ascending=False, kind="stable").index.tolist()
    step = max(-(-len(ordered) // sample), 1)
    return sorted(str(sku) for sku in ordered[::step])


def _matrix(frame: pd.DataFrame, skus: Sequence[str], start: date, days: int) -> Floats:
    row = pd.Index(skus).get_indexer(pd.Index(frame["sku"]))
    place = (frame["date"] - pd.Timestamp(start)).dt.days.to_numpy()
    matrix = np.zeros((len(skus), days))
    known = (row >= 0) & (place >= 0) & (place < days)
    np.add.at(matrix, (row[known], place[known]), frame["quantity"].to_numpy(float)[known])
    return np.maximum(matrix, 0.0)


def _means(history: Floats, reviews: Any, window: int) -> Floats:
    sums = np.cumsum(np.concatenate([np.zeros((len(history), 1)), history], axis=1), axis=1)
    return np.stack([(sums[:, day] - sums[:, day - window]) / window for day in reviews], axis=1)


def _quantiles(frame: pd.DataFrame, skus: Sequence[str], start: date, weeks: int, horizon: int) -> Floats:
    """Return (levels, SKU, review) quantiles of the demand of the next *horizon* days, as known at each review."""
    found: list[Floats] = []
    model: Model | None = None
    window = Window(0, horizon // 7, rest=horizon % 7 > 0)
    for week in range(weeks):
        ready = prepare(frame, horizon, start + timedelta(days=7 * week), calendar=False)
        # Trained every fourth week, as the nightly forecast is; in between only the tables move on.
        kept = None if week % 4 == 0 else model
        model = fit(ready.maker, [window], LEVELS) if kept is None else retable(kept, ready.maker)
        quantiles = model.totals(window).quantiles
        place = pd.Index(ready.panel.keys["sku"]).get_indexer(pd.Index(skus))
        found.append(np.where(place[:, None] >= 0, quantiles[place], 0.0).T)
    return np.stack(found, axis=2)


def _outcome(demand: Floats, target: Floats, leads: Sequence[int], price: Floats) -> dict[str, float]:
    runs = [asdict(simulate(demand, target, REVIEW, leads, price, seed=seed)) for seed in SEEDS]
    return {name: round(float(np.mean([run[name] for run in runs])), 4) for name in runs[0]}


def _coverage(history: Floats, reviews: Any, horizon: int, level: Floats) -> float:
    """Return how often the demand of the protection interval was at most the level, where the interval is over."""
    kept = [
        history[:, day : day + horizon].sum(axis=1) <= level[:, place] + 1e-9
        for place, day in enumerate(reviews)
        if day + horizon <= history.shape[1]
    ]
    return float(np.mean(kept)) if kept else 0.0
