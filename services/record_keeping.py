"""What a change of a record leaves behind: its history, a line in the audit log, and word to who waits for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from form_builder import display
from services.audit import Entry
from services.audit import add as note
from services.happenings import tell
from services.refusal import Refused
from services.workspace import Workspace
from store import history as changes
from store import records
from store.database import Session
from store.records import Record


def pointed_to(
    session: Session, forms: Mapping[str, dict[str, Any]], form: str, codes: Collection[str]
) -> dict[str, str]:
    """Return those of *codes* that records of other forms hold, each with the name of such a form."""
    found: dict[str, str] = {}
    for other in forms.values():
        state = records.state(session, other["key"])
        for column in state.live if state else ():
            if column.links == form and column.kind == "text":
                held = records.by_keys(session, other["key"], (column.name,), ((code,) for code in codes))
                found.update({str(key): str(other.get("name", other["key"])) for (key,) in held})
    return found


def refuse_when_pointed_to(session: Session, forms: Mapping[str, dict[str, Any]], form: str, record: Record) -> None:
    """Refuse to delete a record whose code records of other forms hold."""
    code = record.values.get("code")
    if code is None:
        return
    holder = pointed_to(session, forms, form, [code]).get(code)
    if holder is not None:
        raise pointed_to_refusal(holder)


def pointed_to_refusal(holder: str) -> Refused:
    """Return the refusal to delete what records of the form named *holder* point to."""
    return Refused(
        "conflict",
        f"“{holder}”里还有记录引用它,不能删除",
        f"records of “{holder}” point to it: it cannot be deleted",
    )


def keep(
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
