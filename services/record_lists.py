"""Lists of records: what a person may see, filtered by an expression that the database evaluates, with labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services import labels
from services.access import Access
from services.filters import compiled, condition
from services.record_context import form_of, forms_of
from services.workspace import Workspace
from store import records
from store.database import Session
from store.types import iso

__all__ = ["as_json", "condition", "list_", "list_in", "page_in", "shown", "wanted_by"]


def list_(  # noqa: PLR0913 the parameters of a list
    workspace: Workspace,
    *,
    form: str,
    user: str,
    filter: str | None = None,  # noqa: A002 the API's word
    sort: str = "",
    q: str = "",
    limit: int = 50,
    cursor: str | None = None,
    total: bool = True,
) -> dict[str, Any]:
    """Return `{items: [{id, version, values, labels, …}], total, next_cursor}`.

    Args:
        workspace: where.
        form: the form's key.
        user: who looks.
        filter: an expression over the form's own fields.
        sort: field names with a comma between, `-` in front for descending; `created_at` and the like work too.
        q: words that the text fields must contain.
        limit: rows at most, up to 1,000.
        cursor: `next_cursor` of the page before.
        total: whether to count all that match.

    Raises:
        DefinitionError: the filter, the sort order or the cursor cannot be used.
    """
    with workspace.read() as session:
        access = Access(session, workspace, user)
        return page_in(access, form, filter=filter, sort=sort, q=q, limit=limit, cursor=cursor, total=total)


def page_in(
    access: Access,
    form: str,
    *,
    filter: str | None = None,  # noqa: A002 the API's word
    sort: str = "",
    q: str = "",
    action: str = "view",
    **page: Any,
) -> dict[str, Any]:
    """Return one page as *access* allows it, inside its transaction; with *action* only rows that allow this as well."""
    wanted = wanted_by(access, form, filter=filter, q=q, named=names_in(sort), action=action)
    found = records.page(access.session, form, wanted, sort=sort, **page)
    return {"items": shown(access, form, found.rows), "total": found.total, "next_cursor": found.next_cursor}


def wanted_by(
    access: Access,
    form: str,
    *,
    filter: str | None = None,  # noqa: A002 the API's word
    q: str = "",
    named: Iterable[str] = (),
    action: str = "view",
) -> records.Wanted:
    """Return which rows somebody sees of those that meet *filter* and *q*, when the fields *named* are read as well.

    Raises:
        Refused: they may not look, or may not do *action*.
        DefinitionError: the filter cannot be used; a hidden field is one that is not there.
    """
    form_of(access.documents, form)
    for one in dict.fromkeys(("view", action)):
        access.require(form, one)
    chosen = compiled(access.session, access.workspace, access.forms, form, filter, access=access)
    read = {*chosen.fields, *named}
    conditions = [chosen.sql, *(access.where(form, one, read) for one in dict.fromkeys(("view", action)))]
    where = " AND ".join(f"({sql})" for sql in conditions if sql)
    unsearched = access.hidden_somewhere(form)
    return records.Wanted(where=where or None, q=q, hidden=access.hidden(form), unsearched=unsearched)


def names_in(sort: str) -> set[str]:
    """Return the fields that a sort order reads."""
    return {part.strip().removeprefix("-") for part in sort.split(",") if part.strip()}


def list_in(
    session: Session,
    workspace: Workspace,
    *,
    form: str,
    filter: str | None = None,  # noqa: A002 the API's word
    sort: str = "",
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Return records inside a transaction, without labels."""
    forms = forms_of(session)
    wanted = records.Wanted(where=condition(session, workspace, forms, form, filter))
    found = records.page(session, form, wanted, sort=sort, limit=limit, total=False)
    return [as_json(row) for row in found.rows]


def shown(access: Access, form: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of a page as the API shows them, with labels, without what is hidden in each."""
    kept = access.masked(form, rows)
    named = labels.of(access.session, access.documents, form_of(access.forms, form), kept, access)
    return [as_json(row) | {"labels": words} for row, words in zip(kept, named, strict=True)]


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one row of a page as the API shows it."""
    return {
        "id": row["_id"],
        "version": row["_version"],
        "values": {name: value for name, value in row.items() if not name.startswith("_")},
        "created_at": iso(row["_created_at"]),
        "created_by": row["_created_by"],
        "updated_at": iso(row["_updated_at"]),
        "updated_by": row["_updated_by"],
    }
