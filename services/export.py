"""Records and facts to a file: CSV that Excel opens right, a workbook with sub-forms as sheets, or Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from form_builder import FIELD_TYPES, columns
from services import record_lists
from services.access import Access
from services.record_context import form_of
from services.refusal import Refused
from services.workbook import Table, write_csv, write_workbook
from services.workspace import Workspace

_PAGE = 1000
FORMATS = (".csv", ".xlsx", ".parquet")


def export(
    workspace: Workspace,
    *,
    form: str,
    path: Path,
    user: str,
    filter: str | None = None,  # noqa: A002 the API's word
    sort: str = "",
) -> dict[str, Any]:
    """Write the records (or facts) of *form* to *path*; return `{rows, file, sheets}`.

    Args:
        workspace: where.
        form: the form's key.
        path: ends in .csv, .xlsx or .parquet, which decides the format.
        user: who exports.
        filter: an expression over the form's fields; records only.
        sort: field names with a comma between.

    Raises:
        Refused: there is no such form or format.
        DefinitionError: the filter cannot be used.
    """
    if path.suffix not in FORMATS:
        listed = "、".join(FORMATS)
        raise Refused(
            "invalid", f"不能导出为“{path.suffix}”,可用 {listed}", f"cannot export to “{path.suffix}”: {listed}"
        )
    with workspace.read() as session:
        access = Access(session, workspace, user)
        form_of(access.documents, form)
        access.require(form, "view")
        access.require(form, "export")
        document = access.forms[form]
    if document.get("storage") == "facts":
        return _facts(workspace, document, path)
    if path.suffix == ".parquet":
        raise Refused("invalid", "只有按天存放的表能导出为 Parquet", "only facts are exported to Parquet")
    rows = list(_records(workspace, form, user, filter, sort))
    kept = [column.name for column in columns(document)]
    fields = {one["key"]: one for one in document["fields"] if one["key"] in kept}
    plain = {key: one for key, one in fields.items() if one["type"] != "sub_form"}
    main = Table(document["name"], _titles(plain), (_cells(plain, row) for row in rows))
    if path.suffix == ".csv":
        return {"rows": write_csv(path, main), "file": str(path), "sheets": [document["name"]]}
    tables = [main, *(_lines(document, fields[key], rows) for key in fields if key not in plain)]
    write_workbook(path, tables)
    return {"rows": len(rows), "file": str(path), "sheets": [table.name for table in tables]}


def _records(workspace: Workspace, form: str, user: str, filter_: str | None, sort: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        with workspace.read() as session:
            access = Access(session, workspace, user)
            page = record_lists.page_in(
                access, form, filter=filter_, sort=sort, limit=_PAGE, cursor=cursor, total=False, action="export"
            )
        yield from (item["values"] for item in page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _titles(fields: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the labels; a label that two fields share gets the key beside it."""
    labels = [str(one.get("label", key)) for key, one in fields.items()]
    return [f"{label} ({key})" if labels.count(label) > 1 else label for label, key in zip(labels, fields, strict=True)]


def _cells(fields: Mapping[str, Mapping[str, Any]], row: Mapping[str, Any]) -> list[Any]:
    """Return the values as cells: numbers as numbers, choices by their labels."""
    cells = []
    for key, one in fields.items():
        value = row.get(key)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        cells.append(value if value is None or number else FIELD_TYPES[one["type"]].show(value, one))
    return cells


def _lines(form: Mapping[str, Any], sub_form: Mapping[str, Any], rows: list[dict[str, Any]]) -> Table:
    """Return the rows of a sub-form as a sheet of their own, each with its record's code in front."""
    fields = {one["key"]: one for one in sub_form["fields"]}
    name = "code" if any(one["key"] == "code" for one in form["fields"]) else None
    lines = (
        [row.get(name) if name else place + 1, *_cells(fields, line)]
        for place, row in enumerate(rows)
        for line in row.get(sub_form["key"]) or ()
    )
    return Table(str(sub_form.get("label", sub_form["key"])), [form["name"], *_titles(fields)], lines)


def _facts(workspace: Workspace, form: Mapping[str, Any], path: Path) -> dict[str, Any]:
    table = workspace.facts(form["key"]).read()
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq  # noqa: PLC0415 the columnar libraries are for facts only

        pq.write_table(table, path, compression="zstd")
        return {"rows": table.num_rows, "file": str(path), "sheets": [form["name"]]}
    names = [one["key"] for one in form["fields"] if one["key"] in table.column_names]
    labels = {one["key"]: str(one.get("label", one["key"])) for one in form["fields"]}
    rows = (
        [_number(value) for value in line.values()]
        for batch in table.select(names).to_batches(max_chunksize=50_000)
        for line in batch.to_pylist()
    )
    written = Table(form["name"], [labels[name] for name in names], rows)
    count = write_csv(path, written) if path.suffix == ".csv" else write_workbook(path, [written])
    return {"rows": count, "file": str(path), "sheets": [form["name"]]}


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
