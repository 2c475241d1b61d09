"""One vintage: what was expected of every series on one evaluation day, day by day and step by step, with its quantiles.

The steps are those of the ledger: naive, base, model, promotion; what people say comes later, on top. The days of a
vintage add up to its totals: single days come from totals of four weeks, shorter and longer totals are sums of days, and
only how far a total strays (quantile ÷ mean) is measured for each length by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from engine.forecasting.conformal import RatioTable
from engine.forecasting.features import Window
from engine.forecasting.model import Model, fit
from engine.forecasting.panel import Floats
from engine.forecasting.prepare import Prepared, prepare
from engine.forecasting.shape import (
    SPREAD_WEEKS,
    available_days,
    calendar_lift,
    day_ratios,
    last_days,
    past_lift,
    weekday_profiles,
)
from engine.forecasting.source import Source

Tell = Callable[[str, int, int], None]
# Four weeks hold every weekday four times and are what most buyers order for.
BLOCK = 4
# Where quantiles of totals are measured, in weeks; in between they are interpolated.
KNOTS = (1, 2, 4, 6, 8)
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98)
DAY_LEVELS = (0.1, 0.5, 0.9)
STEPS = ("prepare", "model", "totals", "days")


@dataclass(slots=True)
class Vintage:
    """The forecast of N series over H days from D.

    Args:
        keys: N rows, the key columns as text.
        day: D.
        steps: naive, base, model, promotion -> (N, H) units a day.
        day_quantiles: (N, H, 3) quantiles DAY_LEVELS of single days.
        knots: (K,) lengths in days at which totals were measured.
        levels: (Q,) quantiles of totals.
        ratios: (N, K, Q) quantile ÷ mean of the totals.
        lift: (N, H) or (1, 1) event multipliers of the coming days.
        model_share: (N,) how much of the mean the global model made.
        table: the conformal table of 28-day totals.
        choice: what the backtest compared, for people; None when nothing was tried.
        effects: label, multiplier and days of what the calendar does to the shop.
        uplifts: label, multiplier and days of what promotions did.
        notes: what the preparation found, by name.
    """

    keys: pd.DataFrame
    day: date
    steps: dict[str, Floats]
    day_quantiles: Floats
    knots: tuple[int, ...]
    levels: tuple[float, ...]
    ratios: Floats
    lift: Floats
    model_share: Floats
    table: RatioTable
    choice: pd.DataFrame | None
    effects: list[dict[str, object]] = field(default_factory=list)
    uplifts: list[dict[str, object]] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)


def vintage(
    sales: Source,
    horizon: int,
    day: date,
    *,
    future: Source | None = None,
    keys: Sequence[str] | None = None,
    levels: Sequence[float] = LEVELS,
    challenge: bool = True,
    tell: Tell | None = None,
) -> Vintage:
    """Return what is expected of every series of *sales* on the *horizon* days from *day*.

    Args:
        sales: keys, date, quantity and optionally exceptional, in_stock, promotion, discount.
        horizon: days; rounded up to whole blocks of four weeks.
        day: the evaluation day D; nothing of D or later is read.
        future: promotions, past and planned (keys, date, promotion, discount, phase, multiplier).
        keys: the key columns of a series.
        levels: quantiles of totals, rising.
        challenge: let the global model compete with the base.
        tell: told (step of STEPS, done, total); what it raises ends the work.
    """
    say = tell or _silent
    blocks = -(-horizon // (7 * BLOCK))
    say("prepare", 0, 1)
    ready = prepare(sales, 7 * BLOCK * blocks, day, keys=keys, future=future, plan_only=True)
    say("prepare", 1, 1)
    spans = [Window(BLOCK * number, BLOCK * (number + 1)) for number in range(blocks)]
    knots = [weeks for weeks in KNOTS if weeks <= BLOCK * blocks]
    windows = list(dict.fromkeys([Window(0, weeks) for weeks in knots] + spans))
    say("model", 0, 1)
    model = fit(ready.maker, windows, levels, challenge=challenge, tell=lambda done, total: say("model", done, total))
    say("model", 1, 1)
    return _of_model(ready, model, spans, knots, say)


def _silent(_step: str, _done: int, _total: int) -> None:
    return


def _of_model(ready: Prepared, model: Model, spans: list[Window], knots: list[int], say: Tell) -> Vintage:
    panel = ready.panel
    days = 7 * BLOCK * len(spans)
    profiles = weekday_profiles(ready.con, ready.sales, panel, ready.stream, ready.pooled)
    lift = ready.exposure.day_lift(7 * panel.weeks, days)
    usual = np.tile(profiles, (1, days // 7)) * calendar_lift(ready.exposure, ready.pooled, panel.weeks, days)[None, :]
    base, mean = np.zeros((len(panel.keys), days)), np.zeros((len(panel.keys), days))
    model_share = np.zeros(len(panel.keys))
    for number, span in enumerate(spans):
        say("totals", number, len(spans) + len(knots))
        found = model.totals(span)
        part = slice(7 * span.start, 7 * span.stop)
        weights = (usual * lift)[:, part]
        share = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
        base[:, part], mean[:, part] = found.base[:, None] * share, found.mean[:, None] * share
        model_share = found.model if number == 0 else model_share
    ratios = np.ones((len(panel.keys), len(knots), len(model.levels)))
    for place, weeks in enumerate(knots):
        say("totals", len(spans) + place, len(spans) + len(knots))
        found = model.totals(Window(0, weeks))
        ratios[:, place] = found.quantiles / np.maximum(found.mean, 1e-9)[:, None]
    say("days", 0, 1)
    quantiles = _day_quantiles(ready, profiles, mean)
    week = last_days(ready.con, ready.sales, panel, ready.stream, 7)
    say("days", 1, 1)
    naive = np.tile(week, (1, days // 7))
    return Vintage(
        panel.keys, panel.day, {"naive": naive, "base": base / lift, "model": mean / lift, "promotion": mean},
        quantiles, tuple(7 * weeks for weeks in knots), model.levels, ratios, lift, model_share,
        model.tables[Window(0, BLOCK)], model.choice.report if model.choice is not None else None,
        [{"label": one.label, "multiplier": one.multiplier, "days": one.days} for one in ready.effects],
        _uplifts(ready), dict(panel.notes),
    )  # fmt: skip


def _day_quantiles(ready: Prepared, profiles: Floats, mean: Floats) -> Floats:
    """Return (N, H, 3): the mean times how single days of that size strayed over the last weeks."""
    panel = ready.panel
    weeks = min(SPREAD_WEEKS, panel.weeks)
    past = [np.nan_to_num(ready.past.level(panel.weeks - weeks + week)) for week in range(weeks)]
    expected = np.repeat(np.stack(past, axis=1), 7, axis=1) * np.tile(profiles, (1, weeks))
    expected *= available_days(panel, weeks) * past_lift(ready.exposure, ready.pooled, panel.weeks, weeks)
    edges, ratios = day_ratios(ready.con, ready.sales, panel, ready.stream, expected, DAY_LEVELS)
    return ratios[np.searchsorted(edges, mean, side="right")] * mean[:, :, None]


def _uplifts(ready: Prepared) -> list[dict[str, object]]:
    """Return what each label of an event did to its series: the mean multiplier and on how many past days it was seen."""
    events = ready.events
    past = events.day < 7 * ready.panel.weeks
    found = []
    for code, name in enumerate(events.names):
        rows = (events.label == code) & past
        if rows.any():
            multiplier = float(events.multiplier[rows].mean())
            found.append({"label": name, "multiplier": multiplier, "days": len(np.unique(events.day[rows]))})
    return found


def total_ratios(knots: Sequence[int], ratios: Floats, day_ratio: Floats, days: int) -> Floats:
    """Return (N, Q) quantile ÷ mean of the total of *days* days, interpolated between the lengths that were measured.

    Args:
        knots: (K,) lengths in days, rising.
        ratios: (N, K, Q) at these lengths.
        day_ratio: (N, Q) of a single day.
        days: the length wanted.
    """
    if days <= knots[0]:
        part = (days - 1) / max(knots[0] - 1, 1)
        return (1 - part) * day_ratio + part * ratios[:, 0]
    place = int(np.searchsorted(knots, days))
    if place >= len(knots):
        return ratios[:, -1]
    low, high = knots[place - 1], knots[place]
    part = (days - low) / (high - low)
    return (1 - part) * ratios[:, place - 1] + part * ratios[:, place]
