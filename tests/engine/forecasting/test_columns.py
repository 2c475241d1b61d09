"""Forecast functions of the language arrive as columns that agree with the forecast."""

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from engine.forecasting import Supplier, columns, forecast, totals
from engine.problems import DefinitionError

DAY = date(2026, 1, 5)


def call(function, *arguments):
    return SimpleNamespace(function=function, arguments=arguments, key=f"{function}{arguments}")


def test_columns_agree_with_the_forecast(sales):
    stock = pd.DataFrame({"sku": sorted(set(sales.sku)), "available": 20, "lead_time": 7})
    calls = [
        call("forecast", 7),
        call("forecast", 7, 0.9),
        call("stockout_risk", 7),
        call("reorder_point", 0.9),
        call("safety_stock", 0.9),
    ]
    found = columns(calls, Supplier(sales, DAY, stock))
    whole = forecast(sales, 7, as_of=DAY, total=True, levels=[0.9], challenge=False)
    np.testing.assert_allclose(whole["mean"], found["forecast(7,)"])
    np.testing.assert_allclose(whole["q0.9"], found["forecast(7, 0.9)"])
    np.testing.assert_allclose(whole["q0.9"], found["reorder_point(0.9,)"])
    np.testing.assert_allclose(np.maximum(whole["q0.9"] - whole["mean"], 0), found["safety_stock(0.9,)"])
    risk = found["stockout_risk(7,)"]
    assert risk.between(0, 1).all()
    assert risk[whole["mean"] > 60].min() > risk[whole["mean"] < 10].max()


def test_error_and_bias_score_the_forecast_made_before(sales):
    found = columns([call("forecast_error", 14), call("bias", 14)], Supplier(sales, DAY)).set_index("sku")
    made = forecast(sales, 14, as_of=DAY - timedelta(days=14), total=True, challenge=False).set_index("sku")["mean"]
    sold = sales[sales.date >= pd.Timestamp(DAY - timedelta(days=14))].groupby("sku").quantity.sum()
    expected = (made - sold) / sold
    np.testing.assert_allclose(expected[sold > 0], found["bias(14,)"][sold > 0])
    np.testing.assert_allclose(expected.abs()[sold > 0], found["forecast_error(14,)"][sold > 0])


def test_the_table_of_rules_has_a_row_a_series_and_horizon(sales):
    found = totals(Supplier(sales, DAY), {7: (0.9,), 14: ()})
    assert {7: 40, 14: 40} == found.groupby("horizon").size().to_dict()
    assert found[found.horizon == 7]["q0.9"].notna().all()


def test_unknown_functions_and_missing_stock_are_told(sales):
    with pytest.raises(DefinitionError, match="avg"):
        columns([call("avg", 7)], Supplier(sales, DAY))
    with pytest.raises(DefinitionError, match="stockout_risk"):
        columns([call("stockout_risk", 7)], Supplier(sales, DAY))
