"""A filled form is read whole: defaults, formulas, rules, uniqueness and links, with every problem at once."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.problems import DefinitionError
from form_builder import FormReader, RecordContext, display, read_record

SUPPLIER = {
    "key": "supplier", "name": "供应商",
    "fields": [
        {"key": "code", "type": "text", "label": "编码", "unique": True},
        {"key": "lead_time_days", "type": "number", "label": "提前期"},
    ],
}  # fmt: skip
SKU = {
    "key": "sku", "name": "商品",
    "fields": [
        {"key": "code", "type": "text", "label": "编码", "required": True, "unique": True},
        {"key": "name", "type": "text", "label": "名称"},
        {"key": "cost", "type": "money", "label": "成本"},
        {"key": "supplier", "type": "supplier", "label": "供应商"},
    ],
}  # fmt: skip
ORDER = {
    "key": "order", "name": "订单", "natural_keys": ["sku", "day"], "display": ["code", "sku"],
    "fields": [
        {"key": "code", "type": "auto_number", "label": "单号", "pattern": "O{yyyy}-{n:3}", "reset": "year"},
        {"key": "sku", "type": "sku", "label": "商品", "required": True},
        {"key": "day", "type": "date", "label": "日期", "default_expression": "TODAY()"},
        {"key": "quantity", "type": "quantity", "label": "数量", "required": True, "min": 1},
        {"key": "price", "type": "money", "label": "单价", "default_expression": "sku.cost * 2"},
        {"key": "amount", "type": "formula", "label": "金额", "expression": "quantity * price", "result": "money"},
        {"key": "arrives", "type": "formula", "label": "到货", "expression": "day + sku.supplier.lead_time_days", "result": "date"},
        {"key": "urgent", "type": "boolean", "label": "加急", "default": False},
        {"key": "reason", "type": "text", "label": "加急原因"},
        {"key": "status", "type": "choice", "label": "状态", "default": "open", "options": ["open", {"value": "big", "when": "quantity > 100"}, "closed"]},
        {"key": "note", "type": "text", "label": "备注"},
    ],
    "rules": [
        {"when": "urgent", "show": ["reason"], "require": ["reason"]},
        {"when": "status == 'closed'", "read_only": ["quantity"]},
        {"when": "quantity >= 1000", "set": {"note": "'大单'"}},
    ],
    "checks": [{"check": "quantity <= 5000", "message": "一次最多 5000 件", "message_en": "at most 5000", "fields": ["quantity"]}],
}  # fmt: skip
FORMS = {"sku": SKU, "supplier": SUPPLIER, "order": ORDER}
RECORDS = {
    ("sku", "A001"): {"code": "A001", "name": "珍珠耳环", "cost": 12.5, "supplier": "S1"},
    ("supplier", "S1"): {"code": "S1", "lead_time_days": 7},
}
TAKEN = ({"sku": "A001", "day": "2026-11-11"},)


class Numbers:
    def __init__(self):
        self.asked = []

    def __call__(self, form, field, period):
        self.asked.append((form, field, period))
        return len(self.asked)


def context(existing=None, numbers=None):
    return RecordContext(
        dt.datetime(2026, 11, 24, 17, tzinfo=dt.UTC),
        lookup=lambda form, code: RECORDS.get((form, code)),
        exists=lambda form, values: values in TAKEN,
        existing=existing,
        forms=FORMS,
        number=numbers or Numbers(),
    )


def test_a_new_record_has_defaults_formulas_and_a_number():
    """The local day is 25 November while it is still the 24th in UTC."""
    record, problems = read_record(ORDER, {"sku": "A001", "quantity": "1,000"}, context())

    assert [] == problems
    assert record == {
        "code": "O2026-001", "sku": "A001", "day": "2026-11-25", "quantity": 1000, "price": 25, "amount": 25000,
        "arrives": "2026-12-02", "urgent": False, "reason": None, "status": "open", "note": "大单",
    }  # fmt: skip
    assert display(ORDER, record) == "O2026-001 A001"


def test_every_problem_is_told_at_once_and_no_number_is_used_up():
    numbers = Numbers()

    _, problems = read_record(
        ORDER,
        {"sku": "B2", "quantity": 0, "day": "昨天", "urgent": True, "status": "opem", "amont": 3},
        context(numbers=numbers),
    )

    assert ["$.sku", "$.quantity", "$.day", "$.status", "$.amont", "$.reason"] == [p.path for p in problems]
    assert all(p.message and p.message_en for p in problems)
    assert "是否想用“open”?" in next(p.hint for p in problems if p.path == "$.status")
    assert "amount" in next(p.hint for p in problems if p.path == "$.amont")
    assert [] == numbers.asked


def test_what_a_rule_hides_is_neither_asked_nor_taken():
    record, problems = read_record(ORDER, {"sku": "A001", "quantity": 2, "reason": "等不及"}, context())

    assert [] == problems
    assert record["reason"] is None


def test_what_a_rule_shows_and_requires_is_asked():
    _, problems = read_record(ORDER, {"sku": "A001", "quantity": 2, "urgent": "是"}, context())

    assert ["加急原因:必填"] == [p.message for p in problems]


def test_a_change_keeps_the_rest_and_calculates_again():
    existing, _ = read_record(ORDER, {"sku": "A001", "quantity": 2}, context())

    record, problems = read_record(ORDER, {"quantity": 3}, context(existing))

    assert [] == problems
    assert record == {**existing, "quantity": 3, "amount": 75}


def test_a_field_that_a_rule_locks_takes_no_other_value():
    existing, _ = read_record(ORDER, {"sku": "A001", "quantity": 2, "status": "closed"}, context())

    _, changed = read_record(ORDER, {"quantity": 3}, context(existing))
    _, same = read_record(ORDER, {"quantity": 2}, context(existing))

    assert ["数量:不能修改"] == [p.message for p in changed]
    assert [] == same


def test_an_option_with_a_condition_is_offered_only_then():
    _, refused = read_record(ORDER, {"sku": "A001", "quantity": 2, "status": "big"}, context())
    _, fine = read_record(ORDER, {"sku": "A001", "quantity": 200, "status": "big"}, context())

    assert ["状态:现在不能选“big”"] == [p.message for p in refused]
    assert [] == fine


def test_a_check_speaks_with_its_own_words():
    _, problems = read_record(ORDER, {"sku": "A001", "quantity": 5001}, context())

    assert [("$.quantity", "一次最多 5000 件", "at most 5000")] == [(p.path, p.message, p.message_en) for p in problems]


def test_natural_keys_are_unique_together():
    _, problems = read_record(ORDER, {"sku": "A001", "quantity": 1, "day": "2026/11/11"}, context())

    assert ["商品、日期为“A001、2026-11-11”的记录已存在"] == [p.message for p in problems]


def test_a_calculated_value_that_is_given_is_passed_over():
    record, problems = read_record(ORDER, {"sku": "A001", "quantity": 2, "amount": 1_000_000}, context())

    assert [] == problems
    assert record["amount"] == 50


def test_select_data_copies_once():
    form = {
        "key": "line", "name": "行",
        "fields": [
            {"key": "item", "type": "select_data", "label": "商品", "form": "sku", "copy": {"title": "name", "cost": "cost"}},
            {"key": "title", "type": "text", "label": "名称"},
            {"key": "cost", "type": "money", "label": "成本"},
        ],
    }  # fmt: skip

    first, _ = read_record(form, {"item": "A001", "cost": 9}, context())
    again, _ = read_record(form, {"title": "改过"}, context(first))

    assert first == {"item": "A001", "title": "珍珠耳环", "cost": 9}
    assert again == {"item": "A001", "title": "改过", "cost": 9}


def test_rows_have_formulas_and_the_record_sums_them():
    form = {
        "key": "po", "name": "采购单",
        "fields": [
            {"key": "lines", "type": "sub_form", "label": "明细", "fields": [
                {"key": "quantity", "type": "number", "label": "数量"},
                {"key": "price", "type": "money", "label": "单价", "default": 2},
                {"key": "amount", "type": "formula", "label": "金额", "expression": "quantity * price", "result": "money"}]},
            {"key": "total", "type": "formula", "label": "合计", "expression": "SUM(lines.amount)", "result": "money"},
        ],
    }  # fmt: skip

    record, problems = read_record(form, {"lines": [{"quantity": 3}, {"quantity": "1.5", "price": 10}]}, context())

    assert [] == problems
    assert [6, 15] == [line["amount"] for line in record["lines"]]
    assert record["total"] == 21


def test_a_form_with_a_broken_formula_reads_nothing():
    with pytest.raises(DefinitionError):
        read_record(
            {"key": "x", "name": "x", "fields": [{"key": "a", "type": "formula", "label": "a", "expression": "b + 1"}]},
            {},
            context(),
        )


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 6000), st.floats(allow_nan=True), st.text(max_size=12), st.just([])
)


@given(st.dictionaries(st.sampled_from([field["key"] for field in ORDER["fields"]]), VALUES))
def test_no_input_breaks_the_reader_and_what_it_accepts_it_accepts_again(values):
    """Whatever is sent: problems or a whole record; a record without problems, sent again as a change, is unchanged."""
    reader = FormReader(ORDER, FORMS)

    record, problems = reader.read(values, context())

    assert set(record) == {field["key"] for field in ORDER["fields"]}
    if not problems:
        again, more = reader.read(record, context(record))
        assert [] == more
        assert record == again
