"""The ledger and the plan over the API: who may what, what is refused, and the file for finance."""

from __future__ import annotations


def test_entries_are_posted_once_and_listed(browser):
    """A sale with its key, again with the same key, and a list that both page words may ask for."""
    chen = browser("chen")
    line = {"key": "s1", "kind": "sale", "sku": "A001", "warehouse": "hd", "quantity": 2, "price": 129}
    first = chen.post("/ledger/movements", {"lines": [line]})["items"][0]
    again = chen.post("/ledger/movements", {"lines": [line]})["items"][0]
    found = chen.get("/ledger/movements?sku=A001&warehouse=hd&cursor=99&before=99")

    assert (False, True) == (first["repeated"], again["repeated"])
    assert ["sale", "edit"] == [entry["kind"] for entry in found["items"]]
    assert 10 == found["stock"][0]["on_hand"]
    assert 409 == chen.call("POST", "/ledger/movements", {"lines": [{**line, "key": "s2", "quantity": 99}]}).status_code


def test_viewers_look_and_do_not_post(browser):
    guest = browser("guest")

    assert 403 == guest.call("POST", "/ledger/movements", {"lines": []}).status_code
    assert 403 == guest.call("POST", "/plans", {}).status_code
    assert guest.get("/ledger/verify")["balanced"]
    assert {"plan": None, "trial": None} == guest.get("/plans/current")


def test_a_plan_is_made_and_read(browser):
    chen = browser("chen")
    made = chen.post("/plans", {"budget": 100000})
    lines = chen.get(f"/plans/{made['id']}/lines?kind=transfer")

    assert lines["total"] == len(lines["items"]) > 0
    assert {"hd", "hn"} == {one["code"] for one in chen.get(f"/plans/{made['id']}/flows")["warehouses"]}
    assert 409 == chen.call("POST", "/plans/trial", {"weeks": 13}).status_code  # forty days are too short a past


def test_vouchers_are_a_file(browser):
    chen = browser("chen")
    line = {"key": "r1", "kind": "receipt", "sku": "A001", "warehouse": "hd", "quantity": 2, "unit_cost": 50}
    chen.post("/ledger/movements", {"lines": [line]})
    answer = chen.call("GET", "/ledger/vouchers.csv?since=2026-11-25&until=2026-11-25&layout=kingdee")

    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.get_data(as_text=True).startswith("\ufeff日期,凭证字")
    assert 422 == chen.call("GET", "/ledger/books?since=2026-11-25&until=soon").status_code
