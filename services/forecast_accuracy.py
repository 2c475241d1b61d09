"""How good forecasts were: WAPE, bias, coverage and value added by level, the worst items, and people's changes scored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from engine.forecasting import archive, archive_channels, scoring
from engine.forecasting.ledger import bias, coverage, coverage_alarm, value_added, wape
from services import forecast_history, forecast_store
from services.forecast_history import Places
from services.workspace import Workspace
from store import forecasts
from store.forecasts import OverrideState, RunState

LENGTHS = (7, 14, 28)
COVERED = (0.9, 0.95)
# Vintages of about two years, one a week.
MOST_VINTAGES = 104
WORST = 20
GROUPS = ("series", "sku", "category", "warehouse", "total")


def report(workspace: Workspace, *, length: int = 28, category: str = "") -> dict[str, Any]:
    """Return how the forecasts whose *length* days are over did.

    Args:
        workspace: where.
        length: days from the vintage's day.
        category: only the items of this category.

    Returns:
        `vintages` (their days), `levels` (steps by level), `coverage`, `trend`, `worst`, `best`, `people`; with no
        vintage that is over, `vintages` is empty and `next` says when the first one will be.
    """
    chosen, upcoming = vintages(workspace, length)
    with workspace.read() as session:
        known = forecast_history.places(session)
        said = forecasts.overrides(session, limit=2_000)
    if not chosen:
        return {"length": length, "vintages": [], "next": upcoming}
    sales = _sales(workspace, chosen[0][1])
    rows = scoring.scored(sales, [(day, folder) for _, day, folder in chosen], length, (0.5, *COVERED))
    rows = _with_category(rows, known)
    if category:
        rows = rows[rows["category"] == category]
    return {
        "length": length,
        "vintages": [day.isoformat() for _, day, _ in chosen],
        "next": upcoming,
        "levels": [_level(rows, name) for name in GROUPS],
        "coverage": [_coverage(rows, level) for level in COVERED],
        "trend": [_trend(part, day) for day, part in rows.groupby("made")],
        "worst": _worst(rows, known),
        "categories": _categories(rows),
        "people": people(workspace, said, known),
    }


def vintages(workspace: Workspace, length: int) -> tuple[list[tuple[RunState, dt.date, Path]], str | None]:
    """Return the vintages whose *length* days are over, oldest first, and the day on which the next one will be."""
    today = workspace.today()
    with workspace.read() as session:
        runs = forecasts.runs(session, state="done", limit=2_000)
    newest: dict[str, RunState] = {}
    for run in runs:
        newest.setdefault(run.day, run)
    found, upcoming = [], []
    for run in newest.values():
        day = dt.date.fromisoformat(run.day)
        folder = forecast_store.folder_of(workspace, run.id)
        if run.horizon < length or not folder.is_dir():
            continue
        if day + dt.timedelta(days=length) <= today:
            found.append((run, day, folder))
        else:
            upcoming.append(day + dt.timedelta(days=length))
    found.sort(key=lambda one: one[1])
    return found[-MOST_VINTAGES:], min(upcoming).isoformat() if upcoming else None


def _sales(workspace: Workspace, first: dt.date) -> pa.Table:
    facts = workspace.facts("sales")
    names = set(facts.schema().names)
    wanted = [
        name for name in ("sku", "warehouse", "channel", "date", "quantity", "exceptional", "in_stock") if name in names
    ]
    return facts.read(columns=wanted, since=first, until=workspace.today() - dt.timedelta(days=1))


def _with_category(rows: pd.DataFrame, known: Places) -> pd.DataFrame:
    if "sku" not in rows.columns or known.items.empty:
        return rows.assign(category="")
    category = dict(zip(known.items["code"].astype(str), known.items["category"].fillna("").astype(str), strict=True))
    return rows.assign(category=rows["sku"].map(category).fillna(""))


def _level(rows: pd.DataFrame, name: str) -> dict[str, Any]:
    """Return the ledger of one level: each vintage's totals of that level are one forecast."""
    by = {"series": [], "sku": ["sku"], "category": ["category"], "warehouse": ["warehouse"], "total": ["made"]}[name]
    by = [column for column in by if column in rows.columns]
    numbers = ["actual", *archive.STEPS]
    grouped = (
        rows
        if name == "series"
        else rows.groupby(["made", *[column for column in by if column != "made"]])[numbers].sum()
    )
    ledger = value_added(grouped.reset_index())
    return {"level": name, "rows": len(grouped), "steps": [_plain(row) for row in ledger.to_dict("records")]}


def _plain(row: Any) -> dict[str, Any]:
    return {str(name): _number(value) if isinstance(value, float) else value for name, value in row.items()}


def _number(value: float) -> float | None:
    return None if value is None or np.isnan(value) else round(float(value), 4)


def _coverage(rows: pd.DataFrame, level: float) -> dict[str, Any]:
    actual, quantile = scoring.covered(rows, level)
    sold = quantile > 0
    actual, quantile = actual[sold], quantile[sold]
    return {
        "level": level, "covered": _number(coverage(actual, quantile)), "rows": len(actual),
        "alarm": coverage_alarm(actual, quantile, level),
    }  # fmt: skip


def _trend(rows: pd.DataFrame, day: Any) -> dict[str, Any]:
    actual, made = (rows[name].to_numpy(dtype=np.float64) for name in ("actual", "person"))
    naive = rows["naive"].to_numpy(dtype=np.float64)
    known, quantile = scoring.covered(rows, 0.9)
    return {
        "day": pd.Timestamp(day).date().isoformat(), "wape": _number(wape(actual, made)), "bias": _number(bias(actual, made)),
        "naive": _number(wape(actual, naive)), "covered": _number(coverage(known, quantile)),
    }  # fmt: skip


def _worst(rows: pd.DataFrame, known: Places) -> list[dict[str, Any]]:
    """Return the items whose forecasts were off by most units, and which way."""
    if "sku" not in rows.columns:
        return []
    sums = rows.groupby(["made", "sku"])[["actual", "person", "base"]].sum()
    sums["error"] = (sums["person"] - sums["actual"]).abs()
    by = sums.groupby("sku").sum().sort_values("error", ascending=False, kind="stable").head(WORST)
    return [
        {"sku": str(sku), "name": known.name("sku", str(sku)), "actual": round(float(row["actual"]), 1),
         "forecast": round(float(row["person"]), 1), "error": round(float(row["error"]), 1),
         "wape": _number(float(row["error"] / row["actual"])) if row["actual"] > 0 else None,
         "bias": _number(float((row["person"] - row["actual"]) / row["actual"])) if row["actual"] > 0 else None}
        for sku, row in by.iterrows()
    ]  # fmt: skip


def _categories(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return WAPE of items, bias and value added by category."""
    found = []
    for name, part in rows.groupby("category"):
        sums = part.groupby(["made", "sku"])[["actual", *archive.STEPS]].sum() if "sku" in part.columns else part
        actual, made, naive = (sums[column].to_numpy(dtype=np.float64) for column in ("actual", "person", "naive"))
        error = wape(actual, made)
        found.append({"category": str(name), "wape": _number(error), "bias": _number(bias(actual, made)),
                      "added": _number(wape(actual, naive) - error), "actual": round(float(actual.sum()), 1)})  # fmt: skip
    return sorted(found, key=lambda one: -one["actual"])


def people(workspace: Workspace, said: Sequence[OverrideState], known: Places) -> dict[str, Any]:
    """Return how people's changes did once their days were over: each change, and each person's balance.

    A change is scored at the level at which it was made: units of error without it minus units of error with it.
    """
    today = workspace.today()
    with workspace.read() as session:
        runs = sorted(forecasts.runs(session, state="done", limit=2_000), key=lambda run: (run.day, run.id))
    changes = [
        scored for one in said if one.withdrawn_at is None and (scored := _change(workspace, one, runs, known, today))
    ]
    authors: dict[str, dict[str, Any]] = {}
    for one in changes:
        total = authors.setdefault(
            one["author"], {"author": one["author"], "changes": 0, "helped": 0, "hurt": 0, "gained": 0.0}
        )
        total["changes"] += 1
        total["helped"] += one["gained"] > 0
        total["hurt"] += one["gained"] < 0
        total["gained"] = round(total["gained"] + one["gained"], 1)
    return {"authors": sorted(authors.values(), key=lambda one: -one["gained"]), "changes": changes[::-1][:100]}


def _change(
    workspace: Workspace, one: OverrideState, runs: Sequence[RunState], known: Places, today: dt.date
) -> dict[str, Any] | None:
    """Score one change over its days that are over, by the first vintage that it was in."""
    start, end = dt.date.fromisoformat(one.from_day), dt.date.fromisoformat(one.to_day)
    made = next(
        (run for run in runs if run.finished_at and run.finished_at >= one.created_at and run.day <= one.to_day), None
    )
    # A change lands at once in the forecast that was there when it was made.
    before = next((run for run in reversed(runs) if run.finished_at and run.finished_at <= one.created_at), None)
    run = before if before is not None and before.day <= one.from_day else made
    folder = forecast_store.folder_of(workspace, run.id) if run else None
    until = min(end, today - dt.timedelta(days=1))
    if run is None or folder is None or not folder.is_dir() or until < start:
        return None
    since = max(start, dt.date.fromisoformat(run.day))
    keys = known.keys({name: str(value) for name, value in one.where.items()})
    if keys.get("channel") and "channel" not in archive.keys_of(folder):
        rows = archive_channels.of_channel(folder, keys["channel"][0], keys, until=until)
        rows = rows[rows["ds"].dt.date >= since]
    else:
        rows = archive.days(folder, where=keys, since=since, until=until)
    if rows.empty or until < since:
        return None
    sold = forecast_history.daily(forecast_history.rows(workspace, since, until, keys), since, (until - since).days + 1)
    actual, without, with_ = float(sold["units"].sum()), float(rows["promotion"].sum()), float(rows["person"].sum())
    return {
        "id": one.id, "author": one.author, "where": one.where, "from": since.isoformat(), "to": until.isoformat(),
        "over": until == end, "reason": one.reason, "actual": round(actual, 1), "without": round(without, 1),
        "with": round(with_, 1), "gained": round(abs(without - actual) - abs(with_ - actual), 1),
    }  # fmt: skip


def drifted(workspace: Workspace, length: int = 7) -> list[dict[str, Any]]:
    """Return the quantiles that no longer cover what they say: of the newest four vintages whose *length* days are over."""
    chosen, _ = vintages(workspace, length)
    chosen = chosen[-4:]
    if not chosen:
        return []
    rows = scoring.scored(
        _sales(workspace, chosen[0][1]), [(day, folder) for _, day, folder in chosen], length, COVERED
    )
    return [found for level in COVERED if (found := _coverage(rows, level))["alarm"]]
