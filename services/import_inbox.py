"""The watched folder: a file that is put there is imported by itself, and moved away with what came of it.

<data>/inbox/<mapping or form>/file.xlsx     read by that mapping, or into that form
<data>/inbox/file.csv                        the best mapping is found out
<data>/inbox/taken/…                         what was queued, under the number of its import
<data>/inbox/refused/…                       what could not be, each with a .txt that says why
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import structlog

from engine.problems import BeihuoError
from services import imports, ingest
from services.workspace import Workspace
from store import definitions

USER = "inbox"
FOLDER, TAKEN, REFUSED = "inbox", "taken", "refused"
_SUFFIXES = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".parquet"}
# A file that changed a moment ago may still be written to.
_QUIET_SECONDS = 5.0
_LOG = structlog.get_logger(__name__)


def has_files(workspace: Workspace, now: float | None = None) -> bool:
    """Say whether a file waits; a workspace without the folder has none."""
    return next(_waiting(workspace, now), None) is not None


def collect(workspace: Workspace, now: float | None = None) -> int:
    """Queue every file that waits; return how many.

    Args:
        workspace: whose folder.
        now: the moment by the files' clock (seconds since 1970).
    """
    count = 0
    for path, name in list(_waiting(workspace, now)):
        try:
            into, mapping = _meant(workspace, path, name)
            batch = imports.start(workspace, path=path, into=into, mapping=mapping, user=USER)["id"]
        except BeihuoError as error:
            _refuse(workspace, path, error)
        else:
            _move(path, workspace.folder(FOLDER) / TAKEN / f"{batch}-{path.name}")
            count += 1
    return count


def _waiting(workspace: Workspace, now: float | None) -> Iterator[tuple[Path, str]]:
    """Yield each file that is whole, with the name of its folder (empty for the watched folder itself)."""
    root = workspace.settings.data_dir / FOLDER
    if not root.is_dir():
        return
    quiet = (time.time() if now is None else now) - _QUIET_SECONDS
    for path in sorted(root.glob("*")) + sorted(root.glob("*/*")):
        name = "" if path.parent == root else path.parent.name
        kind = path.suffix.lower() in _SUFFIXES and not path.name.startswith((".", "~$"))
        if name not in {TAKEN, REFUSED} and kind and path.is_file() and path.stat().st_mtime < quiet:
            yield path, name


def _meant(workspace: Workspace, path: Path, name: str) -> tuple[str, str | None]:
    """Return the form and the mapping that a file is meant for."""
    with workspace.read() as session:
        mapping = definitions.get(session, "mapping", name) if name else None
        form = definitions.get(session, "form", name) if name else None
    if mapping is not None and mapping.version:
        return str(mapping.document["into"]), name
    if form is not None and form.version:
        return name, None
    if name:
        raise BeihuoError(f"没有名为“{name}”的映射或表单 / no mapping or form is called “{name}”")
    guess = ingest.analyse(workspace, path=path)["into_guess"]
    if guess is None:
        raise BeihuoError(
            "看不出要导入到哪里,请放进以映射或表单命名的文件夹 / put it into a folder named like a mapping or form"
        )
    return str(guess), None


def _refuse(workspace: Workspace, path: Path, error: BeihuoError) -> None:
    _LOG.warning("file in the inbox refused", file=path.name, error=str(error))
    place = _move(path, workspace.folder(FOLDER) / REFUSED / path.name)
    place.with_name(f"{place.name}.txt").write_text(f"{error}\n", "utf-8")


def _move(path: Path, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    number, free = 2, to
    while free.exists():
        free = to.with_name(f"{to.stem}-{number}{to.suffix}")
        number += 1
    return path.rename(free)
