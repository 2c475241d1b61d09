"""What a policy looks at: stock, what is on the way and when it arrives, and the outlook on demand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from engine.forecasting.panel import Floats, Ints


class Outlook(Protocol):
    """Demand of every series from D on; all in units, rows in the order of the stock."""

    def mean(self, periods: Ints) -> Floats:
        """Return (N,) expected demand of the first *periods* (N,) periods."""
        ...

    def quantile(self, periods: Ints, level: float) -> Floats:
        """Return (N,) the *level* quantile of that demand's total."""
        ...

    def recent(self, periods: int) -> Floats:
        """Return (N,) average sales a period over the last *periods* periods."""
        ...

    def deviation(self, periods: int) -> Floats:
        """Return (N,) standard deviation of sales a period over the last *periods* periods."""
        ...

    def paths(self, periods: int) -> Iterator[tuple[Ints, Floats]]:
        """Yield chunks: rows (n,) and (n, draws, *periods*) joint sample paths of demand in whole units."""
        ...


@dataclass(slots=True)
class Situation:
    """Everything known at D for N series.

    Args:
        keys: N rows, key columns as text.
        on_hand: (N,) units in the warehouse.
        reserved: (N,) units promised.
        arrivals: (N, A) units that arrive before the demand of period D + a; later ones are in `later`.
        later: (N,) units that arrive beyond period A.
        lead_time: (N,) periods until an order placed now arrives.
        review: (N,) periods until the next order.
        unit_cost: (N,) money a unit; NaN unknown.
        outlook: demand.
        period: "day" or "week".
    """

    keys: pd.DataFrame
    on_hand: Floats
    reserved: Floats
    arrivals: Floats
    later: Floats
    lead_time: Ints
    review: Ints
    unit_cost: Floats
    outlook: Outlook
    period: str

    @property
    def available(self) -> Floats:
        """Units that can be sold now: on hand − reserved."""
        return self.on_hand - self.reserved

    @property
    def incoming(self) -> Floats:
        """Units on the way."""
        return self.arrivals.sum(axis=1) + self.later

    @property
    def position(self) -> Floats:
        """Inventory position: available + incoming."""
        return self.available + self.incoming

    @property
    def protection(self) -> Ints:
        """Periods that an order placed now must cover: lead time + review."""
        return self.lead_time + self.review

    @property
    def period_days(self) -> int:
        """Days of a period."""
        return 7 if self.period == "week" else 1

    def periods_of(self, days: int) -> int:
        """Return how many periods *days* days are, at least one."""
        return max(round(days / self.period_days), 1)

    def to_level(self, target: Floats) -> Floats:
        """Return what brings the position up to *target*."""
        return np.maximum(target - self.position, 0.0)
