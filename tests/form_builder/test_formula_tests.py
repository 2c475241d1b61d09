"""The tests saved beside a form's formula are run when the form is checked."""

from __future__ import annotations

from typing import Any

from form_builder import check_form


def form(*tests: dict[str, Any]) -> dict[str, Any]:
    """Return a form whose formula carries these tests."""
    return {
        "key": "line",
        "name": "行",
        "fields": [
            {"key": "quantity", "type": "number", "label": "数量"},
            {"key": "price", "type": "number", "label": "单价"},
            {
                "key": "total",
                "type": "formula",
                "label": "金额",
                "expression": "quantity * price",
                "tests": list(tests),
            },
        ],
    }


def test_tests_that_hold_say_nothing() -> None:
    """A value, and an unknown one."""
    tests = {"record": {"quantity": 2, "price": 9.9}, "expect": 19.8}, {"record": {"quantity": 2}, "expect": None}

    assert [] == check_form(form(*tests), {})


def test_one_that_fails_is_told_at_its_place() -> None:
    """The others go on holding."""
    good = {"record": {"quantity": 2, "price": 9.9}, "expect": 19.8}
    (problem,) = check_form(form(good, {"record": {"quantity": 2, "price": 1}, "expect": 3}), {})

    assert ("$.fields[2].tests[1]", "应为 3,得到 2") == (problem.path, problem.message)
