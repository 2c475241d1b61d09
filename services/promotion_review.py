"""大促复盘: what a promotion was planned to sell and what it sold, what was over- and under-stocked, in money, and the lessons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from services import forecast_history, forecast_inputs, promotion_inputs, promotions
from services.forecast_history import Places
from services.refusal import Refused
from services.workspace import Workspace
from store.promotions import PlanState

SHOWN = 50
# A phase is worth a lesson when it went a tenth beside its plan: less is the luck of the days.
LESSON = 0.1
# Stock that lasts longer than this after the end is too much: two usual lead times of the trade.
OVER_DAYS = 30


def review(workspace: Workspace, *, plan: int) -> dict[str, Any]:
    """Return how a promotion went against its plan, as far as its days are over.

    Raises:
        Refused: there is no such plan, or it has not begun.
    """
    state = promotions.state_of(workspace, plan)
    start, end = dt.date.fromisoformat(state.from_day), dt.date.fromisoformat(state.to_day)
    until = min(end, workspace.today() - dt.timedelta(days=1))
    if until < start:
        raise Refused("conflict", "大促还没有开始,开始后再来复盘", "the promotion has not begun: come back when it has")
    with workspace.read() as session:
        known = forecast_history.places(session)
    planned = pq.read_table(workspace.folder("promotions") / f"{plan}.parquet").to_pandas()
    sold = forecast_history.rows(workspace, start, until, {"sku": list(planned["sku"])})
    days = (until - start).days + 1
    actual = forecast_history.daily(sold, start, days)
    items = _items(workspace, planned, sold.to_pandas(), state, until)
    base = _usual(workspace, planned, start)
    by_phase = _phases(state, actual["units"], base, start)
    return {
        "plan": promotions.shown_plan(state), "over": until == end, "until": until.isoformat(),
        "days": [day.isoformat() for day in forecast_inputs.days(start, until)],
        "actual": [round(float(value), 1) for value in actual["units"] + actual["exceptional"]],
        "planned": [round(value, 1) for value in _planned(state, base, start, days)],
        "phases": by_phase, **_money(items), "items": _shown(items, known), "lessons": _lessons(by_phase, items, state),
    }  # fmt: skip


def _usual(workspace: Workspace, planned: pd.DataFrame, start: dt.date) -> float:
    """Return the units of a usual day of these goods: the mean of the eight weeks before, without promotion days."""
    since = start - dt.timedelta(days=56)
    rows = forecast_history.rows(workspace, since, start - dt.timedelta(days=1), {"sku": list(planned["sku"])})
    units = forecast_history.daily(rows, since, 56)["units"]
    with workspace.read() as session:
        busy = {
            day for phase in forecast_inputs.phases(session) for day in forecast_inputs.days(phase.start, phase.end)
        }
    usual = np.array([since + dt.timedelta(days=number) not in busy for number in range(56)])
    return float(units[usual].mean()) if usual.any() else float(units.mean())


def _planned(state: PlanState, base: float, start: dt.date, days: int) -> list[float]:
    """Return the planned units by day: the plan's demand shared out by its multipliers."""
    length = (dt.date.fromisoformat(state.to_day) - start).days + 1
    shape = promotion_inputs.shape(state.plan["phases"], start, length)
    total = float(state.result.get("demand", base * shape.sum()))
    found: list[float] = (total * shape / max(float(shape.sum()), 1e-9))[:days].tolist()
    return found


def _phases(
    state: PlanState, units: np.ndarray[Any, np.dtype[np.float64]], base: float, start: dt.date
) -> list[dict[str, Any]]:
    planned = _planned(state, base, start, len(units))
    found = []
    for part in state.plan["phases"]:
        first = (dt.date.fromisoformat(part["from"]) - start).days
        last = min((dt.date.fromisoformat(part["to"]) - start).days + 1, len(units))
        if last <= first:
            continue
        actual, plan, days = float(units[first:last].sum()), float(sum(planned[first:last])), last - first
        times = actual / max(base * days, 1e-9)
        found.append(
            {**part, "days": days, "planned": round(plan, 1), "actual": round(actual, 1), "seen": round(times, 2)}
        )
    return found


def _items(
    workspace: Workspace, planned: pd.DataFrame, sold: pd.DataFrame, state: PlanState, until: dt.date
) -> pd.DataFrame:
    """Return a row a SKU: plan, actual, stock left, days without stock, and what each miss cost."""
    rows = planned.set_index("sku")
    if len(sold):
        by = sold.assign(quantity=sold["quantity"].astype(float)).groupby("sku")
        rows["actual"] = by["quantity"].sum()
        if "in_stock" in sold.columns:
            gone = sold[~sold["in_stock"].fillna(value=True).astype(bool)]
            rows["out_days"] = gone.groupby("sku")["date"].nunique()
    for name in ("actual", "out_days"):
        rows[name] = rows[name].fillna(0.0) if name in rows else 0.0
    rows["left"] = _left(workspace, until).reindex(rows.index).fillna(0.0)
    days = max((until - dt.date.fromisoformat(state.from_day)).days + 1, 1)
    start, end = dt.date.fromisoformat(state.from_day), dt.date.fromisoformat(state.to_day)
    shape = promotion_inputs.shape(state.plan["phases"], start, (end - start).days + 1)
    daily = rows["demand"] / max(float(shape.sum()), 1e-9)
    # Demand that met no shelf: the plan's daily demand on the days without stock.
    rows["missed"] = np.minimum(rows["out_days"] * rows["demand"] / days, np.maximum(rows["demand"], rows["actual"]))
    rows["missed_money"] = rows["missed"] * np.maximum(
        rows["price"] * (1 - state.plan["discount"]) - rows["unit_cost"], 0.0
    )
    rows["over"] = np.maximum(rows["left"] - OVER_DAYS * daily, 0.0)
    rows["over_money"] = rows["over"] * rows["unit_cost"]
    return rows


def _left(workspace: Workspace, day: dt.date) -> pd.Series[float]:
    facts = workspace.facts("stock_snapshot")
    if "on_hand" not in facts.schema().names:
        return pd.Series(dtype=float)
    frame = facts.read(columns=["sku", "date", "on_hand"], since=day, until=day).to_pandas()
    left: pd.Series[float] = frame.assign(on_hand=frame["on_hand"].astype(float)).groupby("sku")["on_hand"].sum()
    return left


def _money(items: pd.DataFrame) -> dict[str, Any]:
    actual, demand = float(items["actual"].sum()), float(items["demand"].sum())
    error = float((items["actual"] - items["demand"]).abs().sum())
    return {
        "figures": {
            "planned": round(demand, 1), "actual": round(actual, 1), "ratio": round(actual / demand, 3) if demand else None,
            "wape": round(error / actual, 3) if actual else None, "short_items": int((items["out_days"] > 0).sum()),
            "missed": round(float(items["missed"].sum()), 1), "missed_money": round(float(items["missed_money"].sum()), 2),
            "over_items": int((items["over"] > 0).sum()), "over": round(float(items["over"].sum()), 1),
            "over_money": round(float(items["over_money"].sum()), 2), "left": round(float(items["left"].sum()), 1),
        }
    }  # fmt: skip


def _shown(items: pd.DataFrame, known: Places) -> dict[str, list[dict[str, Any]]]:
    def rows(by: str) -> list[dict[str, Any]]:
        chosen = items[items[by] > 0].sort_values(by, ascending=False, kind="stable").head(SHOWN)
        return [
            {"sku": str(sku), "name": known.name("sku", str(sku)),
             **{name: round(float(row[name]), 2) for name in ("demand", "actual", "buy", "left", "out_days", "missed", "missed_money", "over", "over_money")}}
            for sku, row in chosen.iterrows()
        ]  # fmt: skip

    return {"short": rows("missed_money"), "over": rows("over_money")}


def _lessons(phases: list[dict[str, Any]], items: pd.DataFrame, state: PlanState) -> list[dict[str, Any]]:
    """Return what to do otherwise next time, as changes of parameters with their reason."""
    found: list[dict[str, Any]] = []
    for part in phases:
        ratio = part["actual"] / max(part["planned"], 1e-9)
        if abs(ratio - 1) > LESSON:
            proposed = round(part["multiplier"] * ratio, 2)
            way, way_en = ("高于", "above") if ratio > 1 else ("低于", "below")
            found.append({
                "parameter": "multiplier", "phase": part["name"], "from": part["multiplier"], "to": proposed,
                "reason": f"{part['name']}实际{way}计划 {abs(ratio - 1):.0%}({part['actual']:g} 对 {part['planned']:g} 件)",
                "reason_en": f"{part['name']} sold {abs(ratio - 1):.0%} {way_en} plan ({part['actual']:g} against {part['planned']:g})",
            })  # fmt: skip
    missed, over = float(items["missed_money"].sum()), float(items["over_money"].sum())
    if missed or over:
        # What was missed against what lies too much, in money, is the ratio of the costs that the buy should have used.
        salvage = float(state.plan["salvage"])
        moved = float(np.clip(salvage + 0.1 * (1 if missed > over else -1), 0.2, 0.95))
        short = missed > over
        zh = ("断货少赚的", "多备压住的") if short else ("多备压住的", "断货少赚的")
        en = ("lost margin", "money tied up") if short else ("money tied up", "lost margin")
        most, least = max(missed, over), min(missed, over)
        found.append({
            "parameter": "salvage", "phase": None, "from": salvage, "to": round(moved, 2),
            "reason": f"{zh[0]} ¥{most:,.0f} 大于{zh[1]} ¥{least:,.0f},下次{'多' if short else '少'}备一些",
            "reason_en": f"{en[0]} ¥{most:,.0f} exceeds {en[1]} ¥{least:,.0f}: buy {'more' if short else 'less'} next time",
        })  # fmt: skip
    return found


def adopt(workspace: Workspace, *, plan: int, user: str) -> dict[str, Any]:
    """Plan the same promotion a year on, with what this one taught; return the new plan.

    Raises:
        Refused: there is no such plan, or nothing to learn from it yet.
    """
    found = review(workspace, plan=plan)
    state = promotions.state_of(workspace, plan)
    lessons = {(one["parameter"], one["phase"]): one["to"] for one in found["lessons"]}
    phases = [
        {"name": part["name"], "from": _next_year(part["from"]), "to": _next_year(part["to"]),
         "multiplier": lessons.get(("multiplier", part["name"]), part["multiplier"])}
        for part in state.plan["phases"]
    ]  # fmt: skip
    year = dt.date.fromisoformat(state.from_day).year
    name = state.name.replace(str(year), str(year + 1)) if str(year) in state.name else f"{state.name} {year + 1}"
    values: Mapping[str, Any] = {
        "name": name, "where": state.plan["where"], "phases": phases, "discount": state.plan["discount"],
        "salvage": lessons.get(("salvage", None), state.plan["salvage"]), "goodwill": state.plan["goodwill"],
        "scenarios": [{"name": "复盘后", "discount": state.plan["discount"]}], "chosen": 0,
    }  # fmt: skip
    return promotions.save(workspace, values=values, user=user)


def _next_year(day: str) -> str:
    found = dt.date.fromisoformat(day)
    try:
        return found.replace(year=found.year + 1).isoformat()
    except ValueError:  # 29 February
        return (found + dt.timedelta(days=365)).isoformat()
