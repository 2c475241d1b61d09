"""Forecast functions as columns: sums over the newest forecast, taken from a table `forecast` beside the others.

The table has the series' keys (or `unique_id`, the keys joined with `/`), `ds` (the first day of the period), `mean` and
quantiles `q0.9`; where it has `horizon`, a row is the total of so many days, its quantiles are those of the sum, and
`forecast_error` and `bias` say what the forecasts of the last so many days were worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.alerting.subject import Subject
from engine.expression.typed import InputCall
from engine.problems import DefinitionError, Problem
from engine.tables import facts_value
from engine.tables.source import Table

if TYPE_CHECKING:
    from engine.alerting.relation import Relation

NAMES = ("forecast", "forecasts")
# What past forecasts were worth over so many days: columns of the table beside its totals.
MEASURED = frozenset({"forecast_error", "bias"})


@dataclass(frozen=True)
class Forecast:
    """What a forecast call reads: the table, its keys, the condition on its rows and the value that is added up."""

    table: Table
    pairs: tuple[tuple[str, str], ...]
    days: int
    column: str
    total: bool


def forecast_of(subject: Subject, call: InputCall) -> Forecast:
    """Return what `forecast(h)` or `forecast(h, q)` reads for *subject*.

    Raises:
        DefinitionError: there is no forecast, or none of this quantile.
    """
    table = next((subject.world.tables[name] for name in NAMES if name in subject.world.tables), None)
    if table is None:
        raise _cannot(call, "没有给出预测表 forecast", "there is no table forecast")
    own = subject.world.definitions(subject.name)
    pairs = tuple((column, column) for column in table.columns if column in own and table.word(column) == "text")
    if not pairs and subject.name in table.columns and subject.world.code(subject.name):
        pairs = ((subject.name, str(subject.world.code(subject.name))),)
    level = call.arguments[1] if len(call.arguments) > 1 else None
    column = "mean" if level is None else f"q{float(level):g}"
    total = "horizon" in table.columns
    if call.function.lower() in MEASURED:
        level, column = 0, call.function.lower()
    if not pairs or column not in table.columns or (level is not None and not total):
        raise _cannot(call, f"预测表里没有 {column}(分位数要按总和给出)", f"the forecast has no {column} of totals")
    return Forecast(table, pairs, int(call.arguments[0]), column, total)


def _cannot(call: InputCall, why: str, why_en: str) -> DefinitionError:
    return DefinitionError([Problem("$", f"{call.function}():{why}", "", f"{call.function}(): {why_en}")])


def forecast_cte(relation: Relation, forecast: Forecast) -> str:
    """Return the query that adds a forecast up by key: k0 …, value."""
    dialect, table = relation.dialect, forecast.table
    keys = [f"{facts_value.key(table, column, dialect)} AS k{n}" for n, (column, _) in enumerate(forecast.pairs)]
    names = ", ".join(f"k{n}" for n in range(len(forecast.pairs)))
    relation.see(table.name)
    first = dialect.day(relation.day)
    day = facts_value.day(table, dialect, "ds")
    where = f"{day} = {first} AND {dialect.column('horizon')} = {forecast.days}"
    if not forecast.total:
        where = f"{day} >= {first} AND {dialect.days_between(first, day)} < {forecast.days}"
    value = f"CAST({dialect.column(forecast.column)} AS DOUBLE)"
    inner = f"SELECT {', '.join(keys)}, {facts_value.units_of_double(value)} AS x FROM {dialect.column(f'table_{table.name}')} WHERE {where}"  # noqa: S608 quoted names and typed literals
    return f"SELECT {names}, CAST(sum(x) AS DOUBLE) / CAST(1000000 AS DOUBLE) AS value FROM ({inner}) AS r GROUP BY {names}"  # noqa: S608 as above
