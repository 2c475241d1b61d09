"""New items by what their nearest relatives did after their launch; end-of-life curves for those on the way out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.forecasting.panel import Floats, Ints

# Ten relatives: fewer are a matter of luck, more are no longer near.
NEIGHBOURS = 10
# After a week the item's own sales weigh as much as ten relatives with this many days behind them.
OWN_DAYS = 14.0
# A price twice or half as high is as far away as a name without a common syllable.
PRICE_WEIGHT = 1.0


def grams(text: str) -> dict[str, float]:
    """Return the two-letter grams of a name: they work for Chinese (no spaces) as for English."""
    plain = "".join(text.lower().split())
    found: dict[str, float] = {}
    for start in range(max(len(plain) - 1, 1)):
        part = plain[start : start + 2]
        found[part] = found.get(part, 0.0) + 1.0
    return found


def name_similarity(names: Sequence[str], others: Sequence[str]) -> Floats:
    """Return (N, M) cosine of two-letter grams weighted by rarity."""
    tables = [grams(name) for name in [*names, *others]]
    vocabulary = {part: place for place, part in enumerate(sorted({part for table in tables for part in table}))}
    matrix = np.zeros((len(tables), len(vocabulary)))
    for row, table in enumerate(tables):
        for part, count in table.items():
            matrix[row, vocabulary[part]] = count
    matrix *= np.log((1 + len(tables)) / (1 + (matrix > 0).sum(axis=0)))[None, :] + 1
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
    return matrix[: len(names)] @ matrix[len(names) :].T


def nearest(
    names: Sequence[str], prices: Floats, categories: Sequence[str],
    old_names: Sequence[str], old_prices: Floats, old_categories: Sequence[str], count: int = NEIGHBOURS,
) -> Ints:  # fmt: skip
    """Return (N, *count*) the nearest launched items of each new one: same category first, then name and price."""
    similar = name_similarity(names, old_names)
    distance = np.abs(np.log(np.maximum(prices, 1e-9))[:, None] - np.log(np.maximum(old_prices, 1e-9))[None, :])
    same = np.asarray(categories, dtype=object)[:, None] == np.asarray(old_categories, dtype=object)[None, :]
    score = similar - PRICE_WEIGHT * np.nan_to_num(distance, nan=1.0) / np.log(2) / 2 + same
    found: Ints = np.argsort(-score, axis=1, kind="stable")[:, :count].astype(np.int64)
    return found


def launch_forecast(launches: Floats, chosen: Ints, sold: Sequence[Floats], horizon: int) -> Floats:
    """Return (N, *horizon*) the coming days of each new item.

    The relatives' mean launch curve, scaled by how the item's first days went against the same days of the curve: the
    more days, the more the item itself counts.

    Args:
        launches: (M, L) units of launched items by day since their launch.
        chosen: (N, K) relatives of each new item (a person may name them).
        sold: N arrays, units of each day since the launch.
        horizon: days wanted.
    """
    curves = launches[chosen].mean(axis=1)
    found = np.zeros((len(chosen), horizon))
    for row, past in enumerate(sold):
        age = len(past)
        curve = curves[row]
        length = len(curve)
        coming = np.array([curve[min(age + step, length - 1)] for step in range(horizon)])
        expected = float(curve[: min(age, length)].sum())
        prior = float(curve.mean()) * OWN_DAYS
        ratio = (float(past.sum()) + prior) / (expected + prior) if expected + prior > 0 else 1.0
        found[row] = coming * ratio
    return found


def end_of_life(level: float, weekly_decay: float, horizon: int, days_left: int | None = None) -> Floats:
    """Return the coming days of an item that is leaving: its level decays, and stops after *days_left*.

    Args:
        level: units a day now.
        weekly_decay: what a week keeps of the week before (0.8), measured on its own last weeks.
        horizon: days wanted.
        days_left: days until it is taken off; None when unknown.
    """
    days = np.arange(horizon)
    curve = level * weekly_decay ** (days / 7)
    return np.where(days < days_left, curve, 0.0) if days_left is not None else curve


def measured_decay(weeks: Floats) -> float:
    """Return what a week keeps of the one before over the last eight *weeks*, within 0.5 … 1."""
    recent = weeks[-8:]
    if len(recent) < 4 or recent.sum() <= 0:
        return 1.0
    number = np.arange(len(recent))
    slope = np.polyfit(number, np.log(recent + 0.5), 1, w=np.sqrt(recent + 0.5))[0]
    return float(np.clip(np.exp(slope), 0.5, 1.0))
