"""Rights as people see them: what somebody may on a form, and why a record is (not) among what they see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.expression import Context, check, explain, parse
from engine.problems import BeihuoError
from form_builder import language_fields
from services.access import Access
from services.grants import HIDE, READ, WRITE, Grant
from services.hidden_fields import keys_of, without
from services.record_context import form_of
from services.refusal import Refused, not_found
from services.scope_words import SYSTEM_FIELDS, filled
from services.workspace import Workspace
from store import records, users
from store.types import iso

_LEVELS = {HIDE: "hide", READ: "read", WRITE: "write"}


def person_for(workspace: Workspace, *, as_: str | None, asker: Mapping[str, Any]) -> str:
    """Return whose eyes are meant: the asker's, or with *as_* somebody else's, which takes a designer or administrator.

    Raises:
        Refused: the asker may not, or there is no such person.
    """
    if as_ is None or as_ == asker["key"]:
        return str(asker["key"])
    if not {"admin", "designer"} & set(asker.get("roles", ())):
        raise Refused(
            "forbidden", "只有设计者和管理员能以他人的身份预览", "only designers and administrators see as others do"
        )
    with workspace.read() as session:
        if users.get(session, as_) is None:
            raise not_found("用户", "user", as_)
        asking = Access(session, workspace, str(asker["key"]))
        if not asking.full and any(asking.limited(form) for form in asking.documents):
            message = "您自己只能看到一部分记录,不能以他人的身份预览"
            raise Refused(
                "forbidden", message, "you see only some records yourself, so that you cannot look as others do"
            )
    return as_


def describe(workspace: Workspace, *, form: str, user: str) -> dict[str, Any]:
    """Return `{form, user, governed, whole, can, fields: {key: write|read|hide}, groups}` of *user* on *form*."""
    with workspace.read() as session:
        access = Access(session, workspace, user)
        document = form_of(access.documents, form)
        rights = access.rights(form)
        hidden = access.hidden(form)
        fields = {key: _LEVELS[_level(access, form, key)] for key in keys_of(document) if key not in hidden}
        limited = access.limited(form)
    return {
        "form": form,
        "user": user,
        "governed": rights.governed,
        "whole": not limited,
        "can": rights.can,
        "fields": fields,
        "groups": [
            {
                "role": grant.role,
                "from": grant.source,
                "can": sorted(grant.can),
                "rows": grant.rows or None,
                "fields": {key: _LEVELS[level] for key, level in grant.fields.items() if key not in hidden},
            }
            for grant in rights.grants
        ],
    }


def _level(access: Access, form: str, key: str) -> int:
    """Return read, or write when some way of writing is open."""
    levels = (access.level(form, key, action) for action in ("add", "edit", "import"))
    return max(READ, *levels)


def why(workspace: Workspace, *, form: str, id: int, user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Return `{visible, message, message_en, reasons}`: whether *user* sees record *id*, and by which group or why not.

    Raises:
        Refused: there is no such record or person.
    """
    with workspace.read() as session:
        access = Access(session, workspace, user)
        document = form_of(access.documents, form)
        record = records.get(session, form, id)
        if record is None:
            raise not_found("记录", "record", f"{form} {id}")
        if access.person is None:
            raise not_found("用户", "user", user)
        if access.full:
            return _answer(
                visible=True, reasons=[], words=("管理员能看到所有记录", "an administrator sees every record")
            )
        row = {**record.values, **_system(record)}
        reasons = [
            _reason(access, document, grant, row, record.id)
            for grant in access.rights(form).grants
            if "view" in grant.can
        ]
        visible = access.rights(form).allow("view") and access.sees(form, id)
    if not reasons:
        return _answer(
            visible=False, reasons=[], words=("没有任何角色授权查看这张表单", "no role lets them look at this form")
        )
    return _answer(
        visible=visible, reasons=reasons, words=("能看到", "seen") if visible else ("不在可见范围内", "not seen")
    )


def _answer(*, visible: bool, reasons: list[dict[str, Any]], words: tuple[str, str]) -> dict[str, Any]:
    return {"visible": visible, "message": words[0], "message_en": words[1], "reasons": reasons}


def _system(record: records.Record) -> dict[str, Any]:
    return {
        "created_by": record.created_by,
        "created_at": iso(record.created_at),
        "updated_by": record.updated_by,
        "updated_at": iso(record.updated_at),
    }


def _reason(
    access: Access, document: Mapping[str, Any], grant: Grant, row: Mapping[str, Any], number: int
) -> dict[str, Any]:
    """Return whether one group shows the row, with its condition worked out on it."""
    told = {"role": grant.role, "from": grant.source, "rows": grant.rows or None}
    if not grant.rows:
        return {**told, "holds": True, "message": "可看所有记录", "message_en": "sees every record"}
    holds = bool(records.matching(access.session, document["key"], [number], access.sql(document["key"], grant.rows)))
    fields = {**SYSTEM_FIELDS, **language_fields(document, access.documents)}
    try:
        typed, _ = check(filled(parse(grant.rows), access.words, fields), fields)
        found = explain(typed, row, _context(access))
        message, message_en = found.sentence("zh"), found.sentence("en")
    except BeihuoError:
        message, message_en = grant.rows, grant.rows
    return {**told, "holds": holds, "message": message, "message_en": message_en}


def _context(access: Access) -> Context:
    def lookup(form: str, code: Any) -> dict[str, Any] | None:
        found = records.find(access.session, form, code=code)
        return found.values if found else None

    workspace = access.workspace
    return Context(now=workspace.clock(), zone=workspace.settings.timezone, lookup=lookup)


def form_shown(workspace: Workspace, document: Mapping[str, Any] | None, *, user: str, design: bool) -> dict[str, Any]:
    """Return a form's definition as *user* knows it; whoever designs forms sees it whole.

    Raises:
        Refused: they may not look at the form at all.
    """
    if document is None or design:
        return dict(document or {})
    with workspace.read() as session:
        access = Access(session, workspace, user)
        if document["key"] not in access.documents:
            return dict(document)
        access.require(document["key"], "view")
        return without(dict(document), access.hidden(document["key"]))


def open_forms(
    workspace: Workspace, documents: Mapping[str, dict[str, Any]], *, user: str | None
) -> list[dict[str, Any]]:
    """Return *documents* as *user* knows them; nobody in particular knows the forms that no group speaks of."""
    with workspace.read() as session:
        if user is not None:
            access = Access(session, workspace, user)
            return [access.forms[key] for key in documents if access.rights(key).allow("view")]
        governed = Access(session, workspace, "").governed()
        return [document for key, document in documents.items() if key not in governed]


def forms_seen(workspace: Workspace, *, user: str) -> set[str]:
    """Return the forms that *user* may look at."""
    with workspace.read() as session:
        access = Access(session, workspace, user)
        return {key for key in access.documents if access.rights(key).allow("view")}
