"""The forecast explorer: history, forecast with its band, promotions, days without stock and people's words on one curve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.forecasting import archive, archive_channels
from engine.forecasting.band import band
from services import forecast_history, forecast_inputs, forecast_store
from services.forecast_history import LEVELS, Places, Where
from services.workspace import Workspace
from store import forecasts
from store.forecasts import RunState

HISTORY = 180
BAND_DAYS = 364
TOTALS = (7, 14, 28, 56)


def series(workspace: Workspace, *, where: Where, history: int = HISTORY) -> dict[str, Any]:
    """Return the curve of one group (everything, a category, an item, a warehouse, a channel …).

    Raises:
        Refused: there is no forecast yet.
    """
    run, folder = forecast_store.newest_or_refuse(workspace)
    day = dt.date.fromisoformat(run.day)
    with workspace.read() as session:
        known = forecast_history.places(session)
        phases = forecast_inputs.phases(session)
        said = forecasts.overrides(session, live=True)
    keys = known.keys(where)
    since = day - dt.timedelta(days=max(history, BAND_DAYS))
    past = forecast_history.daily(
        forecast_history.rows(workspace, since, day - dt.timedelta(days=1), keys), since, (day - since).days
    )
    ahead = coming(folder, keys, day, run.horizon)
    events = [day_ for phase in phases for day_ in forecast_inputs.days(phase.start, phase.end)]
    skip = np.isin(np.arange((day - since).days), [(event - since).days for event in events])
    _measure(ahead, past["units"], skip)
    cut = (day - since).days - history
    shown = [(since + dt.timedelta(days=cut + number)) for number in range(history)]
    return {
        "run": {"id": run.id, "day": run.day, "finished_at": run.finished_at},
        "where": dict(where),
        "label": _label(known, where),
        "days": [one.isoformat() for one in shown],
        "actual": _rounded(past["units"][cut:]),
        "exceptional": _rounded(past["exceptional"][cut:]),
        "stockouts": [(since + dt.timedelta(days=place)).isoformat() for place in past["out"] if place >= cut] if where.get("sku") else [],
        "earlier": earlier(workspace, keys, shown[0], day),
        "forecast": {name: _rounded(values) if name != "days" else values for name, values in ahead.items() if name != "n"},
        "promotions": [
            {"name": f"{phase.event} {phase.name}".strip(), "from": phase.start.isoformat(), "to": phase.end.isoformat(),
             "multiplier": phase.multiplier, "plan": phase.plan}
            for phase in phases
            if phase.end >= shown[0] and phase.start < day + dt.timedelta(days=run.horizon)
        ],
        "overrides": [_override(one) for one in said if _touches(one.where, where, known)],
        "totals": _totals(folder, keys, ahead, day, run.horizon),
        "level": _level(run, where, known),
    }  # fmt: skip


def coming(folder: Path, keys: Mapping[str, list[str]], day: dt.date, horizon: int) -> dict[str, Any]:
    """Return the days ahead of a group: days, mean (with people's words), every step, q0.1, q0.5, q0.9, and n series."""
    frame = archive.days(folder, where={name: values for name, values in keys.items() if name != "channel"})
    if keys.get("channel") and "channel" not in archive.keys_of(folder):
        frame = _of_channel(folder, keys)
    index = pd.date_range(day, periods=horizon)
    frame = frame.assign(ds=pd.to_datetime(frame["ds"])).set_index("ds").reindex(index).fillna(0.0)
    names = {"person": "mean", "promotion": "promotion", "model": "model", "base": "base", "naive": "naive",
             "q0.1": "low", "q0.5": "middle", "q0.9": "high"}  # fmt: skip
    found: dict[str, Any] = {
        "days": [one.date().isoformat() for one in index],
        "n": int(frame["n"].max()) if len(frame) else 0,
    }
    return found | {ours: frame[name].to_numpy(dtype=np.float64) for name, ours in names.items()}


def _of_channel(folder: Path, keys: Mapping[str, list[str]]) -> pd.DataFrame:
    return archive_channels.of_channel(
        folder, keys["channel"][0], {name: values for name, values in keys.items() if name != "channel"}
    )


def _measure(
    ahead: dict[str, Any], past: np.ndarray[Any, np.dtype[np.float64]], skip: np.ndarray[Any, np.dtype[np.bool_]]
) -> None:
    """Give a group of several series the band that its own past shows; a single series keeps its quantiles."""
    if ahead["n"] > 1:
        low, high = band(past, skip)
        ahead["low"], ahead["high"] = low * ahead["mean"], high * ahead["mean"]


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 3) for value in values]


def _label(known: Places, where: Where) -> str:
    parts = [known.name(level, str(where[level])) for level in LEVELS if where.get(level)]
    return " · ".join(parts)


def earlier(workspace: Workspace, keys: Mapping[str, list[str]], since: dt.date, day: dt.date) -> dict[str, Any]:
    """Return what older vintages had expected of the days since then: each day by the last vintage before it."""
    with workspace.read() as session:
        runs = [run for run in forecasts.runs(session, state="done", limit=400) if run.day < day.isoformat()]
    found: dict[str, float] = {}
    for run in sorted(runs, key=lambda run: (run.day, run.id)):
        folder = forecast_store.folder_of(workspace, run.id)
        first = dt.date.fromisoformat(run.day)
        if not folder.is_dir() or first + dt.timedelta(days=run.horizon) <= since:
            continue
        ahead = coming(folder, keys, first, run.horizon)
        found |= {
            one: value
            for one, value in zip(ahead["days"], ahead["mean"], strict=True)
            if since.isoformat() <= one < day.isoformat()
        }
    days = sorted(found)
    return {"days": days, "mean": _rounded(found[one] for one in days)}


def _totals(
    folder: Path, keys: Mapping[str, list[str]], ahead: dict[str, Any], day: dt.date, horizon: int
) -> list[dict[str, Any]]:
    """Return mean and quantiles of the totals; of a group of several series only the mean, since quantiles do not add up."""
    found = []
    for length in (length for length in TOTALS if length <= horizon):
        row: dict[str, Any] = {"days": length, "mean": round(float(ahead["mean"][:length].sum()), 2)}
        if ahead["n"] == 1 and not keys.get("channel"):
            frame = archive.totals(folder, length, (0.5, 0.9, 0.95), where=keys, since=day)
            row |= {name: round(float(frame[name].iloc[0]), 2) for name in ("q0.5", "q0.9", "q0.95") if len(frame)}
        found.append(row)
    return found


def _level(run: RunState, where: Where, known: Places) -> dict[str, Any] | None:
    """Return what is special about one item: launched on analogs, on the way out, and what people know about it."""
    if not where.get("sku"):
        return None
    told = [one for one in run.result.get("life", []) if one.get("sku") == where["sku"]]
    for one in told:
        one["names"] = [known.name("sku", str(code)) for code in one.get("analogs", [])]
    return told[0] if told else None


def _touches(theirs: Mapping[str, Any], ours: Where, known: Places) -> bool:
    """Say whether an override for *theirs* moves the group *ours* (or a part of it)."""
    for level in LEVELS:
        mine, other = ours.get(level), theirs.get(level)
        if mine and other and str(mine) != str(other):
            return False
    if theirs.get("category") and ours.get("sku"):
        return str(ours["sku"]) in forecast_inputs.chosen_skus(known.items, {"category": theirs["category"]})
    if ours.get("category") and theirs.get("sku"):
        return str(theirs["sku"]) in forecast_inputs.chosen_skus(known.items, {"category": ours["category"]})
    return True


def _override(one: Any) -> dict[str, Any]:
    return {
        "id": one.id, "where": one.where, "from": one.from_day, "to": one.to_day, "value": one.value, "relative": one.relative,
        "before": one.before, "reason": one.reason, "author": one.author, "expires": one.expires,
    }  # fmt: skip


def children(
    workspace: Workspace, *, level: str, where: Where, q: str = "", limit: int = 50, offset: int = 0
) -> dict[str, Any]:
    """Return the parts of a group: code, name, units of the last and the next 28 days, biggest first.

    Raises:
        Refused: there is no forecast yet.
    """
    run, folder = forecast_store.newest_or_refuse(workspace)
    day = dt.date.fromisoformat(run.day)
    with workspace.read() as session:
        known = forecast_history.places(session)
    keys = known.keys(where)
    since = day - dt.timedelta(days=28)
    sold = forecast_history.rows(workspace, since, day - dt.timedelta(days=1), keys).to_pandas()
    exceptional = sold["exceptional"].fillna(0).astype(float) if "exceptional" in sold else 0.0
    sold = sold.assign(units=sold["quantity"].astype(float) - exceptional)
    last = _by_level(sold, level, known)["units"].sum() if len(sold) else pd.Series(dtype=float)
    ahead = _ahead_by(folder, level, keys, known, day + dt.timedelta(days=27))
    both = (
        pd.concat([last.rename("last"), ahead.rename("next")], axis=1)
        .fillna(0.0)
        .sort_values("next", ascending=False, kind="stable")
    )
    both["name"] = [known.name(level, str(code)) for code in both.index]
    word = q.casefold()
    if word:
        both = both[[word in f"{code} {name}".casefold() for code, name in zip(both.index, both["name"], strict=True)]]
    page = both.iloc[offset : offset + limit]
    items = [
        {
            "code": str(code),
            "name": row["name"],
            "last": round(float(row["last"]), 1),
            "next": round(float(row["next"]), 1),
        }
        for code, row in page.iterrows()
    ]
    return {"items": items, "total": len(both), "level": level}


def _by_level(frame: pd.DataFrame, level: str, known: Places) -> Any:
    if level == "category":
        category = dict(
            zip(known.items["code"].astype(str), known.items["category"].fillna("").astype(str), strict=True)
        )
        return frame.groupby(frame["sku"].map(category).fillna(""))
    if level == "region":
        return frame.groupby(frame["warehouse"].map(known.regions).fillna(""))
    return frame.groupby(frame[level].astype(str))


def _ahead_by(
    folder: Path, level: str, keys: Mapping[str, list[str]], known: Places, until: dt.date
) -> pd.Series[float]:
    names = archive.keys_of(folder)
    if level == "channel" and "channel" not in names:
        found = {
            name: float(archive_channels.of_channel(folder, name, keys, until=until)["person"].sum())
            for name in archive_channels.channels(folder)
        }
        return pd.Series(found, dtype=float)
    column = {"category": "sku", "region": "warehouse"}.get(level, level)
    if column not in names:
        return pd.Series(dtype=float)
    frame = archive.days(
        folder, where={name: values for name, values in keys.items() if name != "channel"}, by=(column,), until=until
    )
    found_by: pd.Series[float] = _by_level(frame.rename(columns={"person": "next"}), level, known)["next"].sum()
    return found_by
