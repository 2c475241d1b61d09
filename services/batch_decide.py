"""Several to-dos decided alike: each in its own transaction, each with its own answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.problems import DefinitionError
from services import approve
from services.refusal import Refused
from services.workspace import Workspace
from workflows import Refused as StepRefused


def decide_many(
    workspace: Workspace, *, seats: Sequence[int], op: str, user: str, comment: str = "", request_id: str | None = None
) -> dict[str, Any]:
    """Decide *seats* alike; one that is refused does not keep the others.

    Returns:
        `done` and `failed` counts and an item a seat: `id`, `ok`, `message`, `message_en`.
    """
    items = [_one(workspace, seat, op, user, comment, request_id) for seat in dict.fromkeys(seats)]
    done = sum(item["ok"] for item in items)
    return {"items": items, "done": done, "failed": len(items) - done}


def _one(workspace: Workspace, seat: int, op: str, user: str, comment: str, request_id: str | None) -> dict[str, Any]:
    own = f"{request_id}:{seat}" if request_id else None
    try:
        answer = approve.decide(workspace, seat=seat, op=op, user=user, comment=comment, request_id=own)
    except (Refused, StepRefused) as refused:
        return {"id": seat, "ok": False, "message": refused.message, "message_en": refused.message_en}
    except DefinitionError as error:
        first = error.problems[0]
        return {"id": seat, "ok": False, "message": first.message, "message_en": first.message_en}
    return {"id": seat, "ok": True, "message": answer["message"], "message_en": answer["message_en"]}
