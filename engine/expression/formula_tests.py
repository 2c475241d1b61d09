"""Tests of a formula: sample rows with the value expected of each, saved beside it and run when it is published."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.expression import types
from engine.expression.context import Context
from engine.expression.evaluation import evaluate
from engine.expression.explain import show
from engine.expression.typed import TypedTree
from engine.expression.values import give, reader
from engine.problems import EvaluationError, Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test's outcome: its place, whether it passed, what came out and what was expected (both as people read them)."""

    index: int
    passed: bool
    value: str
    expected: str
    error: str = ""


def run_tests(
    tree: TypedTree, tests: Sequence[Mapping[str, Any]], context: Context | None = None
) -> tuple[list[Outcome], list[Problem]]:
    """Run `{"record": {…}, "expect": value}` tests and return every outcome, and a problem for each that failed.

    Numbers agree to 9 digits. Series and look-ups are given in the record under their call's text
    (`"avg_daily(sales.quantity, 7)": 5.14`).
    """
    outcomes = [_run(tree, index, test, context or Context()) for index, test in enumerate(tests)]
    return outcomes, [_problem(outcome) for outcome in outcomes if not outcome.passed]


def _run(tree: TypedTree, index: int, test: Mapping[str, Any], context: Context) -> Outcome:
    wanted = test.get("expect")
    shown = show(wanted if not isinstance(wanted, int) or isinstance(wanted, bool) else float(wanted), tree.type)
    try:
        if wanted is not None and tree.type not in {types.NULL, types.ANY}:
            wanted = give(reader(tree.type)(wanted, context), tree.type)
        value = evaluate(tree, test.get("record") or {}, context)
    except EvaluationError as error:
        return Outcome(index, passed=False, value="", expected=shown, error=str(error))
    return Outcome(index, _same(value, wanted), show(value, tree.type), show(wanted, tree.type))


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, float) and isinstance(wanted, float):
        return math.isclose(value, wanted, rel_tol=1e-9, abs_tol=1e-12)
    return type(value) is type(wanted) and bool(value == wanted)


def _problem(outcome: Outcome) -> Problem:
    got, got_en = (
        (outcome.error.partition(" / ")[::2]) if outcome.error else (f"得到 {outcome.value}", f"got {outcome.value}")
    )
    return Problem(
        f"$.tests[{outcome.index}]", f"应为 {outcome.expected},{got}", "",
        f"expected {outcome.expected}, {got_en or got}",
    )  # fmt: skip
