"""The textbook formulas agree with stockpyl."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stockpyl.eoq import economic_order_quantity
from stockpyl.newsvendor import newsvendor_discrete, newsvendor_normal
from stockpyl.rq import r_q_cost
from stockpyl.ss import s_s_cost_discrete, s_s_discrete_exact

from engine.replenishment import formulas

COST = st.floats(0.1, 50)


@given(st.floats(1, 1e5), COST, COST)
def test_economic_quantity(rate, order, hold):
    expected, _ = economic_order_quantity(order, hold, rate)
    assert expected == pytest.approx(float(formulas.economic_quantity(np.array([rate]), order, hold)[0]))


@given(st.floats(10, 1000), st.floats(0.5, 50), COST, COST)
def test_newsvendor_normal(mean, deviation, short, over):
    expected, _ = newsvendor_normal(over, short, mean, deviation)
    assert expected == pytest.approx(formulas.newsvendor_normal(mean, deviation, short, over), rel=1e-6, abs=1e-6)


def test_newsvendor_empirical():
    demand = np.array([0, 0, 1, 1, 2, 2, 3, 5, 8, 13], dtype=float)
    pmf = {int(value): float((demand == value).mean()) for value in set(demand)}
    expected, _ = newsvendor_discrete(1.0, 3.0, None, pmf)
    assert expected == formulas.newsvendor_empirical(demand, 3.0, 1.0)


@pytest.mark.parametrize(("rate", "deviation", "hold", "short", "order"), [(100, 20, 1, 9, 50), (40, 15, 0.5, 10, 200)])
def test_reorder_point_and_lot_are_optimal(rate, deviation, hold, short, order):
    """No neighbour of our (r, Q) costs less by stockpyl's exact cost."""
    point, lot = formulas.reorder_point_and_lot(rate, deviation, hold, short, order)

    def cost(r, q):
        return r_q_cost(r, q, hold, short, order, rate, deviation, 1)

    ours = cost(point, lot)
    assert all(ours <= cost(point + dr, lot + dq) + 1e-3 for dr in (-5, 0, 5) for dq in (-5, 0, 5))


@settings(max_examples=15, deadline=None)
@given(st.floats(2, 12), st.floats(5, 60), st.floats(0.5, 2), st.floats(3, 12))
def test_s_s_is_optimal(mean, order, hold, short):
    pmf = [float(part) for part in np.exp(-mean) * np.cumprod([1.0, *(mean / k for k in range(1, 45))])]
    total = sum(pmf)
    pmf = [part / total for part in pmf]
    low, high = formulas.periodic_s_s(np.array(pmf), order, hold, short)
    small, large, expected = s_s_discrete_exact(hold, short, order, False, None, len(pmf) - 1, pmf)
    ours = s_s_cost_discrete(low, high, hold, short, order, False, None, len(pmf) - 1, pmf)
    assert expected == pytest.approx(ours, rel=1e-6), (low, high, small, large)


def test_safety_stock():
    found = formulas.safety_stock(0.95, np.array([9]), np.array([2.0]), np.array([10.0]), 1.5)
    assert 1.6449 * np.sqrt(9 * 4 + 100 * 2.25) == pytest.approx(float(found[0]), rel=1e-4)
