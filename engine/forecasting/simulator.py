"""What-if of a promotion: discount, traffic, price and phases in; demand band, stock, risk, buy and cash out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.forecasting.panel import Floats
from engine.forecasting.promotion import Phase, curve

# Uplift of a price cut when the shop has no promotion of its own to learn from: multipliers by depth of discount seen in
# grocery panels, without and with a feature (a banner, a live stream).
DISCOUNTS = (0.0, 0.05, 0.15, 0.25, 0.35)
PLAIN = (0.97, 1.19, 1.93, 2.52, 3.97)
FEATURED = (1.87, 2.67, 5.24, 6.86, 14.6)
# Demand follows traffic less than one to one: extra visitors of a campaign buy less than regular ones.
TRAFFIC = 0.7
ELASTICITY = -1.5
DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """One setting of the sliders.

    Args:
        name: what to call it.
        discount: part of the price taken off, 0 … 1.
        traffic: visitors against a usual day (1 = as usual).
        price: list price against today's (1 = unchanged).
        featured: a banner, live stream or home-page place.
        phases: multipliers by stretch; where given they replace the learned uplift of the discount.
    """

    name: str
    discount: float = 0.0
    traffic: float = 1.0
    price: float = 1.0
    featured: bool = False
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True)
class Costs:
    """Money behind the buy: unit cost, usual price, what an unsold unit is worth afterwards, goodwill lost by a stockout."""

    unit_cost: float
    price: float
    salvage: float
    goodwill: float = 0.0

    def ratio(self, discount: float) -> float:
        """Return the critical ratio cu/(cu+co) at the promotion's price."""
        under = max(self.price * (1 - discount) - self.unit_cost + self.goodwill, 0.0)
        over = max(self.unit_cost - self.salvage, 1e-9)
        return under / (under + over)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a scenario leads to.

    Args:
        mean: (days,) expected demand.
        low, high: (days,) 0.1 and 0.9 quantiles.
        stock: (days,) expected stock at the end of each day without buying.
        risk: probability of a stockout before the end without buying.
        buy: suggested units.
        risk_after: the same probability after buying.
        cash: money tied up by the buy.
        profit: expected profit of the buy against not buying.
    """

    mean: Floats
    low: Floats
    high: Floats
    stock: Floats
    risk: float
    buy: int
    risk_after: float
    cash: float
    profit: float


def uplift(scenario: Scenario, learned: dict[float, float] | None = None) -> float:
    """Return the multiplier of discount, feature, traffic and price; *learned* uplifts by depth of discount go first."""
    table = learned or dict(zip(DISCOUNTS, FEATURED if scenario.featured else PLAIN, strict=True))
    depths = sorted(table)
    by_discount = float(np.interp(scenario.discount, depths, [table[depth] for depth in depths]))
    if scenario.discount <= 0 and not scenario.featured:
        by_discount = 1.0
    return by_discount * scenario.traffic**TRAFFIC * scenario.price**ELASTICITY


def simulate(
    base: Floats, ratios: Floats, stock: float, scenario: Scenario, costs: Costs, start: date, *,
    learned: dict[float, float] | None = None, seed: int = 7,
) -> Simulated:  # fmt: skip
    """Return what *scenario* does to one series.

    Args:
        base: (days,) mean demand of usual days from *start*.
        ratios: past actual ÷ forecast totals of series of this size: how far reality strays.
        stock: units available at the start.
        scenario: the sliders.
        costs: money.
        start: the first day.
        learned: uplift by depth of discount as this shop has seen it.
        seed: of the draws; the same for all scenarios, so that they are compared on the same luck.
    """
    shape = curve(scenario.phases, start, len(base)) if scenario.phases else np.ones(len(base))
    side = Scenario(scenario.name, traffic=scenario.traffic, price=scenario.price) if scenario.phases else scenario
    mean = base * shape * uplift(side, learned)
    generator = np.random.default_rng(seed)
    factor = generator.choice(ratios, DRAWS) if len(ratios) else np.ones(DRAWS)
    paths = generator.poisson(np.maximum(mean[None, :] * factor[:, None], 0)).astype(np.float64)
    total = paths.sum(axis=1)
    target = float(np.quantile(total, costs.ratio(scenario.discount), method="inverted_cdf"))
    buy = max(int(np.ceil(target - stock)), 0)
    sold_extra = np.minimum(total, stock + buy) - np.minimum(total, stock)
    earned = sold_extra.mean() * (costs.price * (1 - scenario.discount) + costs.goodwill)
    profit = earned + (buy - sold_extra.mean()) * costs.salvage - buy * costs.unit_cost
    left = np.maximum(stock - np.cumsum(paths, axis=1), 0).mean(axis=0)
    return Simulated(
        mean, np.quantile(paths, 0.1, axis=0), np.quantile(paths, 0.9, axis=0), left, float((total > stock).mean()),
        buy, float((total > stock + buy).mean()), buy * costs.unit_cost, float(profit),
    )  # fmt: skip
