"""Whether a rule can be published: its formulas, links, calendars and the grain of its facts; all problems at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.alerting import rule_tests
from engine.alerting.grain import grain
from engine.alerting.plan import Plan, make_plan
from engine.alerting.stock import stock_steps
from engine.alerting.subject import Subject, World
from engine.expression.typed import InputCall, TypedTree
from engine.problems import DefinitionError, Problem, did_you_mean
from engine.tables.window import EXCLUDES, by_of
from engine.tables.window_sql import SUPPORTED


def check_rule(definition: Mapping[str, Any], forms: Any = None, calendars: Any = None) -> list[Problem]:
    """Return everything that keeps *definition* from running, beyond the form that its schema checks.

    Args:
        definition: a rule that its schema accepts.
        forms: form definitions, by key or as a list.
        calendars: calendar definitions, likewise.
    """
    world = World({}, forms)
    if definition["over"] not in world.names():
        near = did_you_mean(str(definition["over"]), world.names())
        hint, hint_en = (f"是否想用 “{near}”?", f"did you mean “{near}”?") if near else ("", "")
        message = f"没有名为 “{definition['over']}” 的表"
        return [Problem("$.over", message, hint, f"there is no table “{definition['over']}”", hint_en)]
    plan = make_plan(definition, world, calendars)
    found = list(dict.fromkeys([*plan.problems, *_calls(plan), *_group_by(plan)]))
    return found or rule_tests.problems_of(definition, world, calendars)


def _calls(plan: Plan) -> Iterator[Problem]:
    for path, tree in _placed(plan):
        for call in tree.series_calls():
            yield from call_problems(plan.subject, call, plan.rule.get("share_by"), path)


def _placed(plan: Plan) -> Iterator[tuple[str, TypedTree]]:
    if plan.where is not None:
        yield "$.where", plan.where
    for name, let in plan.lets.items():
        for tree in let.trees():
            yield f"$.let.{name}", tree
    for condition in plan.conditions:
        yield "$.levels", condition.when
    if plan.resolve_when is not None:
        yield "$.resolve_when", plan.resolve_when


def call_problems(subject: Subject, call: InputCall, share_by: str | None, path: str) -> Iterator[Problem]:
    """Yield what is wrong with one series, forecast or stock call."""
    if call.family == "stock":
        try:
            steps = stock_steps(subject, call)
        except DefinitionError as error:
            yield from (problem.under(path) for problem in error.problems)
            return
        for _, tree in steps:
            for inner in tree.series_calls():
                yield from call_problems(subject, inner, share_by, path)
        return
    if call.family == "forecast":
        return
    if call.function.lower() not in SUPPORTED:
        yield Problem(path, f"规则里还不能用 {call.function}", "", f"{call.function} cannot be used in a rule yet")
        return
    yield from grain(subject, call.form, by_of(call), share_by, path).problems
    exclude = call.options.get("exclude")
    for name in [exclude] if isinstance(exclude, str) else exclude or ():
        if name not in EXCLUDES:
            near = did_you_mean(name, EXCLUDES)
            hint = f"是否想用 “{near}”?" if near else f"可用:{'、'.join(EXCLUDES)}"
            message, message_en = f"不认识 exclude='{name}'", f"unknown exclude='{name}'"
            yield Problem(path, message, hint, message_en, f"one of {', '.join(EXCLUDES)}")


def _group_by(plan: Plan) -> Iterator[Problem]:
    for number, path in enumerate(plan.rule.get("group_by", ())):
        if path not in {"rule", "level", "..."} and not plan.subject.has(path):
            near = did_you_mean(path, plan.subject.fields)
            hint, hint_en = (f"是否想用 “{near}”?", f"did you mean “{near}”?") if near else ("", "")
            message, message_en = f"没有字段 {path}", f"there is no field {path}"
            yield Problem(f"$.group_by[{number}]", message, hint, message_en, hint_en)
