"""Every change of stock is an entry; entries and stock rows agree; nothing is sold twice, on either database."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stock_shop import prepare, row_of

from engine.problems import DefinitionError
from services import ledger, records
from services.ledger import Posting
from services.refusal import Refused
from store import ledger as kept

KINDS = ["receipt", "sale", "reserve", "release", "transfer_out", "transfer_in", "order", "receive", "return", "damage"]
MOVES = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(["A1", "A2"]), st.integers(0, 9), st.integers(0, 5)), max_size=25
)


@pytest.fixture
def held(empty):
    return prepare(empty, 100)


def test_entries_and_rows_agree_whatever_is_posted(ws):
    """Any sequence, repeats among it: what is refused changes nothing, and the entries add up to the row."""
    prepare(ws, 5)
    number = 0

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(MOVES)
    def check(moves):
        nonlocal number
        number += 1
        for kind, sku, quantity, key in moves:
            one = Posting(f"{number}:{key}", kind, sku, "hd", quantity)
            before = (row_of(ws, "A1"), row_of(ws, "A2"))
            try:
                made = ledger.post(ws, [one], user="chen")
            except Refused:
                assert before == (row_of(ws, "A1"), row_of(ws, "A2"))
                continue
            if made[0]["repeated"]:
                assert before == (row_of(ws, "A1"), row_of(ws, "A2"))
        found = ledger.verify(ws)
        assert found["balanced"], found

    check()


def test_a_thousand_buyers_of_a_hundred_pieces(held):
    """Twenty threads, a thousand orders: exactly a hundred are served, on SQLite and on PostgreSQL."""
    served, refused = [], []

    def buy(first: int) -> None:
        for order in range(first, first + 50):
            try:
                ledger.post(held, [Posting(f"o{order}", "sale", "A1", "hd", 1)], user="shop")
                served.append(order)
            except Refused:
                refused.append(order)

    threads = [threading.Thread(target=buy, args=(start * 50,)) for start in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (100, 900) == (len(served), len(refused))
    assert (0, 0, 0, 0) == row_of(held)
    assert ledger.verify(held)["balanced"]


def test_the_same_order_from_many_sides_is_one_entry(held):
    """Ten threads post the same key at once: one entry, ten answers."""
    answers = []

    def sell() -> None:
        answers.extend(ledger.post(held, [Posting("one", "sale", "A1", "hd", 7)], user="shop"))

    threads = [threading.Thread(target=sell) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 1 == len({answer["id"] for answer in answers})
    assert [False] + [True] * 9 == sorted(answer["repeated"] for answer in answers)
    assert 93 == row_of(held)[0]


def test_what_was_written_into_the_form_becomes_an_entry(held):
    """The opening stock and a later edit by hand are entries with their author, before the next posting."""
    ledger.post(held, [Posting("s1", "sale", "A1", "hd", 10)], user="chen")
    with held.read() as session:
        number = kept.stock_rows(session, [("A1", "hd")])[0]["_id"]
    records.update(held, form="stock", id=number, values={"on_hand": 80}, user="wang")
    assert 1 == ledger.reconcile(held)
    assert 0 == ledger.reconcile(held)
    found = ledger.movements(held, sku="A1")["items"]

    assert ["edit", "sale", "edit"] == [entry["kind"] for entry in found]
    assert [-10, -10, 100] == [entry["d_on_hand"] for entry in found]
    assert ["wang", "chen", "admin"] == [entry["actor"] for entry in found]
    assert ledger.verify(held)["balanced"]


def test_a_shortage_says_how_much_there_is(held):
    with pytest.raises(Refused) as caught:
        ledger.post(held, [Posting("s", "sale", "A1", "hd", 60), Posting("t", "sale", "A1", "hd", 60)], user="chen")

    assert "可用只有 40 件" in caught.value.message
    assert 100 == row_of(held)[0]  # all or nothing


def test_unknown_things_are_told_together(held):
    with pytest.raises(DefinitionError) as caught:
        ledger.post(held, [Posting("s", "teleport", "Z9", "mars", 1)], user="chen")

    assert ["$.sku", "$.warehouse", "$.lines[0].kind"] == [problem.path for problem in caught.value.problems]


def test_two_places_are_moved_together(held):
    """A transfer leaves one warehouse and is in transit to the other, in one transaction; a row is made where needed."""
    pair = [Posting("t:out", "transfer_out", "A1", "hd", 30), Posting("t:way", "transfer_sent", "A1", "hn", 30)]
    ledger.post(held, pair, user="chen")

    assert (70, 0, 0, 0) == row_of(held)
    assert (0, 0, 30, 0) == row_of(held, warehouse="hn")


def test_a_key_belongs_to_one_entry(held):
    """The same key for something else is told, not lost."""
    ledger.post(held, [Posting("s1", "sale", "A1", "hd", 1)], user="chen")
    with pytest.raises(Refused) as caught:
        ledger.post(held, [Posting("s1", "sale", "A1", "hd", 2)], user="chen")

    assert "已被另一笔变动用过" in caught.value.message
    assert 99 == row_of(held)[0]
