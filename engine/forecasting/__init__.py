"""Forecasts with a reason: levels, weekday profile, calibrated quantiles, one global model, promotions, overrides."""

from engine.forecasting.columns import Supplier, columns, totals
from engine.forecasting.hierarchy import Override, apply_overrides, roll_up
from engine.forecasting.ledger import value_added
from engine.forecasting.lines import demand_from_lines
from engine.forecasting.run import forecast

__all__ = [
    "Override",
    "Supplier",
    "apply_overrides",
    "columns",
    "demand_from_lines",
    "forecast",
    "roll_up",
    "totals",
    "value_added",
]
