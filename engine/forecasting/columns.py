"""Forecast and stock functions of the language as columns: what `forecast(7, 0.9)` or `stockout_risk(7)` read.

totals(sales, {7: (0.9,)}, …)      the table `forecast` of rules: keys, unique_id, ds, horizon, mean, q0.9
columns(calls, sales, …)           keys and one column a call, named by the call's key
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np
import pandas as pd

from engine.forecasting.features import Window
from engine.forecasting.ledger import bias, wape
from engine.forecasting.model import fit
from engine.forecasting.panel import Floats
from engine.forecasting.prepare import Prepared, prepare
from engine.forecasting.shape import last_days
from engine.forecasting.source import Source
from engine.problems import DefinitionError, Problem

# The curve that stock is read against for the risk of a stockout: fine where decisions are made.
CURVE = (0.05, 0.1, 0.25, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99)
NAMES = ("forecast", "stockout_risk", "forecast_error", "bias", "safety_stock", "reorder_point")


class Call(Protocol):
    """A call of the language (engine.expression's InputCall)."""

    @property
    def function(self) -> str:
        """The function's name."""
        ...

    @property
    def arguments(self) -> tuple[Any, ...]:
        """Its literal arguments."""
        ...

    @property
    def key(self) -> str:
        """The canonical text of the call."""
        ...


@dataclass(slots=True)
class Supplier:
    """Works out columns from one reading of the sales.

    Args:
        sales: keys, date, quantity, ….
        day: D.
        stock: keys, available (units), lead_time (days); needed by stockout_risk, safety_stock and reorder_point.
        mapping: our column -> theirs.
        keys: key columns.
        challenge: let the global model compete.
    """

    sales: Source
    day: date
    stock: pd.DataFrame | None = None
    mapping: Mapping[str, str] | None = None
    keys: Sequence[str] | None = None
    challenge: bool = False

    def ready(self, horizon: int, back: int = 0) -> Prepared:
        """Return the sales before D − *back*, prepared for *horizon* days."""
        day = self.day - timedelta(days=back)
        return prepare(self.sales, horizon, day, mapping=self.mapping, keys=self.keys)

    def total(self, horizon: int, levels: Sequence[float], back: int = 0) -> tuple[Prepared, Floats, Floats]:
        """Return mean (N,) and quantiles (N, Q) of the total of *horizon* days."""
        ready = self.ready(horizon, back)
        window = Window(0, horizon // 7, rest=horizon % 7 > 0)
        found = fit(ready.maker, [window], tuple(levels) or (0.5,), challenge=self.challenge).totals(window)
        return ready, found.mean, found.quantiles

    def column(self, call: Call) -> pd.Series[float]:
        """Return the column of *call*, indexed by the keys.

        Raises:
            DefinitionError: the function is none of NAMES, or needs stock that was not given.
        """
        name, arguments = call.function.lower(), tuple(call.arguments)
        if name not in NAMES:
            text, text_en = f"{name} 不是预测函数", f"{name} is not a forecast function"
            raise DefinitionError([Problem("$", text, "、".join(NAMES), text_en, ", ".join(NAMES))])
        if name == "forecast":
            return self._forecast(int(arguments[0]), arguments[1] if len(arguments) > 1 else None)
        if name in {"forecast_error", "bias"}:
            return self._scored(int(arguments[0]), wape if name == "forecast_error" else bias)
        if self.stock is None:
            text, text_en = f"{name} 需要库存表", f"{name} needs the stock"
            raise DefinitionError([Problem("$", text, "", text_en)])
        if name == "stockout_risk":
            return self._risk(int(arguments[0]))
        return self._lead_time(float(arguments[0]), safety=name == "safety_stock")

    def _forecast(self, horizon: int, level: float | None) -> pd.Series[float]:
        ready, mean, quantiles = self.total(horizon, () if level is None else (float(level),))
        return _series(ready, mean if level is None else quantiles[:, 0])

    def _scored(self, days: int, score: Any) -> pd.Series[float]:
        """Score the forecast that was made *days* ago for the days since."""
        ready, mean, _ = self.total(days, (), back=days)
        now = self.ready(days)
        window = Window(0, days // 7, rest=days % 7 > 0)
        made = _series(ready, mean)
        sold = _series(now, _sold(now, days, window))
        both = pd.concat([made, sold], axis=1, keys=["made", "sold"]).fillna({"made": 0.0, "sold": 0.0})
        pairs = zip(both["sold"].to_numpy(), both["made"].to_numpy(), strict=True)
        return pd.Series([score(np.array([actual]), np.array([made])) for actual, made in pairs], index=both.index)

    def _risk(self, horizon: int) -> pd.Series[float]:
        """Return 1 − the probability that the stock covers the demand, read off the quantile curve."""
        ready, _, quantiles = self.total(horizon, CURVE)
        available = self._of_stock(ready, "available")
        levels = np.concatenate([[0.0], CURVE, [1.0]])
        curve = np.concatenate([np.zeros((len(quantiles), 1)), quantiles, 1.5 * quantiles[:, -1:]], axis=1)
        covered = [
            np.interp(stock, line, levels, left=0.0) if line[-1] > 0 else 1.0
            for stock, line in zip(available, curve, strict=True)
        ]
        return _series(ready, 1 - np.asarray(covered))

    def _lead_time(self, level: float, *, safety: bool) -> pd.Series[float]:
        """Return the quantile of demand over the lead time, or what of it is beyond the mean."""
        parts = []
        stock = self.stock if self.stock is not None else pd.DataFrame({"lead_time": []})
        for lead in sorted({max(int(days), 1) for days in stock["lead_time"].dropna()}):
            ready, mean, quantiles = self.total(lead, (level,))
            inside = np.round(self._of_stock(ready, "lead_time")).clip(1) == lead
            found = quantiles[:, 0] - mean if safety else quantiles[:, 0]
            parts.append(_series(ready, np.maximum(found, 0.0))[inside])
        return pd.concat(parts) if parts else pd.Series(dtype=np.float64)

    def _of_stock(self, ready: Prepared, name: str) -> Floats:
        stock = self.stock if self.stock is not None else pd.DataFrame()
        keys = [key for key in ready.panel.keys.columns if key in stock.columns]
        values = stock.astype(dict.fromkeys(keys, str)).groupby(keys, sort=False)[name].sum()
        index = pd.MultiIndex.from_frame(ready.panel.keys[keys].astype(str))
        wanted = index if len(keys) > 1 else index.get_level_values(0)
        return values.reindex(wanted).fillna(0.0).to_numpy(dtype=np.float64)


def _sold(ready: Prepared, days: int, window: Window) -> Floats:
    """Return units of the last *days* days: whole weeks from the weekly sums, the rest from single days."""
    if not window.rest:
        weeks = window.stop
        found: Floats = (ready.panel.units + ready.panel.lost)[:, -weeks:].sum(axis=1)
        return found
    return last_days(ready.con, ready.sales, ready.panel, ready.stream, days).sum(axis=1)


def _series(ready: Prepared, values: Floats) -> pd.Series[float]:
    return pd.Series(values, index=pd.MultiIndex.from_frame(ready.panel.keys.astype(str)))


def columns(calls: Iterable[Call], supplier: Supplier) -> pd.DataFrame:
    """Return keys and one column a call, named by its key: an input table of the columnar evaluator."""
    found = {call.key: supplier.column(call) for call in calls}
    return pd.DataFrame(found).reset_index()


def totals(supplier: Supplier, wanted: Mapping[int, Sequence[float]]) -> pd.DataFrame:
    """Return the table `forecast` that rules read: a row a series and horizon with the total's mean and quantiles.

    Args:
        supplier: reads the sales.
        wanted: horizon in days -> quantiles.

    Returns:
        keys, unique_id, ds (D), horizon, mean and every quantile asked for (missing where not asked for that horizon).
    """
    parts = []
    for horizon, levels in sorted(wanted.items()):
        rising = tuple(sorted(levels)) or (0.5,)
        ready, mean, quantiles = supplier.total(horizon, rising)
        frame = ready.panel.keys.astype(str).copy()
        frame["unique_id"] = ready.panel.unique_id()
        frame["ds"], frame["horizon"], frame["mean"] = supplier.day, horizon, mean
        for place, level in enumerate(rising):
            frame[f"q{level:g}"] = quantiles[:, place]
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)
