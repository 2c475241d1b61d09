"""Conditions over a file's own columns: `订单状态 == '交易关闭'`, asked once for each distinct combination of cells."""

from __future__ import annotations

from typing import Any

from engine.expression import Context, check, parse
from engine.problems import DefinitionError
from form_builder.reading import is_empty
from services.import_source import Sheet, text_of


def rows_where(sheet: Sheet, condition: str | None, path: str) -> set[int]:
    """Return the rows for which *condition* holds; a column that the file does not have is empty in it.

    Raises:
        DefinitionError: the condition cannot be used.
    """
    if not condition:
        return set()
    tree = parse(condition)
    names = list(dict.fromkeys(".".join(parts) for parts in tree.names()))
    typed, problems = check(tree, dict.fromkeys([*sheet.columns, *names], "text"))
    if problems:
        raise DefinitionError([problem.under(path) for problem in problems])
    used = [name for name in names if name in sheet.columns]
    if not used:
        return set()
    run, context = typed.run, Context()
    known: dict[tuple[Any, ...], bool] = {}
    found = set()
    for row, cells in enumerate(_lines(sheet, used)):
        if cells not in known:
            record = {name: None if is_empty(cell) else text_of(cell) for name, cell in zip(used, cells, strict=True)}
            known[cells] = run(record, context) is True
        if known[cells]:
            found.add(row)
    return found


def _lines(sheet: Sheet, names: list[str]) -> Any:
    lists = []
    for name in names:
        cells = sheet.column(name)
        lists.append(cells.to_pylist() if hasattr(cells, "to_pylist") else cells)
    return zip(*lists, strict=True)
