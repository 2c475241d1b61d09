"""Uploaded files: kept in the data folder, each in a folder of its own, for as long as an import may need them."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from pathlib import Path, PurePosixPath

from werkzeug.datastructures import FileStorage

from services.workspace import Workspace
from web.errors import WebError

KEPT_SECONDS = 2 * 24 * 3600
LONGEST_NAME = 120
_TOKEN = re.compile(r"[0-9a-f]{24}")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet"})


def keep(workspace: Workspace, upload: FileStorage) -> str:
    """Keep *upload*; return the token that names it. What has lain there for two days is thrown away.

    Raises:
        WebError: 422 for a kind of file that no import reads.
    """
    name = safe_name(upload.filename or "")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        kinds = " ".join(sorted(SUFFIXES))
        raise WebError(
            422,
            f"不能读取“{suffix or name}”文件,可用:{kinds}",
            f"“{suffix or name}” files cannot be read; these can: {kinds}",
            reason="file_kind",
        )
    folder = workspace.folder("uploads")
    _tidy(folder)
    token = secrets.token_hex(12)
    (folder / token).mkdir()
    upload.save(folder / token / name)
    return token


def safe_name(name: str) -> str:
    """Return the last part of a file's name as somebody's computer gave it, without what no file system takes."""
    last = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, dot, suffix = last.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{suffix[:10]}" if dot else last[:LONGEST_NAME]


def path_of(workspace: Workspace, token: str) -> Path:
    """Return the path of the kept file *token*.

    Raises:
        WebError: 404 when there is none.
    """
    folder = workspace.folder("uploads") / token
    files = list(folder.iterdir()) if _TOKEN.fullmatch(token) and folder.is_dir() else []
    if not files:
        raise WebError(
            404, "上传的文件已不在,请重新上传", "The uploaded file is gone: upload it again", reason="no_file"
        )
    return files[0]


def _tidy(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.is_dir() and path.stat().st_mtime < oldest:
            shutil.rmtree(path, ignore_errors=True)
