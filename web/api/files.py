"""Files of records: attachments and images."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request, send_file
from flask.typing import ResponseReturnValue

from services import files
from web.endpoint import endpoint, principal, workspace
from web.errors import WebError
from web.uploads import safe_name

api = APIBlueprint("files", __name__, tag="files 文件")


@api.post("/files")
@endpoint("operator", uploads=("file",), status=201)
def upload() -> dict[str, Any]:
    """上传文件 / Keep a file (at most 50 MB); the answer is what an attachment or image field holds."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise WebError(422, "请选择一个文件(字段名 file)", "Choose a file (field “file”)", reason="no_file")
    return files.keep(workspace(), name=safe_name(given.filename) or "file", save=given.save, user=principal().key)


@api.get("/files/<id:number>")
@endpoint("viewer", answer=None, files=True)
def download(number: str) -> ResponseReturnValue:
    """下载文件 / A file; images and PDF are shown, everything else is downloaded."""
    path, told = files.find(workspace(), id=number)
    shown = told["type"] in files.SHOWN
    kind = told["type"] if shown else "application/octet-stream"
    answer: Response = send_file(
        path.resolve(), mimetype=kind, as_attachment=not shown, download_name=told["name"], max_age=0
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
