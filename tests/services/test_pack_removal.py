"""A removed pack leaves data, what people changed, and whatever something else still needs."""

from __future__ import annotations

import copy

import pytest

from services import packs, publish, records
from services.refusal import Refused


def test_a_pack_that_another_needs_stays(ws):
    packs.install(ws, pack="daily_replenishment", user="admin")

    with pytest.raises(Refused, match="日常补货"):
        packs.remove(ws, pack="base", user="admin")


def test_forms_with_records_and_what_they_link_to_stay(ws):
    packs.install(ws, pack="base", user="admin")
    records.create(ws, form="supplier", values={"code": "S01", "name": "晨光"}, user="admin")
    records.create(ws, form="sku", values={"code": "A", "name": "甲", "supplier": "S01"}, user="admin")

    done = packs.remove(ws, pack="base", user="admin")

    assert {"form/sku", "form/supplier"} <= set(done["kept"])
    assert "form/stock" in done["archived"]
    assert 1 == records.list_(ws, form="sku", user="admin")["total"]


def test_what_was_changed_by_hand_stays_with_all_that_it_needs(ws):
    packs.install(ws, pack="daily_replenishment", user="admin", confirmed=True)
    mine = copy.deepcopy(publish.current(ws, "rule", "low_stock_dynamic"))
    publish.publish_many(ws, [{**mine, "kind": "rule", "name": "我的规则"}], user="lin")

    done = packs.remove(ws, pack="daily_replenishment", user="admin")

    assert {"rule/low_stock_dynamic", "route/buyers", "workflow/replenishment_approval"} <= set(done["kept"])
    assert "rule/low_stock_static" in done["archived"]
    assert [] == publish.show(ws, kind="rule", key="low_stock_dynamic")["problems"]


def test_what_two_packs_share_goes_with_the_last(ws):
    for name in ("new_and_hot", "stockout_emergency"):
        packs.install(ws, pack=name, user="admin")

    first = packs.remove(ws, pack="new_and_hot", user="admin")
    second = packs.remove(ws, pack="stockout_emergency", user="admin")

    assert ("role/buyer" in first["kept"], "role/buyer" in second["archived"]) == (True, True)


def test_a_pack_that_is_not_installed_cannot_be_removed(ws):
    with pytest.raises(Refused):
        packs.remove(ws, pack="base", user="admin")
