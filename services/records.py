"""Records of forms: one validator for browser, API, import and automation; every change is kept, audited and told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.problems import DefinitionError, Problem
from form_builder import read_record
from services import labels
from services import record_rights as rights
from services.access import Access
from services.bulk import bulk_upsert, bulk_upsert_in
from services.bulk_undo import undo_batch_in
from services.record_context import World, form_of, forms_of
from services.record_history import history
from services.record_keeping import keep, refuse_when_pointed_to
from services.record_lists import list_, list_in
from services.refusal import Refused, not_found
from services.workspace import Workspace
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

    def work(session: Session) -> dict[str, Any]:
        access = Access(session, workspace, user)
        return create_in(session, workspace, form=form, values=values, user=user, access=access)

    return workspace.transact(work)


def create_in(
    session: Session,
    workspace: Workspace,
    *,
    form: str,
    values: Mapping[str, Any],
    user: str,
    depth: int = 0,
    access: Access | None = None,
) -> dict[str, Any]:
    """Add a record inside a transaction; *depth* counts the automatic steps that led here.

    Without *access* it is the system that writes.
    """
    forms = access.documents if access else forms_of(session)
    document = _records_form(forms, form)
    rights.allowed(access, form, values, "add")
    world = World(session, workspace, forms, form, user)
    read, problems = read_record(document, values, world.context())
    _refuse(rights.veiled(access, form, problems))
    try:
        record = records.insert_(session, form, read, user=user, now=workspace.clock())
    except Duplicate as error:
        raise _taken(error) from error
    rights.refuse_out_of_scope(access, form, record.id, "add")
    keep(session, workspace, forms, form, ("created", user, depth), None, record)
    return _shown(session, forms, form, record, access)


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
        access = Access(session, workspace, user)
        return update_in(session, workspace, form=form, id=id, values=values, user=user, version=version, access=access)

    return workspace.transact(work)


def update_in(  # noqa: PLR0913 a record, a change, and who makes it
    session: Session,
    workspace: Workspace,
    *,
    form: str,
    id: int,  # noqa: A002 the API's word
    values: Mapping[str, Any],
    user: str,
    version: int | None = None,
    depth: int = 0,
    access: Access | None = None,
) -> dict[str, Any]:
    """Change fields of a record inside a transaction; without *access* it is the system that writes."""
    forms = access.documents if access else forms_of(session)
    document = _records_form(forms, form)
    before = _existing(session, form, id)
    rights.refuse_unseen(access, form, id, "edit")
    rights.allowed(access, form, values, "edit")
    if version is not None and before.version != version:
        raise _stale(session, forms, form, before, access)
    world = World(session, workspace, forms, form, user)
    given = rights.whole_for(access, document, before.values, values) if access else values
    read, problems = read_record(document, given, world.context(before.values, id))
    _refuse(rights.veiled(access, form, problems))
    changed = {name: value for name, value in read.items() if value != before.values.get(name)}
    if not changed:
        return _shown(session, forms, form, before, access)
    try:
        after = records.update_(session, form, id, changed, user=user, now=workspace.clock(), version=before.version)
    except Duplicate as error:
        raise _taken(error) from error
    if after is None:
        raise _stale(session, forms, form, _existing(session, form, id), access)
    rights.refuse_out_of_scope(access, form, id, "edit")
    keep(session, workspace, forms, form, ("updated", user, depth), before, after)
    return _shown(session, forms, form, after, access)


def delete(workspace: Workspace, *, form: str, id: int, user: str) -> None:  # noqa: A002 the API's word
    """Delete a record; one that others point to stays."""

    def work(session: Session) -> None:
        access = Access(session, workspace, user)
        delete_in(session, workspace, form=form, id=id, user=user, access=access)

    workspace.transact(work)


def delete_in(
    session: Session,
    workspace: Workspace,
    *,
    form: str,
    id: int,  # noqa: A002 the API's word
    user: str,
    depth: int = 0,
    access: Access | None = None,
) -> None:
    """Delete a record inside a transaction; without *access* it is the system that deletes.

    Raises:
        Refused: it does not exist, or records of other forms point to it.
    """
    forms = access.documents if access else forms_of(session)
    _records_form(forms, form)
    before = _existing(session, form, id)
    rights.refuse_unseen(access, form, id, "delete")
    refuse_when_pointed_to(session, forms, form, before)
    records.delete_(session, form, id)
    keep(session, workspace, forms, form, ("deleted", user, depth), before, None)


def get(workspace: Workspace, *, form: str, id: int, user: str = "") -> dict[str, Any]:  # noqa: A002 the API's word
    """Return one record as the API shows it to *user*."""
    with workspace.read() as session:
        return get_in(session, workspace, form=form, id=id, access=Access(session, workspace, user))


def get_in(
    session: Session,
    workspace: Workspace,  # noqa: ARG001 one signature for all
    *,
    form: str,
    id: int,  # noqa: A002 the API's word
    access: Access | None = None,
) -> dict[str, Any]:
    """Return one record inside a transaction, whole or as *access* shows it."""
    forms = access.documents if access else forms_of(session)
    _records_form(forms, form)
    record = _existing(session, form, id)
    rights.refuse_unseen(access, form, id)
    return _shown(session, forms, form, record, access)


def number_of(session: Session, *, form: str, code: str) -> int:
    """Return the number of the record of *form* that has *code*.

    Raises:
        Refused: there is none.
    """
    record = records.find(session, form, code=code)
    if record is None:
        raise not_found("记录", "record", f"{form} {code}")
    return record.id


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


def _stale(
    session: Session, forms: Mapping[str, dict[str, Any]], form: str, now: Record, access: Access | None
) -> Refused:
    return Refused(
        "stale",
        f"{now.updated_by} 已修改了这条记录,请刷新后再改",
        f"{now.updated_by} has changed this record: look at it again first",
        {"record": _shown(session, forms, form, now, access)},
    )


def _shown(
    session: Session, forms: Mapping[str, dict[str, Any]], form: str, record: Record, access: Access | None
) -> dict[str, Any]:
    values, shown = record.values, forms[form]
    if access is not None and not access.full:
        kept = access.masked(form, [{**values, "_id": record.id}])[0]
        values, shown = {name: value for name, value in kept.items() if name != "_id"}, access.forms[form]
    return {
        "id": record.id,
        "version": record.version,
        "values": values,
        "labels": labels.of(session, forms, shown, [values], access)[0],
        "created_at": iso(record.created_at),
        "created_by": record.created_by,
        "updated_at": iso(record.updated_at),
        "updated_by": record.updated_by,
    }
