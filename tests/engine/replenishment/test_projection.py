"""Lost sales do not wait, and the chosen order is the cheapest of all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.replenishment.projection import best_order, project, top_up


def test_unmet_demand_is_lost():
    paths = np.array([[[5.0, 1.0], [1.0, 1.0]]])
    left = project(paths, np.array([2.0]), np.array([[0.0, 4.0]]))
    assert [[3.0, 4.0]] == left.tolist()


@given(st.integers(1, 3), st.floats(0.2, 5), st.floats(0.05, 2), st.integers(0, 40))
def test_no_other_order_costs_less(periods, short, hold, seed):
    """Against trying every quantity by brute force on the same paths."""
    draw = np.random.default_rng(seed)
    demand = draw.poisson(draw.uniform(0.3, 6), (1, 60, periods)).astype(float)
    stock = draw.integers(0, 6, (1, 60)).astype(float)

    def cost(order):
        left, total = stock[0] + order, 0.0
        for period in range(periods):
            sold = np.minimum(left, demand[0, :, period])
            total += short * (demand[0, :, period] - sold).mean()
            left = left - sold
            total += hold * left.mean()
        return total

    found = float(top_up(demand, stock, short, hold)[0])
    assert min(cost(order) for order in range(40)) == pytest.approx(cost(found), abs=1e-9)


def test_series_keep_their_own_lead_time():
    paths = np.full((2, 10, 3), 4.0)
    order, left, demand = best_order(
        paths, np.array([8.0, 8.0]), np.zeros((2, 3)), np.array([1, 2]), np.array([1, 1]), 1.0, 0.2
    )
    assert [0.0, 4.0] == order.tolist()
    assert [4.0, 0.0] == left.tolist()
    assert [4.0, 4.0] == demand.tolist()
