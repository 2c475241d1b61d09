"""Promotions: the calendar of all of them, the simulator's scenarios, plans that are kept and enter the forecast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine.forecasting.simulated_group import Outcome, Terms, simulate_group
from services import forecast, forecast_inputs, promotion_inputs
from services.audit import Entry
from services.audit import add as note
from services.promotion_inputs import Window
from services.refusal import not_found
from services.workspace import Workspace
from store import forecasts, promotions
from store.promotions import PlanState
from store.types import iso

SHOWN_ITEMS = 200
STANDARD_DISCOUNT = 0.15


def calendar(workspace: Workspace) -> dict[str, Any]:
    """Return every promotion, of calendars and of plans: name, days, phases, where it stands, its plan if it has one."""
    today = workspace.today()
    with workspace.read() as session:
        phases = forecast_inputs.phases(session)
        plans = {plan.id: plan for plan in promotions.every(session)}
        run = forecasts.newest(session)
    events: list[dict[str, Any]] = []
    for phase in phases:
        last = next((one for one in events if _belongs(one, phase)), None)
        part = {
            "name": phase.name,
            "from": phase.start.isoformat(),
            "to": phase.end.isoformat(),
            "multiplier": phase.multiplier,
        }
        if last is None:
            events.append({"name": phase.event, "from": part["from"], "to": part["to"], "source": phase.source,
                           "plan": phase.plan, "phases": [part]})  # fmt: skip
        else:
            last["phases"].append(part)
            last["to"] = max(last["to"], part["to"])
    for event in events:
        event["state"] = (
            "over" if event["to"] < today.isoformat() else "coming" if event["from"] > today.isoformat() else "on"
        )
        event["title"] = plans[event["plan"]].name if event["plan"] in plans else f"{event['name']} {event['from'][:4]}"
    learned = [one for one in (run.result.get("uplifts", []) if run else []) if "|" in str(one["label"])]
    return {"today": today.isoformat(), "events": events, "learned": learned, "discount": STANDARD_DISCOUNT}


def _belongs(event: Mapping[str, Any], phase: forecast_inputs.Phase) -> bool:
    """Say whether a phase follows the others of an event (one year's 双11 is not the next one's)."""
    gap = (phase.start - dt.date.fromisoformat(event["to"])).days
    return bool(event["name"] == phase.event and event["plan"] == phase.plan and gap <= 7)


def simulate(workspace: Workspace, *, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each scenario of a promotion leads to.

    Args:
        workspace: where.
        values: `where` ({} = all, {"category": […]}, {"sku": […]}), `phases` (name, from, to, multiplier), `discount` (at
            which the multipliers are meant), `salvage` and `goodwill` (shares), `scenarios` (name, discount, traffic,
            price, featured, and phases of its own).

    Raises:
        DefinitionError: the phases are wrong.
        Refused: there is no forecast yet, or no such goods.
    """
    phases = promotion_inputs.phases_of(values.get("phases"))
    start, end = promotion_inputs.span_of(phases)
    seen = promotion_inputs.window(workspace, values.get("where") or {}, start, end)
    days = [day.isoformat() for day in forecast_inputs.days(start, end)]
    scenarios = []
    for number, scenario in enumerate(values.get("scenarios") or [{"name": "基准"}]):
        own = (
            promotion_inputs.phases_of(scenario["phases"], f"$.scenarios[{number}].phases")
            if scenario.get("phases")
            else phases
        )
        outcome = _outcome(seen, own, scenario, values, start, len(days))
        scenarios.append(_shown(seen, outcome, scenario, days))
    return {
        "from": start.isoformat(), "to": end.isoformat(), "days": days, "items": len(seen.codes), "beyond": seen.beyond,
        "run": {"id": seen.run.id, "day": seen.run.day}, "usual": _rounded(seen.goods.base.sum(axis=0)), "scenarios": scenarios,
    }  # fmt: skip


def _outcome(
    seen: Window,
    phases: list[dict[str, Any]],
    scenario: Mapping[str, Any],
    values: Mapping[str, Any],
    start: dt.date,
    days: int,
) -> Outcome:
    planned = float(values.get("discount", STANDARD_DISCOUNT))
    multiplier = promotion_inputs.shape(phases, start, days) * promotion_inputs.sliders(scenario, planned)
    terms = Terms(
        discount=float(scenario.get("discount", planned)),
        salvage=float(values.get("salvage", 0.7)),
        goodwill=float(values.get("goodwill", 0.0)),
        price=float(scenario.get("price", 1.0)),
    )
    return simulate_group(seen.goods, multiplier, terms)


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 1) for value in values]


def _shown(seen: Window, outcome: Outcome, scenario: Mapping[str, Any], days: list[str]) -> dict[str, Any]:
    order = np.argsort(-outcome.buy * seen.goods.unit_cost, kind="stable")[:SHOWN_ITEMS]
    short = float((outcome.risk * outcome.demand).sum() / max(outcome.demand.sum(), 1e-9))
    after = float((outcome.risk_after * outcome.demand).sum() / max(outcome.demand.sum(), 1e-9))
    return {
        "name": str(scenario.get("name") or ""), "settings": dict(scenario), "mean": _rounded(outcome.mean),
        "low": _rounded(outcome.low), "high": _rounded(outcome.high), "stock": _rounded(outcome.stock),
        "stock_after": _rounded(outcome.after), "demand": round(float(outcome.demand.sum()), 1),
        "buy": int(outcome.buy.sum()), "buy_items": int((outcome.buy > 0).sum()), "cash": round(outcome.cash, 2),
        "revenue": round(outcome.revenue, 2), "profit": round(outcome.profit, 2),
        "profit_without": round(outcome.profit_without, 2), "lost": round(outcome.lost, 1), "risk": round(short, 4),
        "risk_after": round(after, 4), "short_items": int((outcome.risk > 0.5).sum()), "days": len(days),
        "items": [
            {"sku": seen.codes[row], "name": seen.known.name("sku", seen.codes[row]), "demand": round(float(outcome.demand[row]), 1),
             "high": round(float(outcome.high_demand[row]), 1), "stock": round(float(seen.goods.stock[row]), 1),
             "buy": int(outcome.buy[row]), "cost": round(float(outcome.buy[row] * seen.goods.unit_cost[row]), 2),
             "risk": round(float(outcome.risk[row]), 3), "risk_after": round(float(outcome.risk_after[row]), 3),
             "ratio": round(float(outcome.ratio[row]), 3)}
            for row in map(int, order)
        ],
    }  # fmt: skip


def save(workspace: Workspace, *, values: Mapping[str, Any], user: str) -> dict[str, Any]:
    """Keep a promotion as planned: the chosen scenario's numbers by SKU, and its phases for the forecast.

    Args:
        workspace: where.
        values: as for `simulate`, with `name` and `chosen` (number of the scenario).
        user: who plans it.
    """
    chosen = int(values.get("chosen", 0))
    scenarios = list(values.get("scenarios") or [{"name": "基准"}])
    scenario = scenarios[min(chosen, len(scenarios) - 1)]
    phases = promotion_inputs.phases_of(scenario.get("phases") or values.get("phases"))
    start, end = promotion_inputs.span_of(phases)
    seen = promotion_inputs.window(workspace, values.get("where") or {}, start, end)
    outcome = _outcome(seen, phases, scenario, values, start, (end - start).days + 1)
    lift = promotion_inputs.sliders(scenario, float(values.get("discount", STANDARD_DISCOUNT)))
    plan = {
        "where": dict(values.get("where") or {}), "discount": float(scenario.get("discount", values.get("discount", STANDARD_DISCOUNT))),
        "salvage": float(values.get("salvage", 0.7)), "goodwill": float(values.get("goodwill", 0.0)),
        # What the sliders do is part of the plan: the forecast reads multipliers only.
        "phases": [{**part, "multiplier": round(part["multiplier"] * lift, 3)} for part in phases],
        "scenarios": scenarios, "chosen": chosen, "base_phases": phases, "channels": list(values.get("channels") or []),
    }  # fmt: skip
    shown = _shown(seen, outcome, scenario, [])
    result = {
        name: shown[name]
        for name in ("demand", "buy", "buy_items", "cash", "revenue", "profit", "risk", "risk_after", "lost")
    }
    with workspace.write() as session:
        now = workspace.clock()
        state = promotions.add(
            session, name=str(values["name"]).strip(), from_day=start.isoformat(), to_day=end.isoformat(), plan=plan,
            result=result, author=user, created_at=now, updated_at=now,
        )  # fmt: skip
        words = (
            f"计划大促 {state.name} {state.from_day}~{state.to_day}:需求 {result['demand']:g},建议采购 {result['buy']}"
        )
        note(
            session,
            Entry(
                at=now,
                actor=user,
                action="promotion.plan",
                kind="promotion",
                key=str(state.id),
                summary=words,
                summary_en=f"planned the promotion {state.name} {state.from_day}~{state.to_day}: demand {result['demand']:g}, buy {result['buy']}",
            ),
        )
    _write_items(workspace, state.id, seen, outcome)
    forecast.start(workspace, trigger="promotion", user=user)
    return shown_plan(state)


def _write_items(workspace: Workspace, plan: int, seen: Window, outcome: Outcome) -> None:
    """Keep what was planned for each SKU: the review compares it with what came."""
    table = pa.table(
        {"sku": seen.codes, "demand": outcome.demand, "high": outcome.high_demand, "stock": seen.goods.stock, "buy": outcome.buy,
         "unit_cost": seen.goods.unit_cost, "price": seen.goods.price, "ratio": outcome.ratio}
    )  # fmt: skip
    pq.write_table(table, workspace.folder("promotions") / f"{plan}.parquet", compression="zstd")


def get(workspace: Workspace, *, plan: int) -> dict[str, Any]:
    """Return one plan.

    Raises:
        Refused: there is none.
    """
    return shown_plan(state_of(workspace, plan))


def state_of(workspace: Workspace, plan: int) -> PlanState:
    """Return one plan as it is kept.

    Raises:
        Refused: there is none.
    """
    with workspace.read() as session:
        state = promotions.get(session, plan)
    if state is None or state.state == "archived":
        raise not_found("大促计划", "promotion plan", plan)
    return state


def archive(workspace: Workspace, *, plan: int, user: str) -> dict[str, Any]:
    """Put a plan away: the forecast no longer heeds it.

    Raises:
        Refused: there is none.
    """
    state = state_of(workspace, plan)
    with workspace.write() as session:
        now = workspace.clock()
        promotions.change(session, plan, state="archived", updated_at=now)
        note(
            session,
            Entry(
                at=now,
                actor=user,
                action="promotion.archive",
                kind="promotion",
                key=str(plan),
                summary=f"归档大促计划 {state.name}",
                summary_en=f"archived the promotion plan {state.name}",
            ),
        )
    return shown_plan(state) | {"state": "archived"}


def shown_plan(state: PlanState) -> dict[str, Any]:
    """Return a plan as the API shows it."""
    return {
        "id": state.id, "name": state.name, "from": state.from_day, "to": state.to_day, "plan": state.plan, "result": state.result,
        "state": state.state, "author": state.author, "created_at": iso(state.created_at),
    }  # fmt: skip
