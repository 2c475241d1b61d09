"""Field types refuse what does not belong, with the reason in two languages."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from form_builder import FIELD_TYPES, RecordContext, Unreadable

CONTEXT = RecordContext(
    dt.datetime(2026, 11, 25, tzinfo=dt.UTC),
    lookup=lambda form, code: {"code": code} if code == "A001" else None,
    member={"林晓": "lin", "lin": "lin"}.get,
    forms={"sku": {"key": "sku", "name": "商品", "fields": []}},
)


def read(kind, value, **settings):
    return FIELD_TYPES[kind].read(value, {"key": "x", "type": kind, "label": "X", **settings}, CONTEXT)


REFUSED = [
    ("text", "abcd", {"max_length": 3}, "最多 3 个字"),
    ("text", "a1", {"pattern": "[A-Z][0-9]"}, "不符合格式"),
    ("text", "a1", {"pattern": "[A-Z][0-9]", "pattern_message": "写成 A1"}, "写成 A1"),
    ("number", "1.5", {"decimals": 0}, "整数"),
    ("number", 5, {"max": 4}, "不能大于 4"),
    ("money", "-1", {"min": 0}, "不能小于 0"),
    ("date", "2024-12-31", {"earliest": "2025-01-01"}, "不能早于 2025-01-01"),
    ("choice", "爆品", {"options": ["爆款", "常销"]}, "没有选项“爆品”"),
    ("multi_choice", "a,b", {"options": ["a", "b"], "max_count": 1}, "最多选 1 项"),
    ("member", "王五", {}, "没有成员“王五”"),
    ("link", "B9", {"form": "sku"}, "商品里没有编码“B9”"),
    ("sku", ["A001", "B9"], {"multiple": True}, "B9"),
    ("phone", "12345", {}, "不是电话号码"),
    ("phone", "021-12345678", {"mobile_only": True}, "不是电话号码"),
    ("email", "a@b", {}, "不是邮箱"),
    ("url", "javascript:alert(1)", {}, "不是网址"),
    ("url", "https://", {}, "不是网址"),
    ("barcode", "6901234567891", {"symbology": "ean13"}, "校验位"),
    ("barcode", "690", {"symbology": "ean13"}, "13 位"),
    ("rating", 6, {}, "0 到 5"),
    ("signature", "data:image/svg+xml;base64,AA", {}, "PNG"),
    ("json", "{a}", {}, "JSON"),
    ("json", "NaN", {}, "JSON"),
    ("quantity", "1.5", {}, "0 位小数"),
    ("quantity", 25, {"packs": [{"unit": "箱", "size": 24}], "whole_packs": "箱"}, "整箱"),
    ("attachment", [{"id": "1", "name": "a.pdf", "size": 9_000_000}], {"max_size_mb": 1}, "超过 1 MB"),
    ("image", [{"id": "1", "name": "a.exe", "size": 1, "type": "application/exe"}], {}, "类型不对"),
    ("attachment", "C:/a.pdf", {}, "已上传的文件"),
    ("address", {"street": "x"}, {}, "street"),
    ("sub_form", "rows", {"fields": []}, "一组行"),
]


@pytest.mark.parametrize(("kind", "value", "settings", "message"), REFUSED)
def test_refusals_say_why(kind, value, settings, message):
    with pytest.raises(Unreadable) as caught:
        read(kind, value, **settings)

    problem = caught.value.problems[0]
    assert message in problem.message
    assert problem.message_en


def test_a_name_is_read_as_the_user():
    assert read("member", "林晓") == "lin"


def test_a_near_option_is_suggested():
    with pytest.raises(Unreadable) as caught:
        read("choice", "爆品款", options=["爆款", "常销"])

    assert "爆款" in caught.value.problems[0].hint


def test_all_bad_rows_of_a_sub_form_are_told():
    fields = [{"key": "quantity", "type": "quantity", "label": "数量", "required": True}]
    with pytest.raises(Unreadable) as caught:
        read("sub_form", [{"quantity": "x"}, {"quantity": 2}, {}, {"qty": 1}], fields=fields)

    assert ["$[0].quantity", "$[2].quantity", "$[3].qty", "$[3].quantity"] == [p.path for p in caught.value.problems]


@given(st.text(max_size=60))
def test_rich_text_never_keeps_a_script(text):
    cleaned = read("rich_text", f"<p>{text}</p><script>{text}</script><img src=x onerror={text!r}>") or ""

    assert "<script" not in cleaned.lower()
    assert "onerror=" not in cleaned.lower().replace("&", "")[: cleaned.lower().find(text.lower())] if text else True


@given(st.integers(0, 40), st.integers(0, 23))
def test_packs_are_counted_out(cartons, pieces):
    packs = [{"unit": "箱", "size": 24}]

    assert cartons * 24 + pieces == read("quantity", f"{cartons}箱{pieces}件", packs=packs)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_one_wrong_digit_of_a_barcode_is_found(digits):
    """The check digit catches every single wrong digit."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    code = digits + str(-total % 10)
    wrong = str((int(code[5]) + 1) % 10).join((code[:5], code[6:]))

    assert code == read("barcode", code, symbology="ean13")
    with pytest.raises(Unreadable):
        read("barcode", wrong, symbology="ean13")
