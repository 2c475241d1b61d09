"""Rules by hand, slow and obvious: what the compiled query must agree with, and what explains a single record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.alerting.forecasts import forecast_of
from engine.alerting.grain import SHARED, grain
from engine.alerting.plan import Condition, Plan
from engine.alerting.rows import Rows
from engine.alerting.share import Share, shipments
from engine.alerting.shown import field_label, reads, shown, source_of
from engine.alerting.stock import stock_steps
from engine.alerting.subject import Subject
from engine.expression import Context, evaluate, parse
from engine.expression.typed import Field, InputCall, TypedTree
from engine.tables import by_hand, facts_value
from engine.tables.hours import local_hour
from engine.tables.scan import columns_read
from engine.tables.source import Table
from engine.tables.window import column_of, windows_of

Record = Mapping[str, Any]


@dataclass
class Outcome:
    """What a rule makes of one record.

    Args:
        level: the highest level that holds, or None.
        unknown: whether no level holds and some condition ended null.
        values: the shown values of the level that holds.
        may_resolve: the value of `resolve_when`.
    """

    level: str | None
    unknown: bool
    values: dict[str, Any]
    may_resolve: bool | None = None


class Reference:
    """One rule's plan over the records of its table.

    Args:
        plan: the plan.
        now: the time of the run.
        day: the evaluation day.
        zone: the rule's zone.
        calendars: calendars by key.
        only: the keys of the only record that is looked at, or None for all.
    """

    def __init__(
        self,
        plan: Plan,
        now: dt.datetime,
        day: dt.date,
        zone: str,
        calendars: Mapping[str, Any],
        only: Mapping[str, str] | None = None,
    ) -> None:
        self.plan = plan
        self.subject: Subject = plan.subject
        self.day = day
        self.hour = local_hour(now, zone, day)
        self.only = only
        self.share = Share.of(plan.rule)
        self._index: dict[object, dict[tuple[str, ...], list[dict[str, Any]]]] = {}
        self._codes: dict[str, dict[Any, dict[str, Any]]] = {}
        self._own: list[dict[str, Any]] | None = None
        self.context = Context(
            now=now, zone=zone, calendars=calendars, series=self.series, lookup=self.lookup, rows=self.rows
        )

    # -- data ---------------------------------------------------------------------------------------------------------

    def share_rows(self, other: Reference) -> None:
        """Use the rows that *other*, over the same tables, has read already."""
        self._index, self._codes, self._own = other._index, other._codes, other._own

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the records."""
        if self._own is None:
            self._own = Rows(self.subject.world.tables[self.subject.name], self.only).all
        yield from self._own

    def keys(self, record: Record) -> dict[str, str]:
        """Return the natural keys of *record* as text."""
        return {key: _text(record[key]) for key in self.subject.keys}

    def lookup(self, form: str, code: Any) -> Record | None:
        """Return the record of *form* with that code."""
        if form not in self._codes:
            table, key = self.subject.world.tables.get(form), str(self.subject.world.code(form))
            self._codes[form] = {row[key]: row for row in Rows(table).all} if table else {}
        return self._codes[form].get(code)

    def rows(self, form: str) -> list[dict[str, Any]]:
        """Return the records of another table, those with smaller codes first."""
        found = Rows(self.subject.world.tables[form]).all
        code = self.subject.world.code(form)
        return sorted(found, key=lambda row: _text(row[code])) if code else found

    def series(self, call: InputCall, record: Record) -> Any:
        """Return the value of a series, forecast or stock call for *record*."""
        if call.family == "stock":
            names: dict[str, Any] = {}
            for name, tree in stock_steps(self.subject, call):
                names[name] = self.value(tree, {**record, **names})
            return list(names.values())[-1]
        if call.family == "forecast":
            return self._forecast(call, record)
        met = grain(self.subject, call.form, windows_of(call, self.day)[0].by, self.share.by)
        value = self._window(call, record, met.pairs)
        if value is None or not met.missing or call.function.lower() not in SHARED:
            return value
        return self._shared(value, record, met.pairs, met.missing)

    def _shared(
        self, value: float, record: Record, pairs: tuple[tuple[str, str], ...], missing: tuple[str, ...]
    ) -> float | None:
        if self.share.by == "fixed":
            part = dict(self.share.parts).get(str(record[missing[0]]))
            return None if part is None else value * part
        if self.share.by != "recent_shipments":
            return value
        own = shipments(self.subject, None)
        mine = self._window(own, record, grain(self.subject, own.form, None, "sku_total").pairs)
        whole_call = shipments(self.subject, tuple(column for column, _ in pairs))
        by = windows_of(whole_call, self.day)[0].by
        whole = self._window(whole_call, record, grain(self.subject, own.form, by, "sku_total").pairs)
        return None if not whole or mine is None else value * (mine / whole)

    def _window(self, call: InputCall, record: Record, pairs: tuple[tuple[str, str], ...]) -> float | None:
        windows = windows_of(call, self.day, self.hour)
        table = self.subject.world.tables[call.form]
        rows = self._facts(table, pairs, tuple(_text(self.field(record, path)) for _, path in pairs))
        node = call.value if call.value is not None else call.condition
        if node is None:
            raise AssertionError
        if isinstance(node, Field) and windows[0].function != "count_days":
            column = column_of(node, call.form)
            scale = facts_value.scale_of(table.columns[column])
            return by_hand.work_out(windows, rows, lambda row: row.get(column), self._launched(record, pairs), scale)
        tree = TypedTree(parse("0"), node)
        columns = columns_read(node, call.form)
        measures = {column for column in columns if table.word(column) == "number" and column != "price"}

        def value(row: Record) -> Any:
            found = {column: row.get(column) for column in columns}
            if windows[0].function == "count_days":  # a day's total of nothing is 0
                found = {column: 0.0 if one is None and column in measures else one for column, one in found.items()}
            return evaluate(tree, {f"{call.form}.{column}": one for column, one in found.items()}, self.context)

        return by_hand.work_out(windows, rows, value, self._launched(record, pairs), facts_value.MICRO)

    def _launched(self, record: Record, pairs: tuple[tuple[str, str], ...]) -> dt.date | None:
        path = self.subject.launched_on
        link = (path or "").rpartition(".")[0]
        if path is None or (link and link not in {to for _, to in pairs}) or not self.subject.has_column(path):
            return None
        return self.field(record, path)  # type: ignore[no-any-return]  # a column of dates

    def _facts(self, table: Table, pairs: tuple[tuple[str, str], ...], keys: tuple[str, ...]) -> list[dict[str, Any]]:
        columns = tuple(column for column, _ in pairs)
        if self.only is not None:
            return Rows(table, dict(zip(columns, keys, strict=True))).exact
        if (table.name, columns) not in self._index:
            index = self._index[table.name, columns] = {}
            for row in Rows(table).exact:
                index.setdefault(tuple(_text(row[column]) for column in columns), []).append(row)
        return self._index[table.name, columns].get(keys, [])

    def _forecast(self, call: InputCall, record: Record) -> float | None:
        found = forecast_of(self.subject, call)
        total, seen = 0, False
        for row in Rows(found.table).all:
            if any(_text(row[column]) != _text(self.field(record, path)) for column, path in found.pairs):
                continue
            ahead = (_day(row["ds"]) - self.day).days
            fits = ahead == 0 and row["horizon"] == found.days if found.total else 0 <= ahead < found.days
            if fits and row[found.column] is not None:
                total, seen = total + by_hand.units(float(row[found.column]), facts_value.MICRO), True
        return total / facts_value.MICRO if seen else None

    def field(self, record: Record, path: str) -> Any:
        """Return the value of the field at *path*, following links."""
        table, value = self.subject.name, record
        *links, last = path.split(".")
        for link in links:
            table = str(self.subject.world.link(table, link))
            found = self.lookup(table, value.get(link))
            if found is None:
                return None
            value = found
        return value.get(last)

    # -- rules --------------------------------------------------------------------------------------------------------

    def value(self, tree: TypedTree, record: Record) -> Any:
        """Return the value of a formula for *record*."""
        return evaluate(tree, record, self.context)

    def prepared(self, record: Record) -> tuple[dict[str, Any], list[bool]]:
        """Return the record with the rule's names in it, and which guards hold."""
        extended = dict(record)
        # Links are followed here, so that the row evaluator finds `sku.category` under that very name.
        extended |= {
            path: self.field(record, path) for tree in self.plan.trees() for path in tree.paths() if "." in path
        }
        for key in self.subject.world.definitions(self.subject.name):
            formula = self.subject.formula(key)
            if formula is not None:
                extended[key] = self.value(formula, extended)
        guards = [self.value(tree, extended) is True for tree in self.plan.guards]
        for let in self.plan.lets.values():
            chosen = next((tree for guard, tree in reversed(let.overrides) if guards[guard]), let.typed)
            extended[let.name] = None if chosen is None else self.value(chosen, extended)
        return extended, guards

    def holds(self, condition: Condition, record: Record, guards: list[bool]) -> bool | None:
        """Return whether a level's condition holds for a prepared record."""
        if condition.guard is not None and not guards[condition.guard]:
            return False
        if any(guards[number] for number in condition.unless):
            return False
        found = self.value(condition.when, record)
        return True if found is None and self.plan.rule.get("on_unknown") == "fire" else found

    def judge(self, record: Record) -> Outcome | None:
        """Return what the rule makes of *record*; None where it is not about it."""
        extended, guards = self.prepared(record)
        if self.plan.where is not None and self.value(self.plan.where, extended) is not True:
            return None
        held = [(condition, self.holds(condition, extended, guards)) for condition in self.plan.conditions]
        resolve = None if self.plan.resolve_when is None else self.value(self.plan.resolve_when, extended)
        for condition, holds in held:
            if holds is True:
                return Outcome(condition.level, False, self.shown(condition, extended), resolve)
        return Outcome(None, any(holds is None for _, holds in held), {}, resolve)

    def shown(self, condition: Condition, record: Record) -> dict[str, Any]:
        """Return the shown values of a condition for a prepared record."""
        values = {}
        for one in shown(self.plan, condition):
            value = record[one.source] if one.tree is None else self.value(one.tree, record)
            values[one.source] = value
        return values

    def empty_inputs(self, condition: Condition, record: Record) -> list[str]:
        """Return what a condition reads and finds empty, as texts."""
        found = []
        for owner, node in reads(self.plan, condition.when):
            if self.value(TypedTree(owner.tree, node, (), owner.labels), record) is None:
                found.append(field_label(owner, node.path) if isinstance(node, Field) else source_of(owner, node))
        return found


def _day(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])


def _text(value: Any) -> str:
    return "" if value is None else str(value)
