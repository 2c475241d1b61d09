"""Promotions and other planned events of single series: read from past and plan, their uplift learned by label.

Labels are a promotion's name, phase and depth of discount. An uplift is actual ÷ expected units on its days; what a
product shows is shrunk to what the label shows everywhere, and that to what any event shows. A multiplier that a person
wrote into the plan always wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.forecasting.levels import History, running
from engine.forecasting.panel import Floats, Ints, Panel, clean_rows
from engine.forecasting.source import Relation, one, quoted

# As many event days as make an uplift known to about a fifth when single days scatter by their own size.
PRIOR_DAYS: Final = 28.0
# Days after an event on which the stocked-up customers stay away.
AFTER: Final = 7
AFTER_LABEL: Final = "after"
# Weeks before and after an event whose other days say what it would have sold.
AROUND: Final = 8
BUCKETS: Final = (0.05, 0.15, 0.25, 0.35)


@dataclass(slots=True)
class Events:
    """Event days of series: one entry a series, day and label.

    Args:
        row: (E,) series index.
        day: (E,) days since the start of week 0; from 7·B on they are planned.
        label: (E,) label code.
        own: (E,) multiplier written by a person, NaN for none.
        names: label texts by code.
        multiplier: (E,) the uplift in use.
    """

    row: Ints
    day: Ints
    label: Ints
    own: Floats
    names: list[str]
    multiplier: Floats

    def daily(self) -> tuple[Ints, Ints, Floats]:
        """Return row, day and the product of the multipliers of each series and day."""
        if not len(self.row):
            return self.row, self.day, self.multiplier
        span = int(self.day.max()) + 1
        code, place = np.unique(self.row * span + self.day, return_inverse=True)
        product = np.ones(len(code))
        np.multiply.at(product, place, self.multiplier)
        return code // span, code % span, product


def discount_sql(con: duckdb.DuckDBPyConnection, source: Relation) -> str:
    """Return the SQL of the part of the price that is taken off, whichever way the column says it.

    0.2 and 20 are 20 % off. A column whose usual value is near 1 holds price paid ÷ list price instead.
    """
    value = "CAST(discount AS DOUBLE)"
    row = one(con, f"SELECT median({value}), max({value}) FROM ({source.sql})")
    middle, top = row if row[0] is not None else (0.0, 0.0)
    if top > 2:
        return f"{value} / 100"
    return f"1 - {value}" if middle > 0.6 else value


def bucket_sql(columns: frozenset[str], discount: str) -> str:
    """Return the SQL of an event's label: name, phase and discount bucket, whichever there are."""
    parts = []
    if "promotion" in columns:
        parts.append("NULLIF(NULLIF(NULLIF(lower(CAST(promotion AS VARCHAR)), '0'), 'false'), '')")
    if "phase" in columns:
        parts.append("CAST(phase AS VARCHAR)")
    if "discount" in columns:
        cuts = " ".join(f"WHEN {discount} < {cut} THEN '<{cut:g}'" for cut in BUCKETS[1:])
        parts.append(
            f"CASE WHEN discount IS NULL OR {discount} < {BUCKETS[0]} THEN NULL {cuts} ELSE '>={BUCKETS[-1]:g}' END"
        )
    return f"NULLIF(concat_ws('|', {', '.join(parts)}), '')" if parts else "NULL"


def read_events(
    con: duckdb.DuckDBPyConnection, sales: Relation, plan: Relation | None, panel: Panel, days: int, *, plan_only: bool
) -> Events:
    """Return the events of the sales' own columns and of the *plan* on days 0 … *days* − 1.

    A plan that lacks a key column holds for all series with the keys it has; one without keys holds for all.
    *plan_only*: on days that the plan speaks of, what the sales say is passed over (the plan knows the phases).
    """
    parts = [_event_sql(con, source, panel) for source in (sales, plan) if source is not None]
    if plan is not None and plan_only and parts[0]:
        parts[0] += f" WHERE CAST(date AS DATE) NOT IN (SELECT CAST(date AS DATE) FROM ({plan.sql}))"
    parts = [part for part in parts if part]
    if not parts:
        return Events(*(np.zeros(0, np.int64),) * 3, np.zeros(0), [], np.zeros(0))
    got = con.sql(
        f"SELECT id, day, label, max(own) AS own FROM ({' UNION ALL '.join(parts)})"
        f" WHERE label IS NOT NULL AND day BETWEEN 0 AND {days - 1} GROUP BY ALL ORDER BY ALL"
    ).df()
    codes, names = pd.factorize(got["label"].astype(object), sort=True)
    own = got["own"].to_numpy(dtype=np.float64, na_value=np.nan)
    row, day = got["id"].to_numpy(dtype=np.int64), got["day"].to_numpy(dtype=np.int64)
    return _with_after(Events(row, day, codes.astype(np.int64), own, list(names), np.ones(len(row))), days)


def _event_sql(con: duckdb.DuckDBPyConnection, source: Relation, panel: Panel) -> str:
    if not source.columns & {"promotion", "discount"}:
        return ""
    keys = [key for key in panel.keys.columns if key in source.columns]
    join = f"JOIN series USING ({', '.join(map(quoted, keys))})" if keys else "CROSS JOIN series"
    own = "CAST(multiplier AS DOUBLE)" if "multiplier" in source.columns else "CAST(NULL AS DOUBLE)"
    off = discount_sql(con, source) if "discount" in source.columns else "NULL"
    day = f"date_diff('day', DATE '{panel.start.isoformat()}', CAST(date AS DATE))"
    return (
        f"SELECT id, {day} AS day, {bucket_sql(source.columns, off)} AS label, {own} AS own FROM ({source.sql}) {join}"
    )


def _with_after(events: Events, days: int) -> Events:
    """Add the days after each event as a label of their own; not when events are (nearly) always on."""
    span = days + AFTER + 1
    code = np.unique(events.row * span + events.day)
    after = np.unique(np.concatenate([code + shift for shift in range(1, AFTER + 1)])) if len(code) else code
    after = after[~np.isin(after, code, assume_unique=True)]
    after = after[after % span < days]
    if not len(code) or len(after) == 0 or len(np.unique(events.label)) == 0:
        return events
    size, label = len(after), len(events.names)
    return Events(
        np.concatenate([events.row, after // span]),
        np.concatenate([events.day, after % span]),
        np.concatenate([events.label, np.full(size, label)]),
        np.concatenate([events.own, np.full(size, np.nan)]),
        [*events.names, AFTER_LABEL],
        np.ones(len(events.row) + size),
    )


def busy_days(events: Events, panel: Panel, share: float = 0.1) -> npt.NDArray[np.bool_]:
    """Return (7·B,) which past days were event days of more than *share* of the series: no days to learn a calendar from."""
    past = events.day < 7 * panel.weeks
    if AFTER_LABEL in events.names:
        past &= events.label != events.names.index(AFTER_LABEL)
    code = np.unique(events.row[past] * (7 * panel.weeks) + events.day[past])
    count = np.bincount(code % (7 * panel.weeks), minlength=7 * panel.weeks)
    return count > share * max(len(panel.keys), 1)


def learn(
    con: duckdb.DuckDBPyConnection,
    sales: Relation,
    panel: Panel,
    stream: str,
    events: Events,
    weights: Floats,
    whole: Floats,
) -> None:
    """Set the multiplier of every event from the past ones; two rounds, so that events of one day share its sales."""
    past = events.day < 7 * panel.weeks
    sold, usable = _sold(con, sales, panel, stream, events, past)
    weight = weights.reshape(-1)[events.day]
    rate = _rate_without(panel, events, past & usable, sold, weight, whole)
    week = np.minimum(events.day // 7, panel.weeks - 1)
    expected = rate[events.row, week] * weight
    learnable = past & usable & np.isfinite(expected) & (expected > 0)
    group = pd.factorize(panel.keys.iloc[:, 0])[0].astype(np.int64)
    for _ in range(2):
        row, day, product = events.daily()
        span = int(events.day.max()) + 1
        place = np.searchsorted(row * span + day, events.row * span + events.day)
        others = product[place] / events.multiplier
        events.multiplier = _uplift(events, learnable, sold, expected * others, group)
    events.multiplier = np.where(np.isnan(events.own), events.multiplier, events.own)


def _sold(
    con: duckdb.DuckDBPyConnection,
    sales: Relation,
    panel: Panel,
    stream: str,
    events: Events,
    past: npt.NDArray[np.bool_],
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return units sold on each event day, and whether it was in stock and after the launch."""
    keys = ", ".join(map(quoted, sales.keys))
    wanted = pd.DataFrame({"id": events.row[past], "ago": 7 * panel.weeks - events.day[past]}).drop_duplicates()
    con.register("event_days", wanted)
    got = con.sql(
        f"SELECT id, ago, sum(units) AS units FROM ({clean_rows(sales, panel.day, stream)}) JOIN"
        f" (SELECT {keys}, id FROM series) USING ({keys}) SEMI JOIN event_days USING (id, ago) GROUP BY ALL"
    ).df()
    con.unregister("event_days")
    span = 7 * panel.weeks
    code = got["id"].to_numpy(dtype=np.int64) * span + (span - got["ago"].to_numpy(dtype=np.int64))
    order = np.argsort(code)
    units, code = got["units"].to_numpy(dtype=np.float64)[order], code[order]
    asked = events.row * span + np.minimum(events.day, span - 1)
    place = np.minimum(np.searchsorted(code, asked), max(len(code) - 1, 0))
    found = (code[place] == asked) if len(code) else np.zeros(len(asked), dtype=bool)
    sold = np.where(found & past, units[place] if len(units) else 0.0, 0.0)
    week = np.minimum(events.day // 7, panel.weeks - 1)
    stocked = ((panel.out[events.row, week] >> (events.day % 7).astype(np.uint8)) & 1) == 0
    return sold, stocked & (events.day >= panel.first[events.row])


def _rate_without(
    panel: Panel, events: Events, used: npt.NDArray[np.bool_], sold: Floats, weight: Floats, whole: Floats
) -> Floats:
    """Return (N, B) units per exposure around each week, without event days; with them where nothing else is left."""
    units, plain = panel.units.copy(), whole.copy()
    span = 7 * panel.weeks
    _, first = np.unique(events.row * span + np.minimum(events.day, span - 1), return_index=True)
    first = first[used[first]]
    np.subtract.at(units, (events.row[first], events.day[first] // 7), sold[first])
    np.subtract.at(plain, (events.row[first], events.day[first] // 7), weight[first])
    rate = _around(units, np.maximum(plain, 0.0))
    # Less than a week of other days: an item that is always on offer is compared with itself.
    return np.where(np.isnan(rate), _around(panel.units, whole), rate)


def _around(units: Floats, exposure: Floats) -> Floats:
    past = History(running(units), running(exposure), None, None)
    week = np.arange(past.weeks)
    low, high = np.maximum(week - AROUND, 0), np.minimum(week + AROUND + 1, past.weeks)
    total = past.units[:, high] - past.units[:, low]
    days = past.exposure[:, high] - past.exposure[:, low]
    return np.where(days >= 7, total / np.maximum(days, 7.0), np.nan)


def _uplift(events: Events, learnable: npt.NDArray[np.bool_], sold: Floats, expected: Floats, group: Ints) -> Floats:
    """Return the multiplier of each event: any → label → label × product → label × series, each shrunk to the one before."""
    multiplier = np.ones(len(events.row))
    is_after = (
        events.label == events.names.index(AFTER_LABEL)
        if AFTER_LABEL in events.names
        else np.zeros(len(multiplier), bool)
    )
    products = int(group.max(initial=0)) + 1
    chains = (is_after.astype(np.int64), events.label, events.label * products + group[events.row],
              events.label * len(group) + events.row)  # fmt: skip
    for code in chains:
        _, place = np.unique(code, return_inverse=True)
        size = int(place.max(initial=0)) + 1
        actual = np.bincount(place[learnable], sold[learnable], size)
        plain = np.bincount(place[learnable], expected[learnable], size)
        count = np.bincount(place[learnable], minlength=size)
        prior = PRIOR_DAYS * plain / np.maximum(count, 1)
        parent = np.bincount(place, multiplier, size) / np.maximum(np.bincount(place, minlength=size), 1)
        found = (actual + prior * parent) / np.maximum(plain + prior, 1e-12)
        multiplier = np.where(count[place] > 0, found[place], multiplier)
    return multiplier
