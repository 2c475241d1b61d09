"""Imports in the background: queued, worked off by a worker, followed, taken back."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from engine.problems import BeihuoError, DefinitionError, Problem
from services import first_run, ingest
from services.access import Access
from services.ingest import undo
from services.record_context import form_of
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import batches
from store.batches import BatchState
from store.types import iso

__all__ = ["analyse", "errors_file", "get", "list_", "start", "undo", "work"]
_LOG = structlog.get_logger(__name__)
_EVERY = 20_000


def analyse(workspace: Workspace, *, path: Path, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Look at a file (`ingest.analyse`); a workspace without forms first gets the base forms to import into."""
    first_run.make_ready(workspace, user="system", rules=False)
    return ingest.analyse(workspace, path=path, options=options)


def start(
    workspace: Workspace,
    *,
    path: Path,
    into: str,
    user: str,
    mapping: Mapping[str, Any] | str | None = None,
    options: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Queue an import; return `{id}`. The file is kept until the import is done.

    Raises:
        Refused: there is no such form.
    """
    batch = f"j{uuid.uuid4().hex[:24]}"
    kept = workspace.folder("imports") / f"{batch}{''.join(path.suffixes[-1:])}"
    shutil.copyfile(path, kept)
    given = {"mapping": mapping} if isinstance(mapping, str) else {"mapping": dict(mapping) if mapping else None}
    with workspace.write() as session:
        access = Access(session, workspace, user)
        form_of(access.documents, into)
        access.require(into, "import")
        batches.add(
            session,
            id=batch,
            form=into,
            file=path.name,
            mapping=given,
            options={**(options or {}), "path": str(kept)},
            created_by=user,
            created_at=workspace.clock(),
        )
    return {"id": batch}


def work(workspace: Workspace) -> int:
    """Do the oldest import that waits; return how many were done (0 or 1). Called by the worker at each tick."""
    with workspace.write() as session:
        job = batches.take(session)
    if job is None:
        return 0
    given = {name: value for name, value in job.options.items() if name != "path"}
    path = Path(job.options["path"])
    try:
        result = ingest.import_file(
            workspace,
            path=path,
            into=job.form,
            user=job.created_by,
            mapping=job.mapping.get("mapping"),
            options=given,
            progress=_progress(workspace, job.id),
            batch=job.id,
        )
    except (BeihuoError, OSError) as error:
        _fail(workspace, job, error)
    else:
        if result["dry_run"]:
            with workspace.write() as session:
                batches.change(session, job.id, state="done", result=result, finished_at=workspace.clock())
        path.unlink(missing_ok=True)
    return 1


def _progress(workspace: Workspace, batch: str) -> ingest.Progress:
    """Keep how far the import is; the lease is prolonged with it."""
    last = [-_EVERY]

    def tell(done: int, total: int) -> None:
        if done - last[0] >= _EVERY or done == total:
            last[0] = done
            with workspace.write() as session:
                batches.progress(session, batch, done, total)

    return tell


def _fail(workspace: Workspace, job: BatchState, error: Exception) -> None:
    _LOG.warning("import failed", batch=job.id, error=str(error))
    problems = error.problems if isinstance(error, DefinitionError) else (_as_problem(error),)
    result = {"problems": [problem.as_dict() for problem in problems]}
    with workspace.write() as session:
        batches.change(session, job.id, state="failed", result=result, finished_at=workspace.clock())


def _as_problem(error: Exception) -> Problem:
    if isinstance(error, Refused):
        return Problem("$", error.message, "", error.message_en)
    zh, _, en = str(error).partition(" / ")
    return Problem("$", zh, "", en or zh)


def get(workspace: Workspace, *, batch: str, user: str = "") -> dict[str, Any]:
    """Return one import with its progress and result.

    Raises:
        Refused: there is no such import, or *user* may not import into its form.
    """
    with workspace.read() as session:
        state = batches.get(session, batch)
        if state is None or not _may_see(Access(session, workspace, user), state):
            raise not_found("导入", "import", batch)
    return _shown(workspace, state)


def _may_see(access: Access, state: BatchState) -> bool:
    """Say whether somebody sees an import: their own, or one into a form into which they may import unhindered."""
    if state.created_by == access.user or state.form not in access.documents:
        return True
    return access.rights(state.form).allow("import") and not access.limited(state.form)


def list_(workspace: Workspace, *, limit: int = 50, user: str = "") -> list[dict[str, Any]]:
    """Return the imports that *user* may see, newest first."""
    with workspace.read() as session:
        access = Access(session, workspace, user)
        return [_shown(workspace, one) for one in batches.page(session, limit=limit) if _may_see(access, one)]


def errors_file(workspace: Workspace, *, batch: str, user: str = "") -> Path:
    """Return the workbook of an import's rows that were refused.

    Raises:
        Refused: there is no such import, or no row was refused.
    """
    get(workspace, batch=batch, user=user)
    path = workspace.folder("imports") / f"{batch}.errors.xlsx"
    if not path.is_file():
        raise not_found("错误清单", "error workbook", batch)
    return path


def _shown(workspace: Workspace, state: BatchState) -> dict[str, Any]:
    result = {name: value for name, value in state.result.items() if name != "errors_file"}
    file = workspace.folder("imports") / f"{state.id}.errors.xlsx"
    return {
        "id": state.id,
        "status": state.state,
        "form": state.form,
        "file": state.file,
        "progress": {"done": state.done, "total": state.total},
        "result": {**result, "has_errors_file": file.is_file()},
        "created_by": state.created_by,
        "created_at": iso(state.created_at),
        "finished_at": iso(state.finished_at),
        "undone_at": iso(state.undone_at),
    }
