"""The books of a period balance, and are handed out as vouchers in formats that users may change."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from stock_shop import prepare

from engine.problems import DefinitionError
from services import books, ledger, ledger_sales
from services.ledger import Posting


@pytest.fixture
def shop(ws, clock):
    prepare(ws, 100)
    clock.pass_(hours=1)
    steps = [
        Posting("r1", "receipt", "A1", "hd", 100, unit_cost=4, document="PO1"),
        Posting("s1", "sale", "A1", "hd", 50, price=9, channel="tmall", document="o1"),
        Posting("d1", "damage", "A1", "hd", 3),
    ]
    ledger.post(ws, steps, user="chen")
    return ws


def test_opening_in_out_closing(shop):
    """100 at the standard cost of 2, 100 bought at 4: an average of 3; 50 sold and 3 broken leave 147 worth 441."""
    found = books.journal(shop, since="2026-11-01", until="2026-11-30")
    kinds = {one["kind"]: one["amount"] for one in found["kinds"]}

    assert {"edit": 200, "receipt": 400, "sale": 150, "damage": 9} == kinds
    assert (0, 441, True) == (found["opening"], found["closing"], found["balanced"])
    assert (147, 3) == (found["skus"][0]["units"], found["skus"][0]["unit_cost"])


def test_vouchers_in_an_own_format(shop):
    own = {
        "formats": {"mine": {"科目": "account", "借": "debit", "贷": "credit"}},
        "entries": {"sale": ["5401", "1243"]},
    }
    books.set_formats(shop, values=own, user="admin")
    file = books.voucher_file(shop, since="2026-11-01", until="2026-11-30", layout="mine")
    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))

    assert {"科目": "5401", "借": "150", "贷": "0"} in rows
    assert sum(float(row["借"]) for row in rows) == sum(float(row["贷"]) for row in rows)


def test_mistakes_are_told(shop):
    with pytest.raises(DefinitionError) as caught:
        books.set_formats(shop, values={"formats": {"mine": {"借": "debet"}}}, user="admin")
    assert "debit" in caught.value.problems[0].hint
    with pytest.raises(DefinitionError) as caught:
        books.journal(shop, since="soon", until="2026-11-30", method="lifo")
    assert 2 == len(caught.value.problems)


def test_sales_of_the_ledger_become_facts_once(shop):
    day = dt.date(2026, 11, 25)
    assert 1 == ledger_sales.fold(shop, day)
    assert 0 == ledger_sales.fold(shop, day)
    rows = shop.facts("sales").read(since=day, until=day).to_pylist()

    assert [("A1", "tmall", 50, 450.0)] == [(r["sku"], r["channel"], r["quantity"], r["revenue"]) for r in rows]
