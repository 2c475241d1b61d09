"""The same change to many records, chosen by number or by filter; or many deleted at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from engine.problems import Problem
from form_builder import FormReader
from services import record_rights as rights
from services.access import Access
from services.audit import Entry
from services.audit import add as note
from services.bulk_rights import Guard
from services.bulk_undo import undo_batch_in
from services.happenings import tell
from services.record_context import World, form_of
from services.record_keeping import pointed_to, pointed_to_refusal
from services.record_lists import wanted_by
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import history, records
from store.database import Session
from store.history import Change
from store.records import Record

MOST = 100_000
_CHUNK = 5_000
_MOST_ERRORS = 1_000
_MOST_DELETED = 10_000


def edit(
    workspace: Workspace,
    *,
    form: str,
    values: Mapping[str, Any],
    user: str,
    ids: Sequence[int] | None = None,
    filter: str | None = None,  # noqa: A002 the API's word
    q: str = "",
) -> dict[str, Any]:
    """Set *values* in the records *ids*, or in all that *filter* and *q* leave; each 5,000 are one transaction.

    Returns:
        `{updated, unchanged, errors: [{id, column, message, message_en}], batch}`; with *batch* it can be taken back.

    Raises:
        Refused: they may not edit, or too many are meant.
        DefinitionError: a field may not be written, or the filter cannot be used.
    """
    with workspace.read() as session:
        access = Access(session, workspace, user)
        form_of(access.documents, form)
        rights.allowed(access, form, values, "edit")
        numbers = _chosen(access, form, ids, filter, q)
    batch = f"e{uuid.uuid4().hex[:24]}"
    total: dict[str, Any] = {"updated": 0, "unchanged": 0, "errors": []}
    for start in range(0, len(numbers), _CHUNK):
        chunk = numbers[start : start + _CHUNK]

        def work(session: Session, chunk: list[int] = chunk) -> dict[str, Any]:
            return _edit(session, workspace, form, (chunk, values), user, batch)

        part = workspace.transact(work)
        total = {
            "updated": total["updated"] + part["updated"],
            "unchanged": total["unchanged"] + part["unchanged"],
            "errors": (total["errors"] + part["errors"])[:_MOST_ERRORS],
        }
    return {**total, "batch": batch}


def _chosen(access: Access, form: str, ids: Sequence[int] | None, filter_: str | None, q: str) -> list[int]:
    if ids is not None:
        return list(dict.fromkeys(ids))
    wanted = wanted_by(access, form, filter=filter_, q=q, action="edit")
    found = records.numbers(access.session, form, wanted, MOST + 1)
    if len(found) > MOST:
        raise Refused("invalid", f"一次最多修改 {MOST} 条,请缩小筛选", f"at most {MOST} at once: narrow the filter")
    return found


def _edit(
    session: Session, workspace: Workspace, form: str, what: tuple[list[int], Mapping[str, Any]], user: str, batch: str
) -> dict[str, Any]:
    numbers, values = what
    access = Access(session, workspace, user)
    document = form_of(access.documents, form)
    there = records.numbered(session, form, numbers)
    guard = Guard(access, form, None)
    guard.before(list(there))
    reader, world = FormReader(document, access.documents), World(session, workspace, access.documents, form, user)
    errors: list[dict[str, Any]] = []
    changed: dict[int, Mapping[str, Any]] = {}
    for number in numbers:
        record, problems = _read(reader, world, guard, there.get(number), (number, values))
        errors += [_error(number, problem) for problem in problems]
        if record is not None and not problems:
            changed[number] = record
    return {**_write(session, workspace, form, (there, changed), guard, (user, batch)), "errors": errors}


def _read(
    reader: FormReader, world: World, guard: Guard, before: Record | None, what: tuple[int, Mapping[str, Any]]
) -> tuple[dict[str, Any] | None, list[Problem]]:
    number, values = what
    refused = guard.problems(values, number)
    if before is None or (refused and refused[0].path == "$"):
        return None, [Problem("$", f"没有记录 {number}", "", f"there is no record {number}")]
    record, problems = reader.read(values, world.context(before.values, number))
    return record, refused or guard.veiled(problems)


def _write(
    session: Session,
    workspace: Workspace,
    form: str,
    states: tuple[Mapping[int, Record], Mapping[int, Mapping[str, Any]]],
    guard: Guard,
    whose: tuple[str, str],
) -> dict[str, int]:
    there, read = states
    updates, told = [], []
    for number, record in read.items():
        before = there[number]
        pairs = {n: [before.values.get(n), v] for n, v in record.items() if v != before.values.get(n)}
        if pairs:
            updates.append((number, {name: pair[1] for name, pair in pairs.items()}))
            told.append(Change(number, before.version + 1, "updated", pairs))
    now = workspace.clock()
    records.update_many(session, form, updates, user=whose[0], now=now)
    guard.after([], [number for number, _ in updates])
    _told(session, workspace, form, (told, read), whose)
    return {"updated": len(updates), "unchanged": len(read) - len(updates)}


def _told(
    session: Session,
    workspace: Workspace,
    form: str,
    what: tuple[list[Change], Mapping[int, Mapping[str, Any]]],
    whose: tuple[str, str],
) -> None:
    """Keep the changes in the histories, tell who waits for them, and note them down once."""
    (changes, values), (user, batch) = what, whose
    if not changes:
        return
    now = workspace.clock()
    history.add_many(session, form, changes, actor=user, at=now, batch=batch)
    tell(session, workspace, form=form, changes=changes, records=values)
    word, word_en = ("批量删除", "deleted") if changes[0].operation == "deleted" else ("批量修改", "changed")
    note(
        session,
        Entry(
            at=now,
            actor=user,
            action=f"record.bulk_{changes[0].operation}",
            kind=f"record:{form}",
            key=batch,
            summary=f"{word} {form} {len(changes)} 条",
            summary_en=f"{word_en} {len(changes)} of {form}",
            after={"count": len(changes)},
        ),
    )


def _error(number: int, problem: Problem) -> dict[str, Any]:
    return {
        "id": number,
        "column": problem.path.removeprefix("$").lstrip("."),
        "message": problem.message,
        "message_en": problem.message_en or problem.message,
    }


def delete(workspace: Workspace, *, form: str, ids: Sequence[int], user: str) -> dict[str, Any]:
    """Delete records; those that others point to, or that *user* may not delete, stay and are told.

    Returns:
        `{deleted, errors: [{id, column, message, message_en}], batch}`.
    """
    if len(ids) > _MOST_DELETED:
        raise Refused("invalid", f"一次最多删除 {_MOST_DELETED} 条", f"at most {_MOST_DELETED} at once")
    batch = f"d{uuid.uuid4().hex[:24]}"

    def work(session: Session) -> dict[str, Any]:
        access = Access(session, workspace, user)
        form_of(access.documents, form)
        access.require(form, "delete")
        there = records.numbered(session, form, list(dict.fromkeys(ids)))
        codes = {str(one.values["code"]) for one in there.values() if one.values.get("code") is not None}
        held = pointed_to(session, access.documents, form, codes)
        errors: list[dict[str, Any]] = []
        gone: dict[int, Record] = {}
        for number in dict.fromkeys(ids):
            try:
                rights.refuse_unseen(access, form, number, "delete")
                if number not in there:
                    raise not_found("记录", "record", f"{form} {number}")
                if (code := there[number].values.get("code")) in held:
                    raise pointed_to_refusal(held[str(code)])
            except Refused as refused:
                errors.append(_error(number, Problem("$", refused.message, "", refused.message_en)))
            else:
                gone[number] = there[number]
        records.delete_many(session, form, list(gone))
        changes = [
            Change(number, one.version, "deleted", {n: [v, None] for n, v in one.values.items() if v is not None})
            for number, one in gone.items()
        ]
        _told(session, workspace, form, (changes, {n: one.values for n, one in gone.items()}), (user, batch))
        return {"deleted": len(gone), "errors": errors, "batch": batch}

    return workspace.transact(work)


def undo(workspace: Workspace, *, form: str, batch: str, user: str) -> dict[str, Any]:
    """Take a bulk edit of one's own back; return `{undone, kept}`.

    Raises:
        Refused: there is no such edit of theirs.
    """

    def work(session: Session) -> dict[str, Any]:
        access = Access(session, workspace, user)
        access.require(form, "edit")
        found = history.of_batch(session, batch)
        mine = all(name == form and (change.actor == user or access.full) for name, change in found)
        if not found or not mine or not batch.startswith("e"):
            raise not_found("批量修改", "bulk edit", batch)
        return undo_batch_in(session, workspace, batch=batch, user=user)

    return workspace.transact(work)
