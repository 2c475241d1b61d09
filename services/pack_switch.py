"""What an installed pack may do stays off until somebody confirms it; what is still off is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rule_templates import GRANTING, Plan
from services.activation import plan as schedule
from services.pack_records import PREFIX, note_pack
from services.refusal import not_found
from services.workspace import Workspace
from store import definitions, settings
from store.database import Session


def switch_off(session: Session, workspace: Workspace, plan: Plan, user: str) -> list[str]:
    """Switch off every definition of *plan* that may now do what it could not before; return their names, `kind/key`.

    A new role grants nothing before it has members, so it stays on, and so does a new form.
    """
    off = []
    for step in plan.steps:
        if step.after is None:
            continue
        key = str(step.after["key"])
        state = definitions.get(session, step.kind, key)
        if state is None:
            continue
        gained = bool(step.gained) and step.kind not in GRANTING
        if gained or (step.before is None and not state.enabled):
            now = workspace.clock()
            definitions.set_state(session, step.kind, key, now=now, user=user, enabled=not gained)
            schedule(session, workspace, step.kind, key)
        if gained:
            off.append(f"{step.kind}/{key}")
    return off


def still_off(session: Session, record: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what of an installed pack waits for its confirmation: `[{kind, key, name}]`."""
    found = []
    for name in record.get("off", ()):
        kind, _, key = name.partition("/")
        state = definitions.get(session, kind, key)
        if state is not None and not state.enabled and not state.archived:
            found.append({"kind": kind, "key": key, "name": state.name})
    return found


def confirm(workspace: Workspace, *, pack: str, user: str, only: Sequence[str] | None = None) -> dict[str, Any]:
    """Switch on what the installation of *pack* left off (only the names `kind/key` given, where they are).

    Returns:
        `{pack, on: ["kind/key"], off: [{kind, key, name}]}`; off is what still waits.

    Raises:
        Refused: the pack is not installed.
    """

    def work(session: Session) -> dict[str, Any]:
        record = settings.get(session, PREFIX + pack)
        if record is None:
            raise not_found("模板包", "pack", pack)
        waiting = [f"{one['kind']}/{one['key']}" for one in still_off(session, record)]
        on = [name for name in waiting if only is None or name in only]
        _switch_on(session, workspace, on, user)
        record["off"] = [name for name in waiting if name not in on]
        settings.put(session, PREFIX + pack, record, user=user, now=workspace.clock())
        if on:
            told = (f"确认启用模板包 {pack} 的 {len(on)} 项", f"confirmed {len(on)} definitions of the pack {pack}")
            note_pack(session, workspace, user, "pack.confirmed", pack, told, {"on": on})
        return {"pack": pack, "on": on, "off": still_off(session, record)}

    return workspace.transact(work)


def _switch_on(session: Session, workspace: Workspace, names: Iterable[str], user: str) -> None:
    for name in names:
        kind, _, key = name.partition("/")
        definitions.set_state(session, kind, key, now=workspace.clock(), user=user, enabled=True)
        schedule(session, workspace, kind, key)
