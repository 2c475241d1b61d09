"""Replay a policy on the user's own history: what fill, stock and effort it would have given. Lost sales or backorders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from engine.forecasting.panel import Floats, Ints


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a replay gave.

    Args:
        fill: value sold from stock ÷ value asked for.
        stock_days: average stock value ÷ daily cost of goods sold (turnover days).
        empty: share of SKU-days that ended without stock.
        orders: order lines placed.
        stock_value: average money in stock at cost.
        lost_value: money of demand that found no stock, at price.
    """

    fill: float
    stock_days: float
    empty: float
    orders: int
    stock_value: float
    lost_value: float

    def as_dict(self) -> dict[str, float]:
        """Return the numbers as JSON data."""
        return asdict(self)


def simulate(
    demand: Floats,
    targets: Floats,
    review: int,
    lead_times: Sequence[int],
    price: Floats,
    *,
    points: Floats | None = None,
    pack: Floats | None = None,
    backorders: bool = False,
    cost_share: float = 0.5,
    seed: int = 7,
) -> Outcome:
    """Return what ordering up to *targets* on the inventory position would have given.

    Orders are placed in the morning of a review day with what was known then, arrive `lead time` days later in the
    morning, and cross nothing: every order draws its own lead time.

    Args:
        demand: (N, T) units asked for by day.
        targets: (N, K) order-up-to level of each of the K = ⌈T / review⌉ review days.
        review: days between orders.
        lead_times: days, one drawn for each day's orders.
        price: (N,) money a unit.
        points: (N, K) reorder points; None: always order up to the target.
        pack: (N,) units a pack.
        backorders: demand waits instead of being lost.
        cost_share: unit cost ÷ price.
        seed: of the lead times.
    """
    generator = np.random.default_rng(seed)
    count, days = demand.shape
    coming = np.zeros((count, max(lead_times) + 1))
    stock = np.ceil(targets[:, 0]).astype(np.float64)
    held = sold = lost = 0.0
    empty, orders = 0, 0
    for day in range(days):
        stock += coming[:, 0]
        coming[:, :-1], coming[:, -1] = coming[:, 1:].copy(), 0.0
        if day % review == 0 and day > 0:
            number = day // review
            amount = _order(stock + coming.sum(axis=1), targets[:, number], points, number, pack)
            orders += int((amount > 0).sum())
            coming[:, int(generator.choice(lead_times)) - 1] += amount
        served = np.minimum(np.maximum(stock, 0.0), demand[:, day])
        stock = stock - (demand[:, day] if backorders else served)
        sold += float(served @ price)
        lost += float((demand[:, day] - served) @ price)
        held += float(np.maximum(stock, 0.0) @ price)
        empty += int((stock <= 0).sum())
    money = held / days * cost_share
    daily_cost = sold * cost_share / days
    return Outcome(
        sold / max(sold + lost, 1e-9), money / max(daily_cost, 1e-9), empty / (count * days), orders, money, lost
    )


def _order(position: Floats, target: Floats, points: Floats | None, number: int, pack: Floats | None) -> Floats:
    amount = np.maximum(np.ceil(target - 1e-9) - position, 0.0)
    if points is not None:
        amount = np.where(position <= points[:, number], amount, 0.0)
    return amount if pack is None else np.ceil(amount / pack) * pack


def at_fill(outcomes: Sequence[Outcome], fill: float) -> Outcome | None:
    """Return the outcome at equal *fill*, read off a sweep of a policy's knob by straight lines; None outside the sweep."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.fill)
    fills = [outcome.fill for outcome in ordered]
    if not ordered or not fills[0] <= fill <= fills[-1]:
        return None
    names = ("stock_days", "empty", "orders", "stock_value", "lost_value")
    values = {name: float(np.interp(fill, fills, [getattr(outcome, name) for outcome in ordered])) for name in names}
    return Outcome(
        fill,
        values["stock_days"],
        values["empty"],
        round(values["orders"]),
        values["stock_value"],
        values["lost_value"],
    )


def review_days(days: int, review: int) -> Ints:
    """Return the days on which orders are placed."""
    return np.arange(0, days, review)
