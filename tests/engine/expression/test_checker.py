"""The check tells all problems at once, each with its place, its hint and both languages."""

from __future__ import annotations

import pytest

from engine.expression import Scope, check, evaluate, language_type, parse

FIELDS = {
    "on_hand": {"type": "number", "label": "库存数"}, "cost": {"type": "money", "label": "成本"}, "name": {"type": "text", "label": "名称"},
    "active": "boolean", "from_date": "date", "at": "datetime", "took": "duration", "tags": {"type": "tags", "label": "标签"},
    "sku": {"type": "link", "form": "sku", "label": "商品", "fields": {
        "name": {"type": "text", "label": "名称"},
        "supplier": {"type": "link", "form": "supplier", "label": "供应商", "fields": {"lead_time_days": {"type": "integer", "label": "提前期"}}}}},
    "lines": {"type": "subform", "label": "明细", "fields": {"quantity": {"type": "number", "label": "数量"}, "price": "money", "note": "text"}},
    "gifts": {"type": "subform", "fields": {"quantity": "number"}},
    "sales": {"type": "facts", "label": "销售", "fields": {"quantity": {"type": "number", "label": "数量"}, "in_stock": "boolean"}},
    "supplier": {"type": "form", "fields": {"code": "text", "lead_time_days": "number"}},
    "one": {"type": "text", "label": "双"}, "two": {"type": "text", "label": "双"},
    "cover": {"type": "formula", "expression": "on_hand / 2"}, "label": {"type": "formula", "expression": "name + '!'"},
    "loop": {"type": "formula", "expression": "loop + 1"},
}  # fmt: skip


def told(source: str) -> list[tuple[str, str, tuple[int, int] | None]]:
    return [(problem.message, problem.hint, problem.at) for problem in check(parse(source), FIELDS)[1]]


@pytest.mark.parametrize(
    ("source", "message", "hint", "at"),
    [
        ("库存量 > 3", "没有名为“库存量”的字段", "是否想用“库存数”?", (0, 3)),
        ("on_hand + 'a'", "数值不能与文本相加", "把数值变成文本用 TEXT(x),把文本变成数值用 VALUE(x)", (0, 13)),
        ("1 < from_date", "数值不能与日期比较", "", (0, 13)),
        ("from_date > '2026-11-01'", "日期不能与文本比较", "日期写成 DATE('2026-11-01')", (0, 24)),
        ("from_date < at", "日期不能与日期时间比较", "用 DATE(x) 取日期时间的日期", (0, 14)),
        ("on_hand and active", "这里需要是非,实为数值", "数值不能当条件,请写成比较", (0, 7)),
        ("not name", "这里需要是非,实为文本", "数值不能当条件,请写成比较", (4, 4)),
        ("active + 1", "是非不能与数值相加", "", (0, 10)),
        ("ROUD(1)", "没有名为“ROUD”的函数", "是否想用“ROUND”?", (0, 4)),
        ("sku.nam == 'x'", "没有名为“nam”的字段", "是否想用“name”?", (0, 7)),
        ("name.x", "“名称”不是关联字段,不能再取“x”", "", (0, 6)),
        ("双 == 'x'", "有几个字段都叫“双”", "请用编号:one、two", (0, 1)),
        ("'a' in name", "in 后面应是列表", "判断文本是否包含用 CONTAINS(文本, 片段)", (7, 4)),
        ("on_hand in ['a']", "数值不会在文本列表里", "", (0, 16)),
        ("[1, 'a']", "列表里的值类型不一致", "", (4, 3)),
        ("on_hand if active else name", "两个分支的类型应相同:数值与文本", "", (23, 4)),
        ("active < True", "是非不能这样比较", "", (0, 13)),
        ("tags == ['a']", "文本列表不能这样比较", "", (0, 13)),
        ("LENGTH(on_hand)", "LENGTH 的参数 text 需要文本,实为数值", "写法:LENGTH(text: text) -> number", (7, 7)),
        ("ROUND(1, on_hand)", "参数 digits 必须直接写出整数", "", (9, 7)),
        ("ROUND(1, 0.5)", "参数 digits 应为整数", "", (9, 3)),
        ("avg_daily(on_hand, 7)", "这里只能用该表的列,不能用“库存数”", "", (10, 7)),
        ("sales.quantity > 1", "“销售”的列只能用在按行计算的函数里", "例如 日均(销售.数量, 7)", (0, 14)),
        ("avg_daily(sales, 7)", "“销售”是一张表,请写出它的列", "", (10, 5)),
        ("avg_daily(sales.quantity, 7, exclude='spike')", "没有名为“spike”的选项", "是否想用“spikes”?", (37, 7)),
        ("avg_daily(sales.quantity, 7, excluding='x')", "没有名为“excluding”的参数", "是否想用“exclude”?", (39, 3)),
        ("SUM(lines.quantity * gifts.quantity)", "一次只能用一张子表的列", "", (4, 31)),
        ("SUM(lines.quantity * SUM(lines.price))", "逐行计算里不能再汇总子表的行", "", (4, 33)),
        ("LOOKUP('suplier', 'code', name, 'lead_time_days')", "没有名为“suplier”的表", "是否想用“supplier”?", (7, 9)),
        ("DATE('2026-02-30')", "参数 text 应为日期文本,如 '2026-11-01'", "", (5, 12)),
        ("TEXT(on_hand, 'yyyy')", "格式与值的类型不符", "", (14, 6)),
        ("TEXT(on_hand, '%d')", "不认识格式“%d”", "数值格式如 0、0.00、#,##0.00、0.0%;日期格式如 yyyy-mm-dd", (14, 4)),
    ],
)  # fmt: skip
def test_a_mistake_is_told(source, message, hint, at):
    problems = check(parse(source), FIELDS)[1]

    assert (message, hint, at) in [(problem.message, problem.hint, problem.at) for problem in problems]
    assert all(problem.message_en and not problem.message_en.startswith(problem.message) for problem in problems)


def test_all_mistakes_are_told_at_once():
    problems = told("库存量 > 3 and on_hand + 'a' > 1 and ROUD(成本量) < 2")

    assert ["没有名为“库存量”的字段", "数值不能与文本相加", "没有名为“ROUD”的函数", "没有名为“成本量”的字段"] == [
        each[0] for each in problems
    ]


def test_a_path_follows_at_most_four_links():
    fields: dict = {"name": "text"}
    for _ in range(5):
        fields = {"up": {"type": "link", "fields": fields}}

    assert [] == check(parse("up.up.up.up.up"), fields)[1]
    assert "路径最多沿 4 个关联字段" == check(parse("up.up.up.up.up.name"), fields)[1][0].message


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("on_hand / cost", "number"), ("名称 + '!'", "text"), ("from_date + 3", "date"), ("from_date - from_date", "number"), ("at - at", "duration"),
        ("at + took", "datetime"), ("took / took", "number"), ("took * 2", "duration"), ("lines.数量", "list[number]"), ("SUM(lines.quantity * lines.price)", "number"),
        ("商品.供应商.提前期 * 2", "number"), ("sku", "text"), ("tags", "list[text]"), ("cover * 2", "number"), ("label + 'x'", "text"), ("None", "null"),
        ("None + 1", "number"), ("MAX(from_date, TODAY())", "date"), ("日均(销售.数量, 7)", "number"), ("stage()", "text"), ("LOOKUP('supplier', 'code', name, 'lead_time_days')", "number"),
        ("COUNT(lines)", "number"), ("UNIQUE(tags)", "list[text]"), ("IF(active, None, 3)", "number"), ("loop", "any"),
    ],
)  # fmt: skip
def test_types_are_inferred(source, word):
    typed, problems = check(parse(source), FIELDS)

    assert [] == problems
    assert word == typed.type


@pytest.mark.parametrize(
    ("kind", "word"),
    [("money", "number"), ("integer", "number"), ("switch", "boolean"), ("date", "date"), ("datetime", "datetime"), ("tags", "list[text]"),
     ("list[number]", "list[number]"), ("long_text", "text"), ("user", "text"), ("float", "number"), ("bool", "boolean")],
)  # fmt: skip
def test_field_types_have_a_language_type(kind, word):
    assert word == language_type(kind)


def test_fields_come_in_many_forms():
    form = {"key": "stock", "fields": [{"key": "on_hand", "type": "number", "label": "在库"}]}

    for fields in ({"on_hand": "number"}, {"on_hand": {"type": "number"}}, form["fields"], form, Scope(form)):
        assert ("number", []) == (check(parse("on_hand"), fields)[0].type, check(parse("on_hand"), fields)[1])


def test_a_condition_can_be_asked_for():
    assert "这里需要是非,实为数值" == check(parse("on_hand"), FIELDS, result="boolean")[1][0].message
    assert [] == check(parse("on_hand > 1"), FIELDS, result="boolean")[1]


def test_keys_win_over_labels_and_case_does_not_matter():
    typed, problems = check(
        parse("ON_HAND + Ｏn_hand"), {"on_hand": "number", "x": {"type": "text", "label": "on_hand"}}
    )

    assert ([], ("on_hand",)) == (problems, typed.paths())


def test_an_unchecked_tree_is_checked_against_the_record():
    record = {"a": 1, "b": None, "sku": {"name": "x"}, "lines": [{"q": None}, {"q": 2}], "s.t": 5}

    assert 3.0 == evaluate(parse("IF_NULL(b, 3)"), record)
    assert "x!" == evaluate(parse("sku.name + '!'"), record)
    assert 2.0 == evaluate(parse("SUM(lines.q)"), record)
    assert 6.0 == evaluate(parse("s.t + a"), record)
