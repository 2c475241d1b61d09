"""The days inside a forecast total: each series' weekday profile and the spread of single days around it."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np

from engine.forecasting.exposure import PROFILE_WEEKS, Exposure
from engine.forecasting.panel import Floats, Panel, clean_rows
from engine.forecasting.source import Relation, quoted

# Units a series must sell before its own weekday profile weighs as much as the shop's: a share of 1/7 is known to
# about a tenth (relative) only after 7 × 100 counted units.
PRIOR_UNITS = 700.0
# Single days of the last eight weeks show how days spread around their mean.
SPREAD_WEEKS = 8
SEGMENTS = 6
SAMPLE = 4_000


def weekday_profiles(
    con: duckdb.DuckDBPyConnection, sales: Relation, panel: Panel, stream: str, pooled: Floats
) -> Floats:
    """Return (N, 7) weekday weights of each series, shrunk to the shop's *pooled* weights; a week begins on D's weekday."""
    keys = ", ".join(map(quoted, sales.keys))
    got = con.sql(
        f"SELECT id, 6 - (ago - 1) % 7 AS place, sum(units) AS units FROM ({clean_rows(sales, panel.day, stream)})"
        f" JOIN (SELECT {keys}, id FROM series) USING ({keys}) WHERE stocked AND ago <= {7 * PROFILE_WEEKS} GROUP BY ALL"
    ).fetchnumpy()
    counted = np.zeros((len(panel.keys), 7))
    counted[np.asarray(got["id"]).astype(np.int64), np.asarray(got["place"]).astype(np.int64)] = got["units"]
    total = counted.sum(axis=1, keepdims=True)
    return 7 * (counted + PRIOR_UNITS * pooled / 7) / (total + PRIOR_UNITS)


def day_ratios(
    con: duckdb.DuckDBPyConnection,
    sales: Relation,
    panel: Panel,
    stream: str,
    expected: Floats,
    levels: Sequence[float],
) -> tuple[Floats, Floats]:
    """Return edges (S − 1,) and ratios (S, Q) of single days to their mean, by size of the daily mean.

    Args:
        con: holds the series of the panel.
        sales: the sales.
        panel: the panel.
        stream: which demand.
        expected: (N, 7·SPREAD_WEEKS) mean of each of the last days, 0 where the day does not count.
        levels: quantiles.
    """
    days = expected.shape[1]
    chosen = np.flatnonzero(expected.max(axis=1, initial=0.0) > 0)
    if len(chosen) > SAMPLE:
        chosen = np.sort(np.random.default_rng(7).choice(chosen, SAMPLE, replace=False))
    if not len(chosen):
        return np.zeros(0), np.ones((1, len(levels)))
    actual = last_days(con, sales, panel, stream, days)[chosen]
    mean = expected[chosen]
    counts = mean > 0
    mean, ratio = mean[counts], actual[counts] / mean[counts]
    segments = int(np.clip(len(mean) // 1000, 1, SEGMENTS))
    edges = np.unique(np.quantile(mean, np.arange(1, segments) / segments))
    place = np.searchsorted(edges, mean, side="right")
    ratios = np.stack([np.quantile(ratio[place == number], levels) for number in range(len(edges) + 1)])
    return edges, ratios


def last_days(con: duckdb.DuckDBPyConnection, sales: Relation, panel: Panel, stream: str, days: int) -> Floats:
    """Return (N, *days*) units sold on each of the last days, out of stock or not."""
    keys = ", ".join(map(quoted, sales.keys))
    got = con.sql(
        f"SELECT id, ago, sum(units) AS units FROM ({clean_rows(sales, panel.day, stream)})"
        f" JOIN (SELECT {keys}, id FROM series) USING ({keys}) WHERE ago <= {days} GROUP BY ALL"
    ).fetchnumpy()
    actual = np.zeros((len(panel.keys), days))
    actual[np.asarray(got["id"]).astype(np.int64), days - np.asarray(got["ago"]).astype(np.int64)] = got["units"]
    return actual


def available_days(panel: Panel, weeks: int) -> Floats:
    """Return (N, 7·*weeks*) 1 for each of the last days on which a series was launched and in stock, else 0."""
    weeks = min(weeks, panel.weeks)
    bits = panel.out[:, panel.weeks - weeks :, None] >> np.arange(7, dtype=np.uint8)[None, None, :]
    stocked = ((bits & 1) == 0).reshape(len(panel.keys), 7 * weeks)
    number = np.arange(7 * (panel.weeks - weeks), 7 * panel.weeks)
    return (stocked & (number[None, :] >= panel.first[:, None])).astype(np.float64)


def calendar_lift(exposure: Exposure, pooled: Floats, first: int, days: int) -> Floats:
    """Return (*days*,) what the calendar makes of each day from week *first* on: closed 0, usual 1, a holiday 1.4."""
    weights = exposure.weights[first:].reshape(-1)[:days]
    usual = np.tile(pooled, len(weights) // 7 + 1)[: len(weights)]
    return np.where(usual > 0, weights / np.maximum(usual, 1e-9), 0.0)


def past_lift(exposure: Exposure, pooled: Floats, weeks: int, last: int) -> Floats:
    """Return (N or 1, 7·*last*) calendar × event multipliers of the days of the last weeks."""
    lift = calendar_lift(exposure, pooled, weeks - last, 7 * last)[None, :]
    return lift * exposure.day_lift(7 * (weeks - last), 7 * last)


def day_shares(exposure: Exposure, profiles: Floats, pooled: Floats, weeks: int, horizon: int) -> Floats:
    """Return (N, *horizon*) the share of each coming day in the total, series by series."""
    # What the calendar adds to a usual day is the same for all; what a weekday is worth is the series' own.
    lift = calendar_lift(exposure, pooled, weeks, horizon)
    shares = np.tile(profiles, (1, horizon // 7 + 1))[:, :horizon] * lift[None, :]
    shares = shares * exposure.day_lift(7 * weeks, horizon)
    return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
