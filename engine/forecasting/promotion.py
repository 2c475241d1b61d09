"""A promotion as a plan: phases with multipliers, an in-event update against planned-to-date, and the dip afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from engine.forecasting.panel import Floats

# An opening that sells twice its plan does not make every later day twice its plan: the square root and a bit of it
# carries over (measured: the raw ratio made forecasts worse).
CARRY_OVER = 0.6
# Pieces of planned demand after which an item's own ratio counts as much as its category's.
OWN_UNITS = 50.0
# Days after the end on which customers who stocked up stay away, and what they leave (learned where there is a past).
DIP_DAYS, DIP = 7, 0.85


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a promotion (预热, 开门红, 平稳, 高潮, 返场) with its own multiplier on usual demand."""

    name: str
    start: date
    end: date
    multiplier: float


def phases_of(event: Mapping[str, Any]) -> tuple[Phase, ...]:
    """Return the phases of a calendar event (`{"phases": [{"name", "from", "to", "multiplier"}]}`), by day."""
    found = [
        Phase(
            str(part.get("name", "")),
            date.fromisoformat(str(part["from"])[:10]),
            date.fromisoformat(str(part["to"])[:10]),
            float(part.get("multiplier", 1.0)),
        )
        for part in event.get("phases", [])
    ]
    return tuple(sorted(found, key=lambda phase: phase.start))


def curve(phases: Sequence[Phase], start: date, days: int, dip: float = DIP) -> Floats:
    """Return the multiplier of each of *days* days from *start*: the phases, then the dip."""
    shape = np.ones(days)
    for number in range(days):
        day = start + timedelta(days=number)
        inside = [phase.multiplier for phase in phases if phase.start <= day <= phase.end]
        after = phases and 0 < (day - max(phase.end for phase in phases)).days <= DIP_DAYS
        shape[number] = max(inside) if inside else (dip if after else 1.0)
    return shape


def in_event(planned: Floats, actual: Floats, done: int, category: Sequence[str]) -> Floats:
    """Return the plan with the days to come corrected by how the days so far went against their own plan.

    The ratio is taken against what was planned for the same days, phase by phase, so a strong opening that was planned
    as strong changes nothing.

    Args:
        planned: (N, days) units planned.
        actual: (N, done) units sold so far.
        done: days that are over.
        category: (N,) to which small items are shrunk.
    """
    expected, sold = planned[:, :done].sum(axis=1), actual[:, :done].sum(axis=1)
    names, place = np.unique(np.asarray(category, dtype=str), return_inverse=True)
    plan_by, sold_by = (np.bincount(place, values, len(names)) for values in (expected, sold))
    everything = sold.sum() / expected.sum() if expected.sum() > 0 else 1.0
    by = (sold_by + OWN_UNITS * everything) / (plan_by + OWN_UNITS)
    ratio = (sold + OWN_UNITS * by[place]) / (expected + OWN_UNITS)
    corrected = planned.copy()
    corrected[:, done:] *= (ratio**CARRY_OVER)[:, None]
    return corrected
