"""Transfers: out, in transit, in; what does not come is lost, and nobody sends what he has not."""

from __future__ import annotations

import pytest
from stock_shop import prepare, row_of

from services import ledger, records, transfers
from services.refusal import Refused


@pytest.fixture
def shop(ws):
    return prepare(ws, 50)


def draft(shop, quantity):
    values = {"from_warehouse": "hd", "to_warehouse": "hn", "lines": [{"sku": "A1", "quantity": quantity}]}
    return records.create(shop, form="transfer_order", values=values, user="chen")["id"]


def test_out_and_in_with_a_loss(shop):
    number = draft(shop, 30)
    transfers.send(shop, id=number, user="chen")
    assert [(20, 0, 0, 0), (0, 0, 30, 0)] == [row_of(shop), row_of(shop, warehouse="hn")]
    transfers.receive(shop, id=number, lines=[{"line": 0, "quantity": 28}], user="chen")

    assert (28, 0, 0, 0) == row_of(shop, warehouse="hn")
    kinds = [entry["kind"] for entry in ledger.movements(shop, sku="A1", warehouse="hn")["items"]]
    assert ["lost", "transfer_in", "transfer_sent"] == kinds
    assert ledger.verify(shop)["balanced"]


def test_more_than_there_is_stays(shop):
    number = draft(shop, 60)
    with pytest.raises(Refused):
        transfers.send(shop, id=number, user="chen")

    assert (50, 0, 0, 0) == row_of(shop)
    transfers.cancel(shop, id=number, user="chen")
    with pytest.raises(Refused):
        transfers.send(shop, id=number, user="chen")
