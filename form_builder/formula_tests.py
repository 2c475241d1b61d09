"""The tests saved beside a form's formulas, run when the form is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.expression import run_tests
from engine.problems import Problem
from form_builder.logic import Logic


def failed(definition: Mapping[str, Any], logic: Logic) -> Iterator[Problem]:
    """Yield a problem for every test of a formula that gives another value than expected."""
    trees = {one.key: one.tree for one in logic.computed if not one.is_default}
    for place, field in enumerate(definition["fields"]):
        tree = trees.get(field["key"])
        if tree is not None and field.get("tests"):
            yield from (problem.under(f"$.fields[{place}]") for problem in run_tests(tree, field["tests"])[1])
