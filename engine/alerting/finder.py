"""Which number would have done best: a rule replayed on past days with one of its numbers set to many values at once.

All values are variants of the rule in one replay, so that facts are read once; a second round looks closer around the best
value of the first.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.alerting.plan import Plan, make_plan, ready
from engine.alerting.prepare import ZONE
from engine.alerting.replay import HORIZON, backtest
from engine.alerting.shown import own_nodes
from engine.alerting.subject import World
from engine.expression.typed import Constant, TypedTree
from engine.problems import BeihuoError
from engine.tables.source import open_tables

FACTORS = (0.25, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 2.5, 3.0)
FROM_ZERO = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0)
CLOSER = 6
MOST_VALUES = 40


@dataclass(frozen=True)
class Place:
    """A number in a rule that can be tried.

    Args:
        number: which one of the rule's numbers.
        path: where its formula stands (`$.levels[0].when`).
        source: the formula.
        at: where the number stands in it.
        value: what stands there now.
        level: the level whose condition it is in, or None for a name of the rule.
        let: the name whose formula it is in, or None.
    """

    number: int
    path: str
    source: str
    at: tuple[int, int]
    value: float
    level: str | None
    let: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON; `label` is its formula with the number marked."""
        start, end = self.at
        return {
            "number": self.number,
            "path": self.path,
            "source": self.source,
            "at": [start, end],
            "value": self.value,
            "level": self.level,
            "let": self.let,
            "label": f"{self.source[:start]}[{self.source[start:end]}]{self.source[end:]}",
        }

    def put(self, rule: Mapping[str, Any], value: float) -> dict[str, Any]:
        """Return *rule* with *value* in this place; where it belongs to a level, with the levels of that name only."""
        start, end = self.at
        text = f"{self.source[:start]}{_written(value)}{self.source[end:]}"
        if self.let is not None:
            return {**rule, "let": {**rule["let"], self.let: text}}
        place = int(self.path.split("[")[1].split("]")[0])
        levels = [
            {**level, "when": text} if number == place else level
            for number, level in enumerate(rule["levels"])
            if level["level"] == self.level
        ]
        return {**rule, "levels": levels}


def numbers(rule: Mapping[str, Any], tables: Any, *, forms: Any = None, calendars: Any = None) -> list[Place]:
    """Return the numbers in the levels and names of *rule* that can be tried, levels first.

    Args:
        rule: the definition.
        tables: as for `evaluate`; of the tables only the columns are looked at.
        forms: likewise.
        calendars: likewise.

    Raises:
        DefinitionError: the rule is wrong.
    """
    (plan,) = ready([make_plan(rule, World(open_tables(tables), forms), calendars)])
    found: list[Place] = []
    for path, source, level, let in _formulas(rule):
        tree = _tree(plan, source, let)
        if tree is None:
            continue
        for node in own_nodes(tree.root):
            if isinstance(node, Constant) and node.type == "number" and isinstance(node.value, int | float):
                found.append(Place(len(found), path, tree.source, node.at, float(node.value), level, let))
    return found


def _formulas(rule: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None, str | None]]:
    for number, level in enumerate(rule.get("levels", ())):
        yield f"$.levels[{number}].when", str(level["when"]), str(level["level"]), None
    for name, source in rule.get("let", {}).items():
        yield f"$.let.{name}", str(source), None, str(name)


def _tree(plan: Plan, source: str, let: str | None) -> TypedTree | None:
    if let is not None:
        return plan.lets[let].typed if let in plan.lets else None
    return next((one.when for one in plan.conditions if one.when.source == source), None)


def threshold(  # noqa: PLR0913 a search has many circumstances, all by name
    rule: Mapping[str, Any],
    tables: Any,
    start: dt.date,
    end: dt.date,
    *,
    number: int | str | None = None,
    values: Sequence[float] | None = None,
    target: float = 0.95,
    forms: Any = None,
    calendars: Any = None,
    zone: str = ZONE,
    horizon: int = HORIZON,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Return what *rule* would have done on the days *start* … *end* for many values of one of its numbers.

    Args:
        rule: the definition, published or not.
        tables: as for `backtest`.
        start: the first evaluation day.
        end: the last one.
        number: which of its `numbers`, or the name of a `let` (its first number); the first one unless said.
        values: what is tried; unless said, a quarter to three times what stands there, then closer around the best.
        target: the share of stockouts that is to be caught.
        forms: as for `backtest`.
        calendars: likewise.
        zone: likewise.
        horizon: likewise.
        progress: likewise.

    Returns:
        `points` [{value, alerts, alerts_per_day, caught, total, recall, precision, days_ahead_median}] by rising value,
        `best` (of the values that catch the target, the one with the fewest alerts; None where none does), `number`,
        `source`, `value`, `label`, `target`, `numbers`, `notes`, `seconds`.

    Raises:
        DefinitionError: the rule is wrong.
        BeihuoError: it has no such number.
    """
    began = time.perf_counter()
    known = numbers(rule, tables, forms=forms, calendars=calendars)
    place = _chosen(known, number)
    asked = {"forms": forms, "calendars": calendars, "zone": zone, "horizon": horizon, "progress": progress}
    tried = sorted({float(value) for value in values or _around(place.value)})[:MOST_VALUES]
    points, notes = _points(rule, place, tried, tables, (start, end), asked)
    best = _best(points, target)
    if values is None and best is not None:
        closer = [value for value in _between(points, best["value"]) if value not in tried]
        more, _ = _points(rule, place, closer, tables, (start, end), asked)
        points = sorted([*points, *more], key=lambda point: float(point["value"]))
        best = _best(points, target)
    return {
        **{key: value for key, value in place.as_dict().items() if key not in {"at", "path"}},
        "points": points,
        "best": best["value"] if best else None,
        "target": target,
        "numbers": [one.as_dict() for one in known],
        "notes": notes,
        "seconds": time.perf_counter() - began,
    }


def _chosen(known: Sequence[Place], number: int | str | None) -> Place:
    named = [one for one in known if one.let == number] if isinstance(number, str) else list(known)
    place = number if isinstance(number, int) else 0
    if not 0 <= place < len(named):
        raise BeihuoError(f"规则里没有可以试的数字 {number} / the rule has no number {number} to try")
    return named[place]


def _around(value: float) -> list[float]:
    return [_rounded(value * factor) for factor in FACTORS] if value else list(FROM_ZERO)


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _between(points: Sequence[Mapping[str, Any]], best: float) -> list[float]:
    """Return values between the best one and its neighbours."""
    values = [float(point["value"]) for point in points]
    place = values.index(best)
    low, high = values[max(0, place - 1)], values[min(len(values) - 1, place + 1)]
    step = (high - low) / (CLOSER + 1)
    return sorted({_rounded(low + step * number) for number in range(1, CLOSER + 1)}) if step else []


def _points(
    rule: Mapping[str, Any],
    place: Place,
    values: Sequence[float],
    tables: Any,
    days: tuple[dt.date, dt.date],
    asked: Mapping[str, Any],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if not values:
        return [], []
    variants = [{**place.put(rule, value), "key": f"v{number}"} for number, value in enumerate(values)]
    report = backtest(variants, tables, *days, **asked)
    found = []
    for value, one in zip(values, report["rules"], strict=True):
        stockouts = one["stockouts"] or {"caught": None, "total": None}
        found.append(
            {
                "value": value,
                "alerts": one["alerts_total"],
                "alerts_per_day": one["alerts_per_day"],
                "caught": stockouts["caught"],
                "total": stockouts["total"],
                "recall": one["recall"],
                "precision": one["precision"],
                "days_ahead_median": one["days_ahead_median"],
            }
        )
    return found, report["notes"]


def _best(points: Sequence[dict[str, Any]], target: float) -> dict[str, Any] | None:
    """Return the point that catches the target with the fewest alerts; of equal ones, the more precise."""
    enough = [point for point in points if point["recall"] is not None and point["recall"] >= target]
    return min(enough, key=lambda point: (point["alerts"], -(point["precision"] or 0.0), point["value"]), default=None)


def _written(value: float) -> str:
    text = str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return f"({text})" if value < 0 else text
