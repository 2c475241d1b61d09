"""Every function has documentation and examples, and every example is true however it is evaluated."""

from __future__ import annotations

import re

import pytest
from expression_ways import CONTEXT, ROOT, Browser, by_duckdb, by_row, checked

from engine.expression import catalog, check, evaluate, parse
from engine.expression.function import FUNCTIONS
from engine.expression.printing import print_source

COMPUTED = [example for function in FUNCTIONS.values() if not function.family for example in function.examples]


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_a_function_says_what_it_is(name):
    function = FUNCTIONS[name]

    assert function.examples
    assert re.search(r"[\u4e00-\u9fff]", function.zh)
    assert function.zh.endswith("。")
    assert function.en.endswith(".")
    assert re.fullmatch(r"[\u4e00-\u9fff]+", function.alias)


@pytest.mark.parametrize("example", COMPUTED)
def test_an_example_is_true_by_row(example):
    assert [True] == by_row(checked(example), [{}])


def test_all_examples_are_true_in_one_query():
    trees = [checked(example) for example in COMPUTED]

    assert {example: [True] for example in COMPUTED} == dict(
        zip(COMPUTED, by_duckdb(trees, [{"x": 1.0}], {"x": "number"}), strict=True)
    )


def test_all_examples_are_true_in_the_browser(browser: Browser):
    values = browser.run([checked(example) for example in COMPUTED], [{}])

    assert {example: [True] for example in COMPUTED} == dict(zip(COMPUTED, values, strict=True))


@pytest.mark.parametrize("example", COMPUTED)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_example_can_be_printed_and_read_again(example, language):
    typed = checked(example)

    assert typed.key == checked(print_source(typed, language=language)).key
    assert typed.key == checked(typed.key).key


def test_the_browser_knows_every_function_that_it_must_compute():
    source = (ROOT / "frontend/src/lib/expression/functions.ts").read_text(encoding="utf-8")
    known = set(re.findall(r"^  ([A-Z_]+): ", source, re.MULTILINE))

    assert {name for name, each in FUNCTIONS.items() if not each.family and not each.operator} == known


def test_names_are_case_insensitive_and_have_a_chinese_alias():
    for source in ("ROUND(2.5)", "round(2.5)", "Round(2.5)", "四舍五入(2.5)"):
        assert evaluate(parse(source), {}) == 3.0


def test_the_catalog_lists_every_function_once():
    assert sorted(FUNCTIONS) == sorted(doc.name for doc in catalog())


def test_a_wrong_call_is_told_with_its_usage():
    _, problems = check(parse("ROUND()"), {})

    assert "ROUND 的参数个数不对,实为 0 个" == problems[0].message
    assert "写法:ROUND(x: number, digits: whole = 0) -> number" == problems[0].hint


def test_the_clock_is_the_context():
    assert evaluate(parse("TODAY()"), {}, CONTEXT).isoformat() == "2026-11-25"
