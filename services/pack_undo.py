"""An installed pack taken back: definitions as they were before it; data stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.activation import plan as schedule
from services.pack_records import PREFIX, held_by_others, note_pack
from services.publish import publish_many_in
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import definitions, settings
from store.database import Session


def undo(workspace: Workspace, *, pack: str, user: str) -> dict[str, Any]:
    """Take the last installation of a pack back: definitions as they were before it; data stays.

    Returns:
        `{pack, restored: ["kind/key"], archived: ["kind/key"], kept: ["kind/key"]}`; kept are those changed since, or of another pack too.
    """

    def work(session: Session) -> dict[str, Any]:
        record = settings.get(session, PREFIX + pack)
        if record is None:
            raise not_found("模板包", "pack", pack)
        told = _take_back(session, workspace, record, user)
        before = record.get("previous")
        if before is None:
            settings.remove(session, PREFIX + pack)
        else:
            settings.put(session, PREFIX + pack, before, user=user, now=workspace.clock())
        note_pack(
            session, workspace, user, "pack.undone", pack, (f"撤销安装 {pack}", f"took back the pack {pack}"), told
        )
        return {"pack": pack, **told}

    return workspace.transact(work)


def _take_back(session: Session, workspace: Workspace, record: Mapping[str, Any], user: str) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {"restored": [], "archived": [], "kept": []}
    shared = held_by_others(session, record["about"]["key"])
    restore: list[dict[str, Any]] = []
    was_on: dict[tuple[str, str], bool] = {}
    for one in reversed(record["published"]):
        name = f"{one['kind']}/{one['key']}"
        state = definitions.get(session, one["kind"], one["key"])
        if state is None or state.version != one["version"] or (one["kind"], one["key"]) in shared:
            told["kept"].append(name)
            continue
        old = definitions.document(session, one["kind"], one["key"], one["before"]) if one["before"] else None
        if old is None:
            now = workspace.clock()
            definitions.set_state(session, one["kind"], one["key"], now=now, user=user, archived=True)
            told["archived"].append(name)
        else:
            restore.append({**old, "kind": one["kind"]})
            was_on[one["kind"], one["key"]] = one.get("enabled", True)
            told["restored"].append(name)
    if restore:
        publish_many_in(session, workspace, restore, user=user)
    for (kind, key), enabled in was_on.items():
        definitions.set_state(session, kind, key, now=workspace.clock(), user=user, enabled=enabled)
        schedule(session, workspace, kind, key)
    if told["kept"] and not told["archived"] and not told["restored"]:
        raise Refused("conflict", "安装之后全部改过,不能撤销", "everything was changed since: it cannot be taken back")
    return told
