"""A file looked at before it is imported: its sheet and columns, and which mapping and form it looks like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from form_builder import FIELD_TYPES, RecordContext, Unreadable
from services import publish
from services.import_mapping import rank_presets
from services.import_source import Sheet, open_sheet
from services.import_words import guess_columns
from services.workspace import Workspace

_PREVIEW_ROWS = 500


def analyse(workspace: Workspace, *, path: Path, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what the file holds: sheets, header, columns with samples, and the mappings that fit, the best first.

    Raises:
        ConnectorError: the file cannot be read.
    """
    sheet = open_sheet(path, options, limit=_PREVIEW_ROWS)
    forms = publish.all_current(workspace, "form")
    guesses = rank_presets(sheet.columns, publish.all_current(workspace, "mapping").values(), forms)
    into = guesses[0]["into"] if guesses else _likely_form(sheet, forms)
    fields = guess_columns(forms[into]["fields"], sheet.columns) if into in forms else {}
    return {
        "name": path.name,
        "sheets": list(sheet.tables),
        "sheet": sheet.table,
        "header_row": sheet.header_row,
        "encoding": sheet.encoding,
        "rows": sheet.total,
        "more": sheet.total > sheet.rows,
        "columns": [
            {
                "name": name,
                "samples": [str(cell) for cell in sheet.sample(name)],
                "type_guess": _type_of(sheet.sample(name, 50)),
            }
            for name in sheet.columns
        ],
        "guesses": guesses,
        "into_guess": into,
        "mapping_guess": fields,
    }


def _likely_form(sheet: Sheet, forms: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the form most of whose required fields, and then most fields, find a column."""
    best, most = None, (0.0, 0)
    for key, form in forms.items():
        found = guess_columns(form["fields"], sheet.columns)
        required = [one["key"] for one in form["fields"] if one.get("required")]
        share = sum(name in found for name in required) / len(required) if required else 0.0
        if (share, len(found)) > most:
            best, most = key, (share, len(found))
    return best


def _type_of(cells: list[Any]) -> str:
    """Return which field type the cells look like: number, date, boolean or text."""
    context = RecordContext(now=dt.datetime.now(dt.UTC))
    for name in ("date", "number", "boolean"):
        try:
            for cell in cells:
                FIELD_TYPES[name].read(cell, {"key": "x", "type": name, "label": "x"}, context)
        except Unreadable:
            continue
        if cells:
            return name
    return "text"
