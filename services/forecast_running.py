"""A promotion that is on: the days to come corrected by how the days so far went against their own plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from engine.forecasting import archive
from engine.forecasting.promotion import in_event
from engine.forecasting.vintage import Vintage
from services import forecast_inputs, forecast_store
from services.forecast_inputs import Inputs, Phase
from services.workspace import Workspace
from store import forecasts


def running(workspace: Workspace, day: dt.date) -> tuple[str, dt.date, dt.date] | None:
    """Return the promotion that is on at *day* and began before it: name, first and last day; None when there is none."""
    with workspace.read() as session:
        known = forecast_inputs.phases(session)
    spans = _spans(known)
    on = [(name, start, end) for name, start, end in spans if start < day <= end]
    return max(on, key=lambda span: span[1]) if on else None


def _spans(known: list[Phase]) -> list[tuple[str, dt.date, dt.date]]:
    """Return whole promotions: phases of one name that follow each other within a week."""
    found: list[tuple[str, dt.date, dt.date]] = []
    for one in known:
        last = next(
            (n for n, (name, _, end) in enumerate(found) if name == one.event and (one.start - end).days <= 7), None
        )
        if last is None:
            found.append((one.event, one.start, one.end))
        else:
            name, start, end = found[last]
            found[last] = (name, start, max(end, one.end))
    return found


def correct(workspace: Workspace, made: Vintage, sales: pa.Table, inputs: Inputs) -> dict[str, Any] | None:
    """Put the corrected plan into the promotion step of *made* for the days left; return what was found.

    The plan is what the last run before the promotion expected of its days, phase by phase, so that a strong opening that
    was planned as strong changes nothing.
    """
    on = running(workspace, inputs.day)
    if on is None:
        return None
    name, start, end = on
    with workspace.read() as session:
        before = forecasts.newest(session, until=start.isoformat())
    folder = forecast_store.folder_of(workspace, before.id) if before else None
    if before is None or folder is None or not folder.is_dir() or archive.keys_of(folder) != list(made.keys.columns):
        return None
    length, done = (end - start).days + 1, (inputs.day - start).days
    last = dt.date.fromisoformat(before.day) + dt.timedelta(days=before.horizon - 1)
    if last < end:
        return None
    keys = list(made.keys.columns)
    planned = _grid(archive.days(folder, by=keys, since=start, until=end), made.keys, "promotion", start, length)
    sold = _sold(sales, made.keys, start, done)
    category = _categories(made.keys, inputs.items)
    corrected = in_event(planned, sold, done, category)[:, done:]
    ahead = min(corrected.shape[1], made.steps["promotion"].shape[1])
    known = planned.sum(axis=1) > 0
    grid = made.steps["promotion"]
    ratio = np.where(grid[known, :ahead] > 0, corrected[known, :ahead] / np.maximum(grid[known, :ahead], 1e-9), 1.0)
    grid[known, :ahead] = corrected[known, :ahead]
    made.day_quantiles[known, :ahead] *= ratio[:, :, None]
    expected = float(planned[:, :done].sum())
    return {
        "name": name, "from": start.isoformat(), "to": end.isoformat(), "done": done, "planned": expected,
        "actual": float(sold.sum()), "ratio": float(sold.sum()) / expected if expected > 0 else None,
    }  # fmt: skip


def _grid(
    rows: pd.DataFrame, keys: pd.DataFrame, value: str, start: dt.date, length: int
) -> np.ndarray[Any, np.dtype[np.float64]]:
    names = list(keys.columns)
    grid = np.zeros((len(keys), length))
    places = keys.assign(_row=np.arange(len(keys)))
    found = rows.merge(places, on=names)
    day = (pd.to_datetime(found["ds"]) - pd.Timestamp(start)).dt.days.to_numpy()
    inside = (day >= 0) & (day < length)
    np.add.at(grid, (found["_row"].to_numpy()[inside], day[inside]), found[value].to_numpy(dtype=np.float64)[inside])
    return grid


def _sold(sales: pa.Table, keys: pd.DataFrame, start: dt.date, done: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    names = list(keys.columns)
    frame = sales.select(
        [*names, "date", "quantity", *(["exceptional"] if "exceptional" in sales.column_names else [])]
    ).to_pandas()
    frame["ds"] = pd.to_datetime(frame["date"])
    frame = frame[frame["ds"] >= pd.Timestamp(start)]
    exceptional = frame["exceptional"].fillna(0).astype(float) if "exceptional" in frame.columns else 0.0
    frame["units"] = frame["quantity"].astype(float) - exceptional
    return _grid(frame[[*names, "ds", "units"]], keys, "units", start, done)


def _categories(keys: pd.DataFrame, items: pd.DataFrame) -> list[str]:
    if "sku" not in keys.columns or items.empty:
        return [""] * len(keys)
    category = dict(zip(items["code"].astype(str), items["category"].fillna("").astype(str), strict=True))
    return [category.get(str(sku), "") for sku in keys["sku"]]
