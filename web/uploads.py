"""Uploaded files: kept in the data folder under names of our own, for as long as an import may need them."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path, PurePath

from werkzeug.datastructures import FileStorage

from services.workspace import Workspace
from web.errors import WebError

KEPT_SECONDS = 2 * 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{24}\.[a-z0-9]{1,8}")
SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet", ".json", ".zip"})


def keep(workspace: Workspace, upload: FileStorage) -> str:
    """Keep *upload*; return the token that names it. What has lain there for two days is thrown away.

    Raises:
        WebError: 422 for a kind of file that no import reads.
    """
    suffix = PurePath(upload.filename or "").suffix.lower()
    if suffix not in SUFFIXES:
        kinds = " ".join(sorted(SUFFIXES))
        raise WebError(
            422,
            f"不能读取“{suffix}”文件,可用:{kinds}",
            f"“{suffix}” files cannot be read; these can: {kinds}",
            reason="file_kind",
        )
    folder = workspace.folder("uploads")
    _tidy(folder)
    token = f"{secrets.token_hex(12)}{suffix}"
    upload.save(folder / token)
    return token


def path_of(workspace: Workspace, token: str) -> Path:
    """Return the path of the kept file *token*.

    Raises:
        WebError: 404 when there is none.
    """
    path = workspace.folder("uploads") / token
    if not _TOKEN.fullmatch(token) or not path.is_file():
        raise WebError(
            404, "上传的文件已不在,请重新上传", "The uploaded file is gone: upload it again", reason="no_file"
        )
    return path


def _tidy(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
