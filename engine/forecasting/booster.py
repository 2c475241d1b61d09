"""One LightGBM for all series: it corrects the base forecast of a window's total, its mean and its quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np

from engine.forecasting.features import NAMES, Examples
from engine.forecasting.panel import Floats

# 150,000 rows suffice (more did not help on real shops) and bound the time; one thread, because two spin against each
# other on a shared machine and cost 25 times the CPU.
MAX_ROWS = 150_000
# Quantiles cost one model each; 60,000 rows give the same pinball loss as 150,000 on real shops.
QUANTILE_ROWS = 60_000
TREES = 100
SETTINGS: dict[str, Any] = {
    "learning_rate": 0.08, "num_leaves": 31, "min_data_in_leaf": 100, "max_bin": 63, "feature_fraction": 0.7,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "num_threads": 1, "verbosity": -1, "seed": 7,
    "deterministic": True, "force_row_wise": True,
}  # fmt: skip
# Forecast below this many units are left to the base: a ratio to (almost) nothing is noise.
SMALLEST = 0.05
# Weight of the median in the point forecast. Trees fit to the mean chase single wholesale orders; a small part of the
# median takes the edge off (WAPE −2 %) and moves the bias by about −2 % only.
ROBUST = 0.15
MEDIAN = 0.5


@dataclass(slots=True)
class Booster:
    """A trained mean model and one model a quantile."""

    mean: lgb.Booster
    quantiles: dict[float, lgb.Booster]

    def mean_of(self, rows: Examples) -> Floats:
        """Return the point forecast of the window's total, one number a row."""
        raw = np.asarray(self.mean.predict(rows.x, raw_score=True))
        return ((1 - ROBUST) * np.exp(raw) + ROBUST * np.maximum(self._raw(MEDIAN, rows), 0)) * rows.base

    def quantiles_of(self, rows: Examples, levels: Sequence[float]) -> Floats:
        """Return (R, Q) quantiles of the total."""
        found = [self._raw(level, rows) for level in levels]
        return np.maximum(np.stack(found, axis=1), 0) * rows.base[:, None]

    def _raw(self, level: float, rows: Examples) -> Floats:
        return np.asarray(self.quantiles[level].predict(rows.x), dtype=np.float64)


def train(
    rows: Examples,
    levels: Sequence[float],
    *,
    power: float = 1.5,
    trees: int = TREES,
    tell: Callable[[int], None] | None = None,
) -> Booster:
    """Return the models trained on *rows*.

    Args:
        rows: past windows, all of them over.
        levels: the quantiles wanted.
        power: of the Tweedie variance: between counts (1) and gamma (2), as sales with many zeros are.
        trees: boosting rounds.
        tell: told how many models are trained; what it raises ends the work.
    """
    say = tell or (lambda _done: None)
    say(0)
    usable = np.flatnonzero(rows.base > SMALLEST)
    if len(usable) > MAX_ROWS:
        usable = np.random.default_rng(7).choice(usable, MAX_ROWS, replace=False)
    rows = rows.take(usable)
    leaf = int(np.clip(len(usable) // 200, 20, SETTINGS["min_data_in_leaf"]))
    settings = {**SETTINGS, "min_data_in_leaf": leaf}
    names = list(NAMES)
    data = lgb.Dataset(rows.x, rows.actual, init_score=np.log(rows.base), feature_name=names, free_raw_data=False)
    tweedie = {**settings, "objective": "tweedie", "tweedie_variance_power": power, "boost_from_average": False}
    mean = lgb.train(tweedie, data, trees)
    if len(usable) > QUANTILE_ROWS:
        rows = rows.take(np.random.default_rng(7).choice(len(usable), QUANTILE_ROWS, replace=False))
    ratio = rows.actual / rows.base
    data = lgb.Dataset(rows.x, ratio, weight=rows.base, feature_name=names, free_raw_data=False)
    quantiles: dict[float, lgb.Booster] = {}
    for level in sorted({*levels, MEDIAN}):
        say(1 + len(quantiles))
        quantiles[level] = lgb.train({**settings, "objective": "quantile", "alpha": level}, data, trees)
    return Booster(mean, quantiles)
