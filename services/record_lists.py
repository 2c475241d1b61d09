"""Lists of records: filtered by an expression that the database itself evaluates, with the labels of what they point to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services import labels
from services.filters import condition
from services.record_context import form_of, forms_of
from services.workspace import Workspace
from store import records
from store.database import Session
from store.types import iso

__all__ = ["as_json", "condition", "list_", "list_in", "shown"]


def list_(  # noqa: PLR0913 the parameters of a list
    workspace: Workspace,
    *,
    form: str,
    user: str,  # noqa: ARG001 rights by row are asked with it
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
        forms = forms_of(session)
        wanted = records.Wanted(where=condition(session, workspace, forms, form, filter), q=q)
        found = records.page(session, form, wanted, sort=sort, limit=limit, cursor=cursor, total=total)
        items = shown(session, forms, form, found.rows)
    return {"items": items, "total": found.total, "next_cursor": found.next_cursor}


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


def shown(
    session: Session, forms: Mapping[str, dict[str, Any]], form: str, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return rows of a page as the API shows them, with labels."""
    named = labels.of(session, forms, form_of(forms, form), rows)
    return [as_json(row) | {"labels": words} for row, words in zip(rows, named, strict=True)]


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
