"""What a forecast reads of the workspace: sales, the planned promotions by day, what is known about items and people's words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from engine.forecasting import Override
from services.snapshot import published
from services.workspace import Workspace
from store import definitions, forecasts, promotions, records
from store.database import Session
from store.forecasts import ItemState, OverrideState
from store.promotions import PlanState

DEFINITION = "default"
HORIZON = 56
KEYS = ("sku", "warehouse")
# Four years of sales are what a forecast can use.
YEARS = dt.timedelta(days=4 * 366)
_YEAR = re.compile(r"(19|20)\d\d\s*年?\s*")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one run reads.

    Attributes:
        day: the evaluation day D.
        horizon: days.
        keys: what a series is.
        items: one row a SKU: code, name, category, price, stage, launched_on.
        regions: warehouse -> region.
        events: promotions by day (date, promotion, phase, discount, multiplier and keys), or None.
        overrides: what people said, in order.
        notes: what people know about single items.
    """

    day: dt.date
    horizon: int
    keys: tuple[str, ...]
    items: pd.DataFrame
    regions: dict[str, str]
    events: pd.DataFrame | None
    overrides: list[Override]
    notes: list[ItemState]


def read(workspace: Workspace, day: dt.date, horizon: int | None = None) -> Inputs:
    """Return what a forecast of *day* reads, the sales aside."""
    names = set(workspace.facts("sales").schema().names)
    with workspace.read() as session:
        said = published(session, "forecast").get(DEFINITION, {})
        keys = tuple(key for key in said.get("keys", KEYS) if key in names)
        items, regions = items_of(session), regions_of(session)
        span = horizon or int(said.get("horizon", HORIZON))
        events = events_of(session, items, day, span, keys)
        people = [override_of(one) for one in forecasts.overrides(session, live=True)]
        notes = forecasts.items(session)
    return Inputs(day, span, keys or ("sku",), items, regions, events, people, notes)


def override_of(state: OverrideState) -> Override:
    """Return what a person said as the engine reads it."""
    return Override(
        where={name: str(value) for name, value in state.where.items()},
        start=dt.date.fromisoformat(state.from_day),
        end=dt.date.fromisoformat(state.to_day),
        value=state.value,
        relative=state.relative,
        author=state.author,
        reason=state.reason,
        expires=dt.date.fromisoformat(state.expires) if state.expires else None,
    )


def sales(workspace: Workspace, day: dt.date, keys: Iterable[str], *, until: dt.date | None = None) -> pa.Table:
    """Return the sales before *day* (or up to *until*): keys, date, quantity, exceptional, in_stock, promotion."""
    facts = workspace.facts("sales")
    wanted = [*keys, "date", "quantity", "exceptional", "in_stock", "promotion", "channel"]
    there = set(facts.schema().names)
    columns = list(dict.fromkeys(name for name in wanted if name in there))
    return facts.read(columns=columns, since=day - YEARS, until=until or day - dt.timedelta(days=1))


def without_channel(table: pa.Table, keys: Iterable[str]) -> pa.Table:
    """Return *table* without its channel, unless the channel is a key."""
    return table if "channel" in keys or "channel" not in table.column_names else table.drop_columns(["channel"])


def items_of(session: Session) -> pd.DataFrame:
    """Return the items, a row a SKU; no rows where there is no such form."""
    columns = ("code", "name", "category", "price", "stage", "launched_on", "unit_cost", "active")
    if definitions.get(session, "form", "sku") is None:
        return pd.DataFrame(columns=list(columns))
    frame: pd.DataFrame = records.arrow(session, "sku").to_pandas()
    for name in columns:
        if name not in frame.columns:
            frame[name] = None
    for name in ("price", "unit_cost"):
        frame[name] = pd.to_numeric(frame[name], errors="coerce").astype("float64")
    return frame[list(columns)]


def regions_of(session: Session) -> dict[str, str]:
    """Return the region of each warehouse."""
    if definitions.get(session, "form", "warehouse") is None:
        return {}
    rows = records.arrow(session, "warehouse").to_pylist()
    return {str(row["code"]): str(row.get("region") or "") for row in rows}


def warehouse_names(session: Session) -> dict[str, str]:
    """Return the name of each warehouse."""
    if definitions.get(session, "form", "warehouse") is None:
        return {}
    return {
        str(row["code"]): str(row.get("name") or row["code"]) for row in records.arrow(session, "warehouse").to_pylist()
    }


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of a promotion, as a calendar or a plan says it."""

    event: str
    name: str
    start: dt.date
    end: dt.date
    multiplier: float | None
    discount: float | None
    where: Mapping[str, Any]
    channels: tuple[str, ...]
    source: str
    plan: int | None = None


def plain_name(name: str) -> str:
    """Return a promotion's name without its year, under which one year teaches the next (“双11 2026” → “双11”)."""
    return _YEAR.sub("", name).strip() or name


def phases(session: Session) -> list[Phase]:
    """Return the phases of all calendars and of all plans; where a plan speaks of a day, the calendars are silent."""
    plans = [phase for plan in promotions.every(session) for phase in _plan_phases(plan)]
    planned = {day for phase in plans for day in days(phase.start, phase.end)}
    found = []
    for key, calendar in published(session, "calendar").items():
        for event in calendar.get("events", []):
            found += [
                part for part in _event_phases(key, event) if part.start not in planned and part.end not in planned
            ]
    return sorted(found + plans, key=lambda phase: (phase.start, phase.end))


def _event_phases(key: str, event: Mapping[str, Any]) -> list[Phase]:
    parts = event.get("phases") or [event]
    return [
        Phase(
            plain_name(str(event.get("name", key))),
            str(part.get("name", "")) if event.get("phases") else "",
            dt.date.fromisoformat(str(part["from"])[:10]),
            dt.date.fromisoformat(str(part["to"])[:10]),
            float(part["multiplier"]) if part.get("multiplier") is not None else None,
            None,
            {},
            tuple(event.get("channels", ())),
            f"calendar:{key}",
        )
        for part in parts
        if part.get("from") and part.get("to")
    ]


def _plan_phases(plan: PlanState) -> list[Phase]:
    said = plan.plan
    return [
        Phase(
            plain_name(plan.name),
            str(part["name"]),
            dt.date.fromisoformat(part["from"]),
            dt.date.fromisoformat(part["to"]),
            float(part["multiplier"]),
            float(said.get("discount") or 0) or None,
            said.get("where", {}),
            tuple(said.get("channels", ())),
            "plan",
            plan.id,
        )
        for part in said.get("phases", [])
    ]


def days(start: dt.date, end: dt.date) -> list[dt.date]:
    """Return the days *start* … *end*."""
    return [start + dt.timedelta(days=number) for number in range((end - start).days + 1)]


def events_of(
    session: Session, items: pd.DataFrame, day: dt.date, horizon: int, keys: tuple[str, ...]
) -> pd.DataFrame | None:
    """Return the promotions as the engine reads them: a row a day (and SKU, where not all take part).

    A plan's multipliers always win. A calendar's count only where nothing like it was seen before: what the shop itself
    showed says more than a template.
    """
    last = day + dt.timedelta(days=horizon)
    known = phases(session)
    seen = {(one.event, one.name) for one in known if one.end < day}
    rows: list[dict[str, Any]] = []
    for one in known:
        mine = one.multiplier if one.source == "plan" or (one.event, one.name) not in seen else None
        skus = chosen_skus(items, one.where) if one.where and "sku" in keys else [None]
        rows += [
            {"date": when, "promotion": one.event, "phase": one.name, "sku": sku, "multiplier": mine if when >= day else None}
            for when in days(one.start, min(one.end, last))
            for sku in skus
        ]  # fmt: skip
    if not rows:
        return None
    frame = pd.DataFrame(rows)
    frame["date"] = pd.to_datetime(frame["date"])
    frame["multiplier"] = pd.to_numeric(frame["multiplier"]).astype("float64")
    if frame["sku"].isna().any():
        # Some hold for all items: these are written out for each, so that all rows have the same keys.
        every = frame[frame["sku"].isna()].drop(columns="sku")
        if frame["sku"].isna().all():
            return every
        frame = pd.concat(
            [every.merge(items[["code"]].rename(columns={"code": "sku"}), how="cross"), frame.dropna(subset=["sku"])]
        )
    return frame


def chosen_skus(items: pd.DataFrame, where: Mapping[str, Any]) -> list[str]:
    """Return the codes of the items that *where* names (`{"sku": [...]}`, `{"category": [...]}`, …)."""
    rows = pd.Series(data=True, index=items.index)
    for name, wanted in where.items():
        column = "code" if name == "sku" else name
        values = wanted if isinstance(wanted, list) else [wanted]
        rows &= items[column].astype(str).isin([str(value) for value in values]) if column in items.columns else False
    return [str(code) for code in items.loc[rows, "code"]]
