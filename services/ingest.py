"""A file into the workspace: looked at, mapped, tried out, imported, taken back.

analyse       what a file holds and which mapping fits it
import_file   its rows into records, or into daily facts, under one batch
undo          the batch taken back
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.problems import DefinitionError, Problem
from form_builder import FIELD_TYPES, RecordContext, Unreadable
from services import bulk, import_facts, import_records, publish
from services.audit import Entry
from services.audit import add as note
from services.happenings import announce
from services.import_mapping import Mapped, rank_presets, resolve
from services.import_report import write_errors
from services.import_settle import settle
from services.import_source import Sheet, open_sheet
from services.import_words import guess_columns
from services.record_context import form_of, forms_of
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import batches
from store.database import Session

Progress = Callable[[int, int], None]
_MOST_ERRORS = 1000
_PREVIEW_ROWS = 500


class _DryRun(Exception):
    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__()
        self.result = result


@dataclass(frozen=True)
class _Job:
    """One import as it is asked for."""

    workspace: Workspace
    path: Path
    sheet: Sheet
    form: Mapping[str, Any]
    mapped: Mapped
    options: Mapping[str, Any]
    user: str
    batch: str

    @property
    def dry(self) -> bool:
        return bool(self.options.get("dry_run"))


def analyse(workspace: Workspace, *, path: Path, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what the file holds: sheets, header, columns with samples, and the mappings that fit, the best first.

    Raises:
        ConnectorError: the file cannot be read.
    """
    sheet = open_sheet(path, options, limit=_PREVIEW_ROWS)
    forms = publish.all_current(workspace, "form")
    guesses = rank_presets(sheet.columns, publish.all_current(workspace, "mapping").values(), forms)
    into = guesses[0]["into"] if guesses else _likely_form(sheet, forms)
    fields = guess_columns(forms[into]["fields"], sheet.columns) if into in forms else {}
    return {
        "name": path.name,
        "sheets": list(sheet.tables),
        "sheet": sheet.table,
        "header_row": sheet.header_row,
        "encoding": sheet.encoding,
        "rows": sheet.rows,
        "more": sheet.rows >= _PREVIEW_ROWS,
        "columns": [
            {
                "name": name,
                "samples": [str(cell) for cell in sheet.sample(name)],
                "type_guess": _type_of(sheet.sample(name, 50)),
            }
            for name in sheet.columns
        ],
        "guesses": guesses,
        "into_guess": into,
        "mapping_guess": fields,
    }


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
            update or skip; `unknown` create or report; `opening_stock` (derive one where none is known; default True);
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
    tell = progress or (lambda done, total: None)
    sheet = open_sheet(path, given)
    tell(0, sheet.rows)
    with workspace.read() as session:
        form = form_of(forms_of(session), into)
    mapped = resolve(sheet, form, _mapping(workspace, mapping), _presets(workspace, into))
    if given.get("constants"):
        preset = {**mapped.preset, "constants": {**mapped.constants, **given["constants"]}}
        mapped = Mapped(mapped.into, mapped.columns, preset, mapped.notes)
    job = _Job(workspace, path, sheet, form, mapped, given, user, batch or _new_batch(workspace, path, into, given))
    result = _import_facts(job) if form.get("storage") == "facts" else _import_records(job)
    tell(sheet.rows, sheet.rows)
    if result["errors"] and not job.dry:
        file = workspace.folder("imports") / f"{job.batch}.errors.xlsx"
        write_errors(file, sheet, result["errors"])
        result["errors_file"] = str(file)
    return {
        **result,
        "errors": result["errors"][:_MOST_ERRORS],
        "mapping": mapped.columns,
        "preset": mapped.preset.get("key"),
    }


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
        counts = bulk.undo_batch_in(session, workspace, batch=batch, user=user)
        batches.change(session, batch, state="undone", undone_at=workspace.clock(), undone_by=user)
        _note(
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


def _batch_id(path: Path, into: str, options: Mapping[str, Any]) -> str:
    """Return an id that is the same for the same file into the same form, so that it is not counted twice."""
    digest = hashlib.sha256(f"{into} {options.get('sheet', '')}".encode())
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return f"i{digest.hexdigest()[:24]}"


def _new_batch(workspace: Workspace, path: Path, into: str, options: Mapping[str, Any]) -> str:
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


def _context(job: _Job) -> RecordContext:
    return RecordContext(now=job.workspace.clock(), zone=job.workspace.settings.timezone, user=job.user)


def _refuse_twice(session: Session, job: _Job) -> None:
    """Refuse a file whose facts are in already: they would count twice."""
    state = batches.get(session, job.batch)
    if state is not None and state.state == "done":
        raise Refused(
            "conflict",
            f"这个文件已经导入过({state.created_at:%Y-%m-%d %H:%M});要再导一次请先撤销,或加 --again",
            "this file was imported before: take that import back first, or say --again",
        )


def _import_facts(job: _Job) -> dict[str, Any]:
    """Build the daily facts, commit them to the facts table first, then what belongs to them in one transaction."""
    with job.workspace.read() as session:
        _refuse_twice(session, job)
    built = import_facts.build_facts(job.sheet, job.mapped, job.form, _context(job))
    if not built.table.num_rows:
        if built.errors:
            return _told(job, {"inserted": 0}, built.errors, built.notes, built.skipped)
        raise DefinitionError(
            [Problem("$", "没有一行可以导入", "检查映射和跳过条件", "no row can be imported", "check the mapping")]
        )

    def work(session: Session) -> dict[str, Any]:
        settled = settle(session, job.workspace, built.table, job.options, user=job.user, batch=job.batch)
        if job.dry:
            raise _DryRun(
                _told(
                    job, {"inserted": settled.table.num_rows}, built.errors, built.notes + settled.notes, built.skipped
                )
            )
        version = job.workspace.facts(job.form["key"]).append(settled.table, job.batch)
        result = _told(
            job, {"inserted": settled.table.num_rows}, built.errors, built.notes + settled.notes, built.skipped
        )
        _finish(session, job, result, version)
        return result

    try:
        return job.workspace.transact(work)
    except _DryRun as dry:
        return dry.result


def _import_records(job: _Job) -> dict[str, Any]:
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
        )
        counts = {name: found[name] for name in ("inserted", "updated", "unchanged")}
        result = _told(job, counts, found["errors"], found["notes"], skipped + found["left_out"])
        if job.dry or (job.options.get("all_or_nothing") and found["errors"]):
            raise _DryRun(result)
        _finish(session, job, result, None)
        return result

    try:
        return job.workspace.transact(work)
    except _DryRun as dry:
        return dry.result


def _told(
    job: _Job, counts: Mapping[str, int], errors: list[dict[str, Any]], notes: Any, skipped: int
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


def _finish(session: Session, job: _Job, result: dict[str, Any], version: int | None) -> None:
    """Keep the batch as done, tell the log and whoever waits for imports."""
    now = job.workspace.clock()
    if batches.get(session, job.batch) is None:
        options = {name: value for name, value in job.options.items() if name != "again"}
        batches.add(
            session, id=job.batch, form=job.form["key"], file=job.path.name, created_by=job.user, created_at=now,
            mapping=dict(job.mapped.columns), options=options, total=job.sheet.rows,
        )  # fmt: skip
    kept = {**result, "errors": result["errors"][:_MOST_ERRORS]}
    batches.change(
        session, job.batch, state="done", done=job.sheet.rows, result=kept, facts_version=version, finished_at=now,
        undone_at=None, undone_by=None,
    )  # fmt: skip
    words = (
        f"导入 {job.path.name} 到{job.form['name']}:{result['inserted']} 新增,{result['updated']} 修改,{result['failed']} 行有误",
        f"imported {job.path.name} into {job.form['key']}: {result['inserted']} added, {result['updated']} changed, {result['failed']} bad rows",
    )
    _note(session, job.workspace, job.user, "import.done", job.batch, words)
    announce(session, job.workspace, "import.finished", form=job.form["key"], batch=job.batch)


def _note(session: Session, workspace: Workspace, user: str, action: str, batch: str, words: tuple[str, str]) -> None:
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
    note(session, entry)


def _likely_form(sheet: Sheet, forms: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the form most of whose required fields, and then most fields, find a column."""
    best, most = None, (0.0, 0)
    for key, form in forms.items():
        found = guess_columns(form["fields"], sheet.columns)
        required = [one["key"] for one in form["fields"] if one.get("required")]
        share = sum(name in found for name in required) / len(required) if required else 0.0
        if (share, len(found)) > most:
            best, most = key, (share, len(found))
    return best


def _type_of(cells: list[Any]) -> str:
    """Return which field type the cells look like: number, date, boolean or text."""
    context = RecordContext(now=dt.datetime.now(dt.UTC))
    for name in ("date", "number", "boolean"):
        try:
            for cell in cells:
                FIELD_TYPES[name].read(cell, {"key": "x", "type": name, "label": "x"}, context)
        except Unreadable:
            continue
        if cells:
            return name
    return "text"
