"""A file into the workspace: looked at, mapped, tried out, imported, taken back.

analyse       what a file holds and which mapping fits it
import_file   its rows into records, or into daily facts, under one batch
undo          the batch taken back
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.problems import DefinitionError, Problem
from form_builder import RecordContext
from services import import_facts, import_records, publish
from services.access import Access
from services.bulk_undo import undo_batch_in
from services.collector import put_off
from services.import_batch import MOST_ERRORS, Job, Progress, errors_path, finish, new_batch, note_import, refuse_twice
from services.import_look import analyse
from services.import_mapping import Mapped, resolve
from services.import_progress import alone
from services.import_replace import in_place_of
from services.import_settle import Settled, settle
from services.import_source import open_sheet
from services.record_context import form_of, forms_of
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import batches
from store.database import Session

__all__ = ["Progress", "analyse", "import_file", "undo"]
if TYPE_CHECKING:
    import pyarrow as pa


class _DryRun(Exception):
    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__()
        self.result = result


def import_file(
    workspace: Workspace,
    *,
    path: Path,
    into: str,
    user: str,
    mapping: Mapping[str, Any] | str | None = None,
    options: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    batch: str | None = None,
) -> dict[str, Any]:
    """Import a file under one batch.

    Args:
        workspace: where.
        path: a CSV, Excel or Parquet file.
        into: the form's key.
        user: who imports.
        mapping: a saved mapping's key, a mapping definition, fields to columns, or None: found out.
        options: `sheet`, `header_row`, `encoding`; `constants` {field: value}; `match` [fields]; `mode` upsert, insert,
            update or skip, and for facts replace_days (in the place of the same days and channels); `unknown` create or report; `opening_stock` (derive one where none is known; default True);
            `dry_run`; `again` (import the same file twice).
        progress: told (rows done, rows in all).
        batch: the batch's id, when the import was queued.

    Returns:
        `{batch, rows, inserted, updated, unchanged, skipped, failed, errors, notes, dry_run, errors_file}`.

    Raises:
        ConnectorError: the file cannot be read.
        DefinitionError: the mapping cannot be used.
        Refused: there is no such form, or the file was imported before.
    """
    given = dict(options or {})
    tell = progress or _silent
    sheet = open_sheet(path, given)
    tell(0, sheet.rows)
    with workspace.read() as session:
        access = Access(session, workspace, user)
        form = form_of(access.documents, into)
        access.require(into, "import")
    mapped = resolve(sheet, form, _mapping(workspace, mapping), _presets(workspace, into))
    if given.get("constants"):
        preset = {**mapped.preset, "constants": {**mapped.constants, **given["constants"]}}
        mapped = Mapped(mapped.into, mapped.columns, preset, mapped.notes)
    job = Job(workspace, path, sheet, form, mapped, given, user, batch or new_batch(workspace, path, into, given), tell)
    with put_off():
        result = _import_facts(job) if form.get("storage") == "facts" else _import_records(job)
    tell(sheet.rows, sheet.rows)
    if result["errors"] and not job.dry:
        result["errors_file"] = str(errors_path(job))
    return {
        **result,
        "errors": result["errors"][:MOST_ERRORS],
        "mapping": mapped.columns,
        "preset": mapped.preset.get("key"),
    }


def _silent(_done: int, _total: int) -> None:
    return


def undo(workspace: Workspace, *, batch: str, user: str) -> dict[str, Any]:
    """Take an import back: facts by compensating facts, records as they were (those changed since stay).

    Returns:
        `{batch, undone, kept, facts: bool}`.

    Raises:
        Refused: there is no such import, or it was taken back already.
    """
    with workspace.read() as session:
        state = batches.get(session, batch)
        if state is None:
            raise not_found("导入", "import", batch)
        if state.state != "done":
            raise Refused(
                "conflict", "这次导入不能撤销(未完成或已撤销)", "this import cannot be taken back: not done, or undone"
            )
        form = form_of(forms_of(session), state.form)
    is_facts = form.get("storage") == "facts"
    if is_facts and workspace.facts(state.form).has_batch(batch):
        workspace.facts(state.form).undo(batch)

    def work(session: Session) -> dict[str, Any]:
        counts = undo_batch_in(session, workspace, batch=batch, user=user)
        batches.change(session, batch, state="undone", undone_at=workspace.clock(), undone_by=user)
        note_import(
            session,
            workspace,
            user,
            "import.undone",
            batch,
            (f"撤销导入 {state.file}", f"took back the import {state.file}"),
        )
        return {"batch": batch, **counts, "facts": is_facts}

    return workspace.transact(work)


def _mapping(workspace: Workspace, mapping: Mapping[str, Any] | str | None) -> Mapping[str, Any] | None:
    return publish.current(workspace, "mapping", mapping) if isinstance(mapping, str) else mapping


def _presets(workspace: Workspace, into: str) -> dict[str, dict[str, Any]]:
    return {key: one for key, one in publish.all_current(workspace, "mapping").items() if one["into"] == into}


def _context(job: Job) -> RecordContext:
    return RecordContext(now=job.workspace.clock(), zone=job.workspace.settings.timezone, user=job.user)


def _import_facts(job: Job) -> dict[str, Any]:
    """Build the daily facts; settle what they point to, commit them to the facts table, then keep the batch as done.

    The commit of the facts takes seconds and stands between two short transactions, so that nobody else waits for it. A
    crash in between leaves facts under the batch's id; importing the file again finds them there and only finishes.
    """
    with job.workspace.read() as session:
        refuse_twice(session, job)
    built = import_facts.build_facts(job.sheet, job.mapped, job.form, _context(job))
    job.tell(job.sheet.rows // 2, job.sheet.rows)
    if not built.table.num_rows:
        if built.errors:
            return _told(job, {"inserted": 0}, built.errors, built.notes, built.skipped)
        raise DefinitionError(
            [Problem("$", "没有一行可以导入", "检查映射和跳过条件", "no row can be imported", "check the mapping")]
        )

    def prepare(session: Session) -> Settled:
        settled = settle(session, job.workspace, built.table, job.options, user=job.user, batch=job.batch)
        if job.dry:
            counts = {"inserted": settled.table.num_rows}
            raise _DryRun(_told(job, counts, built.errors, built.notes + settled.notes, built.skipped))
        return settled

    try:
        settled = job.workspace.transact(prepare)
    except _DryRun as dry:
        return dry.result
    try:
        version, notes = _commit(job, settled.table)
    except BaseException:
        job.workspace.transact(lambda s: undo_batch_in(s, job.workspace, batch=job.batch, user=job.user))
        raise
    counts = {"inserted": settled.table.num_rows}
    result = _told(job, counts, built.errors, built.notes + settled.notes + notes, built.skipped)
    job.workspace.transact(lambda session: finish(session, job, result, version))
    return result


def _commit(job: Job, table: pa.Table) -> tuple[int, list[tuple[str, str]]]:
    """Write the facts; return the version, and what was told of replaced ones."""
    facts, notes = job.workspace.facts(job.form["key"]), []
    job.tell(job.sheet.rows * 3 // 4, job.sheet.rows)
    if job.options.get("mode") != "replace_days":
        return facts.append(table, job.batch), []
    with alone(job.workspace, f"replace_{job.form['key']}"):
        table, replaced = in_place_of(facts, table)
        notes += [replaced] if replaced else []
        return facts.append(table, job.batch), notes


def _import_records(job: Job) -> dict[str, Any]:
    rows, numbers, skipped = import_records.rows_of(job.sheet, job.mapped, job.form)

    def work(session: Session) -> dict[str, Any]:
        found = import_records.write(
            session,
            job.workspace,
            form=job.form,
            rows=[dict(row) for row in rows],
            numbers=numbers,
            mapped=job.mapped,
            options=job.options,
            user=job.user,
            batch=job.batch,
            tell=job.tell,
        )
        counts = {name: found[name] for name in ("inserted", "updated", "unchanged")}
        result = _told(job, counts, found["errors"], found["notes"], skipped + found["left_out"])
        if job.dry or (job.options.get("all_or_nothing") and found["errors"]):
            raise _DryRun(result)
        finish(session, job, result, None)
        return result

    try:
        return job.workspace.transact(work)
    except _DryRun as dry:
        return dry.result


def _told(
    job: Job, counts: Mapping[str, int], errors: list[dict[str, Any]], notes: Any, skipped: int
) -> dict[str, Any]:
    return {
        "batch": job.batch,
        "rows": job.sheet.rows,
        "inserted": 0,
        "updated": 0,
        "unchanged": 0,
        **counts,
        "skipped": skipped,
        "failed": len({error["row"] for error in errors}),
        "errors": errors,
        "notes": [{"message": zh, "message_en": en} for zh, en in (*job.mapped.notes, *notes)],
        "dry_run": job.dry,
        "errors_file": None,
    }
