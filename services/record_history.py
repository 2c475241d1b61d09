"""Who changed which field of a record when, as far as the one who asks may see the field."""

from __future__ import annotations

from typing import Any

from services.access import NOBODY, Access, without_values
from services.record_context import form_of
from services.refusal import not_found
from services.workspace import Workspace
from store import history as changes
from store import records
from store.types import iso


def history(workspace: Workspace, *, form: str, id: int, user: str = "") -> list[dict[str, Any]]:  # noqa: A002 the API's word
    """Return who changed which field when, newest first; a change of nothing but hidden fields is left out.

    Raises:
        Refused: the record is not among those that *user* sees; one that was deleted is seen by who sees all.
    """
    with workspace.read() as session:
        access = Access(session, workspace, user)
        form_of(access.documents, form)
        access.require(form, "view")
        hidden = _hidden(access, form, id)
        found = changes.of(session, form, id)
    shown = []
    for change in found:
        kept = _without(change.changes, hidden)
        if kept or not change.changes:
            shown.append(
                {
                    "at": iso(change.at),
                    "actor": change.actor,
                    "operation": change.operation,
                    "version": change.version,
                    "changes": {name: {"before": pair[0], "after": pair[1]} for name, pair in kept.items()},
                    "batch": change.batch,
                }
            )
    return shown


def _hidden(access: Access, form: str, number: int) -> frozenset[str]:
    """Return what is hidden in this row; refuse a row that is not seen."""
    record = records.get(access.session, form, number)
    where = access.where(form, "view")
    if record is None:
        if where is not None:
            raise not_found("记录", "record", f"{form} {number}")
        return access.hidden_somewhere(form) | access.from_parts(form)
    if where == NOBODY or not access.sees(form, number):
        raise not_found("记录", "record", f"{form} {number}")
    row = {**record.values, "_id": number}
    kept = access.masked(form, [row])[0]
    # What a formula followed in the past may have been another record than now.
    return access.hidden(form) | (access.hidden_somewhere(form) - frozenset(kept)) | access.from_parts(form)


def _without(pairs: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """Return the [before, after] pairs without what is hidden, in lines of sub-forms too."""
    before = without_values({name: pair[0] for name, pair in pairs.items()}, hidden)
    after = without_values({name: pair[1] for name, pair in pairs.items()}, hidden)
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}
