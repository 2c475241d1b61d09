"""The two ends of an item's life in a vintage: launches that follow their relatives, and items on the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from engine.forecasting.new_items import end_of_life, launch_forecast, measured_decay, nearest
from engine.forecasting.panel import Floats, clean_rows
from engine.forecasting.source import Source, connect, read
from engine.forecasting.vintage import Vintage

# From four weeks on an item's own level says more than its relatives.
YOUNG_DAYS = 28
# The launch that relatives are read for, and how long they must have been on sale to have one.
LAUNCH_DAYS = 84
# Fewer launches than this are a matter of luck; then a young item keeps its own level.
FEWEST_LAUNCHES = 5


@dataclass(frozen=True, slots=True)
class Item:
    """What is known about one item.

    Args:
        sku: its code.
        name: its name.
        category: its category.
        price: its price, NaN when unknown.
        launched: its first day, None when unknown.
        leaving: it is marked as declining.
        ends: the last day on which it is sold, None for no end in sight.
        analogs: codes of items that a person says it will sell like.
    """

    sku: str
    name: str = ""
    category: str = ""
    price: float = float("nan")
    launched: date | None = None
    leaving: bool = False
    ends: date | None = None
    analogs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """Units a day of every SKU: *units* (M, T) up to D−1, *first* (M,) column of the first sale (T for none)."""

    skus: list[str]
    units: Floats
    first: np.ndarray[tuple[int], np.dtype[np.int64]]

    def row(self, sku: str) -> int | None:
        """Return the row of *sku*."""
        place = int(np.searchsorted(self.skus, sku))
        return place if place < len(self.skus) and self.skus[place] == sku else None


def past_of(sales: Source, day: date) -> Past:
    """Return the ordinary sales of every SKU by day before *day*."""
    con = connect()
    relation = read(con, sales, "sales", keys=("sku",), require=("date", "quantity"))
    rows = con.sql(f"SELECT sku, ago, sum(units) AS units FROM ({clean_rows(relation, day, 'ordinary')}) GROUP BY ALL")
    frame = rows.df()
    code, names = pd.factorize(frame["sku"], sort=True)
    length = int(frame["ago"].max()) if len(frame) else 1
    units = np.zeros((len(names), length))
    units[code, length - frame["ago"].to_numpy(dtype=np.int64)] = frame["units"].to_numpy(dtype=np.float64)
    first = np.where((units > 0).any(axis=1), (units > 0).argmax(axis=1), length).astype(np.int64)
    return Past([str(name) for name in names], units, first)


def with_launches(made: Vintage, past: Past, items: Sequence[Item]) -> tuple[Vintage, list[dict[str, object]]]:
    """Return *made* with young items following their relatives, and what was done for whom."""
    young = [item for item in items if _is_young(item, past, made)]
    known = _launched(past, items)
    if not young or (len(known) < FEWEST_LAUNCHES and not any(item.analogs for item in young)):
        return made, []
    coming = _coming(made, past, young, known, {item.sku: item for item in items})
    made = _extended(made, [item.sku for item in young if item.sku in coming])
    told = []
    for item in young:
        if item.sku in coming:
            curve, relatives = coming[item.sku]
            _put(made, item.sku, curve)
            told.append({"sku": item.sku, "what": "new", "analogs": relatives, "by_person": bool(item.analogs)})
    return made, told


def _is_young(item: Item, past: Past, made: Vintage) -> bool:
    row, length = past.row(item.sku), past.units.shape[1]
    age = length - int(past.first[row]) if row is not None else 0
    if age >= YOUNG_DAYS:
        return False
    horizon = made.steps["promotion"].shape[1]
    soon = item.launched is not None and made.day - timedelta(days=YOUNG_DAYS) <= item.launched
    soon = soon and item.launched is not None and item.launched < made.day + timedelta(days=horizon)
    return age > 0 or soon or bool(item.analogs)


def _launched(past: Past, items: Sequence[Item]) -> dict[str, Floats]:
    """Return the first LAUNCH_DAYS of every item whose launch lies inside the history."""
    length = past.units.shape[1]
    found = {}
    for item in items:
        row = past.row(item.sku)
        # A first sale in the first month of the history is no launch: the history began there.
        if row is not None and YOUNG_DAYS < past.first[row] <= length - LAUNCH_DAYS:
            start = int(past.first[row])
            found[item.sku] = past.units[row, start : start + LAUNCH_DAYS]
    return found


def _coming(
    made: Vintage, past: Past, young: Sequence[Item], known: Mapping[str, Floats], items: Mapping[str, Item]
) -> dict[str, tuple[Floats, list[str]]]:
    horizon = made.steps["promotion"].shape[1]
    others = [items[sku] for sku in known]
    chosen: list[list[str]] = [[] for _ in young]
    if len(others) >= FEWEST_LAUNCHES:
        places = nearest(
            [item.name for item in young], np.array([item.price for item in young]), [item.category for item in young],
            [item.name for item in others], np.array([item.price for item in others]), [item.category for item in others],
        )  # fmt: skip
        chosen = [[others[place].sku for place in row] for row in places]
    found = {}
    for item, relatives in zip(young, chosen, strict=True):
        named = [sku for sku in item.analogs if past.row(sku) is not None]
        curves = [
            known[sku] if sku in known else past.units[past.row(sku), -LAUNCH_DAYS:] for sku in named or relatives
        ]
        curves = [curve for curve in curves if len(curve) == LAUNCH_DAYS]
        if not curves:
            continue
        row = past.row(item.sku)
        own = past.units[row, past.first[row] :] if row is not None else np.zeros(0)
        curve = launch_forecast(np.stack(curves), np.arange(len(curves))[None, :], [own], horizon)[0]
        wait = (item.launched - made.day).days if item.launched is not None and row is None else 0
        if wait > 0:
            curve = np.concatenate([np.zeros(min(wait, horizon)), curve])[:horizon]
        found[item.sku] = (curve, named or relatives)
    return found


def _extended(made: Vintage, skus: Sequence[str]) -> Vintage:
    """Return *made* with rows for *skus* that have none yet: one for each place that sells, sharing as the shop does."""
    there = set(made.keys["sku"])
    new = [sku for sku in skus if sku not in there]
    others = [name for name in made.keys.columns if name != "sku"]
    if not new:
        return made
    places = made.keys[others].drop_duplicates() if others else pd.DataFrame({"_": [0]})
    added = pd.DataFrame({"sku": new}).merge(places, how="cross")[list(made.keys.columns)]
    count, horizon = len(added), made.steps["promotion"].shape[1]
    mean = made.steps["promotion"]
    ratio = made.day_quantiles.sum(axis=(0, 1)) / max(float(mean.sum()), 1e-12)
    lift = np.broadcast_to(made.lift, mean.shape)
    return Vintage(
        pd.concat([made.keys, added], ignore_index=True), made.day,
        {step: np.concatenate([grid, np.zeros((count, horizon))]) for step, grid in made.steps.items()},
        np.concatenate([made.day_quantiles, np.broadcast_to(ratio, (count, horizon, len(ratio))) * 0.0]),
        made.knots, made.levels,
        np.concatenate([made.ratios, np.broadcast_to(made.ratios.mean(axis=0), (count, *made.ratios.shape[1:]))]),
        np.concatenate([lift, np.broadcast_to(np.median(lift, axis=0), (count, horizon))]),
        np.concatenate([made.model_share, np.zeros(count)]), made.table, made.choice, made.effects, made.uplifts, made.notes,
    )  # fmt: skip


def _put(made: Vintage, sku: str, curve: Floats) -> None:
    """Give *sku* the total *curve* (H,), shared over its rows as they sell, or as the shop does where they do not yet."""
    rows = np.flatnonzero((made.keys["sku"] == sku).to_numpy())
    weight = made.steps["base"][rows].sum(axis=1)
    if weight.sum() <= 0:
        others = [name for name in made.keys.columns if name != "sku"]
        usual = (
            made.keys[others].assign(units=made.steps["base"].sum(axis=1)).groupby(others)["units"].sum()
            if others
            else None
        )
        weight = (
            np.ones(len(rows)) if usual is None else usual.reindex(_index(made.keys.loc[rows, others])).to_numpy(float)
        )
    share = np.nan_to_num(weight) / max(float(np.nansum(weight)), 1e-12)
    grid = share[:, None] * curve[None, :]
    _replace(made, rows, grid)


def _index(frame: pd.DataFrame) -> pd.Index:
    return pd.MultiIndex.from_frame(frame) if frame.shape[1] > 1 else pd.Index(frame.iloc[:, 0])


def _replace(made: Vintage, rows: np.ndarray[tuple[int], np.dtype[np.int64]], plain: Floats) -> None:
    """Put usual days *plain* (R, H) into the rows; the spread of single days stays what days of this shop do."""
    lift = np.broadcast_to(made.lift, made.steps["promotion"].shape)[rows]
    total = float(made.steps["promotion"].sum())
    ratio = made.day_quantiles.sum(axis=(0, 1)) / max(total, 1e-12)
    made.steps["model"][rows] = plain
    made.steps["promotion"][rows] = plain * lift
    made.day_quantiles[rows] = (plain * lift)[:, :, None] * ratio


def with_ends(made: Vintage, past: Past, items: Sequence[Item]) -> list[dict[str, object]]:
    """Let items on the way out decay as they have decayed, and stop where a person said so; return what was done."""
    told: list[dict[str, object]] = []
    horizon, length = made.steps["promotion"].shape[1], past.units.shape[1]
    for item in items:
        row = past.row(item.sku)
        if not (item.leaving or item.ends) or row is None:
            continue
        rows = np.flatnonzero((made.keys["sku"] == item.sku).to_numpy())
        left = None if item.ends is None else max((item.ends - made.day).days + 1, 0)
        days = past.units[row, -56:]
        decay = measured_decay(days.reshape(-1, 7).sum(axis=1)) if item.leaving and length >= 56 else 1.0
        if not len(rows) or (decay >= 1.0 and left is None):
            continue
        weight = made.steps["base"][rows].sum(axis=1)
        share = weight / max(float(weight.sum()), 1e-12)
        if decay < 1.0:
            plain = share[:, None] * end_of_life(float(days[-14:].mean()), decay, horizon, left)[None, :]
        else:
            plain = made.steps["model"][rows] * (np.arange(horizon) < (horizon if left is None else left))
        _replace(made, rows, plain)
        told.append({"sku": item.sku, "what": "leaving", "decay": decay, "ends": item.ends and item.ends.isoformat()})
    return told
