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
# A kind of day that moves the shop by less than a twentieth is lost in the season around it.
SMALLEST = 0.05
# One year is chance: a date counts from its second year on.
DATE_YEARS = 2
# One of 365 dates stands out by chance sooner than one of ten holidays: a date needs four standard errors.
DATE_ERRORS = 4.0
# Days of one name after which what was seen of it counts, rather than what its kind does.
SEEN_DAYS = 3
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
    seen: set[str] = set()
    for general in (True, False):
        for label in sorted({part[0 if general else 1] for parts in special.values() for part in parts}):
            rows = [n for n in range(len(units)) if known[n] and any(label in part for part in special[n])]
            if (effect := _effect(label, logs[rows], noise)) is not None:
                effects[label] = effect
            elif not general and len(rows) >= SEEN_DAYS:
                seen.add(label)
    weights = np.ones(days)
    for number, parts in special.items():
        for kind, name in parts:
            # A day that was seen to sell as usual is not lifted by what others of its kind do.
            effect = effects.get(name) or (None if name in seen else effects.get(kind))
            if effect is not None:
                weights[number] *= effect.multiplier
    yearly, dates = _yearly(start, logs, known, closed & (usual > 0), weights, noise)
    return weights * yearly, [*effects.values(), *dates]


def _yearly(
    start: date, logs: Floats, known: Flags, closed: Flags, weights: Floats, noise: float
) -> tuple[Floats, list[CalendarEffect]]:
    """Return what the shop does on the same date every year (Christmas Eve, its own anniversary), and the effects.

    Only dates that stood out in every year seen count; those on which it was closed are expected to be closed again.

    Args:
        start: the first day.
        logs: (T,) log of units against a usual day of that weekday.
        known: (T,) past days that say something.
        closed: (T,) past days on which the shop was closed, though it usually sells on that weekday.
        weights: (D,) what is known of each day already.
        noise: standard deviation of *logs* on plain days.
    """
    days = [start + timedelta(days=number) for number in range(len(weights))]
    by_date: dict[tuple[int, int], list[int]] = {}
    # Before the first sale nothing was closed: there was no shop yet.
    opened = int(known.argmax()) if known.any() else len(known)
    for number in opened + np.flatnonzero((known | closed)[opened:]):
        by_date.setdefault((days[number].month, days[number].day), []).append(int(number))
    left = logs - np.log(np.maximum(weights[: len(logs)], 1e-9))
    multiplier: dict[tuple[int, int], float] = {}
    found = []
    for when, rows in by_date.items():
        if len(rows) < DATE_YEARS:
            continue
        shut = int(closed[rows].sum())
        value = (
            _date_effect(left[[row for row in rows if not closed[row]]], noise)
            if shut == 0
            else 1 - shut / (len(rows) + 0.5)
        )
        # Closed in one of several years says nothing about the date.
        if value != 1.0 and shut in {0, len(rows)}:
            multiplier[when] = value
            found.append(CalendarEffect(f"{when[0]:02d}-{when[1]:02d}", value, len(rows)))
    return np.array([multiplier.get((day.month, day.day), 1.0) for day in days]), found


def _date_effect(logs: Floats, noise: float) -> float:
    """Return the multiplier of a date, 1 unless it stood out, the same way, each time it was seen."""
    count = len(logs)
    if not count or not np.isfinite(noise):
        return 1.0
    mean = float(logs.mean())
    alike = bool((np.sign(logs) == np.sign(mean)).all() and (np.abs(logs) > ERRORS * noise).all())
    if not alike or abs(mean) <= DATE_ERRORS * noise / np.sqrt(count):
        return 1.0
    return float(np.exp(mean * count / (count + 1)))


def _effect(label: str, logs: Floats, noise: float) -> CalendarEffect | None:
    if len(logs) == 0 or not np.isfinite(noise):
        return None
    mean = float(np.median(logs))
    if abs(mean) <= max(ERRORS * noise / np.sqrt(len(logs)), SMALLEST):
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
