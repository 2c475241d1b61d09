"""Drafts and publishing: checked whole, numbered, and put to work (table, schedule) in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.definitions import KINDS
from engine.problems import DefinitionError, Problem
from services.activation import ensure_table, plan
from services.audit import Entry
from services.audit import add as note
from services.checks import known, problems_among, problems_of
from services.definitions import (
    all_current,
    all_current_in,
    current,
    current_in,
    list_,
    show,
    version,
    versions,
)
from services.refusal import Refused, not_found
from services.stored_formulas import stored
from services.workspace import Workspace
from store import definitions
from store.database import Session
from store.definitions import DefinitionState
from store.types import iso

__all__ = [
    "all_current",
    "all_current_in",
    "archive",
    "check",
    "current",
    "current_in",
    "enable",
    "list_",
    "publish",
    "publish_in",
    "publish_many",
    "rollback",
    "save_draft",
    "show",
    "version",
    "versions",
]
# What others are built on is published first: tables before the rules over them.
_ORDER = {kind: place for place, kind in enumerate(("form", "calendar", "role", "message", "route", "policy"))}


def check(workspace: Workspace, *, kind: str, definition: Mapping[str, Any]) -> list[Problem]:
    """Return everything that is wrong with *definition*; nothing is saved."""
    with workspace.read() as session:
        return problems_of(kind, definition, known(session))


def save_draft(
    workspace: Workspace, *, kind: str, key: str, definition: Mapping[str, Any], user: str, etag: str | None = None
) -> dict[str, Any]:
    """Keep *definition* as the draft; return `{etag, problems}`. A draft may have problems.

    Raises:
        Refused: `stale` when somebody else saved the draft since *etag*; the answer carries theirs.
        DefinitionError: the document's own key is another one.
    """
    _same_key(definition, key)
    with workspace.write() as session:
        state = definitions.get(session, kind, key)
        if state and state.draft and state.draft.etag != etag:
            raise Refused(
                "stale",
                f"{state.draft.updated_by} 已修改了这份草稿,请先合并再保存",
                f"{state.draft.updated_by} has changed this draft: merge before you save",
                {
                    "definition": state.draft.document,
                    "etag": state.draft.etag,
                    "updated_at": iso(state.draft.updated_at),
                    "updated_by": state.draft.updated_by,
                },
            )
        draft = definitions.save_draft(session, kind, key, dict(definition), user=user, now=workspace.clock())
        problems = problems_of(kind, definition, known(session))
    return {"etag": draft.etag, "problems": [problem.as_dict() for problem in problems]}


def publish(
    workspace: Workspace, *, kind: str, key: str, user: str, note: str = "", amend: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Publish the draft (with the keys of *amend* in it; None takes one out) as the next version; return `{version}`.

    Raises:
        DefinitionError: it cannot run; nothing has changed.
        Refused: there is no draft.
    """
    with workspace.write() as session:
        state = definitions.get(session, kind, key)
        if state is None or state.draft is None:
            raise Refused("not_found", f"“{key}”没有草稿", f"“{key}” has no draft")
        amended = state.draft.document | dict(amend or {})
        document = {name: value for name, value in amended.items() if value is not None}
        number = publish_in(session, workspace, kind=kind, definition=document, user=user, remark=note)
        _recheck(session, workspace, user)
    return {"version": number}


def publish_many(
    workspace: Workspace, definitions: Sequence[Mapping[str, Any]], *, user: str, origin: str | None = None
) -> list[dict[str, Any]]:
    """Publish many definitions (each with its `kind`) in one transaction; return `[{kind, key, version}]`."""
    with workspace.write() as session:
        return publish_many_in(session, workspace, definitions, user=user, origin=origin)


def publish_many_in(
    session: Session,
    workspace: Workspace,
    documents: Sequence[Mapping[str, Any]],
    *,
    user: str,
    origin: str | None = None,
    checked: bool = False,
) -> list[dict[str, Any]]:
    """Publish many definitions, inside a transaction; they may refer to each other.

    *checked* says that `problems_among` has found nothing wrong with them in this transaction.

    Raises:
        DefinitionError: the problems of all of them, each under `$.definitions[n]`.
    """
    there = known(session)
    problems = [] if checked else problems_among(documents, there)
    if problems:
        raise DefinitionError(problems)
    forms = there["form"] | {str(one["key"]): one for one in documents if one["kind"] == "form"}
    published = []
    for document in sorted(documents, key=lambda one: _ORDER.get(str(one["kind"]), len(_ORDER))):
        kind, key = str(document["kind"]), str(document["key"])
        number = _publish(session, workspace, kind, document, forms=forms, user=user, origin=origin)
        published.append({"kind": kind, "key": key, "version": number})
    _recheck(session, workspace, user)
    return published


def publish_in(
    session: Session, workspace: Workspace, *, kind: str, definition: Mapping[str, Any], user: str, remark: str = ""
) -> int:
    """Check and publish one definition, inside a transaction; return its version."""
    there = known(session)
    problems = problems_of(kind, definition, there)
    if problems:
        raise DefinitionError(problems)
    return _publish(session, workspace, kind, definition, forms=there["form"], user=user, remark=remark)


def rollback(workspace: Workspace, *, kind: str, key: str, version: int, user: str) -> dict[str, Any]:
    """Publish an older version again, as the newest; return `{version}`."""
    with workspace.write() as session:
        document = definitions.document(session, kind, key, version)
        if document is None:
            raise not_found("版本", "version", f"{key} {version}")
        remark = f"回滚到版本 {version} / back to version {version}"
        number = publish_in(session, workspace, kind=kind, definition=document, user=user, remark=remark)
        _recheck(session, workspace, user)
    return {"version": number}


def enable(workspace: Workspace, *, kind: str, key: str, enabled: bool, user: str) -> dict[str, Any]:
    """Switch a definition on or off; return it as `show` does."""
    word, word_en = ("启用", "switched on") if enabled else ("停用", "switched off")
    _change(
        workspace,
        kind,
        key,
        user,
        (f"definition.{'enabled' if enabled else 'disabled'}", word, word_en),
        enabled=enabled,
    )
    return show(workspace, kind=kind, key=key)


def archive(workspace: Workspace, *, kind: str, key: str, user: str) -> dict[str, Any]:
    """Put a definition away: kept, not running, not listed; what it was stays readable."""
    _change(workspace, kind, key, user, ("definition.archived", "归档", "archived"), archived=True)
    return show(workspace, kind=kind, key=key)


def _change(workspace: Workspace, kind: str, key: str, user: str, words: tuple[str, str, str], **state: Any) -> None:
    action, word, word_en = words
    now = workspace.clock()
    with workspace.write() as session:
        before = definitions.get(session, kind, key)
        if before is None:
            raise not_found("定义", kind, key)
        definitions.set_state(session, kind, key, now=now, user=user, **state)
        plan(session, workspace, kind, key)
        _note(session, workspace, (user, action, kind, key), (f"{word} {before.name}", f"{word_en} {before.name}"))
        _recheck(session, workspace, user)


def _publish(
    session: Session,
    workspace: Workspace,
    kind: str,
    document: Mapping[str, Any],
    *,
    forms: Mapping[str, Mapping[str, Any]],
    user: str,
    origin: str | None = None,
    remark: str = "",
) -> int:
    """Keep the next version of a checked definition and put it to work."""
    key, now = str(document["key"]), workspace.clock()
    if kind == "rule":
        document = stored(document, forms)
    before = definitions.get(session, kind, key)
    if before and before.version and before.document == document and not before.draft and not before.archived:
        return before.version
    if kind == "form":
        ensure_table(session, workspace, document)
    number = definitions.add_version(session, kind, key, dict(document), user=user, now=now, note=remark, origin=origin)
    wanted = document.get("enabled")
    if wanted is not None and (before is None or before.document.get("enabled") != wanted):
        definitions.set_state(session, kind, key, now=now, user=user, enabled=bool(wanted))
    plan(session, workspace, kind, key)
    name = document.get("name", key)
    told = (f"发布 {name} 版本 {number}", f"published {name}, version {number}")
    old = before.document if before and before.version else None
    _note(session, workspace, (user, "definition.published", kind, key), told, old, dict(document))
    return number


def _recheck(session: Session, workspace: Workspace, user: str) -> None:
    """Look at every definition again: one that what was just published breaks is kept, off, with its problems."""
    among = known(session)
    for state in definitions.every(session):
        if state.version == 0 or state.kind not in KINDS:
            continue
        problems = [problem.as_dict() for problem in problems_of(state.kind, state.document, among)]
        if problems != state.problems:
            definitions.set_state(session, state.kind, state.key, now=workspace.clock(), user=user, problems=problems)
            plan(session, workspace, state.kind, state.key)
            _tell_broken(session, workspace, state, problems)


def _tell_broken(
    session: Session, workspace: Workspace, state: DefinitionState, problems: list[dict[str, Any]]
) -> None:
    told = (f"{state.name} 恢复正常", f"{state.name} is sound again")
    if problems:
        told = (f"{state.name} 因其他定义的改动不能运行", f"{state.name} cannot run since another definition changed")
    subject = ("system", "definition.broken" if problems else "definition.mended", state.kind, state.key)
    _note(session, workspace, subject, told, None, problems)


def _note(
    session: Session,
    workspace: Workspace,
    subject: tuple[str, str, str, str],
    told: tuple[str, str],
    before: Any = None,
    after: Any = None,
) -> None:
    actor, action, kind, key = subject
    note(
        session,
        Entry(
            at=workspace.clock(),
            actor=actor,
            action=action,
            kind=kind,
            key=key,
            summary=told[0],
            summary_en=told[1],
            before=before,
            after=after,
        ),
    )


def _same_key(definition: Mapping[str, Any], key: str) -> None:
    if definition.get("key", key) != key:
        raise DefinitionError(
            [
                Problem(
                    "$.key",
                    f"标识不能改:应为“{key}”",
                    "另存为新的定义",
                    f"the key cannot change: it is “{key}”",
                    "save it as a new definition",
                )
            ]
        )
