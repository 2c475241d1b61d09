"""CSV without types: each column gets the narrowest type that loses nothing."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pyarrow as pa

from engine.tables.csv_file import read_csv


def test_types_are_found_and_nothing_is_lost(tmp_path: Path):
    """007 and 1,200 stay text, empty cells are null, dates and booleans are themselves."""
    path = tmp_path / "t.csv"
    path.write_text(
        'code,n,x,day,flag,price,mixed,empty,big\n007,1,1.5,2026-11-01,true,"1,200",1,,12345678901234567890\n012,,2,2026-11-02,false,9,a,,1\n',
        encoding="utf-8",
    )
    table = read_csv(path)
    assert {
        "code": pa.string(), "n": pa.int64(), "x": pa.float64(), "day": pa.date32(), "flag": pa.bool_(),
        "price": pa.string(), "mixed": pa.string(), "empty": pa.string(), "big": pa.string(),
    } == {field.name: field.type for field in table.schema}  # fmt: skip
    assert {
        "code": "012", "n": None, "x": 2.0, "day": dt.date(2026, 11, 2), "flag": False,
        "price": "9", "mixed": "a", "empty": None, "big": "1",
    } == table.to_pylist()[1]  # fmt: skip


def test_a_code_column_stays_text(tmp_path: Path):
    """Codes that happen to be numbers stay text when they are asked to."""
    (tmp_path / "t.csv").write_text("sku\n12\n", encoding="utf-8")
    assert ["12"] == read_csv(tmp_path / "t.csv", frozenset({"sku"}))["sku"].to_pylist()


def test_exports_in_gb18030_and_packed_ones_are_read(tmp_path: Path):
    """A Chinese Excel writes GB 18030; a large export is packed; a byte order mark is no part of a name."""
    (tmp_path / "t.csv").write_bytes("商品,数量\n珍珠,3\n".encode("gb18030"))
    assert [{"商品": "珍珠", "数量": 3}] == read_csv(tmp_path / "t.csv").to_pylist()
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress("﻿商品,数量\n珍珠,3\n".encode()))
    assert [{"商品": "珍珠", "数量": 3}] == read_csv(tmp_path / "t.csv.gz").to_pylist()
