"""Any schema of ours or of a plug-in: nothing is fetched, nothing recurses, patterns cannot explode."""

from __future__ import annotations

import pytest

from engine.definitions import check_each, problems_in, schema_problems
from engine.definitions.document import MAX_DEPTH


def told(problems: list) -> list[str]:
    return [f"{problem.path}: {problem.message}({problem.hint})" for problem in problems]


def test_a_deep_document_is_refused_before_anything_recurses():
    """Ten thousand nested lists are one problem, not a crash."""
    document: list = []
    for _ in range(10_000):
        document = [document]
    assert ["嵌套太深(超过 40 层)"] == [problem.message for problem in problems_in({}, document)]
    assert MAX_DEPTH == 40


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, {1, 2}, b"x", "\ud800", {1: 2}, 1j])
def test_what_is_no_json_is_refused(value: object):
    """NaN, integers that a double cannot hold, sets, bytes and lone surrogates are not data."""
    assert 1 == len(problems_in({}, [value]))


def test_patterns_are_read_by_re2():
    """A pattern that takes a backtracking engine years is answered at once."""
    assert 1 == len(problems_in({"pattern": "^(a+)+$"}, "a" * 50_000 + "b"))


def test_the_path_names_keys_that_are_no_names_in_brackets():
    """A column called `商家 编码` is shown quoted."""
    assert ['$["商家 编码"]: 应为 string,实为 1()'] == told(
        problems_in({"additionalProperties": {"type": "string"}}, {"商家 编码": 1})
    )


def test_each_item_is_told_about_its_own_type():
    """A field of type number hears about number's settings only, a misspelt type about the nearest one."""
    number = {"type": "object", "properties": {"type": {}, "min": {"type": "number"}}, "additionalProperties": False}
    items = [{"type": "number", "min": "0"}, {"type": "nmber"}, {}, 3]
    assert [
        "$.fields[0].min: 应为 number,实为 '0'()",
        "$.fields[1].type: 没有名为 “nmber” 的字段类型(是否想用 “number”?)",
        "$.fields[2]: 缺少 type(必填)",
        "$.fields[3]: 应为 object,实为 3()",
    ] == told(check_each(items, "$.fields", {"number": number}, "字段类型"))


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "objekt"}, "不是合法的 JSON Schema"),
        ({"$ref": "https://example.com/x.json"}, "$ref 找不到 https://example.com/x.json"),
        ({"$id": "x"}, "不允许 $id"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}}, "#/$defs/a 引用了自己"),
        ({"pattern": "(?=x)"}, "RE2 不认识这个模式"),
    ],
)
def test_a_brought_schema_is_checked_itself(schema: dict, message: str):
    """A pack's or a plug-in's schema may neither fetch, nor loop, nor bring a pattern RE2 does not know."""
    assert [message] == [problem.message for problem in schema_problems(schema)]


def test_references_that_double_are_cut_off():
    """Twenty definitions that each name the next one twice would expand to a million."""
    names = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(20)}
    schema = {"$ref": "#/$defs/d0", "$defs": {**names, "d20": {}}}
    assert ["引用太多"] == [problem.message for problem in schema_problems(schema)]
