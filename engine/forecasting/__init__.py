"""Forecasts with a reason: levels, weekday profile, calibrated quantiles, one global model, promotions, overrides."""

from engine.forecasting.run import forecast

__all__ = ["forecast"]
