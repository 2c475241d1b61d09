"""What each SKU in each warehouse is like: recent pace, spread, ABC × XYZ class and life stage, from its daily sales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from engine.forecasting.panel import Floats
from engine.inventory.classes import abc_classes, xyz_classes
from engine.inventory.stage import life_stages

WEEKS = 34
RECENT = 28


def profile(sales: pa.Table, keys: Sequence[tuple[str, str]], price: Mapping[str, float], day: date) -> pd.DataFrame:
    """Return one row for each of *keys* in their order: `sku, warehouse, daily, deviation, abc_xyz, stage`.

    Pace and spread are of the last 28 days, by place; class and stage of the SKU over all places.

    Args:
        sales: sku, warehouse, date, quantity.
        keys: (SKU, warehouse).
        price: SKU → money a unit, for the ABC class.
        day: the evaluation day; nothing of it or later is read.
    """
    frame = sales.select(["sku", "warehouse", "date", "quantity"]).to_pandas()
    age = (pd.Timestamp(day) - pd.to_datetime(frame["date"])).dt.days.to_numpy()
    frame = frame.assign(age=age)[(age >= 1) & (age <= WEEKS * 7)]
    places = pd.MultiIndex.from_tuples(list(keys), names=["sku", "warehouse"])
    recent = frame[frame["age"] <= RECENT]
    days = recent.groupby(["sku", "warehouse", "age"])["quantity"].sum()
    sums = days.groupby(level=["sku", "warehouse"]).agg(total="sum", squares=lambda units: float((units**2).sum()))
    sums = sums.reindex(places, fill_value=0.0)
    mean = sums["total"].to_numpy(float) / RECENT
    spread = np.sqrt(np.maximum(sums["squares"].to_numpy(float) / RECENT - mean**2, 0.0))
    skus = sorted({sku for sku, _ in keys})
    weekly = _weekly(frame, skus)
    value = weekly[:, -26:].sum(axis=1) * np.array([price.get(sku, 0.0) or 1.0 for sku in skus])
    first = np.where(weekly.any(axis=1), (weekly > 0).argmax(axis=1), weekly.shape[1] - 1).astype(np.int64)
    letters = np.char.add(abc_classes(value), xyz_classes(weekly[:, -26:]))
    of_sku = pd.DataFrame({"abc_xyz": letters, "stage": life_stages(weekly, first)}, index=skus)
    of_place = of_sku.reindex([sku for sku, _ in keys])
    return pd.DataFrame(
        {
            "sku": [sku for sku, _ in keys],
            "warehouse": [warehouse for _, warehouse in keys],
            "daily": mean,
            "deviation": spread,
            "abc_xyz": of_place["abc_xyz"].to_numpy(),
            "stage": of_place["stage"].to_numpy(),
        }
    )


def _weekly(frame: pd.DataFrame, skus: Sequence[str]) -> Floats:
    """Return (SKU, week) units, the newest week last."""
    matrix = np.zeros((len(skus), WEEKS))
    row = pd.Index(skus).get_indexer(pd.Index(frame["sku"]))
    column = WEEKS - 1 - (frame["age"].to_numpy() - 1) // 7
    known = (row >= 0) & (column >= 0)
    np.add.at(matrix, (row[known], column[known]), frame["quantity"].to_numpy(float)[known])
    return matrix


def window(day: date) -> date:
    """Return the first day that `profile` reads on *day*."""
    return day - timedelta(days=WEEKS * 7)
