"""Excel workbooks: xlsx, xlsm, xls, xlsb and ods, read by calamine; nothing in them is run."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import python_calamine

from integrations.connector import Connector, ConnectorError, Pulled, connector

_MAX_BYTES = 500_000_000
_MAX_UNPACKED = 4_000_000_000
_MAX_RATIO = 200
_MAX_ENTRIES = 10_000


@connector("excel_file")
class ExcelFile(Connector):
    """One sheet of a workbook: values as they are shown last; formulas, macros and links to other files are not followed."""

    title, title_en = "Excel 文件", "Excel workbook"
    icon = "file-excel"
    schema = {  # noqa: RUF012 a constant of the class
        "type": "object",
        "properties": {
            "path": {"type": "string", "title": "文件", "x-title-en": "File"},
            "sheet": {"type": "string", "title": "工作表", "x-title-en": "Sheet"},
        },
        "required": ["path"],
        "additionalProperties": False,
    }
    example = {"path": "stock.xlsx", "sheet": "库存"}  # noqa: RUF012 likewise
    suffixes = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")

    @classmethod
    def pull(cls, settings: Mapping[str, Any], limit: int | None = None) -> Pulled:
        """Return the cells of the sheet (unless said the first that is not empty); merged cells hold their first value."""
        path = Path(settings["path"])
        _refuse_bombs(path)
        try:
            with python_calamine.CalamineWorkbook.from_path(path) as workbook:
                names = list(workbook.sheet_names)
                wanted = settings.get("sheet")
                if wanted is not None and wanted not in names:
                    listed = "、".join(names)
                    raise ConnectorError(f"没有工作表“{wanted}”(有:{listed}) / there is no sheet “{wanted}” ({listed})")
                for name in [wanted] if wanted else names:
                    sheet = workbook.get_sheet_by_name(name)
                    cells = _cells(sheet, limit)
                    if cells or wanted:
                        return Pulled(cells=cells, tables=tuple(names), table=name, total=int(sheet.height))
                return Pulled(tables=tuple(names), table=names[0] if names else "")
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise ConnectorError(f"Excel 文件读不出来 / the workbook cannot be read: {error}") from error


def _cells(sheet: Any, limit: int | None) -> list[list[Any]]:
    rows = sheet.to_python(nrows=limit) if limit is not None else sheet.to_python()
    cells = [[None if cell == "" else cell for cell in row] for row in rows]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _spread(cells, (top, left), (bottom, right), sheet.start or (0, 0))
    while cells and not any(cell is not None for cell in cells[-1]):
        cells.pop()
    return cells


def _spread(cells: list[list[Any]], first: tuple[int, int], last: tuple[int, int], start: tuple[int, int]) -> None:
    """Write the value of a merged range into its rows, so that every row of an order has the order's number."""
    top, left = first[0] - start[0], first[1] - start[1]
    if not (0 <= top < len(cells) and 0 <= left < len(cells[top])):
        return
    for row in range(top, min(last[0] - start[0] + 1, len(cells))):
        if cells[row][left] is None:
            cells[row][left] = cells[top][left]


def _refuse_bombs(path: Path) -> None:
    """Refuse a file that is too large, or that unpacks to far more than it is."""
    size = path.stat().st_size
    if size > _MAX_BYTES:
        raise ConnectorError("Excel 文件超过 500 MB,请改用 CSV / the workbook is larger than 500 MB: use CSV")
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > _MAX_ENTRIES
        or unpacked > _MAX_UNPACKED
        or (unpacked > 50_000_000 and unpacked > size * _MAX_RATIO)
    ):
        raise ConnectorError("Excel 文件解压后过大,已拒绝 / the workbook unpacks to too much and was refused")
