"""What a vintage leaves on disk: its days and the spread of its totals, as Parquet that any tool reads.

days.parquet     keys, ds, naive, base, model, promotion, person, q0.1, q0.5, q0.9 (units a day, all steps)
totals.parquet   keys, ratio_<days>_<level> (quantile ÷ mean of the total of so many days; 1 = a single day)

Means of totals are sums of days, so both always agree; quantiles of a total are its mean times the ratio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from engine.forecasting.panel import Floats
from engine.forecasting.source import connect, quoted
from engine.forecasting.vintage import DAY_LEVELS, Vintage, total_ratios

DAYS, TOTALS = "days.parquet", "totals.parquet"
STEPS = ("naive", "base", "model", "promotion", "person")
# 2,000 series of eight weeks a group: a question about one SKU reads one of them.
ROWS = 112_000


def write(folder: Path, made: Vintage, person: Floats) -> None:
    """Write *made* with the means (N, H) after what people said; the rows are sorted by their keys."""
    folder.mkdir(parents=True, exist_ok=True)
    names = list(made.keys.columns)
    order = made.keys.reset_index(drop=True).sort_values(names).index.to_numpy()
    _write_days(folder / DAYS, made, person, order)
    columns: dict[str, object] = {name: made.keys[name].to_numpy(dtype=object)[order] for name in names}
    single = _day_ratios(made)
    for level, values in zip(made.levels, single.T, strict=True):
        columns[f"ratio_1_{level:g}"] = values[order].astype(np.float32)
    for place, days in enumerate(made.knots):
        for number, level in enumerate(made.levels):
            columns[f"ratio_{days}_{level:g}"] = made.ratios[order, place, number].astype(np.float32)
    pq.write_table(pa.table(columns), folder / TOTALS, compression="zstd", row_group_size=ROWS)


def _write_days(path: Path, made: Vintage, person: Floats, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    horizon = person.shape[1]
    days = np.array([made.day + timedelta(days=number) for number in range(horizon)], dtype="datetime64[D]")
    moved = np.where(made.steps["promotion"] > 0, person / np.maximum(made.steps["promotion"], 1e-12), 0.0)
    grids = {**{step: made.steps[step] for step in STEPS[:-1]}, "person": person}
    for number, level in enumerate(DAY_LEVELS):
        # Where nothing was expected and a person says something, only that is known.
        grids[f"q{level:g}"] = np.where(moved > 0, made.day_quantiles[:, :, number] * moved, person)
    each = max(ROWS // horizon, 1)
    writer = None
    for start in range(0, len(order), each):
        part = order[start : start + each]
        columns: dict[str, object] = {
            name: np.repeat(made.keys[name].to_numpy(dtype=object)[part], horizon) for name in made.keys.columns
        }
        columns["ds"] = pa.array(np.tile(days, len(part)), pa.date32())
        columns |= {name: grid[part].reshape(-1).astype(np.float32) for name, grid in grids.items()}
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROWS)
    if writer is not None:
        writer.close()


def _day_ratios(made: Vintage) -> Floats:
    """Return (N, Q) quantile ÷ mean of a single day at the levels of totals, from the levels of days."""
    mean = np.maximum(made.steps["promotion"].mean(axis=1), 1e-12)
    ratio = made.day_quantiles.mean(axis=1) / mean[:, None]
    known = np.array([0.0, *DAY_LEVELS, 1.0])
    # Above the last level a single day goes on as far again as it came from the middle.
    ends = np.concatenate([np.zeros((len(ratio), 1)), ratio, 2 * ratio[:, -1:] - ratio[:, 1:2]], axis=1)
    weights = np.stack([np.interp(made.levels, known, unit) for unit in np.eye(len(known))])
    return ends @ weights


def where_sql(names: Sequence[str], values: Mapping[str, Sequence[str]] | None) -> tuple[str, list[object]]:
    """Return the condition that the columns *names* have the wanted *values*, and what is bound in it."""
    parts: list[str] = []
    bound: list[object] = []
    for name, wanted in (values or {}).items():
        if name in names:
            parts.append(f"list_contains(?, {quoted(name)})")
            bound.append([str(value) for value in wanted])
    return " AND ".join(parts) or "TRUE", bound


@dataclass(frozen=True, slots=True)
class Grids:
    """A vintage read back: keys (N rows), its first day, promotion and person (N, H)."""

    keys: pd.DataFrame
    day: date
    promotion: Floats
    person: Floats


def read_grids(folder: Path) -> Grids:
    """Return the promotion and person steps of a vintage."""
    names = keys_of(folder)
    table = pq.read_table(folder / DAYS, columns=[*names, "ds", "promotion", "person"])
    first = table["ds"][0].as_py()
    count = int((np.asarray(table["ds"].to_numpy()) == np.datetime64(first)).sum())
    shape = (count, table.num_rows // max(count, 1))
    keys = pd.DataFrame({name: table[name].to_numpy()[:: shape[1]] for name in names})
    grids = [table[name].to_numpy().astype(np.float64).reshape(shape) for name in ("promotion", "person")]
    return Grids(keys, first, *grids)


def replace_person(folder: Path, grids: Grids, person: Floats) -> None:
    """Put the means *person* in the place of those of *grids*; quantiles of days move with them."""
    table = pq.read_table(folder / DAYS)
    old = grids.person.reshape(-1)
    factor = np.where(old > 0, person.reshape(-1) / np.maximum(old, 1e-12), 0.0)
    for name in [*(f"q{level:g}" for level in DAY_LEVELS), "person"]:
        values = table[name].to_numpy().astype(np.float64)
        moved = np.where(old > 0, values * factor, person.reshape(-1))
        table = table.set_column(table.column_names.index(name), name, pa.array(moved.astype(np.float32)))
    draft = folder / f"{DAYS}.draft"
    pq.write_table(table, draft, compression="zstd", row_group_size=ROWS)
    draft.replace(folder / DAYS)


def keys_of(folder: Path) -> list[str]:
    """Return the names of the key columns of a vintage."""
    return [name for name in pq.read_schema(folder / DAYS).names if name not in {"ds", *STEPS} and name[:2] != "q0"]


def days(
    folder: Path,
    *,
    where: Mapping[str, Sequence[str]] | None = None,
    by: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
) -> pd.DataFrame:
    """Return sums of all steps by *by* and day: *by*, ds, naive, base, model, promotion, person, q0.1, q0.5, q0.9, n.

    Quantiles of single series are theirs; summed over several they are only a frame of what can happen (`n` says how
    many series were added).

    Args:
        folder: of a vintage.
        where: key column -> the values wanted.
        by: key columns that stay apart.
        since: first day.
        until: last day.
    """
    condition, bound = where_sql(keys_of(folder), where)
    for sign, day in ((">=", since), ("<=", until)):
        if day is not None:
            condition += f" AND ds {sign} DATE '{day.isoformat()}'"
    keep = "".join(f"{quoted(name)}, " for name in by)
    sums = ", ".join(f"sum({quoted(name)})::DOUBLE AS {quoted(name)}" for name in [*STEPS, "q0.1", "q0.5", "q0.9"])
    sql = (
        f"SELECT {keep}ds, {sums}, count(*) AS n FROM read_parquet(?) WHERE {condition}"
        f" GROUP BY {keep}ds ORDER BY {keep}ds"
    )
    return frame_of(sql, [str(folder / DAYS), *bound])


def totals(
    folder: Path,
    length: int,
    levels: Sequence[float],
    *,
    where: Mapping[str, Sequence[str]] | None = None,
    since: date | None = None,
) -> pd.DataFrame:
    """Return keys, mean and q… of the total of *length* days from *since* (default: the vintage's day), row by series.

    Levels that were not measured are interpolated; a length beyond the vintage gives no row.
    """
    names = keys_of(folder)
    condition, bound = where_sql(names, where)
    first = since or _first(folder)
    last = first + timedelta(days=length - 1)
    keep = ", ".join(map(quoted, names))
    sql = (
        f"SELECT {keep}, sum(person)::DOUBLE AS mean FROM read_parquet(?) WHERE {condition} AND ds BETWEEN"
        f" DATE '{first.isoformat()}' AND DATE '{last.isoformat()}' GROUP BY {keep} HAVING count(*) = {length}"
    )
    means = frame_of(sql, [str(folder / DAYS), *bound])
    found = means.merge(frame_of(f"SELECT * FROM read_parquet(?) WHERE {condition}", [str(folder / TOTALS), *bound]))
    values = quantiles_of(found, length, levels)
    columns = {f"q{level:g}": values[:, place] for place, level in enumerate(levels)}
    return pd.DataFrame({**{name: found[name] for name in [*names, "mean"]}, **columns})


def quantiles_of(rows: pd.DataFrame, length: int, levels: Sequence[float]) -> Floats:
    """Return (N, Q) quantiles of totals of *length* days from rows of mean and ratio_… columns."""
    parts = [name.split("_") for name in rows.columns if name.startswith("ratio_")]
    knots = sorted({int(part[1]) for part in parts} - {1})
    known = sorted({float(part[2]) for part in parts})
    measured = np.stack(
        [rows[[f"ratio_{knot}_{level:g}" for level in known]].to_numpy(dtype=np.float64) for knot in knots], axis=1
    )
    single = rows[[f"ratio_1_{level:g}" for level in known]].to_numpy(dtype=np.float64)
    ratio = total_ratios(knots, measured, single, length)
    # Beyond the last level: half again of it at certainty, as rules read it too.
    line = np.concatenate([np.zeros((len(ratio), 1)), ratio, 1.5 * ratio[:, -1:]], axis=1)
    places = np.array([0.0, *known, 1.0])
    weights = np.stack([np.interp(levels, places, unit) for unit in np.eye(len(places))])
    values: Floats = np.maximum.accumulate(line @ weights, axis=1) * rows["mean"].to_numpy(dtype=np.float64)[:, None]
    return values


def _first(folder: Path) -> date:
    day: date = frame_of("SELECT min(ds) AS ds FROM read_parquet(?)", [str(folder / DAYS)])["ds"].iloc[0].date()
    return day


def frame_of(sql: str, bound: list[object]) -> pd.DataFrame:
    """Return the rows of *sql*."""
    with _connection() as con:
        return con.execute(sql, bound).df()


def _connection() -> duckdb.DuckDBPyConnection:
    return connect()
