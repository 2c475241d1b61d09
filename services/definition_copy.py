"""A definition copied into the draft of a new one."""

from __future__ import annotations

from typing import Any

from services.publish import save_draft
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import definitions


def copy(workspace: Workspace, *, kind: str, key: str, to: str, name: str, user: str) -> dict[str, Any]:
    """Save what is published (or drafted) under *key* as the draft of a new definition; return `{key, definition, etag}`.

    Raises:
        Refused: there is nothing under *key*, or something under *to* already.
    """
    with workspace.read() as session:
        state = definitions.get(session, kind, key)
        taken = definitions.get(session, kind, to)
    if state is None:
        raise not_found("定义", kind, key)
    if taken is not None:
        raise Refused("conflict", f"标识“{to}”已被使用", f"the key “{to}” is taken")
    source = state.document or (state.draft.document if state.draft else {})
    definition = {**source, "key": to, "name": name}
    saved = save_draft(workspace, kind=kind, key=to, definition=definition, user=user)
    return {"key": to, "definition": definition, **saved}
