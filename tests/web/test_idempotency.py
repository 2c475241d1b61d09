"""`Idempotency-Key`: the same write again is answered again, and done once."""

from __future__ import annotations

import pytest

from store import records

SUPPLIER = {"values": {"code": "s9", "name": "广州包装"}}


def count(shop):
    with shop.read() as session:
        return records.count(session, "supplier", code="s9")


def create(one, key, body=SUPPLIER):
    return one.call("POST", "/forms/supplier/records", body, headers={"Idempotency-Key": key})


def test_the_same_request_again_gets_the_first_answer(shop, browser):
    """A retry after a lost answer makes no second record."""
    one = browser("chen")
    first, second = create(one, "k-1"), create(one, "k-1")

    assert (201, first.get_json()) == (second.status_code, second.get_json())
    assert "true" == second.headers["Idempotent-Replayed"]
    assert "Idempotent-Replayed" not in first.headers
    assert 1 == count(shop)


def test_another_request_under_the_same_key_is_refused(shop, browser):
    one = browser("chen")
    create(one, "k-1")
    other = create(one, "k-1", {"values": {"code": "s8", "name": "别家"}})

    assert (409, "conflict") == (other.status_code, other.get_json()["reason"])


def test_a_refusal_is_an_answer_too(browser):
    """What was wrong stays wrong: the same problems again, without looking again."""
    one = browser("chen")
    first, second = create(one, "k-1", {"values": {}}), create(one, "k-1", {"values": {}})

    assert (422, 422) == (first.status_code, second.status_code)
    assert first.get_json() == second.get_json()


def test_keys_belong_to_people(shop, browser):
    """Two people may happen to choose the same key."""
    assert 201 == create(browser("chen"), "k-1").status_code
    assert 422 == create(browser("wang"), "k-1").status_code  # the code is taken: it was carried out


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "键"])
def test_a_key_that_cannot_be_kept_is_refused(browser, key):
    answer = create(browser("chen"), key.encode().decode("latin-1"))

    assert (400, "idempotency_key") == (answer.status_code, answer.get_json()["reason"])


def test_a_token_is_not_kept_with_the_answers(shop, browser, tmp_path):
    """The secret of a token is shown once and stands nowhere, not even among the kept answers."""
    made = browser("chen").call("POST", "/tokens", {"name": "erp"}, headers={"Idempotency-Key": "k-1"}).get_json()
    shop.close()
    found = [p for p in tmp_path.rglob("*") if p.is_file() and made["token"].encode() in p.read_bytes()]

    assert [] == found
