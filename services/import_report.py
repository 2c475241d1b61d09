"""The workbook of rows that were not imported: the original columns and why, ready to be corrected and imported again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.import_source import Sheet
from services.workbook import Table, write_workbook

REASON = "错误原因"
ROW = "原行号"


def write_errors(path: Path, sheet: Sheet, errors: Sequence[Mapping[str, Any]]) -> int:
    """Write the rows of *sheet* that *errors* are about to *path*; return how many rows."""
    reasons: dict[int, list[str]] = {}
    for error in errors:
        column = (
            f"{error['column']}:" if error.get("column") and str(error["column"]) not in str(error["message"]) else ""
        )
        reasons.setdefault(int(error["row"]), []).append(f"{column}{error['message']} / {error['message_en']}")
    rows = []
    for place, cells in enumerate(sheet.lines()):
        number = sheet.first_row + place
        if number in reasons:
            rows.append([*cells, number, "\n".join(reasons[number])])
    columns = [name for name in sheet.columns if name not in {REASON, ROW}]
    keep = [place for place, name in enumerate(sheet.columns) if name not in {REASON, ROW}]
    kept = [[*(row[place] for place in keep), *row[-2:]] for row in rows]
    write_workbook(path, [Table(REASON, [*columns, ROW, REASON], kept)])
    return len(rows)
