"""Who may ask what of whole tables: a trial of a rule, a curve, a live value read every row, so they need every row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.expression import parse
from engine.expression.tree import Call, walk
from engine.problems import DefinitionError
from services.access import Access
from services.hidden_fields import reads
from services.record_rights import unknown
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import records

# What series, forecast and stock functions read without naming it.
_BEHIND_CALLS = ("sales", "stock", "stock_snapshot")


def sources_of(rule: Mapping[str, Any]) -> list[str]:
    """Return every expression of a rule."""
    return list(_texts({name: value for name, value in rule.items() if name in _WORDS}))


_WORDS = ("let", "where", "levels", "during", "resolve_when", "actions")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def ask(workspace: Workspace, *, user: str, over: str, sources: Iterable[str], whole: bool = True) -> None:
    """Refuse a question whose answer would tell of fields or rows that *user* does not see.

    Args:
        workspace: where.
        user: who asks.
        over: the form the question is about.
        sources: the expressions that are worked out.
        whole: every row of the form is looked at; else only one that was checked already.

    Raises:
        DefinitionError: a hidden field, said as one that is not there.
        Refused: rows of a form that is read are kept from them.
    """
    with workspace.read() as session:
        access = Access(session, workspace, user)
        if access.full or over not in access.documents:
            return
        read = {(over, "")} if whole else set()
        for source in sources:
            read |= set(reads(access.documents, over, "", source))
            if any(isinstance(node, Call) for node in _nodes(source)):
                read |= {(form, "") for form in _BEHIND_CALLS if form in access.documents and form != over}
        _refuse(access, read, whole=whole, over=over)


def _nodes(source: str) -> Iterator[Any]:
    try:
        yield from walk(parse(source).root)
    except DefinitionError:
        return


def _refuse(access: Access, read: set[tuple[str, str]], *, whole: bool, over: str) -> None:
    hidden = sorted((form, key) for form, key in read if key and key in access.hidden_somewhere(form))
    if hidden:
        fields = {one["key"]: one for one in access.forms[over]["fields"]}
        raise DefinitionError([unknown(key, fields) for _, key in hidden])
    for form in sorted({form for form, _ in read}):
        if (whole or form != over) and access.where(form, "view") is not None:
            name = access.documents[form].get("name", form)
            raise Refused(
                "forbidden",
                f"您只能看到“{name}”的一部分记录,不能对整张表试算",
                f"you see only some records of “{form}”, so that the whole table cannot be worked out for you",
            )


def ask_about_keys(workspace: Workspace, *, user: str, form: str, keys: Mapping[str, Any]) -> None:
    """Refuse a question about one record of *form*, found by *keys*, that *user* does not see.

    Raises:
        Refused: as for a record that is not there.
    """
    with workspace.read() as session:
        access = Access(session, workspace, user)
        where = None if access.full or form not in access.documents else access.where(form, "view")
        if where is None:
            return
        state = records.state(session, form)
        columns = {column.name for column in state.live} if state else set()
        equal = {name: value for name, value in keys.items() if name in columns}
        found = records.page(session, form, records.Wanted(where=where, equal=equal), limit=1, total=False)
        if not equal or not found.rows:
            raise not_found("记录", "record", f"{form} {'/'.join(str(value) for value in keys.values())}")
