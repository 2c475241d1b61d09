"""Rolling sums kept as state: moved on by the new day less the leaving one, and corrected by late rows.

A state remembers from which day columns it was added up. Moving it is a difference of sets: what is in the window now and
was not is added, what was and is not is taken off again; a corrected day is both. Sums are whole numbers, so that the
order does not matter and nothing drifts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.tables.day_columns import MOST, DayColumns, Measure
from engine.tables.store_folder import Ints, Kept, StoreDoubt

# States that no run asked for in so many days are dropped.
UNUSED_DAYS = 30


@dataclass(frozen=True)
class Sum:
    """A sum over a window's days.

    Args:
        measure: what is added up; None counts the days that are left out.
        power: 1 for the values, 2 for their squares.
        without: the marks of days that are left out.
        start: the first day.
        end: the last day.
        lag: how many days before the evaluation day the window ends.
    """

    measure: Measure | None
    power: int
    without: tuple[Measure, ...]
    start: dt.date
    end: dt.date
    lag: int

    @property
    def days(self) -> list[dt.date]:
        """Its days, the newest first."""
        return [self.end - dt.timedelta(days=n) for n in range((self.end - self.start).days + 1)]

    @property
    def key(self) -> str:
        """What it is called from day to day."""
        left = ",".join(sorted(one.name for one in self.without))
        return f"{self.measure.name if self.measure else ''}^{self.power}|{left}|{len(self.days)}|{self.lag}"


class Rolling:
    """The rolling sums of one store.

    Args:
        columns: its day columns, current for all days that are asked for.
        today: the evaluation day.
    """

    def __init__(self, columns: DayColumns, today: dt.date) -> None:
        self.columns = columns
        self.folder = columns.folder
        self.today = today
        self.rebuilt = 0
        self.moved = 0

    def sums(self, asked: Iterable[Sum]) -> dict[str, Ints]:
        """Return the sums by their keys; those without a usable state are added up anew, all in one walk over the days."""
        found: dict[str, Ints] = {}
        anew: list[Sum] = []
        for one in {one.key: one for one in asked}.values():
            self._guard(one)
            moved = self._moved(one)
            if moved is None:
                anew.append(one)
            else:
                found[one.key] = moved
        found |= self._added_up(anew)
        self._forget()
        return found

    # -- one state ----------------------------------------------------------------------------------------------------

    def _parts(self, one: Sum) -> dict[str, list[Any]]:
        """Return what each day adds: a name of its files → the files (value, then marks); days of nothing are left out."""
        parts: dict[str, list[Any]] = {}
        for day in one.days:
            value = self.columns[one.measure, day] if one.measure else None
            marks = [self.columns[mark, day] for mark in one.without]
            if value is None and (one.measure is not None or not any(marks)):
                continue
            files = [None if kept is None else kept.written() for kept in (value, *marks)]
            parts["+".join(str(kept[0]) for kept in files if kept)] = files
        return parts

    def _contribution(self, one: Sum, files: list[Any]) -> Ints:
        """Return what one day adds to a sum."""
        count = self.columns.ids.count
        value, *marks = (Kept.read(file) for file in files)
        left_out: Ints | None = None
        for mark in marks:
            if mark is not None:
                bits = self.folder.get(mark, count)
                left_out = bits if left_out is None else left_out | bits
        if one.measure is None:
            return np.zeros(count, np.int8) if left_out is None else left_out.astype(np.int8)
        if value is None:
            return np.zeros(count, np.int8)
        values = self.folder.get(value, count)
        if left_out is not None:
            values = np.where(left_out, values.dtype.type(0), values)
        return values if one.power == 1 else values.astype(np.int64) ** 2

    def _moved(self, one: Sum) -> Ints | None:
        """Return the sum from its state, or None where it is cheaper or safer to add it up anew."""
        state = self.folder.manifest["states"].get(one.key)
        if state is None:
            return None
        now, was = self._parts(one), state["parts"]
        joining = [files for name, files in now.items() if name not in was]
        leaving = [files for name, files in was.items() if name not in now]
        if len(joining) + len(leaving) > len(now):
            return None
        try:
            kept = Kept(*state["sum"])
            values = self.folder.get(kept, self.columns.ids.count)
            if joining or leaving:
                values = values.astype(_wide(one, {**was, **now}), copy=True)
                for files in joining:
                    values += self._contribution(one, files)
                for files in leaving:
                    values -= self._contribution(one, files)
        except StoreDoubt:
            return None  # a file is damaged: the days say the same
        self.moved += 1
        self._keep(one, values, now, kept if not (joining or leaving) else None)
        return values

    def _keep(self, one: Sum, values: Ints, parts: Mapping[str, list[Any]], kept: Kept | None = None) -> None:
        stem = f"s{one.power}-{len(one.days)}"
        written = (kept or self.folder.put(stem, values)).written()
        self.folder.manifest["states"][one.key] = {"sum": written, "parts": parts, "used": self.today.isoformat()}

    # -- many at once -------------------------------------------------------------------------------------------------

    def _added_up(self, asked: list[Sum]) -> dict[str, Ints]:
        """Return sums added up from the day columns: windows that end on the same day share one walk backwards."""
        walks: dict[tuple[object, ...], list[Sum]] = {}
        for one in asked:
            walks.setdefault((one.measure, one.power, one.without, one.end), []).append(one)
        found: dict[str, Ints] = {}
        for walk in walks.values():
            found |= self._walk(sorted(walk, key=lambda one: len(one.days)))
        self.rebuilt += len(asked)
        return found

    def _walk(self, windows: list[Sum]) -> dict[str, Ints]:
        longest = windows[-1]
        edges = {len(one.days): one for one in windows}
        running = np.zeros(self.columns.ids.count, _wide(longest, self._parts(longest)))
        found: dict[str, Ints] = {}
        for number, day in enumerate(longest.days, 1):
            parts = self._parts(_one_day(longest, day))
            for files in parts.values():
                running += self._contribution(longest, files)
            if number in edges:
                one = edges[number]
                found[one.key] = running.copy() if number < len(longest.days) else running
                self._keep(one, found[one.key], self._parts(one))
        return found

    def _guard(self, one: Sum) -> None:
        """Refuse a sum that might not fit 64 bits; the plain path adds up in 128."""
        if one.measure is None:
            return
        largest = max((kept.largest for day in one.days if (kept := self.columns[one.measure, day])), default=0)
        if largest**one.power * len(one.days) >= MOST:
            raise StoreDoubt("窗口里的数太大 / the numbers in a window are too large for the window store")

    def _forget(self) -> None:
        """Drop the states that nobody asks for any more."""
        oldest = (self.today - dt.timedelta(days=UNUSED_DAYS)).isoformat()
        states = self.folder.manifest["states"]
        for key in [key for key, state in states.items() if state["used"] < oldest]:
            del states[key]


def _one_day(one: Sum, day: dt.date) -> Sum:
    return Sum(one.measure, one.power, one.without, day, day, one.lag)


def _wide(one: Sum, parts: Mapping[str, list[Any]]) -> type[np.int32 | np.int64]:
    """Return a type in which no sum over the days can overflow."""
    if one.measure is None:
        return np.int32
    largest = max((files[0][4] for files in parts.values() if files[0]), default=0)
    # A move passes through sums of both windows at once.
    return np.int32 if 2 * largest**one.power * (len(parts) + 1) < 1 << 31 else np.int64
