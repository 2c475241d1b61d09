"""Formulas as text: stored with keys, shown with labels and the names of a language."""

from __future__ import annotations

import pytest
from expression_strategies import FIELDS as MANY
from expression_strategies import sources
from expression_ways import checked
from hypothesis import HealthCheck, given, settings

from engine.expression import check, parse, print_source, stored_source

FIELDS = {"on_hand": {"type": "number", "label": "在库"}, "rate": {"type": "percent", "label": "毛利率(%)"}, "class": {"type": "text", "label": "且慢"},
          "sku": {"type": "link", "label": "商品", "fields": {"name": {"type": "text", "label": "名称"}}},
          "sales": {"type": "facts", "label": "销售", "fields": {"quantity": {"type": "number", "label": "数量"}}}}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "stored", "zh"),
    [
        ("在库＜日均(销售.数量，7) × 2", "on_hand < avg_daily(sales.quantity, 7) * 2", "在库 < 日均(销售.数量, 7) * 2"),
        ("`毛利率(%)`>3 且 商品.名称<>'x'", "rate > 3 and sku.name != 'x'", "`毛利率(%)` > 3 and 商品.名称 != 'x'"),
        ("(on_hand+1)*2-(3-4)", "(on_hand + 1) * 2 - (3 - 4)", "(在库 + 1) * 2 - (3 - 4)"),
        ("-on_hand**2 + (-2)**2", "-on_hand ** 2 + (-2) ** 2", "-在库 ** 2 + (-2) ** 2"),
        ("not (on_hand > 1 or rate > 2) and True", "not (on_hand > 1 or rate > 2) and True", "not (在库 > 1 or `毛利率(%)` > 2) and True"),
        ("1 if on_hand > 1 else 2 if rate > 1 else 3", "1 if on_hand > 1 else 2 if rate > 1 else 3", "1 if 在库 > 1 else 2 if `毛利率(%)` > 1 else 3"),
        ("round(on_hand, 2)", "ROUND(on_hand, 2)", "四舍五入(在库, 2)"),
        ("class == 'a\\'b'", "class == 'a\\'b'", "`且慢` == 'a\\'b'"),
    ],
)  # fmt: skip
def test_a_formula_is_printed(written, stored, zh):
    typed = checked(written, FIELDS)

    assert (stored, zh) == (stored_source(typed), print_source(typed))
    assert typed.key == checked(zh, FIELDS).key == checked(stored, FIELDS).key


def test_renaming_a_label_breaks_nothing():
    stored = stored_source(checked("在库 > 3", FIELDS))
    renamed = {**FIELDS, "on_hand": {"type": "number", "label": "现有库存"}}

    assert "现有库存 > 3" == print_source(checked(stored, renamed))


def test_labels_may_be_given():
    assert "库存 > 3" == print_source(parse("on_hand > 3"), {"on_hand": "库存"})


@settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(source=sources())
def test_whatever_is_printed_reads_as_the_same_formula(source):
    typed, problems = check(parse(source), MANY)
    if problems:
        return

    assert typed.key == checked(stored_source(typed), MANY).key == checked(typed.key, MANY).key
