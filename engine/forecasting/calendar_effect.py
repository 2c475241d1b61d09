"""What holidays and festivals do to the whole shop: learned from its past, kept only where it stands out from noise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from engine.forecasting.calendar import labels
from engine.forecasting.panel import Flags, Floats

# A multiplier counts when it is further from 1 than two standard errors of usual days, and is then shrunk as if a
# week of days without effect had been seen as well: one holiday says little about the next one.
ERRORS = 2.0
PRIOR_DAYS = 7
# A level around a day is the median of its own weekday in the four weeks before and after.
AROUND = 4


@dataclass(frozen=True, slots=True)
class CalendarEffect:
    """The learned multiplier of one kind of day.

    Args:
        label: what the day is.
        multiplier: sales against a usual day of that weekday.
        days: how many such days it was learned from.
    """

    label: str
    multiplier: float
    days: int


def calendar_weights(
    start: date, units: Floats, closed: Flags, days: int, *, skip: Flags | None = None
) -> tuple[Floats, list[CalendarEffect]]:
    """Return the multiplier of each of *days* days from *start*, and the effects behind them.

    Args:
        start: the first day.
        units: (T,) units of the whole shop on past days, T ≤ *days*.
        closed: (T,) days on which the shop was closed.
        days: how many days are wanted, past and coming.
        skip: (T,) past days not to learn from.
    """
    usual = usual_units(units, closed)
    known = (usual > 0) & ~closed & (units > 0)
    if skip is not None:
        known &= ~skip
    special = {number: labels(start + timedelta(days=number)) for number in range(days)}
    plain = np.array([not special[number] for number in range(len(units))], dtype=bool) & known
    logs = np.log(np.maximum(units, 1e-9) / np.maximum(usual, 1e-9))
    noise = float(logs[plain].std()) if plain.sum() > 14 else np.inf
    effects: dict[str, CalendarEffect] = {}
    for general in (True, False):
        for label in sorted({part[0 if general else 1] for parts in special.values() for part in parts}):
            rows = [n for n in range(len(units)) if known[n] and any(label in part for part in special[n])]
            if (effect := _effect(label, logs[rows], noise)) is not None:
                effects[label] = effect
    weights = np.ones(days)
    for number, parts in special.items():
        for kind, name in parts:
            if (effect := effects.get(name) or effects.get(kind)) is not None:
                weights[number] *= effect.multiplier
    return weights, list(effects.values())


def _effect(label: str, logs: Floats, noise: float) -> CalendarEffect | None:
    if len(logs) == 0 or not np.isfinite(noise):
        return None
    mean = float(np.median(logs))
    if abs(mean) <= ERRORS * noise / np.sqrt(len(logs)):
        return None
    return CalendarEffect(label, float(np.exp(mean * len(logs) / (len(logs) + PRIOR_DAYS))), len(logs))


def usual_units(units: Floats, closed: Flags) -> Floats:
    """Return (T,) the median of the same weekday in the weeks around each day (closed days left out)."""
    padded = np.where(closed, np.nan, units).reshape(-1, 7)
    around = np.full((2 * AROUND, *padded.shape), np.nan)
    for number, shift in enumerate([*range(-AROUND, 0), *range(1, AROUND + 1)]):
        rows = np.arange(len(padded)) + shift
        inside = (rows >= 0) & (rows < len(padded))
        around[number, inside] = padded[rows[inside]]
    usual = np.zeros(padded.shape)
    some = ~np.isnan(around).all(axis=0)
    usual[some] = np.nanmedian(around[:, some], axis=0)
    found: Floats = usual.reshape(-1)
    return found
