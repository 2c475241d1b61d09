"""Tests of a rule: sample rows with the level expected of each, saved beside the rule and run when it is published.

A row gives the record's fields by path, and every series, forecast or stock call under its text:
`{"name": "缺货", "record": {"on_hand": 9, "avg_daily(sales.quantity, 7)": 5.14}, "expect": "critical"}`; `expect` null means
that nothing fires. `day` (ISO) tries the rule as it is on that day, in a promotion say; without it, on an ordinary day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.alerting.plan import Plan, make_plan
from engine.alerting.subject import World
from engine.expression import evaluate
from engine.expression.typed import TypedTree
from engine.problems import EvaluationError, Problem

ORDINARY_DAY = dt.date(1970, 1, 1)  # before any calendar


def inputs(plan: Plan) -> list[str]:
    """Return what a test's record has to give: the paths that the rule's formulas read, and their calls."""
    names = set(plan.lets)
    found: dict[str, None] = {}
    for tree in plan.trees():
        found |= dict.fromkeys(path for path in tree.paths() if path not in names)
        found |= dict.fromkeys(call.key for call in tree.input_calls())
    return list(found)


def level_of(plan: Plan, record: Mapping[str, Any]) -> str | None:
    """Return the gravest level that holds for *record*; None when none does.

    Raises:
        EvaluationError: a value of the record cannot be used.
    """
    values = dict(record)

    def true(tree: TypedTree) -> bool:
        return evaluate(tree, values) is True

    if plan.where is not None and not true(plan.where):
        return None
    on = [true(guard) for guard in plan.guards]
    for name, let in plan.lets.items():
        chosen = [tree for guard, tree in let.overrides if on[guard]]
        tree = chosen[-1] if chosen else let.typed
        values[name] = evaluate(tree, values) if tree is not None else None
    for condition in plan.conditions:
        counts = condition.guard is None or on[condition.guard]
        if counts and not any(on[guard] for guard in condition.unless) and true(condition.when):
            return condition.level
    return None


def problems_of(rule: Mapping[str, Any], world: World, calendars: Any = None) -> list[Problem]:
    """Return a problem for every test of *rule* that does not come out as expected."""
    found = []
    for number, test in enumerate(rule.get("tests", ())):
        day = dt.date.fromisoformat(test["day"]) if test.get("day") else ORDINARY_DAY
        plan = make_plan(rule, world, calendars, day)
        if plan.problems:
            return []  # told by the check itself
        path, wanted = f"$.tests[{number}]", test.get("expect")
        name = test.get("name") or str(number + 1)
        try:
            level = level_of(plan, test["record"])
        except EvaluationError as error:
            zh, _, en = str(error).partition(" / ")
            found.append(Problem(path, f"用例“{name}”算不出来:{zh}", "", f"the test “{name}” fails: {en or zh}"))
            continue
        if level != wanted:
            told, told_en = (f"应为{_say(wanted)},实为{_say(level)}", f"expected {wanted}, got {level}")
            found.append(
                Problem(
                    path, f"用例“{name}”没有通过:{told}", "改规则,或改用例的期望", f"the test “{name}” fails: {told_en}",
                    "change the rule, or what the test expects",
                )
            )  # fmt: skip
    return found


def _say(level: str | None) -> str:
    return {None: "不报警", "critical": "严重", "warning": "警告", "info": "提示"}.get(level, str(level))
