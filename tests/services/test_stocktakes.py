"""Stocktakes: the difference of the moment of counting, approved by somebody else, adjusts the stock."""

from __future__ import annotations

import pytest
from small_shop import HASH, PEOPLE
from stock_shop import prepare, row_of

from services import ledger, stocktakes
from services.ledger import Posting
from services.refusal import Refused
from store import users


@pytest.fixture
def shop(ws):
    with ws.write() as session:
        for person in PEOPLE:
            known = {name: person[name] for name in ("key", "name", "roles")}
            users.add(session, **known, password_hash=HASH, now=ws.clock())
    return prepare(ws, 50)


def test_sales_between_count_and_approval_stay_sold(shop):
    """47 counted of 50, then 10 sold: 37 are left, not 47."""
    sheet = stocktakes.begin(shop, warehouse="hd", user="chen")["id"]
    stocktakes.count(shop, id=sheet, counts=[{"sku": "A1", "counted": 47}, {"sku": "A2", "counted": 2}], user="chen")
    stocktakes.submit(shop, id=sheet, user="chen")
    ledger.post(shop, [Posting("s1", "sale", "A1", "hd", 10)], user="shop")
    done = stocktakes.decide(shop, id=sheet, approve=True, user="wang")

    assert "approved" == done["values"]["status"]
    assert [(37, 0, 0, 0), (2, 0, 0, 0)] == [row_of(shop), row_of(shop, "A2")]
    assert ledger.verify(shop)["balanced"]


def test_who_may_approve(shop):
    """Neither who counted nor somebody who is no manager."""
    sheet = stocktakes.begin(shop, warehouse="hd", user="wang")["id"]
    with pytest.raises(Refused):
        stocktakes.submit(shop, id=sheet, user="wang")
    stocktakes.count(shop, id=sheet, counts=[{"sku": "A1", "counted": 0}], user="wang")
    stocktakes.submit(shop, id=sheet, user="wang")
    for person in ("wang", "chen"):
        with pytest.raises(Refused) as caught:
            stocktakes.decide(shop, id=sheet, approve=True, user=person)
        assert "forbidden" == caught.value.reason
    stocktakes.decide(shop, id=sheet, approve=False, user="admin")

    assert (50, 0, 0, 0) == row_of(shop)
