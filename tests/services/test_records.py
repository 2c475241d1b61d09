"""Records: one validator, an optimistic lock, history, audit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine.problems import DefinitionError
from services import audit, records
from services.refusal import Refused
from services.workspace import Workspace


def _sku(workspace: Workspace, code: str = "A001", **values: Any) -> dict[str, Any]:
    return records.create(workspace, form="sku", values={"code": code, **values}, user="chen")


def test_a_record_is_made_with_defaults_and_labels(shops: Workspace) -> None:
    """The answer is what the API shows."""
    _sku(shops, name="珍珠耳环", owner="陈宁")
    records.create(shops, form="warehouse", values={"code": "hd", "name": "华东仓"}, user="chen")
    made = records.create(shops, form="stock", values={"sku": "A001", "warehouse": "hd", "on_hand": 5}, user="chen")

    assert {"sku": "A001", "warehouse": "hd", "on_hand": 5, "short": 15} == made["values"]
    assert {"sku": "A001 珍珠耳环", "warehouse": "hd 华东仓"} == made["labels"]
    assert {"owner": "陈宁"} == records.list_(shops, form="sku", user="chen")["items"][0]["labels"]
    assert made == records.get(shops, form="stock", id=made["id"])


def test_all_problems_at_once(shops: Workspace) -> None:
    """A missing field, an absent link and a repeated key, each at its field."""
    _sku(shops)
    with pytest.raises(DefinitionError) as caught:
        records.create(shops, form="stock", values={"sku": "B999", "on_hand": "many"}, user="chen")

    assert {"$.sku", "$.warehouse", "$.on_hand"} == {problem.path for problem in caught.value.problems}
    with pytest.raises(DefinitionError, match="“A001”已存在"):
        _sku(shops)


def test_two_who_are_equally_fast_cannot_both_take_a_code(shops: Workspace) -> None:
    """Of eight at once one is kept; the others are told about the field."""

    def create(_: int) -> str:
        try:
            _sku(shops)
        except DefinitionError as error:
            return error.problems[0].path
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(create, range(8)))

    assert ["$.code"] * 7 + ["kept"] == answers


def test_a_change_says_what_changed(shops: Workspace) -> None:
    """The history has each field before and after; the audit log who; saving the same again is no change."""
    made = _sku(shops, name="耳环")
    changed = records.update(shops, form="sku", id=made["id"], values={"name": "项链"}, user="wang", version=1)
    same = records.update(shops, form="sku", id=made["id"], values={"name": "项链"}, user="wang", version=2)
    history = records.history(shops, form="sku", id=made["id"])

    assert (2, 2) == (changed["version"], same["version"])
    assert [("updated", "wang"), ("created", "chen")] == [(one["operation"], one["actor"]) for one in history]
    assert {"name": {"before": "耳环", "after": "项链"}} == history[0]["changes"]
    row = audit.list_(shops, kind="record:sku")["items"][0]
    assert ("wang", {"name": "耳环"}, {"name": "项链"}) == (row["actor"], row["before"], row["after"])


def test_a_stale_change_carries_the_record_as_it_is(shop: Workspace) -> None:
    """The second of two people sees what the first did."""
    made = _sku(shop, name="耳环")
    records.update(shop, form="sku", id=made["id"], values={"name": "项链"}, user="wang", version=1)
    with pytest.raises(Refused) as caught:
        records.update(shop, form="sku", id=made["id"], values={"name": "手链"}, user="chen", version=1)

    assert ("stale", "项链") == (caught.value.reason, caught.value.details["record"]["values"]["name"])


def test_a_record_that_others_point_to_stays(shop: Workspace) -> None:
    """Deleting it would leave links that lead nowhere."""
    sku = _sku(shop)
    records.create(shop, form="warehouse", values={"code": "hd"}, user="chen")
    stock = records.create(shop, form="stock", values={"sku": "A001", "warehouse": "hd"}, user="chen")
    with pytest.raises(Refused, match="“库存”里还有记录引用它"):
        records.delete(shop, form="sku", id=sku["id"], user="chen")
    records.delete(shop, form="stock", id=stock["id"], user="chen")
    records.delete(shop, form="sku", id=sku["id"], user="chen")

    assert 0 == records.list_(shop, form="sku", user="chen")["total"]
    assert "deleted" == records.history(shop, form="sku", id=sku["id"])[0]["operation"]


def test_natural_keys_are_taken_once(shop: Workspace) -> None:
    """One row for each SKU in each warehouse, said in the users' words."""
    _sku(shop)
    records.create(shop, form="warehouse", values={"code": "hd"}, user="chen")
    records.create(shop, form="stock", values={"sku": "A001", "warehouse": "hd"}, user="chen")
    with pytest.raises(DefinitionError, match="A001、hd"):
        records.create(shop, form="stock", values={"sku": "A001", "warehouse": "hd"}, user="chen")


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("on_hand < 3", ["A0", "A1", "A2"]),
        ("sku.safety_stock > 20 and on_hand > 6", ["A7", "A8", "A9"]),
        ("sku.name == '奇' or on_hand == 0", ["A0", "A1", "A3", "A5", "A7", "A9"]),
        ("sku in ('A1', 'A2')", ["A1", "A2"]),
        ("starts_with(sku, 'A') and not (on_hand >= 1)", ["A0"]),
    ],
)
def test_lists_are_filtered_through_links(shops: Workspace, filter_: str, expected: list[str]) -> None:
    """The database evaluates the expression itself, links followed."""
    rows = [{"code": f"A{n}", "name": "奇" if n % 2 else "偶", "safety_stock": 10 + n * 2} for n in range(10)]
    records.bulk_upsert(shops, form="sku", rows=rows, user="chen")
    records.create(shops, form="warehouse", values={"code": "hd"}, user="chen")
    stock = [{"sku": f"A{n}", "warehouse": "hd", "on_hand": n} for n in range(10)]
    records.bulk_upsert(shops, form="stock", rows=stock, user="chen")
    found = records.list_(shops, form="stock", user="chen", filter=filter_)

    assert (expected, len(expected)) == ([item["values"]["sku"] for item in found["items"]], found["total"])


@pytest.mark.parametrize(
    ("filter_", "message"),
    [
        ("on_hnd < 3", "没有名为“on_hnd”的字段"),
        ("on_hand + 1", "是非判断"),
        ("on_hand <", r"\$\.filter"),
        ("''; DROP TABLE f_stock", r"\$\.filter"),
    ],
)
def test_a_filter_that_cannot_be_used_is_told(shop: Workspace, filter_: str, message: str) -> None:
    """At `$.filter`, before anything is asked of the database."""
    with pytest.raises(DefinitionError, match=message):
        records.list_(shop, form="stock", user="chen", filter=filter_)


def test_text_in_a_filter_stays_text(shop: Workspace) -> None:
    """Quotes, percent signs and colons in a user's text mean themselves."""
    name = """it's 100% "x" :y \\ %s"""
    _sku(shop, name=name)
    _sku(shop, code="B", name="other")
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    found = records.list_(shop, form="sku", user="chen", filter=f"name == '{quoted}'")

    assert ["A001"] == [item["values"]["code"] for item in found["items"]]


@pytest.mark.parametrize("what", ["get", "update", "delete"])
def test_what_does_not_exist_is_not_found(shop: Workspace, what: str) -> None:
    """A record and a form alike."""
    more: dict[str, Any] = {"get": {}, "update": {"values": {}, "user": "x"}, "delete": {"user": "x"}}[what]
    for form in ("sku", "nothing"):
        with pytest.raises(Refused) as caught:
            getattr(records, what)(shop, form=form, id=99, **more)
        assert 404 == caught.value.status
