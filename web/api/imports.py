"""Imports: look at a file, import it in the background, follow it, take it back."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request, send_file
from flask.typing import ResponseReturnValue

from services import imports
from web.endpoint import endpoint, principal, workspace
from web.errors import WebError
from web.uploads import keep, path_of

api = APIBlueprint("imports", __name__, tag="imports 导入")
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
KEY = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"}
START = {
    "type": "object",
    "required": ["file", "into"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "minLength": 1, "maxLength": 80},
        "into": KEY,
        "mapping": {"type": "object"},
        "mapping_key": KEY,
        "options": {"type": "object"},
    },
}


@api.post("/imports/analyse")
@endpoint("operator", uploads=("file",))
def analyse() -> dict[str, Any]:
    """分析文件 / Which sheets and columns a file has, and which mapping and form it looks like."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise WebError(422, "请选择一个文件(字段名 file)", "Choose a file (field “file”)", reason="no_file")
    options = {name: request.form[name] for name in ("sheet", "header_row") if request.form.get(name)}
    token = keep(workspace(), upload)
    return imports.analyse(workspace(), path=path_of(workspace(), token), options=options) | {"file": token}


@api.post("/imports")
@endpoint("operator", body=START, status=202)
def start(body: dict[str, Any]) -> dict[str, Any]:
    """开始导入 / Import an analysed file in the background."""
    return imports.start(
        workspace(),
        path=path_of(workspace(), body["file"]),
        into=body["into"],
        mapping=body.get("mapping") or body.get("mapping_key"),
        options=body.get("options", {}),
        user=principal().key,
    )


@api.get("/imports")
@endpoint("viewer", query={"limit": {"type": "integer", "minimum": 1, "maximum": 200}}, answer=LIST)
def list_(query: dict[str, Any]) -> dict[str, Any]:
    """导入记录 / Imports, newest first."""
    return {"items": imports.list_(workspace(), limit=query.get("limit", 50), user=principal().key)}


@api.get("/imports/<id:batch>")
@endpoint("viewer")
def show(batch: str) -> dict[str, Any]:
    """导入进度与结果 / How far an import is, and what came of it."""
    return imports.get(workspace(), batch=batch, user=principal().key)


@api.get("/imports/<id:batch>/errors.xlsx")
@endpoint("operator", answer=None, files=True)
def errors(batch: str) -> ResponseReturnValue:
    """错误清单 / The rows that were refused, each with its reason, as a workbook to put right and import again."""
    path = imports.errors_file(workspace(), batch=batch, user=principal().key)
    return send_file(path.resolve(), as_attachment=True, download_name=f"{batch}.errors.xlsx")


@api.post("/imports/<id:batch>/cancel")
@endpoint("operator")
def cancel(batch: str) -> dict[str, Any]:
    """取消导入 / Stop an import that waits or runs; nothing of it is kept."""
    return imports.cancel(workspace(), batch=batch, user=principal().key)


@api.post("/imports/<id:batch>/undo")
@endpoint("operator")
def undo(batch: str) -> dict[str, Any]:
    """撤销导入 / Take an import back."""
    imports.get(workspace(), batch=batch, user=principal().key)
    return imports.undo(workspace(), batch=batch, user=principal().key)
