"""Exports: the records of a form as a file, safe to open in a spreadsheet."""

from __future__ import annotations

import secrets
from typing import Any

from apiflask import APIBlueprint
from flask import Response, send_file
from flask.typing import ResponseReturnValue

from services import export
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("exports", __name__, tag="exports 导出")
FILE = {
    "format": {"type": "string", "enum": ["csv", "xlsx", "parquet"]},
    "filter": {"type": "string", "maxLength": 2000},
    "sort": {"type": "string", "maxLength": 300},
}


@api.get("/forms/<key:key>/export")
@endpoint("viewer", query=FILE, answer=None, files=True)
def download(key: str, query: dict[str, Any]) -> ResponseReturnValue:
    """导出 / The records that `filter` leaves, as CSV, workbook or Parquet."""
    kind = query.pop("format", "xlsx")
    path = workspace().folder("exports") / f"{secrets.token_hex(12)}.{kind}"
    export.export(workspace(), form=key, path=path, user=principal().key, **query)
    answer: Response = send_file(path.resolve(), as_attachment=True, download_name=f"{key}.{kind}")
    answer.call_on_close(lambda: path.unlink(missing_ok=True))
    return answer
