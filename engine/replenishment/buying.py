"""The buying plan under budget, packs, minimum lots and supplier capacities: a mixed-integer programme, greedy as fallback.

Every SKU's expected profit is concave in the units bought; it is cut into tiers of packs from the forecast quantiles, so
that a tier's profit is what its packs are expected to bring.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from engine.forecasting.panel import Floats, Ints

GAP = 1e-3
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class BuyingPlan:
    """What to buy.

    Args:
        units: (N,) whole units, multiples of the pack, 0 or at least the minimum lot.
        value: expected profit of the plan.
        bound: no plan can earn more.
        seconds: time taken.
        optimal: the gap wanted was reached.
        note: how it was found, Chinese; note_en English.
    """

    units: Floats
    value: float
    bound: float
    seconds: float
    optimal: bool
    note: str
    note_en: str

    @property
    def gap(self) -> float:
        """How far the plan may be from the best one, as a share of the bound."""
        return max(self.bound - self.value, 0.0) / self.bound if self.bound > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be bought.

    Args:
        tiers: (N, T) most units of each tier, in packs' units, falling worth.
        profit: (N, T) expected profit of a unit in each tier, falling along T.
        cost: (N,) money a unit.
        pack: (N,) units a pack.
        moq: (N,) minimum lot in units.
        supplier: (N,) supplier number.
        capacity: (S,) units each supplier can deliver.
        budget: money.
    """

    tiers: Floats
    profit: Floats
    cost: Floats
    pack: Floats
    moq: Floats
    supplier: Ints
    capacity: Floats
    budget: float


def tiers_of(
    quantiles: Floats, levels: Floats, stock: Floats, margin: Floats, overage: Floats, pack: Floats
) -> tuple[Floats, Floats]:
    """Return tiers (N, Q) of units and their expected profit a unit, cut at the forecast quantiles.

    A unit between the quantiles p and q sells with a probability of about 1 − (p + q)/2.

    Args:
        quantiles: (N, Q) of the total to cover.
        levels: (Q,) rising.
        stock: (N,) units already there or coming.
        margin: (N,) money a sold unit earns.
        overage: (N,) money an unsold unit loses.
        pack: (N,) units a pack.
    """
    packs = np.ceil(np.maximum(quantiles - stock[:, None], 0) / pack[:, None] - 1e-9) * pack[:, None]
    tiers = np.diff(np.concatenate([np.zeros((len(packs), 1)), packs], axis=1), axis=1)
    middle = (np.concatenate([[0.0], levels[:-1]]) + levels) / 2
    sells = 1 - middle
    return tiers, margin[:, None] * sells[None, :] - overage[:, None] * (1 - sells)[None, :]


def buy(offer: Offer, *, seconds: float = SECONDS, gap: float = GAP) -> BuyingPlan:
    """Return the plan of most expected profit; when time runs out without one, the greedy plan with a note."""
    began = time.perf_counter()
    greedy = _greedy(offer)
    found = _solve(offer, seconds, gap)
    worth = _value(offer, greedy)
    if found is None or _value(offer, found[0]) < worth:
        bound = found[1] if found is not None else float(np.maximum(offer.profit, 0).ravel() @ offer.tiers.ravel())
        spent = time.perf_counter() - began
        return BuyingPlan(
            greedy, worth, bound, spent, False, "贪心(求解未在时限内更优)", "greedy (no better plan in time)"
        )
    units, bound, optimal = found
    spent = time.perf_counter() - began
    note = (
        ("整数规划", "mixed-integer programme")
        if optimal
        else ("整数规划,时限内最好", "the best within the time limit")
    )
    return BuyingPlan(units, _value(offer, units), bound, spent, optimal, *note)


def _value(offer: Offer, units: Floats) -> float:
    before = np.cumsum(offer.tiers, axis=1) - offer.tiers
    filled = np.clip(units[:, None] - before, 0, offer.tiers)
    beyond = np.maximum(units - offer.tiers.sum(axis=1), 0)
    # Units beyond the last tier (a minimum lot) are expected to be left over like the last tier's worst.
    return float((filled * offer.profit).sum() + (beyond * np.minimum(offer.profit[:, -1], 0)).sum())


def _solve(offer: Offer, seconds: float, gap: float) -> tuple[Floats, float, bool] | None:
    """Variables: packs in each tier (whole), extra packs beyond the tiers (for a minimum lot), and order or not."""
    count, tiers = offer.tiers.shape
    packs = np.floor(offer.tiers / offer.pack[:, None] + 1e-9)
    extra = np.maximum(np.ceil(offer.moq / offer.pack - 1e-9) - packs.sum(axis=1), 0)
    size = count * (tiers + 2)
    unit = np.concatenate([np.repeat(offer.pack, tiers), offer.pack])
    gain = np.concatenate(
        [(offer.profit * offer.pack[:, None]).ravel(), np.minimum(offer.profit[:, -1], 0) * offer.pack]
    )
    most = np.concatenate([packs.ravel(), extra, np.ones(count)])
    sku = np.concatenate([np.repeat(np.arange(count), tiers), np.arange(count)])
    column = np.arange(count * (tiers + 1))
    lots = sparse.csr_matrix((unit, (sku, column)), shape=(count, size))
    choose = sparse.csr_matrix(
        (np.ones(count), (np.arange(count), count * (tiers + 1) + np.arange(count))), shape=(count, size)
    )
    ceiling = unit * most[: len(unit)]
    full = np.bincount(sku, ceiling, count)
    owner = sparse.csr_matrix((np.ones(count), (offer.supplier, np.arange(count))), shape=(len(offer.capacity), count))
    money = sparse.csr_matrix(offer.cost[None, :]) @ lots
    constraints = [
        LinearConstraint(lots - sparse.diags(full) @ choose, -np.inf, 0),
        LinearConstraint(lots - sparse.diags(offer.moq) @ choose, 0, np.inf),
        LinearConstraint(money, -np.inf, offer.budget),
        LinearConstraint(owner @ lots, -np.inf, offer.capacity),
    ]
    goal = np.concatenate([-gain, np.zeros(count)])
    got = milp(
        goal, constraints=constraints, integrality=np.ones(size), bounds=Bounds(0, most),
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )  # fmt: skip
    if got.x is None:
        return None
    units = np.round(lots @ got.x)
    bound = -float(got.mip_dual_bound) if got.mip_dual_bound is not None else -float(got.fun)
    return units, bound, got.status == 0


def _greedy(offer: Offer) -> Floats:
    """Take tiers by profit per money while budget and capacity last; minimum lots are taken whole or not at all."""
    units = np.zeros(len(offer.cost))
    room, left = offer.capacity.astype(float).copy(), float(offer.budget)
    ratio = offer.profit / np.maximum(offer.cost[:, None], 1e-9)
    for place in np.argsort(-ratio, axis=None, kind="stable"):
        row, tier = divmod(int(place), offer.tiers.shape[1])
        if offer.profit[row, tier] <= 0:
            break
        wanted = offer.tiers[row, tier]
        if units[row] == 0:
            wanted = max(wanted, np.ceil(offer.moq[row] / offer.pack[row]) * offer.pack[row])
        fits = min(left / max(offer.cost[row], 1e-9), room[offer.supplier[row]])
        taken = np.floor(min(wanted, fits) / offer.pack[row]) * offer.pack[row]
        if taken <= 0 or units[row] + taken < offer.moq[row]:
            continue
        units[row] += taken
        left -= taken * offer.cost[row]
        room[offer.supplier[row]] -= taken
    return units
