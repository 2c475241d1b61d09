"""The forecast of window totals: base level, challenged by the global model, each kept where a rolling backtest says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.forecasting.booster import MAX_ROWS, MEDIAN, Booster, train
from engine.forecasting.conformal import RatioTable, misses, ratio_table
from engine.forecasting.features import Examples, Maker, Window, joined
from engine.forecasting.panel import Floats

# A model of trees needs more examples than it has leaves by far; below this the level and its table stand alone.
FEWEST_EXAMPLES = 2_000
# Two months of weekly origins are held out to choose between base and model.
HOLDOUT = 8
# The origins before this one have hardly any level to learn from.
FIRST_ORIGIN = 8
# Two years of weekly origins: every season twice, and old habits are not learned.
TRAIN_ORIGINS = 104
SEGMENTS = 6


@dataclass(frozen=True, slots=True)
class Totals:
    """Forecast totals of one window for every series.

    Args:
        mean: (N,) expected units.
        quantiles: (N, Q) units.
        base: (N,) the base forecast.
        model: (N,) share of the global model in the mean (0 = base alone).
    """

    mean: Floats
    quantiles: Floats
    base: Floats
    model: Floats


@dataclass(slots=True)
class Choice:
    """Which of base and model serves each size segment: decided by the backtest.

    Args:
        edges: forecast totals between the segments.
        mean: (S,) share of the model in the mean.
        quantiles: (S, Q) share of the model in each quantile.
        report: the comparison, for people.
    """

    edges: Floats
    mean: Floats
    quantiles: Floats
    report: pd.DataFrame

    def of(self, base: Floats) -> tuple[Floats, Floats]:
        """Return the model's share in mean and quantiles for base forecasts (R,)."""
        segment = np.searchsorted(self.edges, base, side="right")
        return self.mean[segment], self.quantiles[segment]


@dataclass(slots=True)
class Model:
    """What is fitted once for a panel and a set of windows.

    Args:
        maker: features of the panel.
        levels: the quantiles wanted, rising.
        tables: the conformal table of each window.
        booster: the global model, None when there was too little to learn from.
        choice: where it is used.
    """

    maker: Maker
    levels: tuple[float, ...]
    tables: dict[Window, RatioTable]
    booster: Booster | None
    choice: Choice | None

    def totals(self, window: Window) -> Totals:
        """Return the forecast of *window* from D."""
        maker, now = self.maker, self.maker.past.weeks
        count = len(maker.panel.keys)
        base, mean, share = np.zeros(count), np.zeros(count), np.zeros(count)
        quantiles = np.zeros((count, len(self.levels)))
        rows = maker.examples(now, window)
        base[rows.row] = mean[rows.row] = rows.base
        quantiles[rows.row] = self.tables[window].quantiles(rows.base)
        if self.booster is not None and self.choice is not None and len(rows.row):
            part, quantile_part = self.choice.of(rows.base)
            share[rows.row] = part
            mean[rows.row] = (1 - part) * rows.base + part * self.booster.mean_of(rows)
            found = self.booster.quantiles_of(rows, self.levels)
            quantiles[rows.row] = (1 - quantile_part) * quantiles[rows.row] + quantile_part * found
        return Totals(mean, np.maximum.accumulate(quantiles, axis=1), base, share)


def fit(
    maker: Maker,
    windows: Sequence[Window],
    levels: Sequence[float],
    *,
    challenge: bool = True,
    tell: Callable[[int, int], None] | None = None,
) -> Model:
    """Return the model of *maker*'s panel for *windows*.

    Args:
        maker: features of the panel.
        windows: the windows to forecast from D.
        levels: quantiles wanted, rising.
        challenge: try the global model at all.
        tell: told (done, total) while the global model is tried and trained; what it raises ends the work.
    """
    say = tell or _silent
    tables = {window: _table(maker, window, levels) for window in windows}
    model = Model(maker, tuple(levels), tables, None, None)
    end = max(window.end for window in windows)
    last = maker.past.weeks - end
    cut = last - HOLDOUT + 1 - end
    if not challenge or cut < FIRST_ORIGIN + HOLDOUT:
        return model
    early = _examples(maker, windows, cut, MAX_ROWS // 3)
    if len(early.row) < FEWEST_EXAMPLES:
        return model
    steps = 2 * len({*levels, MEDIAN}) + 2
    trial = train(early, levels, tell=lambda done: say(done, steps))
    held = joined(
        [maker.examples(origin, w, MAX_ROWS // 30) for origin in range(last - HOLDOUT + 1, last + 1) for w in windows]
    )
    model.choice = _choose(trial, held, _early_table(maker, windows, cut, levels), levels)
    if model.choice.mean.any() or model.choice.quantiles.any():
        rows = _examples(maker, windows, last, MAX_ROWS)
        model.booster = train(rows, levels, tell=lambda done: say(steps // 2 + done, steps))
    return model


def _silent(_done: int, _total: int) -> None:
    return


def retable(model: Model, maker: Maker) -> Model:
    """Return *model* for newer sales: its trees stay, the conformal tables are those of today."""
    tables = {window: _table(maker, window, model.levels) for window in model.tables}
    return Model(maker, model.levels, tables, model.booster, model.choice)


def _table(maker: Maker, window: Window, levels: Sequence[float]) -> RatioTable:
    return ratio_table(misses(maker.past, window.start, window.stop, rest=window.rest), levels)


def _early_table(maker: Maker, windows: Sequence[Window], cut: int, levels: Sequence[float]) -> RatioTable:
    """Return the conformal table as it was before the held-out origins, over all windows."""
    found = [misses(maker.past, w.start, w.stop, rest=w.rest, last=cut) for w in windows]
    return ratio_table(found[0].joined(found[1:]), levels)


def _examples(maker: Maker, windows: Sequence[Window], last: int, limit: int) -> Examples:
    origins = range(max(FIRST_ORIGIN, last - TRAIN_ORIGINS + 1), last + 1)
    each = max(limit // max(len(origins) * len(windows), 1), 50)
    return joined([maker.examples(origin, window, each) for origin in origins for window in windows])


def _choose(trial: Booster, held: Examples, table: RatioTable, levels: Sequence[float]) -> Choice:
    edges = np.unique(np.quantile(held.base, np.arange(1, SEGMENTS) / SEGMENTS))
    segment = np.searchsorted(edges, held.base, side="right")
    mean, conformal = trial.mean_of(held), table.quantiles(held.base)
    quantile = trial.quantiles_of(held, levels)
    size = (len(edges) + 1, len(levels))
    share, quantile_share, report = np.zeros(size[0]), np.zeros(size), []
    for number in range(size[0]):
        rows = np.flatnonzero(segment == number)
        share[number], errors = _best(held.actual[rows], held.base[rows], mean[rows], None)
        report.append(
            {
                "segment": number,
                "what": "mean",
                "base": errors[0],
                "mix": errors[1],
                "model": errors[2],
                "rows": len(rows),
            }
        )
        for place, level in enumerate(levels):
            chosen, errors = _best(held.actual[rows], conformal[rows, place], quantile[rows, place], level)
            quantile_share[number, place] = chosen
            report.append(
                {
                    "segment": number,
                    "what": f"q{level:g}",
                    "base": errors[0],
                    "mix": errors[1],
                    "model": errors[2],
                    "rows": len(rows),
                }
            )
    return Choice(edges, share, quantile_share, pd.DataFrame(report))


def _best(actual: Floats, base: Floats, model: Floats, level: float | None) -> tuple[float, list[float]]:
    """Return the model's share with the least loss (0, ½ or 1; of quantiles 0 or ½), and the three losses over what was sold.

    Quantiles are never left to the model alone: the table keeps them at what they say (on a web shop the model by itself
    covered 0.93 where 0.95 was said, the mean of both 0.947, at the same loss).
    """
    total = max(float(actual.sum()), 1e-9)
    shares = (0.0, 0.5, 1.0)
    losses = [_loss(actual, (1 - share) * base + share * model, level) / total for share in shares]
    allowed = losses if level is None else losses[:2]
    return shares[int(np.argmin(allowed))], losses


def _loss(actual: Floats, forecast: Floats, level: float | None) -> float:
    miss = actual - forecast
    if level is None:
        return float(np.abs(miss).sum())
    return float(np.maximum(level * miss, (level - 1) * miss).sum())
