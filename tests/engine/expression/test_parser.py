"""Source text to tree: what is normalised, what is refused and where."""

from __future__ import annotations

import pytest

from engine.expression import canonical, check, evaluate, parse
from engine.problems import DefinitionError

FIELDS = {"a": "number", "b": "number", "s": "text", "rate": {"type": "percent", "label": "毛利率(%)"}, "stock": {"type": "number", "label": "库存数"},
          "class": "text", "from": "date", "非标品": "boolean"}  # fmt: skip


def key(source: str) -> str:
    typed, problems = check(parse(source), FIELDS)
    assert [] == problems
    return typed.key


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("IF（a＞1，“甲”，'乙'）", "IF(a > 1, '甲', '乙')"), ("MAX(a；b)", "MAX(a, b)"), ("a ＝ 1", "a == 1"), ("a = 1", "a == 1"), ("a <> 1", "a != 1"),
        ("a＜＞1", "a != 1"), ("a ≤ 1", "a <= 1"), ("a ≥ 1", "a >= 1"), ("a ≠ 1", "a != 1"), ("a × b ÷ 2", "a * b / 2"), ("a＋１２", "a + 12"),
        ("a > 1 且 b > 2", "a > 1 and b > 2"), ("a > 1 或 b > 2", "a > 1 or b > 2"), ("非 a > 1", "not a > 1"), ("a>1且b>2", "a > 1 and b > 2"),
        ("非(a>1)或(b>1)", "not (a > 1) or (b > 1)"), ("AND(a > 1, b > 1)", "a > 1 and b > 1"), ("and(a > 1, b > 1)", "a > 1 and b > 1"),
        ("a > 1 AND b > 1 OR NOT(b > 2)", "a > 1 and b > 1 or not (b > 2)"), ("a > 1 and (b > 1)", "a > 1 and b > 1"), ("or(a > 1, b > 1)", "a > 1 or b > 1"),
        ("`毛利率(%)` > 3", "rate > 3"), ("`毛利率（%）` > 3", "rate > 3"), ("库存数 > 3", "stock > 3"), ("TRUE == true", "True == True"), ("round(a)", "ROUND(a)"),
        ("a　>　1", "a > 1"), ("a >\n 1", "a > 1"), ("  a ", "a"), ("ａ > 1", "a > 1"), ("class == 'x'", "class == 'x'"), ("a in (1, 2)", "a in [1, 2]"),
        ("a not in [1]", "a not in [1]"), ("s in ('x',)", "s in ['x']"), ("非标品", "非标品"), ("IF(a = 1, a, b)", "IF(a == 1, a, b)"),
    ],
)  # fmt: skip
def test_niceties_are_normalised(written, plain):
    assert key(plain) == key(written)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("'（，）；＝'", "（，）；＝"), ('"且 或 非"', "且 或 非"), ("“a=b”", "a=b"), ("'it\\'s'", "it's"), (r"'\d+'", r"\d+"), (r"'\u4e2d\n'", "中\n"),
        ('"a“b”c"', "a“b”c"), ("'＂'", "＂"), ("''", ""), ("1.5e3", 1500.0), (".5", 0.5), ("5.", 5.0), ("2 + 3 * 4", 14.0), ("(2 + 3) * 4", 20.0),
        ("2 - 3 - 4", -5.0), ("-2 ** 2", -4.0), ("2 ** -1", 0.5), ("not True == False", True), ("1 if False else 2 if False else 3", 3.0),
    ],
)  # fmt: skip
def test_literals_and_precedence(source, value):
    assert value == evaluate(parse(source), {})


@pytest.mark.parametrize(
    ("source", "message", "place"),
    [
        ("a +", "“+”这里读不通", None), ("a b", "“b”这里读不通", None), ("(a", "括号没有配对", None), ("'a", "引号没有配对", (0, 2)), ("a ^ 2", "没有 ^ 运算", (2, 1)),
        ("a ; b", "公式里不能有分号", (2, 1)), ("", "公式是空的", (0, 0)), ("a is None", "公式里不能用“is”", (2, 2)), ("a[0]", "公式里不能有这种写法", (0, 4)),
        ("a ** b", "指数必须写成 −10 … 10 的数字", (5, 1)), ("9007199254740993", "数值 9007199254740993 太大", (0, 16)), ("库存 ＆ 1", "没有 & 运算", (3, 1)),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(source, message, place):
    with pytest.raises(DefinitionError) as caught:
        parse(source)

    problem = caught.value.problems[0]
    assert message == problem.message
    assert problem.message_en
    assert place is None or place == problem.at


def test_all_lexical_mistakes_are_told_at_once():
    with pytest.raises(DefinitionError) as caught:
        parse("a ^ b & c ! 9007199254740993")

    assert 4 == len(caught.value.problems)


def test_limits():
    with pytest.raises(DefinitionError, match="2000 个字符"):
        parse("a" * 2001)
    with pytest.raises(DefinitionError, match="300 个节点"):
        parse("[" + ", ".join(["1"] * 300) + "]")
    with pytest.raises(DefinitionError, match="40 层"):
        parse("-" * 41 + "1")

    assert 120.0 == evaluate(parse("+".join(["1"] * 120)), {})


def test_a_tree_names_its_names():
    assert (("sku", "name"), ("a",)) == parse("sku.name == 'x' and a > 1 and sku.name != 'y'").names()


def test_keyword_arguments_are_told_from_equality():
    fields = {"sales": {"type": "facts", "fields": {"quantity": "number", "in_stock": "boolean"}}}
    typed, problems = check(parse("count_days(sales.in_stock = True, 7, exclude = 'spikes')"), fields)

    assert [] == problems
    assert "count_days((sales.in_stock == True), 7, exclude='spikes')" == canonical(typed.root)
