"""A rule on trial: for some days it acts for the one person who tries it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from services.addressing import MAILBOX


def is_on_trial(rule: Mapping[str, Any], day: dt.date) -> bool:
    """Say whether *rule* is on trial on *day*; its last day counts."""
    trial = rule.get("trial")
    return trial is not None and day <= dt.date.fromisoformat(trial["until"])


def as_started(rule: Mapping[str, Any], day: dt.date) -> dict[str, Any]:
    """Return *rule* as it acts on *day*: on trial only the person who tries it is told, in the app, and nothing is done."""
    if not is_on_trial(rule, day):
        return dict(rule)
    notify = {"type": "notify", "to": [f"person:{rule['trial']['to']}"], "channels": [MAILBOX]}
    kept = {name: value for name, value in rule.items() if name not in {"route", "group_by"}}
    return kept | {"actions": [notify]}
