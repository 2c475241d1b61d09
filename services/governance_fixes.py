"""What was found wrong, put right for many records at once, by the rights of who does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services import bulk_edit, governance
from services.refusal import Refused
from services.workspace import Workspace


def fix(
    workspace: Workspace,
    *,
    check: str,
    items: Sequence[Mapping[str, str]],
    user: str,
    value: Any = None,
) -> dict[str, Any]:
    """Do what a check offers to put its findings right, for the records with the keys *items*.

    Args:
        workspace: where.
        check: the check's key.
        items: keys of what it found.
        user: who does it; what they may not edit stays.
        value: for a check that sets a field: what to set it to.

    Returns:
        What `bulk_edit.edit` returns; its `batch` takes it back.

    Raises:
        Refused: the check has nothing to offer, or a value is missing.
    """
    with workspace.read() as session:
        one = governance.check_of(session, check)
        offered = one.get("fix")
        if offered is None:
            raise Refused("invalid", "这项检查没有一键修正", "this check has no fix of its own")
        form = str(one["rule"]["over"])
        numbers = governance.numbers_of(session, form, items)
    if "set" in offered and value in (None, ""):
        raise Refused("invalid", "请先填要设置的值", "say what to set it to")
    values = {offered["set"]: value} if "set" in offered else dict(offered["value"])
    done = bulk_edit.edit(workspace, form=form, values=values, ids=numbers, user=user)
    return {**done, "form": form}
