"""A file as the import sees it: one sheet, its header found, its columns by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.problems import Problem
from form_builder import Unreadable
from form_builder.reading import is_empty, to_text
from integrations.connector import Cells, ConnectorError, for_file
from services.import_words import SYNONYMS, folded

if TYPE_CHECKING:
    import pyarrow as pa

_LOOK = 30
_WORDS = {folded(word) for words in SYNONYMS.values() for word in words}


@dataclass
class Sheet:
    """The table of a file.

    Args:
        columns: the columns' names, each once.
        data: each column's cells: a list, or an Arrow column of a typed file.
        rows: how many rows.
        first_row: the number of the first data row in the file, counted from 1 as spreadsheets do.
        header_row: the number of the header row; 0 for a typed file.
        encoding: of a text file.
        tables: the sheets of the workbook.
        table: the sheet that was read.
        total: how many rows the file has, of which *rows* were read.
    """

    columns: list[str]
    data: list[Any]
    rows: int
    first_row: int = 2
    header_row: int = 1
    encoding: str = ""
    tables: tuple[str, ...] = ()
    table: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    total: int = 0

    def column(self, name: str) -> Any:
        """Return the cells of the column *name*."""
        return self.data[self.columns.index(name)]

    def sample(self, name: str, count: int = 5) -> list[Any]:
        """Return the first cells of a column that are not empty."""
        cells = self.column(name)
        start = cells.slice(0, 200).to_pylist() if hasattr(cells, "to_pylist") else cells[:200]
        return [cell for cell in start if not is_empty(cell)][:count]

    def lines(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows, each a tuple of cells."""
        lists = [cells.to_pylist() if hasattr(cells, "to_pylist") else cells for cells in self.data]
        yield from zip(*lists, strict=True)


def open_sheet(path: Path, options: Mapping[str, Any] | None = None, limit: int | None = None) -> Sheet:
    """Read one sheet of the file at *path*.

    Args:
        path: a CSV, Excel or Parquet file.
        options: `sheet`, `header_row` (from 1), `encoding`, `delimiter`; what is not said is found out.
        limit: how many rows to read; None: all.

    Raises:
        ConnectorError: the file cannot be read or holds no table.
    """
    given = dict(options or {})
    source = for_file(path.name)
    known = source.schema["properties"]
    settings = {name: value for name, value in given.items() if name in known and value is not None}
    pulled = source.pull({**settings, "path": str(path)}, None if limit is None else limit + _LOOK)
    if pulled.columns is not None:
        table = pulled.columns
        return Sheet(
            list(table.column_names),
            list(table.columns),
            table.num_rows,
            1,
            0,
            "",
            pulled.tables,
            pulled.table,
            total=table.num_rows,
        )
    if not pulled.cells:
        raise ConnectorError("文件里没有数据 / the file holds no data")
    header = int(given["header_row"]) - 1 if given.get("header_row") else find_header(pulled.cells)
    if header >= len(pulled.cells):
        raise ConnectorError(f"文件没有第 {header + 1} 行 / the file has no row {header + 1}")
    sheet = _sheet(pulled.cells, header)
    sheet.encoding, sheet.tables, sheet.table = pulled.encoding, pulled.tables, pulled.table
    sheet.total = max(sheet.rows, pulled.total - header - 1)
    return sheet


def find_header(cells: Cells) -> int:
    """Return the place of the header row: among the first rows the one that looks most like names of columns."""
    best, most = 0, -1.0
    width = max(len(row) for row in cells[:_LOOK])
    for place, row in enumerate(cells[:_LOOK]):
        words = [str(cell) for cell in row if isinstance(cell, str) and cell.strip()]
        filled = sum(cell is not None for cell in row)
        if len(words) < min(2, width) or len(words) < filled:
            continue
        known = sum(folded(word) in _WORDS for word in words)
        short = sum(len(word) <= 30 for word in words) / len(words)
        distinct = len(set(words)) / len(words)
        score = known * 4 + len(words) / width * 3 + short + distinct - place * 0.2
        if score > most:
            best, most = place, score
    return best


def _sheet(cells: Cells, header: int) -> Sheet:
    names = cells[header]
    body = cells[header + 1 :]
    while body and all(is_empty(cell) for cell in body[-1]):
        body.pop()
    width = max([len(names), *(len(row) for row in body[:1000])]) if body else len(names)
    columns: list[str] = []
    data: list[list[Any]] = []
    for place in range(width):
        name = names[place] if place < len(names) else None
        cells_here = [row[place] if place < len(row) else None for row in body]
        if name is None and all(cell is None for cell in cells_here):
            continue
        columns.append(_unique(str(name).strip() if name is not None else f"列{place + 1}", columns))
        data.append(cells_here)
    return Sheet(columns, data, len(body), header + 2, header + 1)


def _unique(name: str, taken: Sequence[str]) -> str:
    number, found = 2, name
    while found in taken:
        found = f"{name} ({number})"
        number += 1
    return found


@dataclass(frozen=True)
class Parsed:
    """A column after reading: the distinct values, which row has which, and the rows that could not be read."""

    distinct: list[Any]
    places: Any
    bad: dict[int, tuple[Any, Problem]]

    def arrow(self, kind: pa.DataType) -> pa.Array:
        """Return the column with the type *kind*."""
        import pyarrow as pa  # noqa: PLC0415 the columnar libraries are for imports only

        return pa.array(self.distinct, kind).take(self.places)


def parse_column(cells: Any, read: Callable[[Any], Any]) -> Parsed:
    """Read each distinct cell once with *read* (an empty cell is None), so that a million rows cost little."""
    import pyarrow as pa  # noqa: PLC0415 as above

    if hasattr(cells, "dictionary_encode"):
        whole = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
        coded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
        raw, places = [*coded.dictionary.to_pylist(), None], coded.indices.fill_null(len(coded.dictionary))
    else:
        index: dict[tuple[type, Any], int] = {}
        places = pa.array([index.setdefault((type(cell), cell), len(index)) for cell in cells], pa.int32())
        raw = [cell for _, cell in index]
    values: list[Any] = []
    wrong: dict[int, tuple[Any, Problem]] = {}
    for place, cell in enumerate(raw):
        try:
            values.append(None if is_empty(cell) else read(cell))
        except Unreadable as error:
            values.append(None)
            wrong[place] = (cell, error.problems[0])
    bad = {row: wrong[code] for row, code in enumerate(places.to_pylist()) if code in wrong} if wrong else {}
    return Parsed(values, places, bad)


def text_of(cell: Any) -> str:
    """Return a cell as text for conditions over the file's own columns."""
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()
    return to_text(cell)
