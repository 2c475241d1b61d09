"""Files of records (attachments, images): kept in the data folder under names that cannot be guessed."""

from __future__ import annotations

import json
import mimetypes
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.refusal import Refused, not_found
from services.workspace import Workspace
from store.types import iso

LARGEST = 50 * 1024 * 1024
_ID = re.compile(r"[A-Za-z0-9_-]{22}")
# What a browser may show by itself; everything else is only ever downloaded.
SHOWN = {"image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf"}
_UNKNOWN = "application/octet-stream"
_STARTS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
}


def keep(workspace: Workspace, *, name: str, save: Callable[[Path], object], user: str) -> dict[str, Any]:
    """Keep a file; return `{id, name, size, type}` as a field of a record holds it.

    What a browser would show is told by how the file begins, never by its name alone.

    Raises:
        Refused: it is empty or larger than 50 MB.
    """
    folder = workspace.folder("files")
    number = secrets.token_urlsafe(16)
    path = folder / number
    save(path)
    size = path.stat().st_size
    if not 0 < size <= LARGEST:
        path.unlink()
        raise Refused("invalid", "文件为空或超过 50 MB", "the file is empty or larger than 50 MB")
    kept = {"id": number, "name": name, "size": size, "type": _type(path, name)}
    told = {**kept, "by": user, "at": iso(workspace.clock())}
    (folder / f"{number}.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    return kept


def find(workspace: Workspace, *, id: str) -> tuple[Path, dict[str, Any]]:  # noqa: A002 the API's word
    """Return a file's path and what is known of it.

    Whoever has the id got it from a record that they see; it has 128 random bits.

    Raises:
        Refused: there is no such file.
    """
    path = workspace.folder("files") / id
    if not _ID.fullmatch(id) or not path.is_file():
        raise not_found("文件", "file", id)
    told: dict[str, Any] = json.loads((workspace.folder("files") / f"{id}.json").read_text("utf-8"))
    return path, told


def _type(path: Path, name: str) -> str:
    with path.open("rb") as file:
        head = file.read(16)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    told = next((kind for start, kind in _STARTS.items() if head.startswith(start)), None)
    guess = mimetypes.guess_type(name)[0] or _UNKNOWN
    return told or (_UNKNOWN if guess in SHOWN or guess.startswith(("text/html", "image/svg")) else guess)
