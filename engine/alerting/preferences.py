"""What one person wants of the alerts that a route would tell them: which, through what, and when; every "no" with its reason.

Pure: what the person has said is given as data (see `services.preferences`), the time is an argument.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from engine.alerting.route import is_quiet

STEP = dt.timedelta(minutes=15)
LONGEST = 7 * 24 * 4  # steps: quiet for a whole week is quiet for ever
_FIELDS = {"category": ("sku.category", "category"), "warehouse": ("warehouse",), "sku": ("sku",)}


class Reason(StrEnum):
    """Why somebody is not told, or only later."""

    LEFT_RULE = "left_rule"
    MUTED_SKU = "muted_sku"
    NOT_SUBSCRIBED_CATEGORY = "not_subscribed_category"
    NOT_SUBSCRIBED_WAREHOUSE = "not_subscribed_warehouse"
    NOT_SUBSCRIBED_SKU = "not_subscribed_sku"
    QUIET_HOURS = "quiet_hours"
    ROUTE_QUIET = "route_quiet"


def unwanted(preferences: Mapping[str, Any], alert: Mapping[str, Any]) -> Reason | None:
    """Return why the person does not want this alert, or None.

    Args:
        preferences: what they have said: `left_rules`, `muted_skus`, and `only` (category, warehouse, sku: lists; an empty or
            absent list asks for all, an alert without that field passes).
        alert: the alert as routes read it: rule, keys and the record's fields by path.
    """
    if alert.get("rule") in preferences.get("left_rules", ()):
        return Reason.LEFT_RULE
    if alert.get("sku") in preferences.get("muted_skus", ()):
        return Reason.MUTED_SKU
    for name, paths in _FIELDS.items():
        wanted = preferences.get("only", {}).get(name)
        value = next((alert[path] for path in paths if alert.get(path)), None)
        if wanted and value is not None and value not in wanted:
            return Reason(f"not_subscribed_{name}")
    return None


def channels(preferences: Mapping[str, Any], level: str, route: Sequence[str]) -> list[str]:
    """Return through which channels a person wants alerts of *level*: their own choice, else the route's."""
    return list(preferences.get("channels", {}).get(level) or route)


def told_at(
    preferences: Mapping[str, Any],
    level: str,
    due: dt.datetime,
    zone: str,
    route_quiet: Sequence[Mapping[str, Any]] = (),
) -> tuple[dt.datetime, Reason | None]:
    """Return when a person is told of something that is due at *due*, and why later if later.

    The route's quiet hours hold for everything; the person's own let critical alerts through unless they say otherwise.
    """
    own = preferences.get("quiet", ())
    if level == "critical" and preferences.get("critical_breaks_quiet", True):
        own = ()
    reason, moment = None, due
    for _ in range(LONGEST):
        if is_quiet(route_quiet, moment, zone):
            reason = Reason.ROUTE_QUIET
        elif is_quiet(own, moment, zone):
            reason = Reason.QUIET_HOURS
        else:
            return moment, reason
        moment += STEP - dt.timedelta(
            minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
        )
    return due, None
