"""Reservations: promised once, shipped in parcels, lapsing by themselves; channels kept to their share, under a race too."""

from __future__ import annotations

import threading

import pytest
from stock_shop import prepare, row_of

from services import channel_stock, ledger, records, scheduler
from services.refusal import Refused


@pytest.fixture
def shop(ws):
    return prepare(ws, 100)


def reserve(workspace, key, quantity, **more):
    wish = {"sku": "A1", "warehouse": "hd", "quantity": quantity, "user": "shop", **more}
    return channel_stock.reserve(workspace, key=key, **wish)


def test_a_split_shipment(shop):
    """Ten reserved, shipped as six and four; the same parcel twice is one; then nothing is left."""
    reserve(shop, "o1", 10)
    channel_stock.ship(shop, key="o1", parcel="1", quantity=6, user="shop")
    channel_stock.ship(shop, key="o1", parcel="1", quantity=6, user="shop")
    assert (94, 4, 0, 0) == row_of(shop)
    done = channel_stock.ship(shop, key="o1", parcel="2", user="shop")

    assert "shipped" == done["state"]
    assert (90, 0, 0, 0) == row_of(shop)
    with pytest.raises(Refused):
        channel_stock.ship(shop, key="o1", parcel="3", quantity=1, user="shop")


def test_an_unpaid_order_lapses(shop, clock):
    reserve(shop, "o1", 10, minutes=30)
    reserve(shop, "presale", 5, minutes=None)
    clock.pass_(minutes=31)
    scheduler.tick(shop)

    assert (100, 5, 0, 0) == row_of(shop)
    assert "expired" == channel_stock.release(shop, key="o1", user="shop")["state"]


def test_a_channel_is_kept_to_its_share(shop):
    """Half the stock for jd, forty pieces guaranteed to the live stream; the most exact rule counts."""
    rules = [
        {"channel": "jd", "share": 0.5, "priority": 20},
        {"channel": "jd", "sku": "A2", "share": 0.1},
        {"channel": "live", "priority": 1, "guarantee": 40},
    ]
    for rule in rules:
        records.create(shop, form="channel_allocation", values=rule, user="wang")
    reserve(shop, "o1", 45, channel="jd")
    with pytest.raises(Refused) as caught:
        reserve(shop, "o2", 6, channel="jd")
    assert "只能再卖 5 件" in caught.value.message
    reserve(shop, "o3", 55, channel="live")

    (place,) = channel_stock.overview(shop, sku="A1")["places"]
    assert {"live": 0, "jd": 0} == {one["channel"]: one["sellable"] for one in place["channels"]}


def test_a_share_holds_against_many_at_once(empty):
    """A hundred orders race for a channel with a third of 90 pieces: thirty are served, on either database."""
    prepare(empty, 90)
    records.create(empty, form="channel_allocation", values={"channel": "jd", "share": 1 / 3}, user="wang")
    served = []

    def buy(first):
        for order in range(first, first + 10):
            try:
                served.append(reserve(empty, f"o{order}", 1, channel="jd"))
            except Refused:
                continue

    threads = [threading.Thread(target=buy, args=(start * 10,)) for start in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 30 == len(served)
    assert (90, 30, 0, 0) == row_of(empty)
    assert ledger.verify(empty)["balanced"]
