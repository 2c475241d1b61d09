"""Dense day columns: of each day and measure one array in row-id order, 0 where a key has no row.

A measure is the SQL of a whole number (or of a mark) over a row of facts. A day is read again when its files are other
ones than those that its columns came from: late rows and corrections are found by looking at file names only.
"""

# ruff: noqa: S608 the SQL is made of quoted names, typed literals and compiled expressions, never of users' text

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine.tables import facts_value
from engine.tables.dialect import DUCKDB
from engine.tables.duck import connect
from engine.tables.engines import register
from engine.tables.facts import day_of
from engine.tables.facts_schema import DATE
from engine.tables.row_ids import RowIds, same
from engine.tables.source import Table
from engine.tables.store_folder import Ints, Kept, StoreDoubt, StoreFolder

# So many days are read in one query, so that the keys are hashed once for all of them.
DAYS_AT_ONCE = 10
# A sum of whole numbers of 64 bits must stay below this; larger ones are left to the plain path.
MOST = 1 << 62
STOCKOUTS, PROMOTIONS = "stockouts", "promotions"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Measure:
    """What a day column holds.

    Args:
        sql: a whole number over a row of facts; of marks, a truth.
        left_out: for marks, why a day is left out: `stockouts` (it was known, and nothing could be bought) or
            `promotions` (some row is a promotion's); None for a sum.
    """

    sql: str
    left_out: str | None = None

    @property
    def name(self) -> str:
        """Its name in the store."""
        return hashlib.sha256(f"{self.left_out}:{self.sql}".encode()).hexdigest()[:10]


class DayColumns:
    """The day columns of one facts table at one grain.

    Args:
        folder: the store's folder, held.
        ids: its row ids.
        table: the facts as they are now.
        group: their key columns.
    """

    def __init__(self, folder: StoreFolder, ids: RowIds, table: Table, group: Sequence[str]) -> None:
        self.folder = folder
        self.ids = ids
        self.table = table
        self.group = group
        self.sources = _sources(table, folder)

    def __getitem__(self, key: tuple[Measure, dt.date]) -> Kept | None:
        """Return where the column of a measure and day lies; None for a day of zeros."""
        measure, day = key
        return Kept.read(self.folder.manifest["days"][day.isoformat()]["columns"][measure.name])

    def values(self, measure: Measure, day: dt.date) -> Ints:
        """Return a column, with a place for each row id."""
        kept = self[measure, day]
        if kept is None:
            return np.zeros(self.ids.count, bool if measure.left_out else np.int8)
        return self.folder.get(kept, self.ids.count)

    def ensure(self, measures: Iterable[Measure], days: Iterable[dt.date], progress: Progress | None = None) -> None:
        """Make the columns of *measures* on *days* what the facts are now; days that are kept already follow the facts too."""
        wanted = dict.fromkeys(days)
        known = self.folder.manifest["days"]
        asked = {measure.name: measure for measure in measures}
        self.folder.manifest["measures"] |= {name: [one.sql, one.left_out] for name, one in asked.items()}
        stale = [day for day in wanted if not self._is_current(day, asked)]
        for text in list(known):
            day = dt.date.fromisoformat(text)
            if day not in wanted and known[text]["source"] != self.sources.get(day, ""):
                del known[text]  # nobody asks for it now: it is read again when somebody does
        done = 0
        for part in _stretches(sorted(stale)):
            self._read(part, self._measures(part, asked))
            done += len(part)
            if progress is not None:
                progress(done, len(stale))

    def _is_current(self, day: dt.date, asked: dict[str, Measure]) -> bool:
        known = self.folder.manifest["days"].get(day.isoformat())
        return (
            known is not None
            and known["source"] == self.sources.get(day, "")
            and all(name in known["columns"] for name in asked)
        )

    def _measures(self, days: Sequence[dt.date], asked: dict[str, Measure]) -> list[Measure]:
        """Return what is asked for and what these days held before: all columns of a day come from one reading."""
        known, described = self.folder.manifest["days"], self.folder.manifest["measures"]
        held = {name for day in days for name in known.get(day.isoformat(), {"columns": ()})["columns"]}
        return list({**{name: Measure(*described[name]) for name in sorted(held)}, **asked}.values())

    def _read(self, days: Sequence[dt.date], measures: list[Measure]) -> None:
        rows = self._rows(days, measures) if any(self.sources.get(day) for day in days) else None
        for day in days:
            mine = {} if rows is None else _of_day(rows, day)
            columns = {one.name: self._column(one, day, mine) for one in measures}
            self.folder.manifest["days"][day.isoformat()] = {"source": self.sources.get(day, ""), "columns": columns}

    def _column(self, measure: Measure, day: dt.date, rows: dict[str, Ints]) -> list[Any] | None:
        if not rows:
            return None
        stem = f"{measure.name}-{day.isoformat()}"
        if measure.left_out is None:
            return self._sums(stem, rows["rid"], rows[measure.name])
        flags = np.zeros(self.ids.count, bool)
        flags[rows["rid"][rows[measure.name] > 0]] = True
        if measure.left_out == STOCKOUTS:
            known = np.zeros(self.ids.count, bool)
            known[rows["rid"][rows[measure.name] >= 0]] = True
            flags = known & ~flags
        return self.folder.put_marks(stem, flags).written() if flags.any() else None

    def _sums(self, stem: str, rid: Ints, values: Ints) -> list[Any] | None:
        if float(np.abs(values.astype(np.float64)).sum()) >= MOST:
            raise StoreDoubt("一天的数太大 / the numbers of a day are too large for the window store")
        dense = np.zeros(self.ids.count, np.int64)
        np.add.at(dense, rid, values)
        return self.folder.put(stem, dense).written() if dense.any() else None

    def _rows(self, days: Sequence[dt.date], measures: list[Measure]) -> dict[str, Ints]:
        """Return the rows of *days*: `rid`, `day`, and each measure (marks: 1 true, 0 false, -1 unknown)."""
        table = self.table
        names = self.ids.names
        keys = [
            f"{facts_value.key(table, column, DUCKDB)} AS {name}"
            for column, name in zip(self.group, names, strict=True)
        ]
        day = facts_value.day(table, DUCKDB)
        values = [f"{_row_value(one)} AS m{one.name}" for one in measures]
        first, last = min(days), max(days)
        query = (
            f"SELECT {', '.join([*keys, *values])}, {day} AS d FROM facts "
            f"WHERE {day} BETWEEN {DUCKDB.day(first)} AND {DUCKDB.day(last)}"
        )
        with connect() as connection:
            register(connection, "facts", _within(table, first, last, self.folder))
            connection.execute(f"CREATE TEMP VIEW rows_ AS {query}")
            connection.register("known", self.ids.numbered())
            found = self._joined(connection, measures)
            if found["rid"].null_count:
                self._add_keys(connection)
                connection.unregister("known")
                connection.register("known", self.ids.numbered())
                found = self._joined(connection, measures)
        listed = found.filter(found["rid"].is_valid()) if found["rid"].null_count else found
        return {name: listed[name].to_numpy() for name in listed.column_names}

    def _joined(self, connection: Any, measures: list[Measure]) -> pa.Table:
        values = "".join(f", r.m{one.name} AS {quoted_name(one.name)}" for one in measures)
        on = same(self.ids.names, "r", "k")
        query = f"SELECT k.rid, CAST(epoch(r.d) / 86400 AS INTEGER) AS day{values} FROM rows_ AS r LEFT JOIN known AS k ON {on}"
        found: pa.Table = connection.sql(query).to_arrow_table()
        return found

    def _add_keys(self, connection: Any) -> None:
        names = ", ".join(self.ids.names)
        full = " AND ".join(f"{name} IS NOT NULL" for name in self.ids.names)
        query = (
            f"SELECT DISTINCT {names} FROM rows_ AS r ANTI JOIN known AS k ON {same(self.ids.names, 'r', 'k')} "
            f"WHERE {full} ORDER BY {names}"
        )
        new = connection.sql(query).to_arrow_table()
        if new.num_rows:
            self.ids.add(new)


def quoted_name(name: str) -> str:
    """Return a measure's name as an identifier."""
    return f'"{name}"'


def _row_value(measure: Measure) -> str:
    if measure.left_out is None:
        return f"CAST(coalesce({measure.sql}, 0) AS BIGINT)"
    return f"CAST(coalesce(CAST(({measure.sql}) AS INTEGER), -1) AS TINYINT)"


def _stretches(days: Sequence[dt.date]) -> list[list[dt.date]]:
    """Return *days* (in order) in pieces that lie close together."""
    pieces: list[list[dt.date]] = []
    for day in days:
        if not pieces or (day - pieces[-1][0]).days >= DAYS_AT_ONCE:
            pieces.append([])
        pieces[-1].append(day)
    return pieces


def _of_day(rows: dict[str, Ints], day: dt.date) -> dict[str, Ints]:
    chosen = rows["day"] == (day - dt.date(1970, 1, 1)).days
    if chosen.all():
        return rows if len(chosen) else {}
    return {name: values[chosen] for name, values in rows.items()} if chosen.any() else {}


def _sources(table: Table, folder: StoreFolder) -> dict[dt.date, str]:
    """Return, for each day that has files, a fingerprint of them."""
    by_day: dict[dt.date, list[str]] = {}
    spans = folder.manifest.get("spans", {})
    current = {_identity(file, table) for file in table.files} if spans else set()
    folder.manifest["spans"] = {mark: span for mark, span in spans.items() if mark in current}
    for file in table.files:
        for day in _days_in(file, table, folder):
            by_day.setdefault(day, []).append(_identity(file, table))
    return {
        day: hashlib.blake2b("\n".join(sorted(files)).encode(), digest_size=8).hexdigest()
        for day, files in by_day.items()
    }


def _identity(file: str, table: Table) -> str:
    """Return what changes when a file does: a Delta file never does, others are looked at."""
    if table.version is not None:
        return file
    seen = Path(file).stat()
    return f"{file}:{seen.st_size}:{seen.st_mtime_ns}"


def _days_in(file: str, table: Table, folder: StoreFolder) -> list[dt.date]:
    """Return the days of a file: its folder's, or those from the first to the last in it."""
    day = day_of(file) if table.partitioned else None
    if day is not None:
        return [day]
    spans = folder.manifest["spans"]
    mark = _identity(file, table)
    if mark not in spans:
        spans[mark] = _span(file, table)
    first, last = (dt.date.fromisoformat(text) for text in spans[mark])
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def _span(file: str, table: Table) -> tuple[str, str]:
    metadata = pq.read_metadata(file)
    place = metadata.schema.names.index(DATE)
    found = [metadata.row_group(n).column(place).statistics for n in range(metadata.num_row_groups)]
    plain = pa.types.is_date(table.columns[DATE]) and all(one is not None and one.has_min_max for one in found)
    if plain and found:
        return min(one.min for one in found).isoformat(), max(one.max for one in found).isoformat()
    days = pq.read_table(file, columns=[DATE])[DATE].cast(pa.date32()).to_pylist()
    return min(days).isoformat(), max(days).isoformat()


def _within(table: Table, first: dt.date, last: dt.date, folder: StoreFolder) -> Table:
    """Return the table without the files that have no day between *first* and *last*."""
    files = tuple(file for file in table.files if any(first <= day <= last for day in _days_in(file, table, folder)))
    return replace(table, files=files)
