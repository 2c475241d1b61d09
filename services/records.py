"""Records of forms: one validator for browser, API, import and automation; every change is kept, audited and told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.problems import DefinitionError, Problem
from form_builder import display, read_record
from services import labels
from services.audit import Entry
from services.audit import add as note
from services.bulk import bulk_upsert, bulk_upsert_in, undo_batch_in
from services.happenings import tell
from services.record_context import World, form_of, forms_of
from services.record_lists import list_, list_in
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import history as changes
from store import records
from store.database import Session
from store.errors import Duplicate
from store.records import Record
from store.types import iso

__all__ = [
    "bulk_upsert",
    "bulk_upsert_in",
    "create",
    "create_in",
    "delete",
    "delete_in",
    "get",
    "get_in",
    "history",
    "list_",
    "list_in",
    "number_of",
    "undo_batch_in",
    "update",
    "update_in",
]


def create(workspace: Workspace, *, form: str, values: Mapping[str, Any], user: str) -> dict[str, Any]:
    """Add a record; return it as the API shows it.

    Raises:
        DefinitionError: everything that is wrong with the values, each under its field's path.
    """
    return workspace.transact(lambda session: create_in(session, workspace, form=form, values=values, user=user))


def create_in(
    session: Session, workspace: Workspace, *, form: str, values: Mapping[str, Any], user: str, depth: int = 0
) -> dict[str, Any]:
    """Add a record inside a transaction; *depth* counts the automatic steps that led here."""
    forms = forms_of(session)
    world = World(session, workspace, forms, form, user)
    read, problems = read_record(_records_form(forms, form), values, world.context())
    _refuse(problems)
    try:
        record = records.insert_(session, form, read, user=user, now=workspace.clock())
    except Duplicate as error:
        raise _taken(error) from error
    _keep(session, workspace, forms, form, ("created", user, depth), None, record)
    return _shown(session, forms, form, record)


def update(
    workspace: Workspace,
    *,
    form: str,
    id: int,  # noqa: A002 the API's word
    values: Mapping[str, Any],
    user: str,
    version: int | None = None,
) -> dict[str, Any]:
    """Change fields of a record; return it as the API shows it.

    Raises:
        DefinitionError: everything that is wrong with the values.
        Refused: `stale` when it is no longer *version*; the answer carries it as it is now.
    """

    def work(session: Session) -> dict[str, Any]:
        return update_in(session, workspace, form=form, id=id, values=values, user=user, version=version)

    return workspace.transact(work)


def update_in(
    session: Session,
    workspace: Workspace,
    *,
    form: str,
    id: int,  # noqa: A002 the API's word
    values: Mapping[str, Any],
    user: str,
    version: int | None = None,
    depth: int = 0,
) -> dict[str, Any]:
    """Change fields of a record inside a transaction."""
    forms = forms_of(session)
    document = _records_form(forms, form)
    before = _existing(session, form, id)
    if version is not None and before.version != version:
        raise _stale(session, forms, form, before)
    world = World(session, workspace, forms, form, user)
    read, problems = read_record(document, values, world.context(before.values, id))
    _refuse(problems)
    changed = {name: value for name, value in read.items() if value != before.values.get(name)}
    if not changed:
        return _shown(session, forms, form, before)
    try:
        after = records.update_(session, form, id, changed, user=user, now=workspace.clock(), version=before.version)
    except Duplicate as error:
        raise _taken(error) from error
    if after is None:
        raise _stale(session, forms, form, _existing(session, form, id))
    _keep(session, workspace, forms, form, ("updated", user, depth), before, after)
    return _shown(session, forms, form, after)


def delete(workspace: Workspace, *, form: str, id: int, user: str) -> None:  # noqa: A002 the API's word
    """Delete a record; one that others point to stays."""
    workspace.transact(lambda session: delete_in(session, workspace, form=form, id=id, user=user))


def delete_in(
    session: Session,
    workspace: Workspace,
    *,
    form: str,
    id: int,  # noqa: A002 the API's word
    user: str,
    depth: int = 0,
) -> None:
    """Delete a record inside a transaction.

    Raises:
        Refused: it does not exist, or records of other forms point to it.
    """
    forms = forms_of(session)
    _records_form(forms, form)
    before = _existing(session, form, id)
    _refuse_when_pointed_to(session, forms, form, before)
    records.delete_(session, form, id)
    _keep(session, workspace, forms, form, ("deleted", user, depth), before, None)


def get(workspace: Workspace, *, form: str, id: int, user: str = "") -> dict[str, Any]:  # noqa: A002, ARG001 the API's word; rights by row are asked with the user
    """Return one record as the API shows it."""
    with workspace.read() as session:
        return get_in(session, workspace, form=form, id=id)


def get_in(session: Session, workspace: Workspace, *, form: str, id: int) -> dict[str, Any]:  # noqa: A002, ARG001 the API's word; one signature for all
    """Return one record inside a transaction."""
    forms = forms_of(session)
    _records_form(forms, form)
    return _shown(session, forms, form, _existing(session, form, id))


def number_of(session: Session, *, form: str, code: str) -> int:
    """Return the number of the record of *form* that has *code*.

    Raises:
        Refused: there is none.
    """
    record = records.find(session, form, code=code)
    if record is None:
        raise not_found("记录", "record", f"{form} {code}")
    return record.id


def history(workspace: Workspace, *, form: str, id: int, user: str = "") -> list[dict[str, Any]]:  # noqa: A002, ARG001 as get
    """Return who changed which field when, newest first."""
    with workspace.read() as session:
        found = changes.of(session, form, id)
    return [
        {
            "at": iso(change.at),
            "actor": change.actor,
            "operation": change.operation,
            "version": change.version,
            "changes": {name: {"before": pair[0], "after": pair[1]} for name, pair in change.changes.items()},
            "batch": change.batch,
        }
        for change in found
    ]


def _records_form(forms: Mapping[str, dict[str, Any]], key: str) -> dict[str, Any]:
    form = form_of(forms, key)
    if form.get("storage") == "facts":
        raise Refused(
            "conflict", f"“{form['name']}”按天存放,请用导入写入", f"“{form['name']}” is kept by day: write it by import"
        )
    return form


def _existing(session: Session, form: str, number: int) -> Record:
    record = records.get(session, form, number)
    if record is None:
        raise not_found("记录", "record", f"{form} {number}")
    return record


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise DefinitionError(problems)


def _taken(error: Duplicate) -> DefinitionError:
    """Return what to say when the database itself found the value taken: two people were equally fast."""
    name = error.columns[0] if error.columns else ""
    path = f"$.{name}" if name else "$"
    return DefinitionError(
        [Problem(path, "该值刚刚已被使用", "换一个值", "this value has just been taken", "use another")]
    )


def _stale(session: Session, forms: Mapping[str, dict[str, Any]], form: str, now: Record) -> Refused:
    return Refused(
        "stale",
        f"{now.updated_by} 已修改了这条记录,请刷新后再改",
        f"{now.updated_by} has changed this record: look at it again first",
        {"record": _shown(session, forms, form, now)},
    )


def _refuse_when_pointed_to(session: Session, forms: Mapping[str, dict[str, Any]], form: str, record: Record) -> None:
    code = record.values.get("code")
    if code is None:
        return
    for other in forms.values():
        state = records.state(session, other["key"])
        for column in state.live if state else ():
            if (
                column.links == form
                and column.kind == "text"
                and records.exists(session, other["key"], **{column.name: code})
            ):
                raise Refused(
                    "conflict",
                    f"“{other['name']}”里还有记录引用它,不能删除",
                    f"records of “{other['name']}” point to it: it cannot be deleted",
                )


def _keep(
    session: Session,
    workspace: Workspace,
    forms: Mapping[str, dict[str, Any]],
    form: str,
    what: tuple[str, str, int],
    before: Record | None,
    after: Record | None,
) -> None:
    """Keep the change in the record's history and the audit log, and tell who waits for it."""
    operation, user, depth = what
    record = after or before
    assert record is not None  # noqa: S101 one of the two is there
    old, new = (before.values if before else {}), (after.values if after else {})
    pairs = {n: [old.get(n), new.get(n)] for n in {**old, **new} if old.get(n) != new.get(n)}
    change = changes.Change(record.id, record.version, operation, pairs)
    changes.add_many(session, form, [change], actor=user, at=workspace.clock())
    name, label = forms[form].get("name", form), display(forms[form], record.values)
    word = {"created": "新增", "updated": "修改", "deleted": "删除"}[operation]
    entry = Entry(
        at=workspace.clock(),
        actor=user,
        action=f"record.{operation}",
        kind=f"record:{form}",
        key=str(record.id),
        summary=f"{word}{name} {label}",
        summary_en=f"{operation} {form} {label}",
        before={n: pair[0] for n, pair in pairs.items()} if before else None,
        after={n: pair[1] for n, pair in pairs.items()} if after else None,
    )
    note(session, entry)
    tell(session, workspace, form=form, changes=[change], records={record.id: record.values}, depth=depth)


def _shown(session: Session, forms: Mapping[str, dict[str, Any]], form: str, record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "version": record.version,
        "values": record.values,
        "labels": labels.of(session, forms, forms[form], [record.values])[0],
        "created_at": iso(record.created_at),
        "created_by": record.created_by,
        "updated_at": iso(record.updated_at),
        "updated_by": record.updated_by,
    }
