"""New items follow their relatives, then themselves; leaving items decay."""

import numpy as np
import pytest

from engine.forecasting.new_items import end_of_life, launch_forecast, measured_decay, nearest


def test_the_nearest_share_category_name_and_price():
    old = ["珍珠耳环 小号", "珍珠耳环 大号", "帆布包", "皮带"]
    found = nearest(
        ["珍珠耳环 中号"],
        np.array([50.0]),
        ["饰品"],
        old,
        np.array([45.0, 60.0, 50.0, 50.0]),
        ["饰品", "饰品", "包", "包"],
        2,
    )
    assert {0, 1} == set(found[0])


def test_own_sales_count_more_with_every_day():
    launches = np.full((10, 60), 10.0)
    chosen = np.arange(10)[None, :]
    none, week, month = (launch_forecast(launches, chosen, [np.full(days, 20.0)], 7)[0].mean() for days in (0, 7, 30))
    assert 10.0 == pytest.approx(none)
    assert 10 < week < month < 20


def test_end_of_life():
    assert 0.8 == pytest.approx(measured_decay(100 * 0.8 ** np.arange(8)), abs=0.02)
    curve = end_of_life(10.0, 0.5, 14, days_left=8)
    assert 10.0 == curve[0]
    assert 5.0 == pytest.approx(curve[7])
    assert 0.0 == curve[8]
