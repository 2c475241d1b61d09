"""The hour grain: the hour of a run, and folding the hours of past days into the day."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pyarrow as pa

from engine.tables.facts_schema import DATE, is_number
from engine.tables.window import HOUR, LAST_HOUR


def local_hour(now: dt.datetime, zone: str, day: dt.date) -> int:
    """Return the hour of *now* in *zone* on the evaluation day *day*; of a day that has passed, its last hour."""
    local = now.replace(tzinfo=ZoneInfo(zone)) if now.tzinfo is None else now.astimezone(ZoneInfo(zone))
    return local.hour if local.date() <= day else LAST_HOUR


def has_hours(rows: pa.Table) -> bool:
    """Return whether some row names its hour."""
    return HOUR in rows.column_names and rows[HOUR].null_count < rows.num_rows


def folded(rows: pa.Table) -> pa.Table:
    """Return the rows of one day without hours: added up for each key and batch, so that a batch can still be undone.

    What is no sum tells rows apart: keys, promotion, in_stock, price.
    """
    sums = [
        name for name in rows.column_names if is_number(rows.schema.field(name).type) and name not in {HOUR, "price"}
    ]
    apart = [name for name in rows.column_names if name not in {*sums, HOUR, DATE}]
    names = {f"{name}_sum": name for name in sums}
    found = rows.group_by([DATE, *apart]).aggregate([(name, "sum") for name in sums])
    found = found.rename_columns([names.get(name, name) for name in found.column_names])
    columns = [
        pa.nulls(found.num_rows, rows.schema.field(name).type)
        if name == HOUR
        else found[name].cast(rows.schema.field(name).type)
        for name in rows.column_names
    ]
    return pa.table(columns, schema=rows.schema)
