"""Every mistake in a form is told with its place, and a sound form has none."""

from __future__ import annotations

import pytest

from engine.definitions import check
from form_builder import check_form, columns, language_fields

SKU = {
    "key": "sku",
    "name": "商品",
    "fields": [
        {"key": "code", "type": "text", "label": "编码", "unique": True},
        {"key": "cost", "type": "money", "label": "成本"},
    ],
}
PLAIN = {"key": "plain", "name": "没有编码", "fields": [{"key": "name", "type": "text", "label": "名称"}]}
SALES = {
    "key": "sales",
    "name": "销量",
    "storage": "facts",
    "fields": [
        {"key": "sku", "type": "sku", "label": "商品"},
        {"key": "date", "type": "date", "label": "日期"},
        {"key": "quantity", "type": "quantity", "label": "数量"},
    ],
}
FORMS = {"sku": SKU, "plain": PLAIN, "sales": SALES}


def form(*fields, **more):
    return {"key": "mine", "name": "我的", "fields": list(fields), **more}


def text(key, **more):
    return {"key": key, "type": "text", "label": key, **more}


WRONG = [
    (form({"key": "a", "type": "nmber", "label": "a"}), "$.fields[0].type", "没有名为 “nmber” 的字段类型"),
    (form({"key": "a", "type": "number", "label": "a", "mim": 1}), "$.fields[0]", "mim"),
    (form({"key": "a", "type": "number", "label": "a", "min": "0"}), "$.fields[0].min", "应为 number"),
    (form({"key": "A", "type": "text", "label": "a"}), "$.fields[0].key", "不合格式"),
    (form(text("a"), text("a")), "$.fields[1].key", "重复"),
    (form(text("id")), "$.fields[0].key", "系统保留"),
    (form({"key": "s", "type": "link", "label": "s", "form": "skuu"}), "$.fields[0].form", "没有表单“skuu”"),
    (form({"key": "s", "type": "link", "label": "s", "form": "plain"}), "$.fields[0].form", "没有字段 code"),
    (form({"key": "s", "type": "supplier", "label": "s"}), "$.fields[0].type", "没有表单“supplier”"),
    (form({"key": "s", "type": "select_data", "label": "s", "form": "sku", "copy": {"a": "cots"}}), "$.fields[0].copy", "没有字段“cots”"),
    (form({"key": "a", "type": "number", "label": "a", "default": "x"}), "$.fields[0].default", "不是数字"),
    (form({"key": "a", "type": "number", "label": "a", "default": 1, "default_expression": "2"}), "$.fields[0].default_expression", "只能有一个"),
    (form({"key": "a", "type": "number", "label": "a", "min": 2, "max": 1}), "$.fields[0].max", "小于"),
    (form({"key": "a", "type": "json", "label": "a", "unique": True}), "$.fields[0].unique", "不允许重复"),
    (form(text("a", pattern="(")), "$.fields[0].pattern", "不是模式"),
    (form({"key": "a", "type": "auto_number", "label": "a", "pattern": "PO"}), "$.fields[0].pattern", "不合格式"),
    (form({"key": "f", "type": "formula", "label": "f", "expression": "cost * 2"}), "$.fields[0].expression", "cost"),
    (form({"key": "f", "type": "formula", "label": "f", "expression": "1 +"}), "$.fields[0].expression", ""),
    (form({"key": "f", "type": "formula", "label": "f", "expression": "1", "result": "text"}), "$.fields[0].expression", "应为 text"),
    (form({"key": "s", "type": "sku", "label": "s"}, {"key": "f", "type": "formula", "label": "f", "expression": "avg_daily(sales.quantity, 7)"}), "$.fields[1].expression", "每天都在变"),
    (form({"key": "a", "type": "formula", "label": "a", "expression": "b + 1"}, {"key": "b", "type": "formula", "label": "b", "expression": "a + 1"}), "$.fields[0]", "a → b → a"),
    (form(text("a"), natural_keys=["b"]), "$.natural_keys[0]", "没有字段“b”"),
    (form(text("a"), rules=[{"when": "a == 'x'", "show": ["c"]}]), "$.rules[0].show", "没有字段“c”"),
    (form(text("a"), rules=[{"when": "a"}]), "$.rules[0].when", "应为 boolean"),
    (form(text("a"), checks=[{"check": "LENGTH(a)", "message": "x"}]), "$.checks[0].check", "应为 boolean"),
    (form(text("a"), layout=[{"type": "section", "items": [{"type": "field", "field": "z"}]}]), "$.layout[0].items[0].field", "没有字段“z”"),
    (form(text("a"), storage="facts"), "$.fields", "日期字段 date"),
    (form({"key": "date", "type": "date", "label": "d"}, {"key": "j", "type": "json", "label": "j"}, storage="facts"), "$.fields[1].type", "按天存储"),
    (form({"key": "l", "type": "sub_form", "label": "l", "fields": [{"key": "m", "type": "sub_form", "label": "m", "fields": [text("a")]}]}), "$.fields[0].fields[0].type", "不能再有子表单"),
    (form({"key": "l", "type": "sub_form", "label": "l", "fields": [{"key": "f", "type": "formula", "label": "f", "expression": "zz"}]}), "$.fields[0].fields[0].expression", "zz"),
    (form({"key": "c", "type": "choice", "label": "c", "options": [{"value": "x", "when": "no_such"}]}), "$.fields[0].options[0].when", "no_such"),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "path", "message"), WRONG, ids=range(len(WRONG)))
def test_a_mistake_is_told_with_its_place(definition, path, message):
    problems = check("form", definition) or check_form(definition, FORMS)

    assert any(p.path == path and message in p.message for p in problems), [str(p) for p in problems]
    assert all(p.message_en for p in problems)


def test_all_mistakes_are_told_at_once():
    problems = check_form(
        form(text("a"), text("a"), {"key": "s", "type": "link", "label": "s", "form": "x"}, natural_keys=["q"]), FORMS
    )

    assert ["$.fields[1].key", "$.fields[2].form", "$.natural_keys[0]"] == [p.path for p in problems]


def test_a_sound_form_has_no_problems():
    sound = form(
        text("code", required=True, unique=True),
        {"key": "sku", "type": "sku", "label": "商品"},
        {"key": "cost", "type": "formula", "label": "成本", "expression": "IF_NULL(sku.cost, 0)", "result": "money"},
        {"key": "pace", "type": "formula", "label": "日均", "expression": "avg_daily(sales.quantity, 7)", "live": True},
        rules=[{"when": "cost > 3", "require": ["code"]}],
        layout=[{"type": "section", "title": "基本", "fields": ["code", "sku"]}],
    )  # fmt: skip

    assert [] == check("form", sound)
    assert [] == check_form(sound, FORMS)


def test_a_form_may_link_to_itself():
    assert [] == check_form(
        form(text("code", unique=True), {"key": "parent", "type": "link", "label": "上级", "form": "mine"}), FORMS
    )


def test_columns_are_what_is_stored():
    found = columns(
        form(
            text("code", required=True, unique=True),
            {"key": "n", "type": "number", "label": "n", "decimals": 0},
            {"key": "hidden", "type": "date", "label": "h", "required": True},
            {"key": "sku", "type": "sku", "label": "s"},
            {"key": "skus", "type": "sku", "label": "s", "multiple": True},
            {"key": "f", "type": "formula", "label": "f", "expression": "1", "result": "boolean"},
            {"key": "live", "type": "formula", "label": "f", "expression": "1", "live": True},
            {"key": "curve", "type": "sparkline", "label": "c", "series": "sales.quantity"},
            rules=[{"when": "n > 1", "hide": ["hidden"]}],
        )
    )

    assert [
        ("code", "text", False, True, None),
        ("n", "integer", True, False, None),
        ("hidden", "date", True, False, None),
        ("sku", "text", True, False, "sku"),
        ("skus", "json", True, False, "sku"),
        ("f", "boolean", True, False, None),
    ] == [(c.name, c.kind, c.nullable, c.unique, c.links) for c in found]


def test_links_are_followed_and_facts_are_named():
    fields = language_fields(form({"key": "s", "type": "sku", "label": "商品"}), FORMS)

    assert fields["s"]["type"] == "link"
    assert fields["s"]["form"] == "sku"
    assert {"code", "cost"} == set(fields["s"]["fields"])
    assert fields["sales"]["type"] == "facts"
    assert "quantity" in fields["sales"]["fields"]
