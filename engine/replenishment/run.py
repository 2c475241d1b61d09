"""Plan replenishment: from demand, stock and a policy to whole orders, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from engine.forecasting.panel import Floats, align
from engine.forecasting.run import evaluation_day
from engine.forecasting.source import Relation, Source, connect, part_of, quoted, read
from engine.problems import DefinitionError, Problem
from engine.replenishment.lots import orderable, within
from engine.replenishment.outlook import SalesOutlook, places
from engine.replenishment.policy import Decision, read_policy
from engine.replenishment.ready import ForecastOutlook
from engine.replenishment.sentences import sentences
from engine.replenishment.situation import Outlook, Situation
from engine.replenishment.stock import Stock, read_arrivals, read_stock

# A stock row without lead time and a policy without one: a week, the usual domestic supplier.
DEFAULT_LEAD_DAYS = 7


def plan(
    demand: Source,
    stock: Source,
    policy: Mapping[str, Any],
    *,
    now: date | str | None = None,
    in_transit: Source | None = None,
    future: Source | None = None,
    mapping: Mapping[str, str] | None = None,
    keys: Sequence[str] | None = None,
    challenge: bool = True,
) -> pd.DataFrame:
    """Return what to order, series by series.

    An order placed as of D arrives before the demand of period D + lead time.

    Args:
        demand: sales (keys, `date`, `quantity`, optionally `in_stock`, `exceptional`) as frame, Arrow table or path; or a
            forecast (keys, `ds`, `mean`, `q…`).
        stock: keys, `on_hand`, optionally `reserved`, `in_transit` (units on the way of unknown date), `lead_time`
            (periods) or `lead_time_days`, `moq`, `pack_size`, `unit_cost`.
        policy: a policy definition, for example `{"type": "rs", "lead_time": 7, "service_level": 0.95}`.
        now: D; nothing of D or later is read from the sales. Default: the day after the last row.
        in_transit: keys, `arrives` (date), `quantity`.
        future: planned promotions, as for `forecast`.
        mapping: our column -> theirs, for every table that has it.
        keys: key columns of the demand, when they are not the usual ones.
        challenge: let the global model compete in the forecast.

    Returns:
        Key columns as text, `order_quantity` (whole units), `reorder_point`, `order_up_to` (missing where the policy has
        none), `available`, `incoming`, `reason`, `reason_en`.

    Raises:
        DefinitionError: the policy or a table cannot be used; with all problems.
    """
    kind, settings = read_policy(policy)
    con = connect()
    sales = read(con, demand, "sales", mapping=_of(mapping, demand, con), keys=keys)
    start = _start(con, sales, demand, now, settings["period"], mapping)
    held = _union(read_stock(con, stock, sales.keys, mapping), con, sales)
    outlook = _outlook(con, demand, sales, start, settings, held, mapping, future, challenge=challenge)
    situation = _situation(con, held, settings, outlook, in_transit, start, mapping)
    decision = kind.decide(settings, situation)
    return _answer(con, decision, situation, _orders(decision, situation, held, settings))


def _of(mapping: Mapping[str, str] | None, source: Source, con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    found = part_of(mapping, con, source)
    missing = {ours: theirs for ours, theirs in (mapping or {}).items() if ours in {"quantity", "date"}}
    return {**found, **missing}


def _start(
    con: duckdb.DuckDBPyConnection,
    sales: Relation,
    demand: Source,
    now: date | str | None,
    period: str,
    mapping: Mapping[str, str] | None,
) -> date:
    if "mean" in sales.columns and "quantity" not in sales.columns:
        return date.fromisoformat(now) if isinstance(now, str) else now or date.min
    day = evaluation_day(demand, now, mapping)
    return align(con, sales, day, period)[0]


def _union(stock: Stock, con: duckdb.DuckDBPyConnection, sales: Relation) -> Stock:
    """Return the stock with a row for every series that sells: no row means nothing in stock."""
    names = ", ".join(map(quoted, stock.keys.columns))
    sold = con.sql(f"SELECT DISTINCT {names} FROM ({sales.sql}) ORDER BY {names}").df().astype(object).dropna()
    extra = sold[places(stock.keys, sold) < 0] if len(stock.keys) else sold
    if not len(extra):
        return stock
    rows = pd.concat([stock.keys, extra], ignore_index=True)
    fill = {name: 0.0 if name in {"on_hand", "reserved"} else np.nan for name in stock.numbers}
    numbers = {name: np.concatenate([part, np.full(len(extra), fill[name])]) for name, part in stock.numbers.items()}
    return Stock(rows, numbers)


def _outlook(
    con: duckdb.DuckDBPyConnection,
    demand: Source,
    sales: Relation,
    start: date,
    settings: Mapping[str, Any],
    held: Stock,
    mapping: Mapping[str, str] | None,
    future: Source | None,
    *,
    challenge: bool,
) -> Outlook:
    if "mean" in sales.columns and "quantity" not in sales.columns:
        return ForecastOutlook.read(con, sales, held.keys)
    missing = [name for name in ("date", "quantity") if name not in sales.columns]
    if missing:
        text, text_en = f"销量缺少列 {'、'.join(missing)}", f"the sales lack {', '.join(missing)}"
        raise DefinitionError([Problem("$.sales", text, "用 --map 指明", text_en, "say which by --map")])
    keys = list(held.keys.columns)
    return SalesOutlook(
        demand, start, settings["period"], held.keys, _of(mapping, demand, con), keys, future, challenge
    )


def _situation(
    con: duckdb.DuckDBPyConnection,
    held: Stock,
    settings: Mapping[str, Any],
    outlook: Outlook,
    in_transit: Source | None,
    start: date,
    mapping: Mapping[str, str] | None,
) -> Situation:
    days = 7 if settings["period"] == "week" else 1
    default = settings.get("lead_time", max(round(DEFAULT_LEAD_DAYS / days), 1))
    lead = np.ceil(held.get("lead_time_days", default * days) / days - 1e-9)
    lead = np.where(np.isnan(held.get("lead_time", np.nan)), lead, held.get("lead_time", np.nan)).astype(np.int64)
    review = np.full(len(lead), int(settings["review"]))
    span = int((lead + review).max(initial=1))
    arrivals, later = read_arrivals(con, in_transit, held.keys, start, days, span, mapping)
    if in_transit is None:
        later = held.get("in_transit", 0.0) + held.get("on_order", 0.0)
    cost = held.get("unit_cost", float(settings.get("unit_cost", np.nan)))
    return Situation(
        held.keys, held.get("on_hand", 0.0), held.get("reserved", 0.0), arrivals, later, lead, review, cost, outlook,
        settings["period"],
    )  # fmt: skip


def _orders(decision: Decision, now: Situation, held: Stock, settings: Mapping[str, Any]) -> Floats:
    moq = held.get("moq", float(settings.get("moq", 0)))
    pack = held.get("pack_size", float(settings.get("pack_size", 1)))
    orders = orderable(decision.wanted, moq, pack)
    limits = [(settings.get("capacity"), np.ones(len(orders))), (settings.get("budget"), now.unit_cost)]
    if limits[1][0] is not None and np.isnan(now.unit_cost[orders > 0]).any():
        text, text_en = "有预算就要有单位成本", "a budget needs unit costs"
        hint, hint_en = "在库存表或策略里给 unit_cost", "give unit_cost in the stock table or the policy"
        raise DefinitionError([Problem("$.budget", text, hint, text_en, hint_en)])
    cover = (now.position + 1e-9) / np.maximum(decision.wanted + now.position, 1e-9)
    for limit, weight in limits:
        orders = within(orders, np.nan_to_num(weight), limit, cover, moq, np.maximum(pack, 1.0))
    return orders


def _answer(con: duckdb.DuckDBPyConnection, decision: Decision, now: Situation, orders: Floats) -> pd.DataFrame:
    terms: dict[str, Floats] = {
        "available": now.available,
        "incoming": now.incoming,
        "position": now.position,
        "lead_time": now.lead_time.astype(np.float64),
        "review": now.review.astype(np.float64),
        "protection": now.protection.astype(np.float64),
        "order": orders,
        **decision.terms,
    }
    levels = {"reorder_point": decision.reorder_point, "order_up_to": decision.order_up_to}
    terms |= {name: values for name, values in levels.items() if values is not None}
    frame = now.keys.reset_index(drop=True).copy()
    frame["order_quantity"] = orders.astype(np.int64)
    for name, values in levels.items():
        frame[name] = np.full(len(orders), np.nan) if values is None else values
    frame["available"], frame["incoming"] = now.available, now.incoming
    templates = {
        "reason": decision.sentence + " → 订 {order}",
        "reason_en": decision.sentence_en + " → order {order}",
    }
    told = sentences(con, templates, terms).to_pandas()
    frame["reason"], frame["reason_en"] = told["reason"], told["reason_en"]
    return frame
