"""What comes out can be opened and comes in again; a text never becomes a formula."""

from __future__ import annotations

import csv

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import bulk, ingest, packs, records
from services.export import export
from services.record_lists import list_
from services.refusal import Refused
from services.workbook import Table, cell_of, guarded, write_csv, write_workbook


@pytest.fixture
def shop(ws):
    packs.install(ws, pack="base", user="admin")
    bulk.bulk_upsert(ws, form="warehouse", rows=[{"code": "hd", "name": "华东仓"}], user="admin")
    rows = [
        {"code": "A001", "name": "=cmd|'/c calc'!A0", "unit_cost": 12.5, "stage": "爆品"},
        {"code": "A002", "name": "+86 耳环", "unit_cost": -1.5 if False else 3},
    ]
    bulk.bulk_upsert(ws, form="sku", rows=rows, user="admin")
    return ws


def test_a_csv_opens_right_and_starts_no_formula(shop, tmp_path):
    done = export(shop, form="sku", path=tmp_path / "sku.csv", user="admin", sort="code")

    raw = (tmp_path / "sku.csv").read_bytes()
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert (2, ["商品编码", "商品名称"]) == (done["rows"], rows[0][:2])
    assert ["A001", "'=cmd|'/c calc'!A0"] == rows[1][:2]
    assert rows[2][1] == "'+86 耳环"


def test_a_workbook_has_the_lines_as_a_sheet(shop, tmp_path):
    lines = [{"sku": "A001", "quantity": 3, "price": 2}, {"sku": "A002", "quantity": 1, "price": 4}]
    order = records.create(shop, form="purchase_order", values={"warehouse": "hd", "lines": lines}, user="admin")

    export(shop, form="purchase_order", path=tmp_path / "po.xlsx", user="admin")

    book = openpyxl.load_workbook(tmp_path / "po.xlsx")
    main, sub = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    assert ["采购单", "明细"] == book.sheetnames
    assert (order["values"]["code"], 10) == (main[1][0], main[1][main[0].index("合计")])
    places = [0, *(sub[0].index(name) for name in ("商品", "数量", "单价", "金额"))]
    lines = [tuple(row[place] for place in places) for row in sub[1:]]
    assert [(order["values"]["code"], "A001", 3, 2, 6), (order["values"]["code"], "A002", 1, 4, 4)] == lines


def test_what_was_exported_is_read_as_itself(shop, tmp_path):
    before = list_(shop, form="sku", user="admin", sort="code")["items"]
    export(shop, form="sku", path=tmp_path / "sku.xlsx", user="admin")

    again = ingest.import_file(shop, path=tmp_path / "sku.xlsx", into="sku", user="admin")

    assert (0, 0) == (again["inserted"], again["failed"])
    assert [item["values"]["unit_cost"] for item in before] == [
        item["values"]["unit_cost"] for item in list_(shop, form="sku", user="admin", sort="code")["items"]
    ]


def test_a_filter_narrows_the_export(shop, tmp_path):
    assert export(shop, form="sku", path=tmp_path / "x.csv", user="admin", filter="unit_cost > 10")["rows"] == 1


def test_facts_come_out_in_all_three_forms(shop, tmp_path):
    sales = tmp_path / "s.csv"
    sales.write_text("商品编码,日期,销量\nA001,2026-11-01,5\n", encoding="utf-8")
    ingest.import_file(shop, path=sales, into="sales", user="admin")

    done = [
        export(shop, form="sales", path=tmp_path / f"out{end}", user="admin")["rows"]
        for end in (".csv", ".xlsx", ".parquet")
    ]

    assert [1, 1, 1] == done
    assert [5] == pq.read_table(tmp_path / "out.parquet")["quantity"].to_pylist()
    assert "A001" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("name", ["a.exe", "a.parquet"])
def test_another_format_is_refused(shop, tmp_path, name):
    with pytest.raises(Refused):
        export(shop, form="sku", path=tmp_path / name, user="admin")


@given(st.text(min_size=1, max_size=20))
def test_no_text_starts_a_formula(text):
    """After the guard a cell begins with none of the signs, or is a plain number."""
    kept = guarded(text)

    assert kept.endswith(text)
    if kept[0] in "=+-@\t\r\n=+-@":
        float(kept)


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(alphabet="a=+@'\"中,;\n", max_size=6)
            ),
            min_size=2,
            max_size=2,
        ),
        max_size=5,
    )
)
def test_both_writers_keep_every_cell(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("w")

    assert len(rows) == write_csv(folder / "a.csv", Table("t", ["a", "b"], rows))
    assert len(rows) == write_workbook(folder / "a.xlsx", [Table("t", ["a", "b"], rows)])

    found = list(openpyxl.load_workbook(folder / "a.xlsx").active.iter_rows(min_row=2, values_only=True))
    expected = [tuple(None if (cell := cell_of(value)) == "" else cell for value in row) for row in rows]
    found = [tuple(None if cell == "" else cell for cell in row) for row in found]
    while expected and set(expected[-1]) == {None}:
        expected.pop()
    assert expected == found[: len(expected)]
