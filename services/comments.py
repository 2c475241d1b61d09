"""Comments on records: seen by who sees the record; whoever is mentioned, and sees it, finds a note in their mailbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.problems import DefinitionError, Problem
from form_builder import display
from services import record_rights
from services.access import Access
from services.record_context import form_of
from services.refusal import not_found
from services.workspace import Workspace
from store import comments, messages, records, users
from store.comments import CommentState
from store.database import Session
from store.types import iso


def list_(workspace: Workspace, *, form: str, id: int, user: str) -> list[dict[str, Any]]:  # noqa: A002 the API's word
    """Return the comments of a record, oldest first: `{id, at, by, by_name, text, mentions, files}`."""
    with workspace.read() as session:
        _seen(Access(session, workspace, user), form, id)
        names = {person.key: person.name for person in users.every(session)}
        return [_shown(one, names) for one in comments.of(session, form, id)]


def add(
    workspace: Workspace,
    *,
    form: str,
    id: int,  # noqa: A002 the API's word
    text: str,
    user: str,
    mentions: Sequence[str] = (),
    files: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Add a comment; return it.

    Raises:
        Refused: the record is not among those that *user* sees.
        DefinitionError: it is empty, or mentions nobody that there is.
    """
    with workspace.write() as session:
        record = _seen(Access(session, workspace, user), form, id)
        names = {person.key: person.name for person in users.every(session, active=True)}
        problems = [
            Problem(f"$.mentions[{place}]", f"没有用户“{key}”", "", f"there is no user “{key}”")
            for place, key in enumerate(mentions)
            if key not in names
        ]
        if not text.strip() and not files:
            problems.append(Problem("$.text", "评论是空的", "写点什么", "the comment is empty", "write something"))
        if problems:
            raise DefinitionError(problems)
        made = comments.add(
            session,
            form,
            id,
            at=workspace.clock(),
            author=user,
            text=text.strip(),
            mentions=list(dict.fromkeys(mentions)),
            files=[dict(file) for file in files],
        )
        _tell(session, workspace, form, record, made, names)
    return _shown(made, names)


def remove(workspace: Workspace, *, form: str, id: int, comment: int, user: str) -> None:  # noqa: A002 the API's word
    """Remove a comment of one's own; an administrator removes any.

    Raises:
        Refused: there is none.
    """
    with workspace.write() as session:
        access = Access(session, workspace, user)
        _seen(access, form, id)
        author = None if access.full else user
        if not comments.remove(session, form, id, comment, author=author):
            raise not_found("评论", "comment", comment)


def _seen(access: Access, form: str, number: int) -> records.Record:
    form_of(access.documents, form)
    record = records.get(access.session, form, number)
    if record is None:
        raise not_found("记录", "record", f"{form} {number}")
    record_rights.refuse_unseen(access, form, number)
    return record


def _tell(
    session: Session,
    workspace: Workspace,
    form: str,
    record: records.Record,
    made: CommentState,
    names: Mapping[str, str],
) -> None:
    """Put a note into the mailbox of everybody mentioned who sees the record."""
    rows = []
    for key in made.mentions:
        access = Access(session, workspace, key)
        if key == made.author or not access.rights(form).allow("view") or not access.sees(form, record.id):
            continue
        shown = access.masked(form, [{**record.values, "_id": record.id}])[0]
        label, name = display(access.forms[form], shown), names.get(made.author, made.author)
        person = users.get(session, key)
        english = person is not None and person.language == "en"
        rows.append(
            {
                "idempotency_key": f"comment:{made.id}:{key}",
                "user": key,
                "at": made.at,
                "title": f"{name} mentioned you on {label}" if english else f"{name} 在 {label} 提到了您",
                "body": made.text,
                "link": f"/app/forms/{form}/records/{record.id}",
                "language": "en" if english else "zh",
            }
        )
    if rows:
        messages.add_many(session, rows)


def _shown(one: CommentState, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": iso(one.at),
        "by": one.author,
        "by_name": names.get(one.author, one.author),
        "text": one.text,
        "mentions": one.mentions,
        "files": one.files,
    }
