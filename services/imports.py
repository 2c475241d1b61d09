"""Imports in the background: queued, worked off by a worker, followed, taken back."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from engine.problems import BeihuoError, DefinitionError, Problem
from services import first_run, import_progress, ingest
from services.access import Access
from services.import_progress import Cancelled, Progress
from services.ingest import undo
from services.record_context import form_of, forms_of
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import batches
from store.batches import BatchState
from store.types import iso

__all__ = ["analyse", "cancel", "errors_file", "get", "list_", "start", "undo", "work"]
_LOG = structlog.get_logger(__name__)


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
            progress=Progress(workspace, job.id, beats=_beats(workspace, job.form)),
            batch=job.id,
        )
    except Cancelled:
        _end(workspace, job, "cancelled", {})
    except (BeihuoError, OSError) as error:
        _fail(workspace, job, error)
    else:
        if result["dry_run"]:
            _end(workspace, job, "done", result)
        path.unlink(missing_ok=True)
    finally:
        import_progress.forget(workspace, job.id)
    return 1


def _beats(workspace: Workspace, form: str) -> bool:
    """Say whether the lease can be prolonged during an import: not while its own transaction holds a SQLite database."""
    with workspace.read() as session:
        document = forms_of(session).get(form, {})
    return not workspace.database.is_sqlite or document.get("storage") == "facts"


def _end(workspace: Workspace, job: BatchState, state: str, result: dict[str, Any]) -> None:
    with workspace.write() as session:
        batches.change(session, job.id, state=state, result=result, finished_at=workspace.clock())


def cancel(workspace: Workspace, *, batch: str, user: str) -> dict[str, Any]:
    """Stop an import: one that waits at once, one that runs at its next step; nothing of it is kept.

    Raises:
        Refused: there is no such import, it is somebody else's, or it has ended.
    """
    with workspace.write() as session:
        state = batches.get(session, batch)
        access = Access(session, workspace, user)
        if state is None or not _may_see(access, state):
            raise not_found("导入", "import", batch)
        if state.created_by != user and not access.full:
            raise Refused("forbidden", "只能取消自己的导入", "only one's own imports can be cancelled")
        if state.state == "queued":
            batches.change(session, batch, state="cancelled", finished_at=workspace.clock())
        elif state.state == "running":
            import_progress.stop(workspace, batch)
        else:
            raise Refused("conflict", "导入已经结束,可以撤销", "the import has ended: take it back instead")
    return get(workspace, batch=batch, user=user)


def _fail(workspace: Workspace, job: BatchState, error: Exception) -> None:
    _LOG.warning("import failed", batch=job.id, error=str(error))
    problems = error.problems if isinstance(error, DefinitionError) else (_as_problem(error),)
    _end(workspace, job, "failed", {"problems": [problem.as_dict() for problem in problems]})


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
    """Return the imports that *user* may see, newest first; trials, which wrote nothing, are none."""
    with workspace.read() as session:
        access = Access(session, workspace, user)
        found = [one for one in batches.page(session, limit=limit * 3) if not one.options.get("dry_run")]
        return [_shown(workspace, one) for one in found if _may_see(access, one)][:limit]


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
    running = import_progress.read(workspace, state.id) if state.state == "running" else None
    done, total = running or (state.done, state.total)
    return {
        "id": state.id,
        "status": state.state,
        "form": state.form,
        "file": state.file,
        "dry_run": bool(state.options.get("dry_run")),
        "progress": {"done": done, "total": total},
        "result": {**result, "has_errors_file": file.is_file()},
        "created_by": state.created_by,
        "created_at": iso(state.created_at),
        "finished_at": iso(state.finished_at),
        "undone_at": iso(state.undone_at),
    }
