"""The plan that people decide on: move what another warehouse has too much of, buy the rest, clear what lies too long.

Transfers come first, because they are sooner and cost no cash; what they cannot cover is bought, within the budget and what
suppliers can deliver; stock of more than half a year is proposed for clearance. Every line says why, with its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.forecasting.panel import Flags, Floats
from engine.replenishment.buying import Offer, buy, tiers_of
from engine.replenishment.lots import orderable
from engine.replenishment.transfer import transfers

# What a warehouse keeps for itself before it gives: half as much again as the policy wants, and six weeks.
KEPT_LEVEL, KEPT_DAYS = 1.5, 42
DEAD_DAYS, KEPT_OF_DEAD = 180, 90
LEVELS = np.array([0.1, 0.3, 0.5, 0.7, 0.85, 0.95])
Z_VALUES = np.array([-1.2816, -0.5244, 0.0, 0.5244, 1.0364, 1.6449])
# A year's stock-keeping costs a fifth of its value, rent, loss and capital together.
HOLDING_A_DAY = 0.2 / 365
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Workbench:
    """A plan: its lines, the most urgent first, and its totals.

    Args:
        lines: kind (`transfer`, `buy`, `clear`), sku, warehouse, from_warehouse, supplier, quantity, unit_cost, days_left,
            reason, reason_en, and the numbers that the reason names.
        summary: totals by kind, money, budget, and how transfers and purchases were found.
    """

    lines: list[dict[str, Any]]
    summary: dict[str, Any]


def work_out(
    places: pd.DataFrame,
    *,
    budget: float | None = None,
    capacity: Mapping[str, float] | None = None,
    lane_cost: float = 1.0,
    move: bool = True,
) -> Workbench:
    """Return the plan.

    Args:
        places: one row a SKU and warehouse: sku, warehouse, wanted (units that the policy wants, before packs),
            order_up_to, available, incoming, daily, deviation, protection (days), unit_cost, price, moq, pack_size,
            supplier, reason, reason_en; optionally place_name, abc_xyz, stage.
        budget: money that may be spent; None for any.
        capacity: supplier → units it can deliver; others deliver any number.
        lane_cost: money to move a unit between two warehouses.
        move: propose transfers.
    """
    rows = places.reset_index(drop=True).copy()
    daily = rows["daily"].to_numpy(float)
    rows["days_left"] = np.where(daily > 0, np.maximum(rows["available"], 0) / np.maximum(daily, 1e-9), np.nan)
    moved, notes = _moves(rows, lane_cost) if move else ([], {})
    got = np.zeros(len(rows))
    for line in moved:
        got[line["row"]] += line["quantity"]
    wanted = np.maximum(rows["wanted"].to_numpy(float) - got, 0.0)
    units = orderable(wanted, rows["moq"].to_numpy(float), rows["pack_size"].to_numpy(float))
    needed = float((units * rows["unit_cost"]).sum())
    if (budget is not None and needed > budget) or capacity:
        units, how = _within(rows, got, units, budget, capacity or {})
        notes |= how
    lines = [*moved, *_buys(rows, units, got), *_clears(rows)]
    lines.sort(key=lambda line: (line["kind"] == "clear", line["days_left"] if line["days_left"] is not None else 1e9))
    return Workbench(lines, {**_totals(lines), "needed": round(needed, 2), "budget": budget, **notes})


def _moves(rows: pd.DataFrame, lane_cost: float) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    skus, sku_at = np.unique(rows["sku"].to_numpy(str), return_inverse=True)
    names, name_at = np.unique(rows["warehouse"].to_numpy(str), return_inverse=True)
    if len(names) < 2:
        return [], {}
    row_of = np.full((len(skus), len(names)), -1)
    row_of[sku_at, name_at] = np.arange(len(rows))
    daily = rows["daily"].to_numpy(float)
    keeps = np.maximum(KEPT_LEVEL * rows["order_up_to"].fillna(0).to_numpy(float), KEPT_DAYS * daily)
    surplus, need, worth = (np.zeros(row_of.shape) for _ in range(3))
    surplus[sku_at, name_at] = np.floor(np.maximum(rows["available"].to_numpy(float) - keeps, 0))
    need[sku_at, name_at] = rows["wanted"].to_numpy(float)
    # A unit moved is a unit that need not be bought, and one that sells sooner.
    worth[sku_at, name_at] = np.maximum(rows["price"].to_numpy(float), 1.1 * rows["unit_cost"].to_numpy(float))
    cost = np.full((len(names), len(names)), lane_cost)
    found = transfers(surplus, need, worth, cost, limit=SECONDS)
    lines = []
    for sku, source, target in np.argwhere(found.units > 0):
        row, giver = rows.iloc[row_of[sku, target]], rows.iloc[row_of[sku, source]]
        units = float(found.units[sku, source, target])
        lines.append(_move_line(row, giver, units, int(row_of[sku, target]), float(surplus[sku, source])))
    note = {"transfer_note": found.note, "transfer_note_en": found.note_en, "transfer_gap": round(found.gap, 5)}
    return lines, {**note, "transfer_seconds": round(found.seconds, 3)}


def _move_line(row: pd.Series, giver: pd.Series, units: float, place: int, surplus: float) -> dict[str, Any]:
    left, here, there = _left(row), _place(row), _place(giver)
    reason = (
        f"{there} 可用 {giver['available']:g} 件,留足后多出 {surplus:g};{here} 可用 {row['available']:g} "
        f"+ 在途 {row['incoming']:g},只够卖 {_say(left)} 天,还缺 {row['wanted']:g} → 先调 {units:g}"
    )
    reason_en = (
        f"{there} has {giver['available']:g}, {surplus:g} more than it keeps; {here} has "
        f"{row['available']:g} + {row['incoming']:g} coming, {_say(left)} days, and lacks {row['wanted']:g} → move {units:g}"
    )
    return _line(row, "transfer", units, reason, reason_en, from_warehouse=giver["warehouse"], supplier=None) | {
        "row": place
    }


def _within(
    rows: pd.DataFrame, got: Floats, units: Floats, budget: float | None, capacity: Mapping[str, float]
) -> tuple[Floats, dict[str, Any]]:
    """Return the purchases of most expected profit within the money and what suppliers can deliver."""
    chosen: Flags = units > 0
    if not chosen.any():
        return units, {}
    part = rows[chosen]
    days, cost = part["protection"].to_numpy(float), np.maximum(part["unit_cost"].to_numpy(float), 1e-6)
    mean = part["daily"].to_numpy(float) * days
    spread = np.maximum(part["deviation"].to_numpy(float) * np.sqrt(days), np.sqrt(np.maximum(mean, 0.25)))
    quantiles = np.maximum(mean[:, None] + spread[:, None] * Z_VALUES, 0)
    stock = np.maximum(part["available"].to_numpy(float), 0) + part["incoming"].to_numpy(float) + got[chosen]
    margin = np.maximum(part["price"].to_numpy(float) - cost, 0.05 * cost)
    pack = np.maximum(part["pack_size"].to_numpy(float), 1.0)
    tiers, profit = tiers_of(quantiles, LEVELS, stock, margin, cost * HOLDING_A_DAY * DEAD_DAYS, pack)
    # The plan never buys more than the policy wants: what is beyond it is cut from the last tiers.
    before = np.cumsum(tiers, axis=1) - tiers
    tiers = np.clip(units[chosen][:, None] - before, 0, tiers)
    suppliers, at = np.unique(part["supplier"].fillna("").to_numpy(str), return_inverse=True)
    room = np.array([capacity.get(name, 1e12) for name in suppliers])
    offer = Offer(
        tiers, profit, cost, pack, part["moq"].to_numpy(float), at.astype(np.int64), room,
        1e15 if budget is None else budget,
    )  # fmt: skip
    plan = buy(offer, seconds=SECONDS)
    bought = np.zeros(len(rows))
    bought[chosen] = plan.units
    return bought, {
        "buying_note": plan.note, "buying_note_en": plan.note_en, "buying_gap": round(plan.gap, 5),
        "buying_seconds": round(plan.seconds, 3),
    }  # fmt: skip


def _buys(rows: pd.DataFrame, units: Floats, got: Floats) -> list[dict[str, Any]]:
    lines = []
    for place in np.flatnonzero(units > 0):
        row = rows.iloc[place]
        reason, reason_en = str(row["reason"]), str(row["reason_en"])
        if got[place]:
            reason += f";已先调入 {got[place]:g}"
            reason_en += f"; {got[place]:g} moved in first"
        if row["moq"] > 1 or row["pack_size"] > 1:
            reason += f";起订 {row['moq']:g}、箱规 {row['pack_size']:g}"
            reason_en += f"; minimum {row['moq']:g}, pack {row['pack_size']:g}"
        reason, reason_en = f"{reason} → 采购 {units[place]:g}", f"{reason_en} → buy {units[place]:g}"
        lines.append(_line(row, "buy", float(units[place]), reason, reason_en, None, row["supplier"] or None))
    return lines


def _clears(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Propose to clear what would last for more than half a year, down to three months."""
    lines = []
    daily, available = rows["daily"].to_numpy(float), rows["available"].to_numpy(float)
    dead = (available > 0) & (available > DEAD_DAYS * daily) & (available >= 2)
    for place in np.flatnonzero(dead):
        row = rows.iloc[place]
        excess = float(np.floor(available[place] - KEPT_OF_DEAD * daily[place]))
        money = excess * float(row["unit_cost"])
        lasts = f"够卖 {_say(_left(row))} 天" if daily[place] > 0 else "近 28 天没有销量"
        lasts_en = f"{_say(_left(row))} days of stock" if daily[place] > 0 else "nothing sold in 28 days"
        reason = f"可用 {row['available']:g} 件,{lasts};多出 {excess:g} 件,占用 {money:,.0f} 元 → 清仓、捆绑或退供应商"
        reason_en = f"{row['available']:g} available, {lasts_en}; {excess:g} too many, {money:,.0f} tied up → clear"
        lines.append(_line(row, "clear", excess, reason, reason_en, None, row["supplier"] or None))
    return lines


def _line(
    row: pd.Series,
    kind: str,
    units: float,
    reason: str,
    reason_en: str,
    from_warehouse: str | None,
    supplier: str | None,
) -> dict[str, Any]:
    names = ("available", "incoming", "daily", "order_up_to", "wanted", "protection", "moq", "pack_size")
    numbers = {name: round(float(row[name]), 3) for name in names if not pd.isna(row[name])}
    return {
        "kind": kind, "sku": row["sku"], "warehouse": row["warehouse"], "from_warehouse": from_warehouse,
        "supplier": supplier, "quantity": units, "unit_cost": float(row["unit_cost"]), "days_left": _left(row),
        "abc_xyz": row.get("abc_xyz", ""), "stage": row.get("stage", ""), "numbers": numbers,
        "reason": reason, "reason_en": reason_en,
    }  # fmt: skip


def _place(row: pd.Series) -> str:
    return str(row.get("place_name") or row["warehouse"])


def _left(row: pd.Series) -> float | None:
    return None if pd.isna(row["days_left"]) else round(float(row["days_left"]), 1)


def _say(days: float | None) -> str:
    return "–" if days is None else f"{days:g}"


def _totals(lines: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in ("transfer", "buy", "clear"):
        mine = [line for line in lines if line["kind"] == kind]
        found[kind] = {
            "lines": len(mine),
            "units": sum(line["quantity"] for line in mine),
            "money": round(sum(line["quantity"] * line["unit_cost"] for line in mine), 2),
        }
    return found
