"""An upgrade keeps what the user changed, takes what the pack changed, and tells where both did."""

from __future__ import annotations

import copy

from hypothesis import given
from hypothesis import strategies as st

from rule_templates import merge

FORM = {"key": "sku", "name": "商品", "fields": [{"key": "code", "label": "编码"}, {"key": "name", "label": "名称"}]}


def changed(**parts):
    return {**copy.deepcopy(FORM), **parts}


def test_a_users_field_and_a_packs_field_are_both_there():
    mine = changed(fields=[*FORM["fields"], {"key": "color", "label": "颜色"}])
    theirs = changed(
        name="商品档案",
        fields=[FORM["fields"][0], {"key": "name", "label": "商品名称"}, {"key": "brand", "label": "品牌"}],
    )

    merged, conflicts = merge(FORM, mine, theirs)

    assert [] == conflicts
    assert merged["name"] == "商品档案"
    assert [("code", "编码"), ("name", "商品名称"), ("color", "颜色"), ("brand", "品牌")] == [
        (f["key"], f["label"]) for f in merged["fields"]
    ]


def test_the_same_thing_changed_twice_is_told_and_mine_stays():
    merged, conflicts = merge(FORM, changed(name="货品"), changed(name="商品档案"))

    assert ["$.name"] == conflicts
    assert merged["name"] == "货品"


def test_taken_out_by_one_and_changed_by_the_other_is_told():
    mine = changed(fields=[FORM["fields"][0]])
    theirs = changed(fields=[FORM["fields"][0], {"key": "name", "label": "新名称"}])

    _, conflicts = merge(FORM, mine, theirs)

    assert ["$.fields[key=name]"] == conflicts


def test_taken_out_by_one_and_untouched_by_the_other_is_gone():
    merged, conflicts = merge(FORM, FORM, changed(fields=[FORM["fields"][0]]))

    assert [] == conflicts
    assert [FORM["fields"][0]] == merged["fields"]


JSON = st.recursive(
    st.integers(0, 3) | st.sampled_from("ab"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(st.sampled_from("pqr"), JSON, max_size=3)


@given(DOCUMENTS, DOCUMENTS)
def test_who_changed_nothing_gets_the_others_version(before, after):
    assert (after, []) == merge(before, before, after)
    assert (after, []) == merge(before, after, before)
    assert (after, []) == merge(before, after, after)
