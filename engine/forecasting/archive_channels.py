"""How a vintage is shared by channels, where a series is more than one channel: shares, and what people added to one alone.

shares.parquet   keys, channel, share of the series that goes through it
moved.parquet    keys, channel, ds, added: units that people added to one channel alone
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from engine.forecasting.archive import DAYS, STEPS, days, frame_of, keys_of, where_sql
from engine.forecasting.panel import Floats
from engine.forecasting.source import quoted

SHARES, MOVED = "shares.parquet", "moved.parquet"


def write_channels(
    folder: Path, frame: pd.DataFrame, day: date, shares: dict[str, Floats], added: dict[str, Floats]
) -> None:
    """Write what goes through each channel: shares (N,) of the series *frame*, and units that people added (N, H)."""
    (folder / MOVED).unlink(missing_ok=True)
    keys = {name: frame[name].to_numpy(dtype=object) for name in frame.columns}
    parts = [pa.table({**keys, "channel": [name] * len(share), "share": share}) for name, share in shares.items()]
    if not parts:
        return
    pq.write_table(pa.concat_tables(parts), folder / SHARES, compression="zstd")
    found = []
    for name, grid in added.items():
        row, place = np.nonzero(grid)
        ds = np.array([day + timedelta(days=int(number)) for number in place], dtype="datetime64[D]")
        columns = {key: values[row] for key, values in keys.items()}
        found.append(
            pa.table(
                {**columns, "channel": [name] * len(row), "ds": pa.array(ds, pa.date32()), "added": grid[row, place]}
            )
        )
    if found:
        pq.write_table(pa.concat_tables(found), folder / MOVED, compression="zstd")


def read_shares(folder: Path, keys: pd.DataFrame) -> dict[str, Floats]:
    """Return channel -> (N,) its share of each series."""
    if not (folder / SHARES).exists():
        return {}
    frame = pq.read_table(folder / SHARES).to_pandas()
    names = list(keys.columns)
    found = {}
    for name, part in frame.groupby("channel"):
        found[str(name)] = keys.merge(part, on=names, how="left")["share"].fillna(0.0).to_numpy(dtype=np.float64)
    return found


def channels(folder: Path) -> list[str]:
    """Return the channels that a vintage is shared by."""
    if not (folder / SHARES).exists():
        return []
    return sorted(set(pq.read_table(folder / SHARES, columns=["channel"])["channel"].to_pylist()))


def of_channel(
    folder: Path, channel: str, where: Mapping[str, Sequence[str]] | None = None, until: date | None = None
) -> pd.DataFrame:
    """Return what goes through *channel*, by day: ds, all steps, q0.1, q0.5, q0.9, n.

    Its part of each series, and what people added to this channel alone; what they added to others is none of it.
    """
    names = keys_of(folder)
    condition, bound = where_sql(names, {name: values for name, values in (where or {}).items() if name != "channel"})
    join = ", ".join(map(quoted, names))
    if not (folder / SHARES).exists():
        return days(folder, where=where, until=until).iloc[0:0]
    moved = (
        f"SELECT {join}, ds, sum(added)::DOUBLE AS every, sum(CASE WHEN channel = ? THEN added ELSE 0 END)::DOUBLE AS own"
        f" FROM read_parquet(?) GROUP BY {join}, ds"
    )
    empty = f"SELECT {join}, ds, 0.0 AS every, 0.0 AS own FROM made WHERE FALSE"
    has_moved = (folder / MOVED).exists()
    limit = f" AND ds <= DATE '{until.isoformat()}'" if until else ""
    plain = ", ".join(
        f"sum({quoted(name)} * share)::DOUBLE AS {quoted(name)}" for name in [*STEPS[:-1], "q0.1", "q0.5", "q0.9"]
    )
    sql = (
        f"WITH made AS (SELECT * FROM read_parquet(?) WHERE {condition}{limit}), moved AS ({moved if has_moved else empty}),"
        f" part AS (SELECT {join}, share FROM read_parquet(?) WHERE channel = ?)"
        f" SELECT ds, {plain}, sum(share * (person - coalesce(every, 0)) + coalesce(own, 0))::DOUBLE AS person, count(*) AS n"
        f" FROM made JOIN part USING ({join}) LEFT JOIN moved USING ({join}, ds) GROUP BY ds ORDER BY ds"
    )
    values: list[object] = [str(folder / DAYS), *bound]
    values += [channel, str(folder / MOVED)] if has_moved else []
    return frame_of(sql, [*values, str(folder / SHARES), channel])
