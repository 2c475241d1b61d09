"""A promotion's phases, its in-event update against its own plan, and what-if scenarios."""

from datetime import date

import numpy as np
import pytest

from engine.forecasting.promotion import curve, in_event, phases_of
from engine.forecasting.simulator import Costs, Scenario, simulate, uplift

EVENT = {
    "phases": [
        {"name": "高潮", "from": "2026-11-10", "to": "2026-11-11", "multiplier": 4.0},
        {"name": "开门红", "from": "2026-11-01", "to": "2026-11-02", "multiplier": 2.0},
    ]
}


def test_phases_give_the_curve_and_the_dip():
    shape = curve(phases_of(EVENT), date(2026, 11, 1), 14)
    assert [2.0, 2.0, 1.0, 4.0, 4.0, 0.85] == [shape[place] for place in (0, 1, 2, 9, 10, 11)]


def test_a_planned_opening_changes_nothing_and_a_weak_one_lowers_the_rest():
    planned = np.array([[200.0, 200.0, 100.0, 400.0]])
    as_planned = in_event(planned, np.array([[200.0, 200.0]]), 2, ["x"])
    weak = in_event(planned, np.array([[100.0, 100.0]]), 2, ["x"])
    np.testing.assert_allclose(planned, as_planned)
    assert 100 * 0.5 < weak[0, 2] < 100
    assert 200.0 == weak[0, 0]


def test_deeper_discounts_sell_more_and_buy_more():
    costs = Costs(unit_cost=5, price=10, salvage=3)
    base, ratios = np.full(10, 8.0), np.random.default_rng(1).lognormal(0, 0.3, 500)
    found = [
        simulate(base, ratios, 50, Scenario(str(cut), discount=cut), costs, date(2026, 11, 1))
        for cut in (0.0, 0.1, 0.2)
    ]
    assert found[0].mean.sum() < found[1].mean.sum() < found[2].mean.sum()
    assert found[1].buy > 0
    assert all(part.risk_after < part.risk for part in found[1:])
    assert found[1].cash == 5 * found[1].buy
    assert (found[1].low <= found[1].mean).all()


def test_uplift_of_price_and_traffic():
    assert 1.0 == uplift(Scenario("usual"))
    assert uplift(Scenario("busy", traffic=2.0)) == pytest.approx(2**0.7)
    assert uplift(Scenario("dear", price=1.1)) < 1.0
    assert 3.0 == uplift(Scenario("ours", discount=0.2), {0.0: 1.0, 0.2: 3.0})
