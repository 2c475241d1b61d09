"""An installed pack removed: its definitions put away, the data and whatever is still needed left in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.activation import plan as schedule
from services.checks import known, problems_of
from services.pack_records import PREFIX, held_by_others, installed_packs, note_pack
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import definitions, records, settings
from store.database import Session

Name = tuple[str, str]


def remove(workspace: Workspace, *, pack: str, user: str) -> dict[str, Any]:
    """Put the definitions of *pack* away; records stay, and so does every form that has some.

    Kept besides: what was changed by hand since, and what a definition that stays refers to.

    Returns:
        `{pack, archived: ["kind/key"], kept: ["kind/key"]}`.

    Raises:
        Refused: it is not installed, or another installed pack needs it.
    """

    def work(session: Session) -> dict[str, Any]:
        record = settings.get(session, PREFIX + pack)
        if record is None:
            raise not_found("模板包", "pack", pack)
        _refuse_needed(session, pack)
        mine = [(one["kind"], one["key"]) for one in record["originals"]]
        away = _removable(session, workspace, record)
        for kind, key in away:
            definitions.set_state(session, kind, key, now=workspace.clock(), user=user, archived=True)
            schedule(session, workspace, kind, key)
        settings.remove(session, PREFIX + pack)
        told = {"archived": ["/".join(name) for name in away], "kept": ["/".join(n) for n in mine if n not in away]}
        words = (f"移除模板包 {pack}", f"removed the pack {pack}")
        note_pack(session, workspace, user, "pack.removed", pack, words, told)
        return {"pack": pack, **told}

    return workspace.transact(work)


def _refuse_needed(session: Session, pack: str) -> None:
    needing = [
        record["about"]["name"]
        for record in installed_packs(session).values()
        if pack in record["about"].get("requires", {})
    ]
    if needing:
        names = "、".join(needing)
        raise Refused(
            "conflict", f"{names} 还需要它,先移除它们", f"still needed by {', '.join(needing)}: remove those first"
        )


def _removable(session: Session, workspace: Workspace, record: Mapping[str, Any]) -> list[Name]:
    """Return what can go: of no other pack, unchanged since, empty of records, and needed by nothing that stays."""
    states = {(state.kind, state.key): state for state in definitions.every(session) if state.version}
    found: set[Name] = set()
    shared = held_by_others(session, record["about"]["key"])
    for one in record["originals"]:
        name = (one["kind"], one["key"])
        if name in shared:
            continue
        state = states.get(name)
        if state is None or {**state.document, "kind": name[0]} != one:
            continue
        if name[0] != "form" or not _has_records(session, workspace, state.document):
            found.add(name)
    return sorted(_unneeded(session, found))


def _has_records(session: Session, workspace: Workspace, form: Mapping[str, Any]) -> bool:
    if form.get("storage") == "facts":
        return workspace.facts(form["key"]).version() >= 0
    return records.state(session, form["key"]) is not None and records.count(session, form["key"]) > 0


def _unneeded(session: Session, candidates: set[Name]) -> set[Name]:
    """Return *candidates* less those without which a definition that stays could not run."""
    everything = known(session)
    going = set(candidates)
    changed = True
    while changed:
        changed = False
        left = {
            kind: {key: document for key, document in keys.items() if (kind, key) not in going}
            for kind, keys in everything.items()
        }
        for kind, keys in left.items():
            for document in keys.values():
                if not problems_of(kind, document, left):
                    continue
                needed = _needed_by(kind, document, everything, going)
                going -= needed
                changed = changed or bool(needed)
    return going


def _needed_by(kind: str, document: Any, everything: Any, going: set[Name]) -> set[Name]:
    """Return those of *going* whose absence alone makes *document* worse than it would be with all of them."""
    if problems_of(kind, document, everything):
        return set()  # it is broken anyway
    found = set()
    for other, key in sorted(going):
        without = {**everything, other: {k: v for k, v in everything[other].items() if k != key}}
        if problems_of(kind, document, without):
            found.add((other, key))
    return found
