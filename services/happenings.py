"""Tell what happened to records to whoever waits for it: an event row in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.definitions import all_current_in
from services.workspace import Workspace
from store import events
from store.database import Session
from store.history import Change

STOCK = "stock"
_MOST_KEYS = 1_000


def tell(
    session: Session,
    workspace: Workspace,
    *,
    form: str,
    changes: Sequence[Change],
    records: Mapping[int, Mapping[str, Any]],
    depth: int = 0,
) -> None:
    """Write the events of *changes*, as far as a trigger or a rule waits for them.

    Args:
        session: the transaction of the change.
        workspace: where.
        form: whose records changed.
        changes: what changed.
        records: the records as they are now (a deleted one as it was), by number.
        depth: how many automatic steps led here; the worker stops what goes round in circles.
    """
    waited = waited_for(session)
    rows: list[dict[str, Any]] = []
    for change in changes:
        name = f"record.{change.operation}"
        if (name, form) in waited or (name, None) in waited:
            data = {"record": records.get(change.record_id, {}), "changed": sorted(change.changes)}
            rows.append({"name": name, "form": form, "record_id": change.record_id, "data": data, "depth": depth})
    if form == STOCK and changes and any(name == "stock.changed" for name, _ in waited):
        keys = [_keys(records.get(change.record_id, {})) for change in changes[:_MOST_KEYS]]
        rows.append(
            {"name": "stock.changed", "form": form, "data": {"keys": keys, "count": len(changes)}, "depth": depth}
        )
    events.add_many(session, rows, at=workspace.clock())


def announce(
    session: Session, workspace: Workspace, name: str, *, form: str | None = None, depth: int = 0, **data: Any
) -> None:
    """Write the event *name* (`import.finished`, `alert.fired`, `signal` …) when somebody waits for it."""
    if any(waited == name and (of is None or of == form) for waited, of in waited_for(session)):
        row = {"name": name, "form": form, "data": data, "depth": depth}
        events.add_many(session, [row], at=workspace.clock())


def waited_for(session: Session) -> set[tuple[str, str | None]]:
    """Return the (event, form) that published triggers and rules wait for; form None is any."""
    found: set[tuple[str, str | None]] = set()
    for trigger in all_current_in(session, "trigger").values():
        found.add((trigger["on"], trigger.get("form")))
    for rule in all_current_in(session, "rule").values():
        found |= {(name, rule["over"] if name.startswith("record.") else None) for name in rule.get("on_event", ())}
    return found


def _keys(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: record.get(name) for name in ("sku", "warehouse") if name in record}
