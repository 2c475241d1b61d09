"""Explanations: the value of every part, why something is unknown, and one sentence."""

from __future__ import annotations

import pytest
from expression_ways import checked

from engine.expression import explain

FIELDS = {"on_hand": {"type": "number", "label": "在库"}, "transit": {"type": "number", "label": "在途"}, "lead": {"type": "number", "label": "提前期"},
          "category": {"type": "text", "label": "类目"}, "sales": {"type": "facts", "fields": {"quantity": "number"}}}  # fmt: skip
RULE = "on_hand + transit - 3 < avg_daily(sales.quantity, 7) * lead * 1.2"
RECORD = {"on_hand": 12, "transit": 0, "lead": 7, "category": "女装", "avg_daily(sales.quantity, 7)": 5.14}


def test_a_rule_is_one_sentence():
    told = explain(checked(RULE, FIELDS), RECORD)

    assert "在库 12 + 在途 0 − 3 = 9 < 日均 5.14 × 提前期 7 × 1.2 = 43.176:成立" == told.sentence()
    assert "在库 12 + 在途 0 − 3 = 9 < avg_daily 5.14 × 提前期 7 × 1.2 = 43.176: holds" == told.sentence("en")


def test_unknown_has_its_reason():
    told = explain(checked(RULE, FIELDS), {**RECORD, "lead": None})

    assert (None, "提前期为空", "lead is empty") == (told.value, told.reason, told.reason_en)
    assert told.sentence().endswith("未知:提前期为空")
    assert "avg_daily(sales.quantity, 7) * lead * 1.2 = 未知 (提前期为空)" in told.tree()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("on_hand / transit", "on_hand / transit 的除数为 0"), ("on_hand % transit > 1", "on_hand % transit 的除数为 0"),
        ("(1e308 + on_hand) * 10", "(1e308 + on_hand) * 10 的结果超出范围"), ("SQRT(0 - on_hand)", "SQRT(0 - on_hand) 对这些值没有结果"),
        ("on_hand > 99 or lead2 > 1", "前置期为空"), ("1 if on_hand > 99 else lead2", "前置期为空"),
    ],
)  # fmt: skip
def test_reasons(source, reason):
    fields = {**FIELDS, "lead2": {"type": "number", "label": "前置期"}}

    assert reason == explain(checked(source, fields), RECORD).reason


def test_parts_are_json():
    told = explain(checked("on_hand > 3 and category in ['女装']", FIELDS), RECORD).as_dict()

    assert ("on_hand > 3 and category in ['女装']", True, "是") == (told["source"], told["value"], told["shown"])
    assert [("on_hand > 3", True), ("category in ['女装']", True)] == [
        (part["source"], part["value"]) for part in told["parts"]
    ]
    assert "在库" == told["parts"][0]["parts"][0]["label"]


def test_nothing_fired_has_a_sentence_too():
    told = explain(checked("on_hand < 5 and not (category == '男装')", FIELDS), RECORD)

    assert "在库 12 < 5 且 非 (类目 女装 = 男装):不成立" == told.sentence()
