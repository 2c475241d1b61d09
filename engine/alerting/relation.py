"""The relation that rules over one table read: its own columns, those behind links, series, and what is derived of them.

    base      the table joined to what it links to, one column a field that some rule reads
    w0 …      the windows over facts
    level0    base with the value of each series call
    level1 …  names of rules, formula fields and stock functions, each after those that it reads

Everything is in it once, whatever number of rules ask for it.
"""

# ruff: noqa: S608 the SQL is made of quoted names, typed literals and compiled expressions, never of users' text

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.alerting.forecasts import forecast_cte, forecast_of
from engine.alerting.grain import SHARED, Grain, grain
from engine.alerting.lookups import looked_up
from engine.alerting.share import Share, fixed_share, shipments
from engine.alerting.stock import stock_steps
from engine.alerting.stored import Asking, launch_query
from engine.alerting.subject import Subject
from engine.alerting.writer import SUM, WHOLE, Writer
from engine.expression.typed import Field, Input, InputCall, TypedTree
from engine.problems import DefinitionError, Problem
from engine.tables import facts_value, windows
from engine.tables.dialect import Dialect
from engine.tables.scan import Scan, Series, View, view_name
from engine.tables.source import Table
from engine.tables.wanted import Wanted
from engine.tables.window import HOUR, windows_of

_DAY = re.compile(r"DATE '(\d{4}-\d{2}-\d{2})'")
Factor = tuple[str, ...]
"""Nothing, one SQL expression, or the names of two series of which the first is divided by the second."""


@dataclass
class Relation:
    """The columns of one relation as they are asked for, and in the end its SQL.

    Args:
        subject: the table that rules are over.
        day: the evaluation day D.
        dialect: the engine.
        writer: how formulas become SQL.
        days: many evaluation days at once: the table then has a column `_day`, and *day* stands for each of them.
        launches: whether some record may have been launched within the windows' days; most runs need not look.
        asking: how the window store is asked; None: every series is taken from the facts.
        stored: what the window store is to answer, by the column that it becomes.
        late_keys: whether the natural keys become text only in the rows that come back.
    """

    subject: Subject
    day: dt.date
    dialect: Dialect
    writer: Writer
    launches: bool = True
    days: tuple[dt.date, dt.date] | None = None
    leaves: dict[str, str] = field(default_factory=dict)
    joins: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    series: dict[tuple[object, ...], tuple[str, Series | None, Factor]] = field(default_factory=dict)
    asking: Asking | None = None
    stored: dict[str, Wanted] = field(default_factory=dict)
    late_keys: bool = False
    forecasts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    derived: dict[str, tuple[str, int]] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)

    # -- asking for columns -------------------------------------------------------------------------------------------

    def columns(self, tree: TypedTree, names: Mapping[str, str], share: Share) -> dict[Any, str]:
        """Return the column of each field and call that *tree* reads; *names* are the rule's own."""
        found: dict[Any, str] = {}
        for path in tree.paths():
            found[path] = names[path] if path in names else self.field(path)
        for call in tree.series_calls():
            found[call] = self.call(call, share)
        for call in tree.lookup_calls():
            found[call] = looked_up(self, call, names, share)
        return found

    def derive(self, tree: TypedTree, names: Mapping[str, str], share: Share) -> str:
        """Return the column that holds the value of *tree*."""
        columns = self.columns(tree, names, share)
        if len(columns) == 1 and isinstance(tree.root, Field | Input):
            return next(iter(columns.values()))
        return self.derive_sql(self.writer.tree(tree, columns), columns.values())

    def derive_sql(self, sql: str, inputs: Iterable[str]) -> str:
        """Return the column of an expression over the columns *inputs*; the same text is computed once."""
        if sql in self.depths:
            return sql
        depth = 1 + max((self.depths.get(name, 0) for name in inputs), default=0)
        name, depth = self.derived.setdefault(sql, (f"d{len(self.derived)}", depth))
        self.depths[name] = depth
        return name

    def field(self, path: str) -> str:
        """Return the column of the field at *path* (`sku.category`); a formula field that has no column is worked out."""
        if path in self.leaves:
            return self.leaves[path]
        formula = self.subject.formula(path)
        if formula is not None:
            return self.derive(formula, {}, Share())
        self._follow(path)
        name = self.leaves[path] = f"c{len(self.leaves)}"
        if self.subject.is_whole(path):
            self.writer.bounds[name] = WHOLE
        return name

    def _follow(self, path: str) -> None:
        """Join the tables that *path* leads through.

        Raises:
            DefinitionError: a table or column on the way is not given.
        """
        parts = tuple(path.split("."))
        table = self.subject.name
        for depth in range(1, len(parts)):
            target = self.subject.world.link(table, parts[depth - 1])
            if target is None or target not in self.subject.world.tables:
                raise _absent(path, f"没有给出表 {target or parts[depth - 1]}", "the table it leads to is not given")
            self.joins.setdefault(parts[:depth], (f"j{len(self.joins)}", target))
            table = target
        opened = self.subject.world.tables.get(table)
        if opened is None or parts[-1] not in opened.columns:
            raise _absent(path, f"表 {table} 没有列 {parts[-1]}", f"table {table} has no column {parts[-1]}")

    def call(self, call: InputCall, share: Share) -> str:
        """Return the column that holds the value of *call*."""
        if call.family == "stock":
            return self._steps(stock_steps(self.subject, call), share)
        if call.family == "forecast":
            return self._forecast(call)
        if call.function.lower() == "avg_hourly" and HOUR not in self.subject.world.tables[call.form].columns:
            raise _absent(HOUR, f"表 {call.form} 没有小时列", f"table {call.form} has no hours")
        met = grain(self.subject, call.form, windows_of(call, self.day)[0].by, share.by)
        if met.problems:
            raise DefinitionError(met.problems)
        factor = self._factor(call, met, share)
        key = (call.key, met.pairs, factor)
        if key not in self.series:
            name = f"v{len(self.series)}"
            answer = self._wanted(f"{name}_w", call, met)
            if answer is not None:
                self.stored[answer.column] = answer
            self.series[key] = (name, None if answer else self._series(call, met), factor)
            self.writer.bounds[name] = SUM
        return self.series[key][0]

    def _steps(self, steps: list[tuple[str, TypedTree]], share: Share) -> str:
        names: dict[str, str] = {}
        for name, tree in steps:
            names[name] = self.derive(tree, names, share)
        return names[steps[-1][0]]

    def _series(self, call: InputCall, met: Grain) -> Series:
        group = tuple((column, self.field(path)) for column, path in met.pairs)
        launched = self._launched(met) if self.launches and call.function.lower() != "avg_hourly" else None
        return Series(call, self.subject.world.tables[call.form], group, launched)

    def _launched(self, met: Grain) -> str | None:
        """Return the column of the launch day, where the facts are added up for the product that has one."""
        return (path := self._launch_path(met)) and self.field(path)

    def _launch_path(self, met: Grain) -> str | None:
        path = self.subject.launched_on
        link = (path or "").rpartition(".")[0]
        if path is None or (link and link not in {to for _, to in met.pairs}) or not self.subject.has_column(path):
            return None
        return path

    def _wanted(self, name: str, call: InputCall, met: Grain) -> Wanted | None:
        """Return what the window store is to answer of a call, if it can."""
        if self.asking is None:
            return None
        path = self._launch_path(met) if self.launches else None
        return self.asking.wanted(
            name,
            windows_of(call, self.day, self.writer.hour(self.day)),
            met,
            path,
            lambda: self._launches(met, str(path)),
        )

    def _launches(self, met: Grain, path: str) -> str:
        apart = Relation(self.subject, self.day, self.dialect, self.writer)
        query = launch_query(apart, met, path)
        self.views |= apart.views
        return query

    def own_columns(self) -> list[str]:
        """Return the columns of the rules' own table that are read."""
        paths = [*self.subject.keys, *(path.partition(".")[0] for path in self.leaves)]
        return list(dict.fromkeys([*paths, *(parts[0] for parts in self.joins)]))

    def _factor(self, call: InputCall, met: Grain, share: Share) -> Factor:
        """Return by what the value is multiplied for this record: nothing, an expression, or one series by another."""
        if not met.missing or share.by in {None, "sku_total"} or call.function.lower() not in SHARED:
            return ()
        if share.by == "fixed":
            return (fixed_share(dict(share.parts), self.field(met.missing[0]), "DOUBLE"),)
        whole = shipments(self.subject, tuple(column for column, _ in met.pairs))
        return self.call(shipments(self.subject, None), Share("sku_total")), self.call(whole, Share("sku_total"))

    def _forecast(self, call: InputCall) -> str:
        if call.key not in self.forecasts:
            found = forecast_of(self.subject, call)
            name = f"f{len(self.forecasts)}"
            same = " AND ".join(f"base.{self.field(path)} = {name}.k{n}" for n, (_, path) in enumerate(found.pairs))
            self.forecasts[call.key] = (name, forecast_cte(self, found), same)
        return f"{self.forecasts[call.key][0]}_value"

    def see(self, table: str) -> None:
        """Make *table* readable as `table_…`."""
        self.views[f"table_{table}"] = View(table)

    # -- SQL ----------------------------------------------------------------------------------------------------------

    def ctes(self) -> list[tuple[str, str]]:
        """Return the common table expressions in order; the last one holds every column."""
        series = [one for _, one, _ in self.series.values() if one is not None]
        found = windows.build(
            series, self.day, self.dialect, self.writer.node, "base", self.days, self.writer.hour(self.day)
        )
        values = {
            name: f"{name}_w" if one is None else f"({self._for_each_day(found.columns[one.call.key, one.group])})"
            for name, one, _ in self.series.values()
        }
        items, joins = [], []
        for scan in found.scans:
            self.views[view_name(scan)] = View(scan.table.name, scan.first, scan.last)
            at = f" AND base.as_of = {scan.name}.on_day" if self.days else ""
            joins.append(f" LEFT JOIN {scan.name} ON {_same(scan)}{at}")
        for name, _, factor in self.series.values():
            items.append(f", {values[name]}{_times(factor, values)} AS {name}")
        for name, _, same in self.forecasts.values():
            joins.append(f" LEFT JOIN {name} ON {same}")
            items.append(f", {name}.value AS {name}_value")
        forecasts = [(name, query) for name, query, _ in self.forecasts.values()]
        level0 = ("level0", f"SELECT base.*{''.join(items)} FROM base{''.join(joins)}")
        return [("base", self.base_sql()), *found.ctes, *forecasts, level0, *self._levels()]

    def _for_each_day(self, sql: str) -> str:
        """Return an expression with the days that it counts from the evaluation day counted from each record's own."""
        if self.days is None:
            return sql
        return _DAY.sub(lambda found: f"(as_of - {(self.day - dt.date.fromisoformat(found.group(1))).days})", sql)

    def _levels(self) -> list[tuple[str, str]]:
        found = []
        for depth in range(1, max((depth for _, depth in self.derived.values()), default=0) + 1):
            items = "".join(f", {sql} AS {name}" for sql, (name, at) in self.derived.items() if at == depth)
            found.append((f"level{depth}", f"SELECT *{items} FROM level{depth - 1}"))
        return found

    def base_sql(self) -> str:
        """Return the query of the table joined to what it links to."""
        dialect, world = self.dialect, self.subject.world
        aliases: dict[tuple[str, ...], str] = {(): "o"} | {parts: alias for parts, (alias, _) in self.joins.items()}
        own = world.tables[self.subject.name]
        tables: dict[tuple[str, ...], Table] = {(): own}
        tables |= {parts: world.tables[target] for parts, (_, target) in self.joins.items()}
        self.views |= {f"table_{table.name}": View(table.name) for table in tables.values()}
        items = [
            f"{f'o.{dialect.column(key)}' if self.late_keys else facts_value.key(own, key, dialect, 'o.')} AS key{n}"
            for n, key in enumerate(self.subject.keys)
        ]
        if self.days:
            items.append("o._day AS as_of")
        items += [f"o.{name}" for name in self.stored]
        for path, name in self.leaves.items():
            parts = tuple(path.split("."))
            sql = facts_value.as_language(tables[parts[:-1]], parts[-1], dialect, f"{aliases[parts[:-1]]}.")
            items.append(f"{sql} AS {name}")
        sources = [f"{dialect.column(f'table_{own.name}')} AS o"]
        for parts, (alias, target) in self.joins.items():
            left = facts_value.key(tables[parts[:-1]], parts[-1], dialect, f"{aliases[parts[:-1]]}.")
            right = facts_value.key(tables[parts], str(world.code(target)), dialect, f"{alias}.")
            sources.append(f"LEFT JOIN {dialect.column(f'table_{target}')} AS {alias} ON {left} = {right}")
        return f"SELECT {', '.join(items)} FROM {' '.join(sources)}"


def _absent(path: str, message: str, message_en: str) -> DefinitionError:
    return DefinitionError([Problem("$", f"读不到 {path}:{message}", "", f"cannot read {path}: {message_en}")])


def _same(scan: Scan) -> str:
    return " AND ".join(f"base.{column} = {scan.name}.k{n}" for n, (_, column) in enumerate(scan.group))


def _times(factor: Factor, values: Mapping[str, str]) -> str:
    if len(factor) == 2:
        return f" * ({values[factor[0]]} / nullif({values[factor[1]]}, CAST(0 AS DOUBLE)))"
    return f" * ({factor[0]})" if factor else ""
