"""How a rule goes live: for all at once, only for what newly breaches, or on trial, seen by one person for some days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services import evaluate, publish
from services.workspace import Workspace

TRIAL_DAYS = 7


def publish_rule(workspace: Workspace, *, key: str, user: str, note: str = "", start: str = "all") -> dict[str, Any]:
    """Publish the draft of a rule; return `{version}`, `quieted` or `trial` with it.

    Args:
        workspace: where.
        key: the rule.
        user: who publishes it.
        note: a remark.
        start: `all`; `new_only`: what breaches now is opened as acknowledged, nobody is told and nothing is done; `trial`:
            for a week only *user* is told, in the app, and nothing else is done.

    Raises:
        DefinitionError: it cannot run; nothing has changed.
        Refused: there is no draft.
    """
    trial: dict[str, str] | None = None
    if start == "trial":
        trial = {"to": user, "until": (workspace.today() + dt.timedelta(days=TRIAL_DAYS)).isoformat()}
    answer = publish.publish(workspace, kind="rule", key=key, user=user, note=note, amend={"trial": trial})
    if trial is not None:
        answer["trial"] = trial
    if start == "new_only":
        found = evaluate.run(workspace, rules=[key], trigger="publish", user=user, quiet=True)
        answer["quieted"] = found["fired"]
    return answer
