"""Tables to files: CSV that Excel opens right, and workbooks; a text never becomes a formula."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

# With those of full width, which spreadsheets take for the same.
# With those of full width, which spreadsheets take for the same.
FORMULA_STARTS = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MAX_ROWS = 1_048_575
_MAX_CELL = 32_000


@dataclass(frozen=True)
class Table:
    """One sheet: a name, its columns and rows of cells."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def guarded(text: str) -> str:
    """Return *text* so that a spreadsheet takes it as text: a start that would make it a formula gets an apostrophe.

    What is a plain number stays as it is.
    """
    if not (text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def cell_of(value: Any) -> Any:
    """Return a value as a cell: numbers, booleans and dates as they are, anything else as guarded text."""
    if value is None or isinstance(value, bool | int | float | dt.date | dt.datetime):
        return value
    if isinstance(value, list):
        value = "、".join(str(part) for part in value)
    return guarded(str(value))


def write_csv(path: Path, table: Table) -> int:
    """Write a CSV with the mark by which Excel knows UTF-8; return the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([guarded(name) for name in table.columns])
        for row in table.rows:
            writer.writerow(["" if value is None else cell_of(value) for value in row])
            count += 1
    return count


def write_workbook(path: Path, tables: Sequence[Table]) -> int:
    """Write a workbook, one sheet a table (a table of more than a million rows goes on in further sheets)."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    with xlsxwriter.Workbook(str(path), {**options, "remove_timezone": True, "nan_inf_to_errors": True}) as book:
        formats = {
            "head": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        taken: set[str] = set()
        for table in tables:
            count += _write_table(book, table, formats, taken)
    return count


def _write_table(book: Any, table: Table, formats: dict[str, Any], taken: set[str]) -> int:
    sheet, line, count = None, 0, 0
    for row in table.rows:
        if sheet is None or line > _MAX_ROWS:
            sheet, line = _new_sheet(book, table, formats, taken), 1
        for place, value in enumerate(row):
            _write_cell(sheet, line, place, cell_of(value), formats)
        line += 1
        count += 1
    if sheet is None:
        _new_sheet(book, table, formats, taken)
    return count


def _new_sheet(book: Any, table: Table, formats: dict[str, Any], taken: set[str]) -> Any:
    clean = "".join(sign for sign in table.name if sign not in "[]:*?/\\'")[:28] or "Sheet"
    name, number = clean, 2
    while name.lower() in taken:
        name, number = f"{clean} {number}", number + 1
    taken.add(name.lower())
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for place, title in enumerate(table.columns):
        sheet.write_string(0, place, guarded(str(title)), formats["head"])
        sheet.set_column(place, place, min(max(len(str(title)) * 2, 10), 40))
    return sheet


def _write_cell(sheet: Any, line: int, place: int, value: Any, formats: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(line, place, value, formats["moment"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, place, value, formats["day"])
    else:
        sheet.write_string(line, place, value[:_MAX_CELL])
