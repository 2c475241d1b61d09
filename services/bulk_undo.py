"""A batch of changes taken back, all of its records at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.workspace import Workspace
from store import history, records
from store.database import Session
from store.history import Change, ChangeRow
from store.records import Record


@dataclass
class _Net:
    """What all changes of one record within the batch come to."""

    created: bool
    version: int = 0
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def add(self, change: ChangeRow) -> None:
        """Put one more change on top."""
        for name, (old, new) in change.changes.items():
            self.before.setdefault(name, old)
            self.after[name] = new
        self.version = change.version


def undo_batch_in(session: Session, workspace: Workspace, *, batch: str, user: str) -> dict[str, int]:
    """Take back what a batch changed; a record that was changed again since stays as it is.

    Returns:
        `{undone, kept}`, in changes.
    """
    counts = {"undone": 0, "kept": 0}
    by_form: dict[str, list[ChangeRow]] = {}
    for form, change in history.of_batch(session, batch):
        by_form.setdefault(form, []).append(change)
    for form, changes in by_form.items():
        undone = _undo(session, workspace, form, changes, (batch, user))
        counts["undone"] += undone
        counts["kept"] += len(changes) - undone
    return counts


def _undo(
    session: Session, workspace: Workspace, form: str, changes: Sequence[ChangeRow], whose: tuple[str, str]
) -> int:
    """Take the changes of one form back; return how many."""
    batch, user = whose
    nets: dict[int, _Net] = {}
    for change in changes:
        nets.setdefault(change.record_id, _Net(change.operation == "created")).add(change)
    there = records.numbered(session, form, list(nets))
    back = {number: net for number, net in nets.items() if _untouched(there.get(number), net)}
    now = workspace.clock()
    records.delete_many(session, form, [number for number, net in back.items() if net.created])
    updates = [(number, net.before) for number, net in back.items() if not net.created]
    records.update_many(session, form, updates, user=user, now=now)
    told = [
        Change(
            number,
            there[number].version + 1,
            "deleted" if net.created else "updated",
            {name: [net.after[name], old] for name, old in net.before.items()},
        )
        for number, net in back.items()
    ]
    history.add_many(session, form, told, actor=user, at=now, batch=f"undo:{batch}")
    return sum(change.record_id in back for change in changes)


def _untouched(record: Record | None, net: _Net) -> bool:
    """Say whether a record is still as the batch left it."""
    if record is None or (net.created and record.version != net.version):
        return False
    values: Mapping[str, Any] = record.values
    return all(values.get(name) == value for name, value in net.after.items())
