"""Score vintages that are over against what was sold: every step, every level, without a second look at the model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from engine.forecasting.archive import DAYS, STEPS, TOTALS, keys_of, quantiles_of
from engine.forecasting.panel import Floats, clean_rows
from engine.forecasting.source import Source, connect, quoted, read


def scored(
    sales: Source, vintages: Sequence[tuple[date, Path]], length: int, levels: Sequence[float] = (0.5, 0.9, 0.95)
) -> pd.DataFrame:
    """Return a row a series and vintage: `made` (D), keys, actual and every step's total of *length* days from D, q….

    Days on which a series was out of stock are left out on both sides, except of the quantiles: a series that ran out
    has none, since its demand is not known.

    Args:
        sales: what was sold.
        vintages: day and folder of forecasts whose *length* days are over.
        length: days from D.
        levels: quantiles of the total, to see whether they mean what they say.
    """
    con = connect()
    found = [_of_vintage(con, sales, day, folder, length, levels) for day, folder in vintages]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _of_vintage(
    con: duckdb.DuckDBPyConnection, sales: Source, day: date, folder: Path, length: int, levels: Sequence[float]
) -> pd.DataFrame:
    keys = keys_of(folder)
    relation = read(con, sales, "sales", keys=keys, require=("date", "quantity"))
    end = day + timedelta(days=length)
    names = ", ".join(map(quoted, keys))
    # `ago` counts back from the first day after the window.
    sold = (
        f"SELECT {names}, DATE '{end.isoformat()}' - CAST(ago AS INTEGER) AS ds, sum(units) AS units,"
        f" bool_and(stocked) AS stocked FROM ({clean_rows(relation, end, 'ordinary')}) WHERE ago <= {length} GROUP BY ALL"
    )
    steps = ", ".join(f"sum(CASE WHEN counts THEN {step} ELSE 0 END)::DOUBLE AS {step}" for step in STEPS)
    sql = (
        f"WITH sold AS ({sold}), made AS (SELECT * FROM read_parquet(?) WHERE ds < DATE '{end.isoformat()}'),"
        f" joined AS (SELECT made.*, coalesce(units, 0) AS units, coalesce(stocked, TRUE) AS counts"
        f" FROM made LEFT JOIN sold USING ({names}, ds))"
        f" SELECT {names}, sum(CASE WHEN counts THEN units ELSE 0 END)::DOUBLE AS actual, {steps},"
        f" sum(person)::DOUBLE AS mean, bool_and(counts) AS whole FROM joined GROUP BY {names} HAVING count(*) = {length}"
    )
    rows = con.execute(sql, [str(folder / DAYS)]).df()
    rows = rows.merge(con.execute("SELECT * FROM read_parquet(?)", [str(folder / TOTALS)]).df(), on=keys)
    quantiles = quantiles_of(rows, length, levels) if len(rows) else np.zeros((0, len(levels)))
    for place, level in enumerate(levels):
        rows[f"q{level:g}"] = np.where(rows["whole"], quantiles[:, place], np.nan)
    rows.insert(0, "made", pd.Timestamp(day))
    return rows[["made", *keys, "actual", *STEPS, *(f"q{level:g}" for level in levels)]]


def covered(rows: pd.DataFrame, level: float) -> tuple[Floats, Floats]:
    """Return actual totals and quantiles of the scored rows whose demand is known."""
    known = rows[f"q{level:g}"].notna().to_numpy()
    return rows.loc[known, "actual"].to_numpy(dtype=np.float64), rows.loc[known, f"q{level:g}"].to_numpy(
        dtype=np.float64
    )
