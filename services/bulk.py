"""Many records at once: inserted or updated by the fields that tell them apart; bad rows are told and left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.problems import DefinitionError, Problem, did_you_mean
from form_builder import FIELD_TYPES, FormReader, Unreadable
from services.access import Access
from services.audit import Entry
from services.audit import add as note
from services.bulk_rights import Guard
from services.happenings import tell
from services.record_context import World, form_of, forms_of, targets
from services.refusal import Refused
from services.workspace import Workspace
from store import history, records
from store.database import Session
from store.history import Change
from store.records import Record

_CHUNK = 5_000
_MOST_ERRORS = 1_000
_STEP = 1_000
Rows = Sequence[Mapping[str, Any]]


@dataclass
class _Staged:
    """What the rows make of the records, before anything is written: by the values that tell records apart."""

    there: dict[tuple[Any, ...], Record]
    now: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)
    unkeyed: list[dict[str, Any]] = field(default_factory=list)
    repeated: int = 0

    def existing(self, key: tuple[Any, ...] | None) -> dict[str, Any] | None:
        """Return the record of *key* as the rows before this one have left it."""
        if key is None:
            return None
        return self.now.get(key) or (self.there[key].values if key in self.there else None)


def bulk_upsert(
    workspace: Workspace,
    *,
    form: str,
    rows: Rows,
    user: str,
    match: Sequence[str] | None = None,
    batch: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    right: str | None = None,
) -> dict[str, Any]:
    """Insert and update records; each 5,000 rows are one transaction.

    Args:
        workspace: where.
        form: the form's key.
        rows: values by field key; on an update only what a row mentions changes.
        user: who does it.
        match: the fields that tell records apart; unless said the form's natural keys, else `code`, else all are new.
        batch: under which the changes can be undone.
        progress: told (rows done, rows in all).
        right: `import` when it is this right that allows both; else new records take `add`, others `edit`.

    Returns:
        `{inserted, updated, unchanged, errors: [{row, column, message, message_en, value}]}`; rows are counted from 1.
    """
    total = {"inserted": 0, "updated": 0, "unchanged": 0, "errors": []}
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]

        def work(session: Session, chunk: Rows = chunk, start: int = start) -> dict[str, Any]:
            access = Access(session, workspace, user)
            return bulk_upsert_in(
                session,
                workspace,
                form=form,
                rows=chunk,
                user=user,
                match=match,
                batch=batch,
                first_row=start + 1,
                access=access,
                right=right,
            )

        _add(total, workspace.transact(work))
        if progress:
            progress(start + len(chunk), len(rows))
    return total


def bulk_upsert_in(  # noqa: PLR0913 as bulk_upsert, with who may
    session: Session,
    workspace: Workspace,
    *,
    form: str,
    rows: Rows,
    user: str,
    match: Sequence[str] | None = None,
    batch: str | None = None,
    first_row: int = 1,
    access: Access | None = None,
    right: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Insert and update records inside a transaction; as `bulk_upsert`. Without *access* it is the system that writes."""
    forms = access.documents if access else forms_of(session)
    document = form_of(forms, form)
    if document.get("storage") == "facts":
        raise Refused("conflict", f"“{document['name']}”按天存放", f"“{document['name']}” is kept by day")
    names = _match(document, match)
    world = World(session, workspace, forms, form, user)
    _prefetch(world, document, rows)
    keys = [_key(document, names, row, world) for row in rows]
    staged = _Staged(records.by_keys(session, form, names, [k for k in keys if k is not None]) if names else {})
    if names:
        world.known[tuple(names)] = set()  # whoever is there is updated, so nobody new can be there already
    guard = Guard(access, form, right)
    guard.before([record.id for record in staged.there.values()])
    errors = _stage(FormReader(document, forms), world, guard, rows, (keys, staged), first_row, progress)
    counts = _write(session, workspace, form, staged, guard, user=user, batch=batch)
    _note(session, workspace, document, counts, user, batch)
    return {**counts, "errors": errors, "repeated": staged.repeated}


def _match(form: Mapping[str, Any], match: Sequence[str] | None) -> list[str]:
    fields = {one["key"] for one in form["fields"]}
    if match is None:
        return list(form.get("natural_keys") or (["code"] if "code" in fields else []))
    problems = []
    for place, name in enumerate(match):
        if name not in fields:
            near = did_you_mean(name, fields)
            hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
            problems.append(Problem(f"$.match[{place}]", f"没有字段“{name}”", hint, f"no field “{name}”", hint_en))
    if problems:
        raise DefinitionError(problems)
    return list(match)


def _prefetch(world: World, form: Mapping[str, Any], rows: Rows) -> None:
    """Look up at once what the rows point to."""
    for key, target in targets(form).items():
        codes = {row[key] for row in rows if isinstance(row.get(key), str)}
        world.prefetch(target, sorted(codes))


def _key(form: Mapping[str, Any], names: Sequence[str], row: Mapping[str, Any], world: World) -> tuple[Any, ...] | None:
    """Return the values that tell the row's record apart, read as their fields read them; None when one is missing."""
    fields = {one["key"]: one for one in form["fields"]}
    context, found = world.context(), []
    for name in names:
        try:
            value = FIELD_TYPES[fields[name]["type"]].read(row.get(name), fields[name], context)
        except Unreadable:
            return None
        if value is None:
            return None
        found.append(value)
    return tuple(found) if names else None


def _stage(
    reader: FormReader,
    world: World,
    guard: Guard,
    rows: Rows,
    placed: tuple[list[tuple[Any, ...] | None], _Staged],
    first_row: int,
    progress: Callable[[int, int], None] | None,
) -> list[dict[str, Any]]:
    """Read every row on top of what is there; return what is wrong."""
    keys, staged = placed
    errors: list[dict[str, Any]] = []
    for place, (row, key) in enumerate(zip(rows, keys, strict=True)):
        if progress and place % _STEP == 0:
            progress(place, len(rows))
        existing = staged.existing(key)
        there = staged.there.get(key) if key is not None else None
        record, problems = reader.read(row, world.context(existing, there.id if there else None))
        problems = guard.problems(row, there.id if there else None) or guard.veiled(problems)
        if problems:
            errors += [_error(first_row + place, row, problem) for problem in problems]
        elif key is None:
            staged.unkeyed.append(record)
        else:
            staged.repeated += key in staged.now
            staged.now[key] = record
    return errors[:_MOST_ERRORS]


def _error(row: int, values: Mapping[str, Any], problem: Problem) -> dict[str, Any]:
    column = problem.path.removeprefix("$").lstrip(".")
    return {
        "row": row,
        "column": column,
        "message": problem.message,
        "message_en": problem.message_en or problem.message,
        "value": values.get(column.split(".")[0].split("[")[0]),
    }


def _write(
    session: Session, workspace: Workspace, form: str, staged: _Staged, guard: Guard, *, user: str, batch: str | None
) -> dict[str, int]:
    now = workspace.clock()
    new = [record for key, record in staged.now.items() if key not in staged.there] + staged.unkeyed
    inserted = records.insert_many(session, form, new, user=user, now=now)
    told = [Change(r.id, 1, "created", {n: [None, v] for n, v in r.values.items() if v is not None}) for r in inserted]
    after: dict[int, Mapping[str, Any]] = {record.id: record.values for record in inserted}
    updates: list[tuple[int, Mapping[str, Any]]] = []
    for key, record in staged.now.items():
        if (there := staged.there.get(key)) is None:
            continue
        changed = {name: value for name, value in record.items() if value != there.values.get(name)}
        if changed:
            updates.append((there.id, changed))
            after[there.id] = record
            pairs = {name: [there.values.get(name), value] for name, value in changed.items()}
            told.append(Change(there.id, there.version + 1, "updated", pairs))
    records.update_many(session, form, updates, user=user, now=now)
    guard.after([record.id for record in inserted], [number for number, _ in updates])
    history.add_many(session, form, told, actor=user, at=now, batch=batch)
    tell(session, workspace, form=form, changes=told, records=after)
    unchanged = len(staged.now) - len(new) + len(staged.unkeyed) - len(updates)
    return {"inserted": len(inserted), "updated": len(updates), "unchanged": unchanged}


def _note(
    session: Session,
    workspace: Workspace,
    form: Mapping[str, Any],
    counts: Mapping[str, int],
    user: str,
    batch: str | None,
) -> None:
    if not counts["inserted"] and not counts["updated"]:
        return
    entry = Entry(
        at=workspace.clock(),
        actor=user,
        action="record.bulk",
        kind=f"record:{form['key']}",
        key=batch or "",
        summary=f"批量写入{form.get('name', form['key'])}:新增 {counts['inserted']},修改 {counts['updated']}",
        summary_en=f"wrote many {form['key']}: {counts['inserted']} added, {counts['updated']} changed",
        after=dict(counts),
    )
    note(session, entry)


def _add(total: dict[str, Any], part: Mapping[str, Any]) -> None:
    for name in ("inserted", "updated", "unchanged"):
        total[name] += part[name]
    total["errors"] = (total["errors"] + part["errors"])[:_MOST_ERRORS]
