"""A plan: whole orders with reasons, for every policy; nothing of D or later is read; arrivals count when they arrive."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from engine.definitions import check
from engine.problems import DefinitionError
from engine.replenishment import POLICIES, check_policy, plan

DAY = date(2026, 1, 5)
PROJECTED = {
    "type": "newsvendor_projected", "shortage_cost": 1.0, "holding_cost_per_period": 0.2, "lead_time": 2, "period": "week",
}  # fmt: skip
SKUS = [f"S{number:02d}" for number in range(20)]
RATE = np.random.default_rng(1).lognormal(2, 0.7, 20)


def weekly():
    draw = np.random.default_rng(2)
    weeks = [DAY - timedelta(days=7 * number) for number in range(104, 0, -1)]
    units = draw.poisson(RATE[:, None], (20, 104))
    return pd.DataFrame(
        {
            "sku": np.repeat(SKUS, 104),
            "date": np.tile(pd.to_datetime(weeks), 20),
            "quantity": units.reshape(-1),
            "in_stock": True,
        }
    )


def daily():
    draw = np.random.default_rng(3)
    days = [DAY - timedelta(days=number) for number in range(200, 0, -1)]
    units = draw.poisson(RATE[:, None] / 7, (20, 200))
    return pd.DataFrame(
        {"sku": np.repeat(SKUS, 200), "date": np.tile(pd.to_datetime(days), 20), "quantity": units.reshape(-1)}
    )


STOCK = pd.DataFrame({"sku": SKUS, "on_hand": 10, "reserved": 1, "pack_size": 1})


@pytest.mark.parametrize("name", list(POLICIES))
def test_every_policy_plans_its_own_example(name):
    """Its example is valid; orders are whole; the sentence names numbers in both languages."""
    example = POLICIES[name].example
    assert [] == check_policy(example)
    sales = weekly() if example.get("period") == "week" else daily()
    found = plan(sales, STOCK, example, now=DAY, challenge=False)
    assert 20 == len(found)
    assert np.issubdtype(found["order_quantity"].dtype, np.integer)
    assert (found["order_quantity"] >= 0).all()
    assert found["reason"].str.contains(r"→ 订 \d").all()
    assert found["reason_en"].str.contains(r"→ order \d").all()


def test_an_empty_shelf_gets_the_critical_quantile():
    """With nothing in stock and nothing coming, the order is about the 5/6 quantile of one week's Poisson demand."""
    empty = STOCK.assign(on_hand=0, reserved=0)
    found = plan(weekly(), empty, PROJECTED, now=DAY, challenge=False).set_index("sku")["order_quantity"]
    expected = np.quantile(np.random.default_rng(4).poisson(RATE, (4000, 20)), 5 / 6, axis=0)
    assert found[SKUS].sum() == pytest.approx(expected.sum(), rel=0.12)


def test_what_arrives_before_the_order_is_not_ordered_again():
    transit = pd.DataFrame({"sku": SKUS, "arrives": DAY + timedelta(days=14), "quantity": 1_000})
    assert 0 == plan(weekly(), STOCK, PROJECTED, now=DAY, in_transit=transit, challenge=False)["order_quantity"].sum()
    late = transit.assign(arrives=DAY + timedelta(days=21))
    base = plan(weekly(), STOCK, PROJECTED, now=DAY, challenge=False)["order_quantity"]
    assert list(base) == list(
        plan(weekly(), STOCK, PROJECTED, now=DAY, in_transit=late, challenge=False)["order_quantity"]
    )


def test_lost_sales_do_not_wait():
    """Stock that is gone long before the arrival is not made up for: the same order with 0 and with 1 unit on hand."""
    orders = [
        plan(weekly(), STOCK.assign(on_hand=units, reserved=0), PROJECTED, now=DAY, challenge=False) for units in (0, 1)
    ]
    fast = RATE > 10
    assert list(orders[0]["order_quantity"][fast]) == list(orders[1]["order_quantity"][fast])


def test_nothing_of_the_day_or_later_is_read():
    later = weekly()
    before = plan(later, STOCK, PROJECTED, now=DAY - timedelta(days=70))
    later.loc[later.date >= pd.Timestamp(DAY - timedelta(days=70)), "quantity"] = 9_999
    pd.testing.assert_frame_equal(before, plan(later, STOCK, PROJECTED, now=DAY - timedelta(days=70)))


def test_packs_lots_and_budget():
    policy = {"type": "rs", "lead_time": 7, "service_level": 0.95, "moq": 12, "budget": 500, "unit_cost": 2}
    found = plan(daily(), STOCK.assign(pack_size=6), policy, now=DAY, challenge=False)["order_quantity"]
    assert (found % 6 == 0).all()
    assert ((found == 0) | (found >= 12)).all()
    assert 2 * found.sum() <= 500


def test_a_forecast_will_do_instead_of_sales():
    forecast = pd.DataFrame(
        {"sku": SKUS, "ds": DAY, "horizon": 14, "mean": RATE * 2, "q0.5": RATE * 2, "q0.95": RATE * 3}
    )
    found = plan(forecast, STOCK, {"type": "rs", "lead_time": 7, "review": 7}, now=DAY)
    assert list(np.ceil(RATE * 3)) == list(found["order_up_to"])


def test_a_series_without_stock_row_has_nothing_in_stock():
    found = plan(weekly(), STOCK[STOCK.sku != "S00"], PROJECTED, now=DAY, challenge=False).set_index("sku")
    assert 0 == found["available"]["S00"]
    assert found["order_quantity"]["S00"] > 0


def test_all_that_is_wrong_with_a_policy_is_told():
    with pytest.raises(DefinitionError) as told:
        plan(weekly(), STOCK, {"type": "rs", "service_level": 2, "colour": "red"}, now=DAY)
    assert {"$", "$.service_level"} <= {problem.path for problem in told.value.problems}
    assert ["$.type"] == [problem.path for problem in check_policy({"type": "magic"})]
    assert [] == check("policy", {"key": "default", **PROJECTED})
