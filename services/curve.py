"""The curve of one record: sales, stock and threshold by day, promotions and days out of stock."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine import alerting
from services import alerts, one_record
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions, records

KEYS = ("sku", "warehouse")


def of_alert(workspace: Workspace, *, id: int, days: int = 60, moving: bool = True) -> dict[str, Any]:  # noqa: A002 the API's word
    """Return the curve of the record that alert *id* is about, with the threshold that the alert was measured against.

    *moving*: the threshold as it was on each day; else as it is now, which needs no evaluation.
    """
    alert = alerts.get(workspace, id=id)
    found = of_keys(workspace, keys=alert["keys"], days=days)
    found["threshold"] = [_threshold_now(workspace, alert)] * days
    if not moving:
        return found
    with contextlib.suppress(Refused):  # the record or the rule is gone: the rest of the curve is still worth showing
        found["threshold"] = thresholds(workspace, alert["rule"]["key"], alert["keys"], alert["level"], days)
    return found


def of_keys(workspace: Workspace, *, keys: Mapping[str, str], days: int = 60) -> dict[str, Any]:
    """Return the curve of a SKU (in one warehouse, or in all together) over the *days* before today."""
    today = workspace.today()
    since = today - dt.timedelta(days=days)
    calendar = [since + dt.timedelta(days=number) for number in range(days)]
    wanted = {name: str(keys[name]) for name in KEYS if keys.get(name)}
    sales = _daily(workspace, "sales", "quantity", wanted, since, today)
    stock = _daily(workspace, "stock_snapshot", "on_hand", wanted, since, today)
    first = min(sales, default=None)
    return {
        "days": [day.isoformat() for day in calendar],
        # A day without a row after the first sale is a day on which nothing was sold.
        "sales": [sales.get(day, 0.0 if first and day >= first else None) for day in calendar],
        "stock": [stock.get(day) for day in calendar],
        "threshold": [None] * days,
        "promotions": _promotions(workspace, since, today),
        "stockouts": [day.isoformat() for day in calendar if day in stock and stock[day] <= 0],
    }


def elsewhere(workspace: Workspace, *, keys: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the other warehouses hold of the SKU: name, on hand, in transit; the fullest first."""
    sku = keys.get("sku")
    if not sku:
        return []
    with workspace.read() as session:
        if definitions.get(session, "form", "stock") is None:
            return []
        rows = records.page(session, "stock", records.Wanted(equal={"sku": sku}), limit=50, total=False).rows
        places = records.named(session, "warehouse", [row["warehouse"] for row in rows if row["warehouse"]])
    others = [row for row in rows if row["warehouse"] and row["warehouse"] != keys.get("warehouse")]
    named = [
        {
            "warehouse": row["warehouse"],
            "name": places[row["warehouse"]].values.get("name") if row["warehouse"] in places else row["warehouse"],
            "on_hand": row.get("on_hand") or 0,
            "in_transit": row.get("in_transit") or 0,
        }
        for row in others
    ]
    return sorted(named, key=lambda place: -place["on_hand"])


def _threshold_now(workspace: Workspace, alert: Mapping[str, Any]) -> float | None:
    """Return the other side of the level's comparison among the alert's own values: the longest that ends its condition."""
    rule = alert["rule"]
    with workspace.read() as session:
        document = definitions.document(session, "rule", rule["key"], rule["version"]) or {}
    whens = [str(level["when"]).strip() for level in document.get("levels", ()) if level["level"] == alert["level"]]
    sides = [
        (len(each["source"]), float(each["value"]))
        for each in alert["values"]
        if isinstance(each["value"], int | float) and any(when.endswith(each["source"]) for when in whens)
    ]
    return max(sides)[1] if sides else None


def thresholds(
    workspace: Workspace, rule: str, keys: Mapping[str, str], level: str | None, days: int
) -> list[float | None]:
    """Return, by day, what the rule compares with: the other side of the level's comparison, as it was on that day."""
    taken = one_record.of_rule(workspace, rule, keys, days=days)
    today = workspace.today()
    found = alerting.thresholds(
        taken.rules[rule],
        dict(keys),
        taken.tables,
        [today - dt.timedelta(days=age - 1) for age in range(days, 0, -1)],
        forms=taken.forms,
        calendars=taken.calendars,
        zone=workspace.settings.timezone,
    )
    nothing: list[float | None] = [None] * days
    return found.get(str(level)) or next(iter(found.values()), nothing)


def _daily(
    workspace: Workspace, form: str, measure: str, keys: Mapping[str, str], since: dt.date, until: dt.date
) -> dict[dt.date, float]:
    """Return the sum of *measure* by day for the rows with *keys*."""
    facts = workspace.facts(form)
    names = set(facts.schema().names)
    if not {measure, "date"} <= names:
        return {}
    asked = {name: value for name, value in keys.items() if name in names}
    table = facts.read(columns=["date", measure, *asked], since=since, until=until - dt.timedelta(days=1))
    return _sums(_only(table, asked), measure)


def _only(table: pa.Table, keys: Mapping[str, str]) -> pa.Table:
    for name, value in keys.items():
        table = table.filter(pc.equal(table[name].cast(pa.string()), value))
    return table


def _sums(table: pa.Table, measure: str) -> dict[dt.date, float]:
    sums: defaultdict[dt.date, float] = defaultdict(float)
    days: Sequence[dt.date] = table["date"].cast(pa.date32()).to_pylist()
    for day, amount in zip(days, table[measure].to_pylist(), strict=True):
        if amount is not None:
            sums[day] += float(amount)
    return dict(sums)


def _promotions(workspace: Workspace, since: dt.date, until: dt.date) -> list[dict[str, str]]:
    """Return the phases of every calendar that touch the days shown."""
    with workspace.read() as session:
        calendars = [state.document for state in definitions.every(session, "calendar") if state.runs]
    found = []
    for calendar in calendars:
        for event in calendar.get("events", []):
            for phase in event.get("phases", [event]):
                start, end = phase.get("from"), phase.get("to")
                if start and end and start <= until.isoformat() and end >= since.isoformat():
                    name = " ".join(filter(None, dict.fromkeys((event.get("name"), phase.get("name")))))
                    found.append({"name": name, "from": start, "to": end})
    return found
