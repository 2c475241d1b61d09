"""From what a policy wants to what a supplier delivers: whole units, packs, minimum lots, a ceiling over all."""

from __future__ import annotations

import numpy as np

from engine.forecasting.panel import Floats


def orderable(wanted: Floats, moq: Floats, pack: Floats) -> Floats:
    """Return whole orders: 0, or a multiple of the pack that is at least the wanted units and the minimum lot.

    Args:
        wanted: (N,) units, fractions allowed.
        moq: (N,) minimum lot; 0 for none.
        pack: (N,) units a pack, ≥ 1.
    """
    need = np.ceil(wanted - 1e-9)
    size = np.maximum(np.ceil(pack - 1e-9), 1.0)
    lots = np.ceil(np.maximum(need, moq) / size - 1e-9) * size
    return np.where(need > 0, lots, 0.0)


def within(orders: Floats, weight: Floats, limit: float | None, urgency: Floats, moq: Floats, pack: Floats) -> Floats:
    """Return *orders* cut to a *limit* on sum(order × weight): the most urgent first, the last one cut to whole packs.

    Args:
        orders: (N,) whole orders.
        weight: (N,) what a unit uses of the limit (1 for capacity, its cost for a budget).
        limit: the ceiling; None for none.
        urgency: (N,) smaller goes first (periods of cover).
        moq: (N,) minimum lot.
        pack: (N,) units a pack.
    """
    if limit is None or float((orders * weight).sum()) <= limit:
        return orders
    rank = np.argsort(urgency, kind="stable")
    used = np.cumsum((orders * weight)[rank])
    kept = np.zeros_like(orders)
    whole = used <= limit
    kept[rank[whole]] = orders[rank[whole]]
    left = limit - float((kept * weight).sum())
    for row in rank[~whole]:
        if left <= 0:
            break
        units = np.floor(left / max(weight[row], 1e-12) / pack[row]) * pack[row]
        units = min(units, orders[row])
        if units > 0 and units >= moq[row]:
            kept[row] = units
            left -= units * weight[row]
    return kept
