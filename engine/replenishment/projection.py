"""Stock projected along sample paths under lost sales, and the order that costs least once it has arrived."""

from __future__ import annotations

import numpy as np

from engine.forecasting.panel import Floats, Ints


def project(paths: Floats, available: Floats, arrivals: Floats) -> Floats:
    """Return (n, draws) stock left after the periods of *paths* (n, draws, P) when unmet demand is lost.

    Args:
        paths: demand in units.
        available: (n,) units that can be sold at the start.
        arrivals: (n, A) units that arrive before the demand of each period.
    """
    stock = np.repeat(np.maximum(available, 0.0)[:, None], paths.shape[1], axis=1)
    for period in range(paths.shape[2]):
        if period < arrivals.shape[1]:
            stock = stock + arrivals[:, period, None]
        stock = np.maximum(stock - paths[:, :, period], 0.0)
    return stock


def best_order(
    paths: Floats, available: Floats, arrivals: Floats, lead_time: Ints, review: Ints, short: float, hold: float
) -> tuple[Floats, Floats, Floats]:
    """Return the order (n,), the stock expected at its arrival (n,) and mean demand from then to the next arrival (n,).

    Series of one lead time and review are handled together.

    Args:
        paths: (n, draws, P) demand, P ≥ lead time + review of every series.
        available: (n,) units that can be sold now.
        arrivals: (n, A) units on the way by period.
        lead_time: (n,) periods until the order arrives.
        review: (n,) periods from then to the arrival of the next order.
        short: cost of a unit of lost demand.
        hold: cost of a unit left at the end of a period.
    """
    order, left, demand = (np.zeros(len(available)) for _ in range(3))
    for lead, span in np.unique(np.stack([lead_time, review], axis=1), axis=0):
        rows = np.flatnonzero((lead_time == lead) & (review == span))
        before, after = paths[rows, :, :lead], paths[rows, :, lead : lead + span]
        stock = project(before, available[rows], arrivals[rows])
        coming = np.zeros((len(rows), span))
        known = arrivals[rows, lead : lead + span]
        coming[:, : known.shape[1]] = known
        order[rows] = top_up(after - coming[:, None, :], stock, short, hold)
        left[rows], demand[rows] = stock.mean(axis=1), after.sum(axis=2).mean(axis=1)
    return order, left, demand


def top_up(net: Floats, stock: Floats, short: float, hold: float) -> Floats:
    """Return the order that minimises expected cost over the periods of *net* demand (n, draws, R).

    Unit number m of stock saves `short` on the paths whose demand reaches it, and costs `hold` for each period that ends
    before demand has reached it. Its expected value falls with m, so the best order is where it crosses zero: with one
    period, the critical quantile of demand − stock.
    """
    need = np.maximum.accumulate(np.cumsum(net, axis=2), axis=2) - stock[:, :, None]
    draws, periods = need.shape[1], need.shape[2]
    if periods == 1:
        # The least q with P(need ≤ q) ≥ short / (short + hold).
        place = int(np.ceil(draws * short / (short + hold) - 1e-9)) - 1
        return np.maximum(np.partition(need[:, :, 0], place, axis=1)[:, place], 0.0)
    low = np.zeros(len(need))
    high = np.ceil(np.maximum(need[:, :, -1].max(axis=1, initial=0.0), 0.0))
    while (low < high).any():
        middle = np.floor((low + high) / 2)
        unit = middle[:, None, None] + 1
        reached = (need >= unit).mean(axis=1)
        value = short * reached[:, -1] - hold * (1 - reached).sum(axis=1)
        low, high = np.where((value > 0) & (low < high), middle + 1, low), np.where(value > 0, high, middle)
    return low
