"""The table `forecast` of rules: a row a series and horizon, with its quantiles and how well it was forecast before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa

from engine.forecasting import archive, scoring
from services import forecast_inputs, forecast_store
from services.workspace import Workspace
from store import forecasts
from store.forecasts import RunState

Asked = Mapping[str, tuple[set[int], set[float]]]


def table(workspace: Workspace, found: tuple[RunState, Path], asked: Asked, day: dt.date) -> pa.Table:
    """Return the rows that the questions *asked* need on *day*."""
    run, folder = found
    horizons, levels = set(forecast_store.USUAL_HORIZONS), set(forecast_store.LEVELS)
    for kind in ("forecast", "risk"):
        horizons |= asked.get(kind, (set(), set()))[0]
        levels |= asked.get(kind, (set(), set()))[1]
    scores = {days: _scores(workspace, days, day) for days in asked.get("error", (set(), set()))[0]}
    last = run.horizon - (day - dt.date.fromisoformat(run.day)).days
    parts = []
    for days in sorted({*(days for days in horizons if 1 <= days <= last), *scores}):
        if days <= last:
            frame = archive.totals(folder, days, sorted(levels), since=day)
        else:
            frame = scores[days][[name for name in scores[days] if name not in {"forecast_error", "bias"}]].copy()
        frame.insert(len(frame.columns), "horizon", days)
        score = scores.get(days)
        parts.append(frame if score is None or score.empty else frame.merge(score, how="left"))
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    for name in ("forecast_error", "bias"):
        if name not in rows.columns:
            rows[name] = float("nan")
    rows["horizon"] = rows["horizon"].astype("int64")
    made = pa.Table.from_pandas(rows, preserve_index=False)
    return made.append_column("ds", pa.array([day] * made.num_rows, pa.date32()))


def _scores(workspace: Workspace, days: int, day: dt.date) -> pd.DataFrame:
    """Return WAPE and bias by series of the forecast that was made *days* before *day* (or the last before that)."""
    with workspace.read() as session:
        run = forecasts.newest(session, until=(day - dt.timedelta(days=days)).isoformat())
    folder = forecast_store.folder_of(workspace, run.id) if run else None
    if run is None or folder is None or not folder.is_dir() or run.horizon < days:
        return pd.DataFrame()
    keys = archive.keys_of(folder)
    sold = forecast_inputs.without_channel(forecast_inputs.sales(workspace, day, keys), keys)
    rows = scoring.scored(sold, [(dt.date.fromisoformat(run.day), folder)], days)
    rows = rows[rows["actual"] > 0]
    error = (rows["person"] - rows["actual"]) / rows["actual"]
    return rows[keys].assign(forecast_error=error.abs(), bias=error).reset_index(drop=True)
