"""One import as a batch: its id, what it is made of, and what is kept of it when it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services import forecast
from services.audit import Entry, add
from services.happenings import announce
from services.import_mapping import Mapped
from services.import_report import write_errors
from services.import_source import Sheet
from services.refusal import Refused
from services.workspace import Workspace
from store import batches
from store.database import Session

MOST_ERRORS = 1000
# New sales are forecast at once.
SALES = "sales"


Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Job:
    """One import as it is asked for."""

    workspace: Workspace
    path: Path
    sheet: Sheet
    form: Mapping[str, Any]
    mapped: Mapped
    options: Mapping[str, Any]
    user: str
    batch: str
    tell: Progress

    @property
    def dry(self) -> bool:
        """Whether nothing is to be written."""
        return bool(self.options.get("dry_run"))


def _batch_id(path: Path, into: str, options: Mapping[str, Any]) -> str:
    """Return an id that is the same for the same file into the same form, so that it is not counted twice."""
    digest = hashlib.sha256(f"{into} {options.get('sheet', '')}".encode())
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return f"i{digest.hexdigest()[:24]}"


def new_batch(workspace: Workspace, path: Path, into: str, options: Mapping[str, Any]) -> str:
    """Return the file's batch id; after a batch was taken back (or with `again`) the next free one."""
    first = found = _batch_id(path, into, options)
    number = 1
    with workspace.read() as session:
        while (state := batches.get(session, found)) is not None:
            if state.state == "done" and not options.get("again"):
                break
            number += 1
            found = f"{first}-{number}"
    return found


def refuse_twice(session: Session, job: Job) -> None:
    """Refuse a file whose facts are in already: they would count twice."""
    state = batches.get(session, job.batch)
    if state is not None and state.state == "done":
        raise Refused(
            "conflict",
            f"这个文件已经导入过({state.created_at:%Y-%m-%d %H:%M});要再导一次请先撤销,或加 --again",
            "this file was imported before: take that import back first, or say --again",
        )


def errors_path(job: Job) -> Path:
    """Return where the workbook of the rows that were refused lies."""
    return job.workspace.folder("imports") / f"{job.batch}.errors.xlsx"


def finish(session: Session, job: Job, result: dict[str, Any], version: int | None) -> None:
    """Keep the batch as done, tell the log and whoever waits for imports; the workbook of refused rows is there by then."""
    now = job.workspace.clock()
    if result["errors"] and not job.dry:
        write_errors(errors_path(job), job.sheet, result["errors"])
    if batches.get(session, job.batch) is None:
        options = {name: value for name, value in job.options.items() if name != "again"}
        batches.add(
            session, id=job.batch, form=job.form["key"], file=job.path.name, created_by=job.user, created_at=now,
            mapping=dict(job.mapped.columns), options=options, total=job.sheet.rows,
        )  # fmt: skip
    kept = {**result, "errors": result["errors"][:MOST_ERRORS]}
    batches.change(
        session, job.batch, state="done", done=job.sheet.rows, result=kept, facts_version=version, finished_at=now,
        undone_at=None, undone_by=None,
    )  # fmt: skip
    words = (
        f"导入 {job.path.name} 到{job.form['name']}:{result['inserted']} 新增,{result['updated']} 修改,{result['failed']} 行有误",
        f"imported {job.path.name} into {job.form['key']}: {result['inserted']} added, {result['updated']} changed, {result['failed']} bad rows",
    )
    note_import(session, job.workspace, job.user, "import.done", job.batch, words)
    announce(session, job.workspace, "import.finished", form=job.form["key"], batch=job.batch)
    if job.form["key"] == SALES:
        forecast.queue(session, job.workspace, trigger="import", user=job.user)


def note_import(
    session: Session, workspace: Workspace, user: str, action: str, batch: str, words: tuple[str, str]
) -> None:
    """Write what was done with an import into the audit log."""
    summary, summary_en = words
    entry = Entry(
        at=workspace.clock(),
        actor=user,
        action=action,
        kind="import",
        key=batch,
        summary=summary,
        summary_en=summary_en,
    )
    add(session, entry)
