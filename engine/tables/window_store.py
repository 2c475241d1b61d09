"""The window store: every series value of a run, made of dense day columns and rolling sums instead of the facts' rows.

Everything in it is derived from the facts and can be built again from them. It answers bit for bit as the plain path does
(`engine.tables.windows`); what it cannot answer, or doubts, it refuses with `StoreDoubt`, and the plain path stands.

    row_ids         each key has a permanent whole number
    day_columns     each day one array of whole numbers, and marks of days that are left out
    rolling         sums over windows, moved on from day to day
    dense_series    what each function makes of them
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.tables.day_columns import MOST, DayColumns, Progress
from engine.tables.dense_series import FROM_SUMS, from_days, from_sums, heaviest
from engine.tables.rolling import Rolling
from engine.tables.row_ids import RowIds
from engine.tables.source import Table
from engine.tables.store_folder import Ints, StoreDoubt, StoreFolder
from engine.tables.wanted import Wanted
from engine.tables.window import Window

# Single days of so many keys at a time go through memory: day × key whole numbers of 64 bits.
CELLS = 8_000_000
# Day columns older than this are dropped; the longest window looks back 730 days.
KEPT_DAYS = 800
EPOCH = dt.date(1970, 1, 1)
Launches = Callable[[str], pa.Table]
"""Runs the query of launch days: columns k0, k1, … and `launched`."""


@dataclass
class Used:
    """What a run did in the store: sums moved on from their state, sums added up anew."""

    moved: int = 0
    rebuilt: int = 0


class WindowStore:
    """The window stores under one folder, one for each facts table and grain.

    Args:
        root: the folder.
        progress: told of (days built, days to build) while day columns are built.
    """

    def __init__(self, root: Path | str, progress: Progress | None = None) -> None:
        self.root = Path(root)
        self.progress = progress
        self.used = Used()

    def folder(self, facts: str, group: Sequence[str]) -> StoreFolder:
        """Return the folder of one facts table at one grain."""
        mark = hashlib.sha256("\0".join(group).encode()).hexdigest()[:8]
        return StoreFolder(self.root / f"{facts}-{mark}")

    def forget(self) -> None:
        """Throw everything away; it is built again from the facts when next used."""
        for path in sorted(self.root.glob("*-*/")):
            folder = StoreFolder(path)
            with folder.held():
                folder.forget()
                folder.commit()

    def take_in(self, tables: Mapping[str, Table], wanted: Iterable[Wanted], today: dt.date) -> None:
        """Bring the day columns that *wanted* needs up to date; sums follow when a run asks for them."""
        for asked in _by_store(wanted).values():
            folder = self.folder(asked[0].facts, asked[0].group)
            with folder.held():
                self._columns(folder, tables, asked, today)
                folder.commit()

    def widened(
        self,
        over: Table,
        tables: Mapping[str, Table],
        wanted: Sequence[Wanted],
        columns: Sequence[str],
        today: dt.date,
        launches: Launches,
    ) -> Table:
        """Return the table *over* with a column for each of *wanted*, in its own order of rows.

        Args:
            over: a table in memory or in plain files.
            tables: the facts by name, each at one version.
            wanted: what is asked for.
            columns: the columns of *over* that are read.
            today: the evaluation day.
            launches: runs a query of launch days.

        Raises:
            StoreDoubt: the store cannot answer; nothing has changed.
        """
        needed = dict.fromkeys([*columns, *(name for one in wanted for name in one.own)])
        made = in_memory(over, list(needed))
        with ExitStack() as held:
            for asked in _by_store(wanted).values():
                folder = self.folder(asked[0].facts, asked[0].group)
                held.enter_context(folder.held())
                for name, column in self._answers(folder, over.name, made, tables, asked, today, launches).items():
                    made = made.append_column(name, column)
                folder.commit()
        return Table(over.name, {field.name: field.type for field in made.schema}, arrow=made, texts=over.texts)

    def _columns(
        self, folder: StoreFolder, tables: Mapping[str, Table], asked: Sequence[Wanted], today: dt.date
    ) -> DayColumns:
        ids = RowIds(folder, len(asked[0].group))
        columns = DayColumns(folder, ids, tables[asked[0].facts], asked[0].group)
        oldest = (today - dt.timedelta(days=KEPT_DAYS)).isoformat()
        kept = folder.manifest["days"]
        folder.manifest["days"] = {day: found for day, found in kept.items() if day >= oldest}
        measures = [measure for one in asked for measure in (one.measure, *one.without)]
        columns.ensure(measures, (day for one in asked for day in one.days), self.progress)
        return columns

    def _answers(
        self,
        folder: StoreFolder,
        name: str,
        made: pa.Table,
        tables: Mapping[str, Table],
        asked: Sequence[Wanted],
        today: dt.date,
        launches: Launches,
    ) -> dict[str, pa.Array]:
        columns = self._columns(folder, tables, asked, today)
        launched = {sql: _launched(columns.ids, launches(sql)) for sql in {one.launched for one in asked} if sql}
        rolling = Rolling(columns, today)
        sums = rolling.sums(one for each in asked for one in each.sums())
        self.used.moved += rolling.moved
        self.used.rebuilt += rolling.rebuilt
        places: dict[tuple[str, ...], Ints | None] = {}
        found: dict[str, pa.Array] = {}
        for one in asked:
            if one.own not in places:
                keys = [made[column].cast(pa.string()) for column in one.own]
                places[one.own] = columns.ids.places(f"{name}:{','.join(one.own)}", keys)
            values = self._values(columns, one, sums, launched.get(one.launched or ""))
            found[one.column] = _placed(values, places[one.own], one)
        return found

    def _values(
        self, columns: DayColumns, one: Wanted, sums: Mapping[str, Ints], launched: tuple[Ints, Ints] | None
    ) -> Ints:
        """Return the value of a call for each row id; NaN where there is none."""
        if one.windows[0].function in FROM_SUMS:
            values = from_sums(one.windows, tuple(one.in_window(window, sums) for window in one.windows), one.scale)
        else:
            self._guard(columns, one)
            values = self._daily(columns, one, np.arange(columns.ids.count), None)
        if launched is not None:
            places, days = launched
            late = days > (min(window.start for window in one.windows) - EPOCH).days
            if late.any():
                values = values.copy()
                values[places[late]] = self._daily(columns, one, places[late], days[late])
        return values

    def _guard(self, columns: DayColumns, one: Wanted) -> None:
        largest = max((kept.largest for day in one.days if (kept := columns[one.measure, day])), default=0)
        if largest * max(1, heaviest(one.windows[0])) * one.windows[0].days >= MOST:
            raise StoreDoubt("一天的数太大 / the numbers of a day are too large for the window store")

    def _daily(self, columns: DayColumns, one: Wanted, places: Ints, launched: Ints | None) -> Ints:
        """Return the value of a call for the row ids *places* from single days."""
        step = max(1, CELLS // max(window.days for window in one.windows))
        found = [np.empty(0)]
        for first in range(0, len(places), step):
            part = slice(first, first + step)
            days = None if launched is None else launched[part]
            cells = [self._cells(columns, one, window, places[part], days) for window in one.windows]
            found.append(from_days(one.windows, tuple(u for u, _ in cells), tuple(k for _, k in cells), one.scale))
        return np.concatenate(found)

    def _cells(
        self, columns: DayColumns, one: Wanted, window: Window, places: Ints, launched: Ints | None
    ) -> tuple[Ints, Ints]:
        """Return the units of each day of *window*, the newest first, and which days count."""
        units = np.zeros((window.days, len(places)), np.int64)
        kept = np.ones((window.days, len(places)), bool)
        for number in range(window.days):
            day = window.end - dt.timedelta(days=number)
            if columns[one.measure, day] is not None:
                units[number] = columns.values(one.measure, day)[places]
            for mark in one.without:
                if columns[mark, day] is not None:
                    kept[number] &= ~columns.values(mark, day)[places]
            if launched is not None:
                kept[number] &= launched <= (day - EPOCH).days
        return units, kept


def _by_store(wanted: Iterable[Wanted]) -> dict[tuple[object, ...], list[Wanted]]:
    found: dict[tuple[object, ...], list[Wanted]] = {}
    for one in wanted:
        found.setdefault((one.facts, one.group), []).append(one)
    return found


def _launched(ids: RowIds, found: pa.Table) -> tuple[Ints, Ints]:
    """Return the row ids that a table of launch days names, and the days, counted from 1970.

    A product that was launched and has no row yet is given its id: its days count from the launch, not from the window's
    first day.
    """
    keys = [found[name].cast(pa.string()) for name in ids.names]
    full = pc.and_(pc.is_valid(keys[0]), pc.is_valid(keys[-1]))
    named = pa.table(dict(zip(ids.names, keys, strict=True))).append_column("day", found["launched"]).filter(full)
    new = named.filter(pa.array(ids.looked_up([named[name] for name in ids.names]) < 0))
    if new.num_rows:
        ids.add(new.group_by(ids.names).aggregate([]))
    days = named["day"].cast(pa.date32()).cast(pa.int32()).to_numpy()
    return ids.looked_up([named[name] for name in ids.names]), days


def _placed(values: Ints, places: Ints | None, one: Wanted) -> pa.Array:
    """Return values in the order of a table's rows; a record without facts has those of days without a row."""
    if places is not None:
        nothing = _of_nothing(one)
        values = np.append(values, nothing)[places]
    return pa.array(values, pa.float64(), from_pandas=True)


def _of_nothing(one: Wanted) -> float:
    """Return the value of a call for a key without any row."""
    cells = [(np.zeros((w.days, 1), np.int64), np.ones((w.days, 1), bool)) for w in one.windows]
    found = from_days(one.windows, tuple(u for u, _ in cells), tuple(k for _, k in cells), one.scale)
    return float(found[0])


def in_memory(table: Table, columns: Sequence[str]) -> pa.Table:
    """Return columns of a table as Arrow; texts in files come as dictionaries, which costs least.

    Raises:
        StoreDoubt: the table lies in folders by day.
    """
    if table.arrow is not None:
        return table.arrow.select([name for name in columns if name in table.arrow.column_names])
    if table.partitioned or not table.files:
        raise StoreDoubt(f"{table.name} 按天分区 / {table.name} lies in folders by day")
    texts = [name for name in columns if table.columns[name] in {pa.string(), pa.large_string()}]
    read = [pq.read_table(file, columns=list(columns), read_dictionary=texts) for file in table.files]
    found: Any = pa.concat_tables(read, promote_options="permissive")
    return found
