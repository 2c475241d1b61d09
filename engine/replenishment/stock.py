"""Stock and what is on the way, read into vectors beside the demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from engine.forecasting.panel import Floats, Ints
from engine.forecasting.source import Relation, Source, part_of, quoted, read
from engine.problems import DefinitionError, Problem
from engine.replenishment.outlook import places

# What a stock row may say about itself, summed or (lead time, packs) taken as the largest of duplicate rows.
SUMMED = ("on_hand", "reserved", "in_transit", "on_order")
OWN = ("lead_time", "lead_time_days", "moq", "pack_size", "unit_cost")


@dataclass(slots=True)
class Stock:
    """The stock of N series.

    Args:
        keys: N rows of key columns as text.
        numbers: column name -> (N,), NaN where not given; only columns found.
    """

    keys: pd.DataFrame
    numbers: dict[str, Floats]

    def get(self, name: str, default: float) -> Floats:
        """Return a column with *default* where nothing was given."""
        values = self.numbers.get(name)
        if values is None:
            return np.full(len(self.keys), default)
        return np.where(np.isnan(values), default, values)


def read_stock(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    sales_keys: Sequence[str] | None,
    mapping: Mapping[str, str] | None = None,
) -> Stock:
    """Return the stock by series.

    Args:
        con: a connection.
        source: rows of keys, on_hand and optionally reserved, in_transit, lead_time, moq, pack_size, unit_cost.
        sales_keys: the key columns of the demand; every key of the stock must be among them. None: not known.
        mapping: our column -> theirs.
    """
    relation = read(
        con, source, "stock", mapping=part_of(mapping, con, source), keys=_told(sales_keys), require=("on_hand",)
    )
    keys = relation.keys if sales_keys is None else tuple(key for key in sales_keys if key in relation.columns)
    if not keys:
        text, text_en = "库存与销量没有共同的键列", "stock and sales share no key column"
        known = ", ".join(sales_keys or ())
        raise DefinitionError([Problem("$.stock", text, f"销量的键:{known}", text_en, f"keys of the sales: {known}")])
    names = ", ".join(map(quoted, keys))
    sums = [f"sum(CAST({name} AS DOUBLE)) AS {name}" for name in SUMMED if name in relation.columns]
    tops = [f"max(CAST({name} AS DOUBLE)) AS {name}" for name in OWN if name in relation.columns]
    frame = con.sql(
        f"SELECT {names}, {', '.join([*sums, *tops])} FROM ({relation.sql}) GROUP BY {names} ORDER BY {names}"
    ).df()
    numbers = {name: frame[name].to_numpy(dtype=np.float64) for name in (*SUMMED, *OWN) if name in frame}
    return Stock(frame[list(keys)].astype(object), numbers)


def _told(keys: Sequence[str] | None) -> list[str] | None:
    return None if keys is None else list(keys)


def read_arrivals(
    con: duckdb.DuckDBPyConnection,
    source: Source | None,
    rows: pd.DataFrame,
    day: date,
    period_days: int,
    periods: int,
    mapping: Mapping[str, str] | None = None,
) -> tuple[Floats, Floats]:
    """Return (N, *periods*) units that arrive before the demand of each period, and (N,) units that arrive later.

    What should have arrived before D is taken to arrive now.
    """
    arrivals, later = np.zeros((len(rows), periods)), np.zeros(len(rows))
    if source is None:
        return arrivals, later
    relation = _transit(con, source, list(rows.columns), mapping)
    keys = ", ".join(map(quoted, rows.columns))
    ahead = f"GREATEST(date_diff('day', DATE '{day.isoformat()}', CAST(arrives AS DATE)), 0) // {period_days}"
    got = con.sql(
        f"SELECT {keys}, {ahead} AS ahead, sum(CAST(quantity AS DOUBLE)) AS units FROM ({relation.sql}) GROUP BY ALL"
    ).df()
    place: Ints = places(rows, got[list(rows.columns)]) if len(got) else np.zeros(0, np.int64)
    ahead_of, units = got["ahead"].to_numpy(dtype=np.int64), got["units"].to_numpy(dtype=np.float64)
    known = place >= 0
    soon = known & (ahead_of < periods)
    np.add.at(arrivals, (place[soon], ahead_of[soon]), units[soon])
    np.add.at(later, place[known & ~soon], units[known & ~soon])
    return arrivals, later


def _transit(
    con: duckdb.DuckDBPyConnection, source: Source, keys: list[str], mapping: Mapping[str, str] | None
) -> Relation:
    found = part_of(mapping, con, source)
    return read(con, source, "in_transit", mapping=found, keys=keys, require=("arrives", "quantity", *keys))
