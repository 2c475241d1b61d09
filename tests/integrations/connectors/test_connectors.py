"""Files are read as they are: encodings and signs found out, sheets by name, bombs and broken files refused in words."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions import problems_in, schema_problems
from integrations.connector import CONNECTORS, ConnectorError, for_file

DOCS = Path(__file__).resolve().parents[3] / "docs"
ROWS = [["商品编码", "销量", "备注"], ["A001", "1,200", "好;的"], ["A002", "3", None]]


def pull(path, **settings):
    return for_file(path.name).pull({"path": str(path), **settings})


@pytest.mark.parametrize("name", ["csv_file", "excel_file", "parquet_file"])
def test_a_connector_is_whole(name):
    plug_in = CONNECTORS[name]

    assert plug_in.title
    assert plug_in.title_en
    assert plug_in.icon
    assert plug_in.__doc__
    assert [] == schema_problems(plug_in.schema)
    assert [] == problems_in(plug_in.schema, plug_in.example)
    for page in ("import.md", "en/import.md"):
        assert f"`{name}`" in (DOCS / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found_out(tmp_path, encoding, sign):
    lines = [sign.join(f'"{cell or ""}"' for cell in row) for row in ROWS]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding=encoding)

    assert ROWS == pull(path).cells


WORDS = st.text(alphabet="商品编码销量abc123 ,;\"'", max_size=8)


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=2, max_size=6))
def test_a_quoted_csv_gives_back_its_cells(tmp_path_factory, rows):
    import csv

    path = tmp_path_factory.mktemp("c") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)

    assert [[cell or None for cell in row] for row in rows] == pull(path, delimiter=",").cells


def test_a_text_that_is_neither_encoding_says_so(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n\xff\xff,\x81")

    with pytest.raises(ConnectorError, match="UTF-8"):
        pull(path)


def test_a_workbook_gives_values_by_sheet(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "空"
    sheet = book.create_sheet("库存")
    for row in (
        ["编码", "日期", "数量", "有货"],
        [6901234567892, dt.datetime(2025, 1, 2), 1.5, True],  # noqa: DTZ001 a spreadsheet's moments have no zone
        ["A", None, None, None],
    ):
        sheet.append(row)
    sheet["E10"] = None
    path = tmp_path / "b.xlsx"
    book.save(path)

    pulled = pull(path)

    assert (("空", "库存"), "库存") == (pulled.tables, pulled.table)
    assert [
        ["编码", "日期", "数量", "有货"],
        [6901234567892.0, dt.date(2025, 1, 2), 1.5, True],
        ["A", None, None, None],
    ] == pulled.cells
    with pytest.raises(ConnectorError, match="有:空、库存"):
        pull(path, sheet="库纯")


def test_a_formula_is_not_run(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["=1+1", '=HYPERLINK("http://x")'])
    path = tmp_path / "f.xlsx"
    book.save(path)

    assert all(cell is None or not str(cell).startswith("http") for cell in pull(path).cells[-1])


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)

    with pytest.raises(ConnectorError, match="过大"):
        pull(path)


def test_parquet_keeps_its_types_and_a_limit_is_kept(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": list(range(100)), "d": [dt.date(2025, 1, 1)] * 100}), path)

    whole, part = pull(path).columns, for_file(path.name).pull({"path": str(path)}, 7).columns

    assert (100, 7) == (whole.num_rows, part.num_rows)
    assert pa.types.is_date(whole.schema.field("d").type)


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.docx", "a.csv.zip"])
def test_other_files_are_refused_with_what_is_read(name):
    with pytest.raises(ConnectorError, match=r"\.xlsx"):
        for_file(name)
