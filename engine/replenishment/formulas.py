"""The textbook formulas: economic order quantity, newsvendor, (r,Q), safety stock; checked against stockpyl in the tests."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from engine.forecasting.panel import Floats, Ints


def critical_ratio(shortage: float, overage: float) -> float:
    """Return cu / (cu + co), kept inside (0, 1): the share of cases in which stock should suffice."""
    total = shortage + overage
    return float(np.clip(shortage / total if total > 0 else 0.5, 1e-6, 1 - 1e-6))


def economic_quantity(rate: Floats, order_cost: float, holding_cost: float) -> Floats:
    """Return sqrt(2·K·d/h): the lot that balances ordering against holding.

    Args:
        rate: (N,) demand a period.
        order_cost: money an order.
        holding_cost: money a unit and period.
    """
    return np.sqrt(2 * order_cost * np.maximum(rate, 0) / holding_cost)


def newsvendor_normal(mean: float, deviation: float, shortage: float, overage: float) -> float:
    """Return the best single buy for normal demand."""
    return mean + deviation * float(ndtri(critical_ratio(shortage, overage)))


def newsvendor_empirical(demand: Floats, shortage: float, overage: float) -> float:
    """Return the best single buy for the sampled *demand*: its critical quantile, a value that occurred."""
    return float(np.quantile(demand, critical_ratio(shortage, overage), method="inverted_cdf"))


def safety_stock(level: float, periods: Ints, sigma: Floats, mean: Floats, lead_deviation: float = 0.0) -> Floats:
    """Return z·sqrt(H·σd² + d²·σL²): demand varies every period, and so may the lead time."""
    z = float(ndtri(level))
    return z * np.sqrt(periods * sigma**2 + mean**2 * lead_deviation**2)


def reorder_point_and_lot(
    rate: float, deviation: float, holding: float, shortage: float, order_cost: float
) -> tuple[float, float]:
    """Return the (r, Q) policy for normal lead-time demand that minimises ordering + holding + backorder cost.

    The exact optimum for continuous demand (Zheng 1992): cost rates at r and r + Q are equal, and equal to the average.

    Args:
        rate: mean of the demand during the lead time = of a period (lead time 1).
        deviation: its standard deviation.
        holding: money a unit held and period.
        shortage: money a unit backordered and period.
        order_cost: money an order.
    """

    def cost(stock: float) -> float:
        z = (stock - rate) / deviation
        loss = deviation * float(np.exp(-z * z / 2) / np.sqrt(2 * np.pi) - z * ndtr(-z))
        return holding * (stock - rate + loss) + shortage * loss

    best = newsvendor_normal(rate, deviation, shortage, holding)

    def partner(low: float) -> float:
        """Return the stock above the best one that costs as much as *low*."""
        step = deviation
        while cost(best + step) < cost(low):
            step *= 2
        return float(brentq(lambda stock: cost(stock) - cost(low), best, best + step))

    def gap(low: float) -> float:
        high = partner(low)
        grid = np.linspace(low, high, 2001)
        mean = np.trapezoid([cost(stock) for stock in grid], grid)
        return float(cost(low) * (high - low) - mean - order_cost * rate)

    low = best - deviation
    while gap(low) < 0:
        low -= deviation
    point = float(brentq(gap, low, best - 1e-6, xtol=1e-6))
    return point, partner(point) - point


def periodic_s_s(pmf: Floats, order_cost: float, holding: float, shortage: float) -> tuple[int, int]:
    """Return the (s, S) policy of least average cost for discrete demand a period (Zheng and Federgruen 1991).

    Args:
        pmf: probabilities of demand 0, 1, 2, … in the period that an order covers.
        order_cost: money an order.
        holding: money a unit held at the end of a period.
        shortage: money a unit backordered at the end of a period.
    """
    demand = np.arange(len(pmf))

    def cost(level: int) -> float:
        left = level - demand
        return float((pmf * (holding * np.maximum(left, 0) + shortage * np.maximum(-left, 0))).sum())

    renewal = [1 / (1 - pmf[0])]
    steps = [0.0, renewal[0]]

    def at(size: int) -> tuple[float, float]:
        while len(renewal) <= size:
            number = len(renewal)
            top = min(number, len(pmf) - 1)
            value = sum(pmf[k] * renewal[number - k] for k in range(1, top + 1)) / (1 - pmf[0])
            renewal.append(value)
            steps.append(steps[-1] + value)
        return renewal[size], steps[size]

    def average(low: int, high: int) -> float:
        total = order_cost + sum(at(j)[0] * cost(high - j) for j in range(high - low))
        return total / at(high - low)[1]

    best = min(range(len(pmf) * 2), key=cost)
    low = best - 1
    while average(low, best) > cost(low):
        low -= 1
    found, high, found_cost = best, best + 1, average(low, best)
    while cost(high) <= found_cost:
        if average(low, high) < found_cost:
            found = high
            while average(low, found) <= cost(low + 1):
                low += 1
            found_cost = average(low, found)
        high += 1
    return low, found
