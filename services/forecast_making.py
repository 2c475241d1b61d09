"""How one vintage is made: sales → vintage → launches and ends → signals → running promotion → people's words → files."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from engine.forecasting import archive, archive_channels
from engine.forecasting.changes import changes
from engine.forecasting.hierarchy import moved_grid
from engine.forecasting.life import Item, past_of, with_ends, with_launches
from engine.forecasting.vintage import Vintage, vintage
from services import forecast_inputs, forecast_running, forecast_signals
from services.forecast_inputs import Inputs
from services.forecast_store import folder_of
from services.workspace import Workspace
from store import forecasts
from store.forecasts import RunState

Tell = Callable[[str, int, int], None]
LEAVING = "衰退"
# Eight weeks say how a series is shared by its channels now.
SHARE_DAYS = dt.timedelta(days=56)


def make_vintage(workspace: Workspace, run: RunState, tell: Tell) -> dict[str, Any]:
    """Make the vintage of *run*, write its files and return what people may want to know about it."""
    began = time.perf_counter()
    day = dt.date.fromisoformat(run.day)
    inputs = forecast_inputs.read(workspace, day)
    tell("sales", 0, 1)
    sales = forecast_inputs.sales(workspace, day, inputs.keys)
    flat = forecast_inputs.without_channel(sales, inputs.keys)
    made = vintage(
        flat,
        inputs.horizon,
        day,
        future=inputs.events,
        keys=inputs.keys,
        challenge=_challenge(workspace, run),
        tell=tell,
    )
    tell("life", 0, 1)
    made, life = _lives(made, flat, inputs, day)
    tell("signals", 0, 1)
    signals = forecast_signals.apply(workspace, made, flat, inputs)
    running = forecast_running.correct(workspace, made, flat, inputs)
    tell("people", 0, 1)
    shares = channel_shares(sales, made, day)
    places = with_places(made.keys, inputs.items, inputs.regions)
    person, added = moved_grid(made.steps["promotion"], places, inputs.overrides, day, day, shares)
    tell("save", 0, 1)
    folder = folder_of(workspace, run.id)
    archive.write(folder, made, person)
    archive_channels.write_channels(folder, made.keys, day, shares, added)
    result = _result(made, person, life, signals, running)
    result["changes"] = _changes(workspace, run, day, folder)
    result |= {
        "rows": sales.num_rows,
        "seconds": round(time.perf_counter() - began, 2),
        "notes": notes(flat, day, inputs.keys),
    }
    return result


def _challenge(workspace: Workspace, run: RunState) -> bool:
    """Say whether the global model may compete: as asked, or if it won anything in the last weekly duel."""
    if "challenge" in run.options:
        return bool(run.options["challenge"])
    with workspace.read() as session:
        duel = forecasts.newest(session, trigger="weekly")
    return bool(duel and duel.result.get("model_share", 0) > 0)


def _lives(made: Vintage, sales: pa.Table, inputs: Inputs, day: dt.date) -> tuple[Vintage, list[dict[str, object]]]:
    if "sku" not in made.keys.columns or inputs.items.empty:
        return made, []
    known = {note.sku: note for note in inputs.notes}
    items = [
        Item(
            sku=str(row["code"]),
            name=str(row["name"] or ""),
            category=str(row["category"] or ""),
            price=float(row["price"]),
            launched=_date(row["launched_on"]),
            leaving=row["stage"] == LEAVING,
            ends=_date(known[str(row["code"])].ends_on) if str(row["code"]) in known else None,
            analogs=tuple(known[str(row["code"])].analogs) if str(row["code"]) in known else (),
        )
        for row in inputs.items.to_dict("records")
    ]
    past = past_of(sales, day)
    made, told = with_launches(made, past, items)
    return made, told + with_ends(made, past, items)


def _date(value: Any) -> dt.date | None:
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT:
        return None
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else pd.Timestamp(value).date()


def with_places(keys: pd.DataFrame, items: pd.DataFrame, regions: dict[str, str]) -> pd.DataFrame:
    """Return *keys* with what else people may name: category, and the warehouse's region."""
    found = keys.reset_index(drop=True).copy()
    if "sku" in found.columns and len(items):
        category = dict(zip(items["code"].astype(str), items["category"].fillna("").astype(str), strict=True))
        found["category"] = found["sku"].map(category).fillna("")
    if "warehouse" in found.columns and "region" not in found.columns:
        found["region"] = found["warehouse"].map(regions).fillna("")
    return found


def channel_shares(sales: pa.Table, made: Vintage, day: dt.date) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """Return, by channel, its share of each series over the last eight weeks; the shop's where a series sold nothing."""
    if "channel" not in sales.column_names or "channel" in made.keys.columns:
        return {}
    recent = sales.filter(pc.greater_equal(sales["date"].cast(pa.date32()), pa.scalar(day - SHARE_DAYS)))
    names = list(made.keys.columns)
    frame = recent.group_by([*names, "channel"]).aggregate([("quantity", "sum")]).to_pandas().dropna(subset=["channel"])
    if frame.empty:
        return {}
    frame["quantity_sum"] = frame["quantity_sum"].astype(float)
    wide = frame.pivot_table(index=names, columns="channel", values="quantity_sum", aggfunc="sum", fill_value=0.0).clip(
        lower=0
    )
    usual = wide.sum() / max(float(wide.to_numpy().sum()), 1e-9)
    share = wide.div(wide.sum(axis=1).where(lambda total: total > 0), axis=0)
    index = pd.MultiIndex.from_frame(made.keys) if len(names) > 1 else pd.Index(made.keys[names[0]])
    aligned = share.reindex(index)
    return {str(name): aligned[name].fillna(usual[name]).to_numpy(dtype=np.float64) for name in wide.columns}


def notes(sales: pa.Table, day: dt.date, keys: tuple[str, ...]) -> dict[str, int]:
    """Return what is odd about the sales: repeated, negative and future rows, days out of stock, exceptional units."""
    quantity = pc.cast(sales["quantity"], pa.float64())
    repeated = sales.num_rows - sales.group_by([*keys, "date"]).aggregate([]).num_rows
    found = {
        "rows": sales.num_rows,
        "same_day": repeated,
        "negative": int(pc.sum(pc.cast(pc.less(quantity, 0), pa.int64())).as_py() or 0),
        "future": int(
            pc.sum(pc.cast(pc.greater_equal(sales["date"].cast(pa.date32()), pa.scalar(day)), pa.int64())).as_py() or 0
        ),
    }
    if "in_stock" in sales.column_names:
        found["out_of_stock"] = int(
            pc.sum(pc.cast(pc.invert(pc.fill_null(sales["in_stock"], True)), pa.int64())).as_py() or 0
        )
    if "exceptional" in sales.column_names:
        found["exceptional_units"] = int(pc.sum(pc.cast(sales["exceptional"], pa.float64())).as_py() or 0)
    return found


def _result(
    made: Vintage,
    person: np.ndarray[Any, np.dtype[np.float64]],
    life: list[dict[str, object]],
    signals: list[dict[str, Any]],
    running: dict[str, Any] | None,
) -> dict[str, Any]:
    steps = {name: float(grid[:, :28].sum()) for name, grid in made.steps.items()}
    table = made.table.frame().replace([np.inf, -np.inf], np.nan)
    return {
        "series": len(made.keys),
        "horizon": int(person.shape[1]),
        "keys": list(made.keys.columns),
        "totals": {**steps, "person": float(person[:, :28].sum())},
        "model_share": float(made.model_share.mean()) if len(made.model_share) else 0.0,
        "choice": [] if made.choice is None else made.choice.round(4).to_dict("records"),
        "table": [
            {name: None if pd.isna(value) else value for name, value in row.items()}
            for row in table.round(3).to_dict("records")
        ],
        "effects": made.effects,
        "uplifts": made.uplifts,
        "life": life[:200],
        "signals": signals,
        "running": running,
    }


def _changes(workspace: Workspace, run: RunState, day: dt.date, folder: Path) -> dict[str, Any] | None:
    """Return what changed since the run before, over the days that both cover."""
    with workspace.read() as session:
        before = next(
            (one for one in forecasts.runs(session, state="done") if one.id != run.id and one.day <= run.day), None
        )
    if before is None or not folder_of(workspace, before.id).is_dir():
        return None
    earlier = dt.date.fromisoformat(before.day)
    length = min(28, before.horizon - (day - earlier).days)
    if length <= 0:
        return None
    found = changes((earlier, folder_of(workspace, before.id)), (day, folder), length)
    return {**found, "since_run": before.id, "since_day": before.day}
