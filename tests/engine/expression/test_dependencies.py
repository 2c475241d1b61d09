"""Formula fields: the order of computing them, circles, what a change touches; and their tests with sample rows."""

from __future__ import annotations

from datetime import date

from expression_ways import checked

from engine.expression import Scope, affected, needs, order, run_tests

SCOPE = Scope(
    {
        "a": {"type": "number", "label": "甲"},
        "b": {"type": "number", "label": "乙"},
        "c": "number",
        "d": "number",
        "x": "number",
    }
)


def test_each_formula_comes_after_what_it_reads():
    ordered, problems = order({"a": "乙 + 1", "b": "c * 2", "c": "x", "d": "a + c"}, SCOPE)

    assert (["c", "b", "a", "d"], []) == (ordered, problems)


def test_a_circle_is_told_as_a_path():
    ordered, problems = order({"a": "b + 1", "b": "甲 * 2", "c": "a", "d": "x"}, SCOPE)

    assert ["d"] == ordered
    assert ["公式互相引用成了一圈:甲 → 乙 → 甲"] == [problem.message for problem in problems]
    assert "formulas refer to each other in a circle: a → b → a" == problems[0].message_en


def test_a_formula_of_itself_is_a_circle():
    assert ["公式互相引用成了一圈:甲 → 甲"] == [problem.message for problem in order({"a": "a + 1"}, SCOPE)[1]]


def test_what_cannot_be_read_needs_nothing():
    assert {"a": ()} == needs({"a": "b +"}, SCOPE)


def test_only_what_depends_on_a_change_is_computed_again():
    graph = {"c": ("x",), "b": ("c",), "a": ("b",), "d": ("y",)}

    assert (["c", "b", "a"], ["d"], []) == (affected(["x"], graph), affected(["y"], graph), affected(["z"], graph))


def test_sample_rows_pass_or_say_what_came_out():
    typed = checked("a / b", {"a": "number", "b": "number"})
    outcomes, problems = run_tests(
        typed,
        [{"record": {"a": 6, "b": 3}, "expect": 2}, {"record": {"a": 1, "b": 0}, "expect": None}, {"record": {"a": 1, "b": 3}, "expect": 0.3333333333333},
         {"record": {"a": 1, "b": 2}, "expect": 1}, {"record": {"a": "x"}, "expect": 1}],
    )  # fmt: skip

    assert [True, True, True, False, False] == [outcome.passed for outcome in outcomes]
    assert ["$.tests[3]", "$.tests[4]"] == [problem.path for problem in problems]
    assert ("应为 1,得到 0.5", "expected 1, got 0.5") == (problems[0].message, problems[0].message_en)


def test_dates_are_expected_as_iso_text():
    typed = checked("d + 3", {"d": "date"})

    assert run_tests(typed, [{"record": {"d": "2026-11-01"}, "expect": "2026-11-04"}])[0][0].passed
    assert run_tests(typed, [{"record": {"d": date(2026, 11, 1)}, "expect": "2026-11-05"}])[1]
