"""What the simulator and the review read: the goods of a promotion with their usual days, stock, cost and price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.forecasting import archive
from engine.forecasting.promotion import Phase, curve
from engine.forecasting.simulated_group import Goods
from engine.forecasting.simulator import DISCOUNTS, ELASTICITY, FEATURED, PLAIN, TRAFFIC
from engine.problems import DefinitionError, Problem
from services import forecast_history, forecast_inputs, forecast_store
from services.forecast_history import Places
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions, forecasts, records
from store.database import Session
from store.forecasts import RunState

LONGEST = 120
MOST_PHASES = 20


@dataclass(frozen=True, slots=True)
class Window:
    """The goods of a promotion over its days.

    Attributes:
        codes: (N,) SKUs.
        goods: their numbers.
        days: how many of the days lie beyond the forecast and are carried on at its last level.
        known: names and the like.
        run: the forecast behind it.
    """

    codes: list[str]
    goods: Goods
    beyond: int
    known: Places
    run: RunState


def phases_of(values: Any, path: str = "$.phases") -> list[dict[str, Any]]:
    """Return the phases of a plan, checked: name, from, to, multiplier.

    Raises:
        DefinitionError: all that is wrong with them.
    """
    problems: list[Problem] = []
    found = []
    for number, part in enumerate(list(values or [])[:MOST_PHASES]):
        try:
            start, end = (dt.date.fromisoformat(str(part[name])[:10]) for name in ("from", "to"))
            times = float(part["multiplier"])
        except (KeyError, OverflowError, TypeError, ValueError):
            problems.append(
                Problem(
                    f"{path}[{number}]",
                    "阶段要有 from、to 和倍数 multiplier",
                    "",
                    "a phase needs from, to and multiplier",
                )
            )
            continue
        if end < start or not 0 < times <= 100:
            problems.append(
                Problem(
                    f"{path}[{number}]",
                    "日期先后有序,倍数在 0 与 100 之间",
                    "",
                    "days in order, a multiplier between 0 and 100",
                )
            )
        found.append(
            {"name": str(part.get("name", "")), "from": start.isoformat(), "to": end.isoformat(), "multiplier": times}
        )
    if not found:
        problems.append(Problem(path, "至少要有一个阶段", "", "there must be a phase"))
    if problems:
        raise DefinitionError(problems)
    return sorted(found, key=lambda part: str(part["from"]))


def span_of(phases: list[dict[str, Any]]) -> tuple[dt.date, dt.date]:
    """Return the first and last day of *phases*.

    Raises:
        DefinitionError: they are too far apart.
    """
    start = min(dt.date.fromisoformat(part["from"]) for part in phases)
    end = max(dt.date.fromisoformat(part["to"]) for part in phases)
    if (end - start).days >= LONGEST:
        raise DefinitionError(
            [Problem("$.phases", f"一次大促最长 {LONGEST} 天", "", f"a promotion lasts {LONGEST} days at most")]
        )
    return start, end


def shape(phases: list[dict[str, Any]], start: dt.date, days: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the multiplier of each day from *start*, the dip afterwards included."""
    parts = [
        Phase(part["name"], dt.date.fromisoformat(part["from"]), dt.date.fromisoformat(part["to"]), part["multiplier"])
        for part in phases
    ]
    return curve(parts, start, days)


def sliders(scenario: Mapping[str, Any], planned_discount: float) -> float:
    """Return what the sliders make of a plan whose multipliers were meant at *planned_discount*: discount, traffic, price, feature."""
    discount = float(scenario.get("discount", planned_discount))

    def lift(depth: float) -> float:
        table = FEATURED if scenario.get("featured") else PLAIN
        found: float = np.interp(depth, DISCOUNTS, table).item()
        return found

    by_discount = lift(discount) / float(np.interp(planned_discount, DISCOUNTS, PLAIN))
    traffic, price = float(scenario.get("traffic", 1.0)), float(scenario.get("price", 1.0))
    moved: float = by_discount * traffic**TRAFFIC * price**ELASTICITY
    return moved


def window(workspace: Workspace, where: Mapping[str, Any], start: dt.date, end: dt.date) -> Window:
    """Return the goods of *where* over the days *start* … *end*, as the newest forecast sees their usual days.

    Raises:
        Refused: there is no forecast, or no such goods.
    """
    with workspace.read() as session:
        run = forecasts.newest(session)
        known = forecast_history.places(session)
        stock = available(workspace, session, dt.date.fromisoformat(run.day) if run else workspace.today())
    folder = forecast_store.folder_of(workspace, run.id) if run else None
    if run is None or folder is None or not folder.is_dir():
        raise Refused("not_found", "还没有预测,先运行一次", "there is no forecast yet: run one first")
    wanted = forecast_inputs.chosen_skus(known.items, where) if where else None
    rows = archive.days(folder, where={"sku": wanted} if wanted is not None else None, by=("sku",))
    if rows.empty:
        raise Refused("not_found", "预测里没有这些商品", "the forecast knows none of these items")
    codes, base, beyond = usual_days(rows, dt.date.fromisoformat(run.day), run.horizon, start, end)
    ratios = _ratios(folder, codes, (end - start).days + 1, run.horizon)
    items = known.items.drop_duplicates("code").set_index(known.items["code"].astype(str))
    cost = _column(items, codes, "unit_cost")
    price = _column(items, codes, "price")
    # Where a price is missing the usual margin of the shop stands in; where both are, a unit of money.
    cost = np.where(np.isnan(cost), np.where(np.isnan(price), 1.0, 0.5 * price), cost)
    price = np.where(np.isnan(price), 2 * cost, price)
    # What sells before the promotion is gone when it begins; orders that nobody placed yet are not counted.
    sold_before = _before(rows, codes, dt.date.fromisoformat(run.day), run.horizon, start)
    held = np.maximum(np.array([stock.get(code, 0.0) for code in codes]) - sold_before, 0.0)
    return Window(codes, Goods(base, LEVELS, ratios, held, cost, price), beyond, known, run)


LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98)


def usual_days(
    rows: pd.DataFrame, day: dt.date, horizon: int, start: dt.date, end: dt.date
) -> tuple[list[str], np.ndarray[Any, np.dtype[np.float64]], int]:
    """Return SKUs, their usual units on *start* … *end*, and how many of the days the forecast does not reach.

    Days beyond repeat the last four weeks of the forecast by weekday.
    """
    wide = rows.pivot_table(index="sku", columns="ds", values="model", aggfunc="sum", fill_value=0.0)
    grid = wide.to_numpy(dtype=np.float64)
    days = (end - start).days + 1
    place = np.array([(start - day).days + number for number in range(days)])
    beyond = int((place >= horizon).sum())
    last = grid.shape[1]
    folded = np.where(place >= last, last - 28 + (place - last) % 28, np.where(place < 0, place % 28, place))
    return [str(code) for code in wide.index], grid[:, np.clip(folded, 0, last - 1)], beyond


def _before(
    rows: pd.DataFrame, codes: list[str], day: dt.date, horizon: int, start: dt.date
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return what each SKU is forecast to sell from *day* until *start*; beyond the forecast its mean day goes on."""
    wide = rows.pivot_table(index="sku", columns="ds", values="person", aggfunc="sum", fill_value=0.0).reindex(codes)
    grid = wide.to_numpy(dtype=np.float64)
    days = max((start - day).days, 0)
    inside = grid[:, : min(days, horizon)].sum(axis=1)
    found: np.ndarray[Any, np.dtype[np.float64]] = inside + max(days - horizon, 0) * grid.mean(axis=1)
    return found


def _ratios(folder: Any, codes: list[str], days: int, horizon: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return quantile ÷ mean of each SKU's total: those of its series, weighted by what they sell."""
    length = min(max(days, 7), horizon)
    frame = archive.totals(folder, length, LEVELS, where={"sku": codes})
    names = [f"q{level:g}" for level in LEVELS]
    sums = frame.groupby("sku")[["mean", *names]].sum().reindex(codes).fillna(0.0)
    mean = sums["mean"].to_numpy(dtype=np.float64)
    found = sums[names].to_numpy(dtype=np.float64) / np.maximum(mean, 1e-9)[:, None]
    flat = np.array([0.0, 0.4, 0.9, 1.4, 2.2, 3.0, 4.0])
    return np.where(mean[:, None] > 0, found, flat[None, :])


def available(workspace: Workspace, session: Session, day: dt.date) -> dict[str, float]:
    """Return what is available of each SKU over all warehouses: on hand + in transit − reserved; on a past *day* as it closed."""
    if day < workspace.today():
        facts = workspace.facts("stock_snapshot")
        there = [name for name in ("sku", "on_hand", "in_transit", "reserved") if name in facts.schema().names]
        before = day - dt.timedelta(days=1)
        frame = facts.read(columns=there, since=before, until=before).to_pandas() if "sku" in there else pd.DataFrame()
    elif definitions.get(session, "form", "stock") is not None:
        frame = records.arrow(session, "stock").to_pandas()
    else:
        return {}
    if frame.empty:
        return {}
    units = pd.Series(0.0, index=frame.index)
    for name, sign in (("on_hand", 1), ("in_transit", 1), ("reserved", -1)):
        if name in frame:
            units += sign * pd.to_numeric(frame[name].astype(float), errors="coerce").fillna(0.0)
    return {str(code): float(total) for code, total in units.groupby(frame["sku"]).sum().items()}


def _column(items: pd.DataFrame, codes: list[str], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return (
        items[name].reindex(codes).to_numpy(dtype=np.float64) if name in items.columns else np.full(len(codes), np.nan)
    )
