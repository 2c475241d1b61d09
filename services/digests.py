"""Many notices of one run to one person through one channel become one digest: counts, the worst first, a page for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MOST_SEPARATE = 3
MOST_LISTED = 20
_ORDER = {"critical": 0, "warning": 1, "info": 2}
_WORDS = {"alert": ("", ""), "resolved": ("已解除:", "Resolved: ")}


def merged(rows: Sequence[dict[str, Any]], *, run: int) -> list[dict[str, Any]]:
    """Return the rows to send: up to three to each person and channel as they are, more as one digest.

    Args:
        rows: outbox rows of one run.
        run: its number, for the digest's key.
    """
    places: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        places.setdefault((row["recipient"], row["channel"], row["message"], row["due_at"]), []).append(row)
    found: list[dict[str, Any]] = []
    for place, members in places.items():
        found += members if len(members) <= MOST_SEPARATE else [_digest(place, members, run)]
    return found


def _digest(place: tuple[Any, ...], members: Sequence[dict[str, Any]], run: int) -> dict[str, Any]:
    person, channel, message, due = place
    alerts = [alert for row in members for alert in row["payload"]["alerts"]]
    alerts.sort(key=lambda alert: _ORDER.get(str(alert.get("level")), 9))
    total = sum(int(row["payload"]["total"]) for row in members)
    rules = list(dict.fromkeys(str(row["payload"]["rule_name"]) for row in members))
    keys = {row["payload"]["rule"] for row in members}
    named = "、".join(rules[:3]) + (" 等" if len(rules) > 3 else "")
    word, word_en = _WORDS.get(str(message), ("", ""))
    levels = _by_level(members)
    return {
        **members[0],
        "idempotency_key": f"run:{run}:digest:{message}:{person}:{channel}:{due:%Y%m%d%H%M}",
        "severity": min(int(row["severity"]) for row in members),
        "episode_id": None,
        "title": f"{word}{total} 条预警{levels[0]}:{named}",
        "payload": {
            **members[0]["payload"],
            "title_en": f"{word_en}{total} alerts{levels[1]}: {', '.join(rules[:3])}",
            "rule": keys.pop() if len(keys) == 1 else None,
            "rule_name": named,
            "level": alerts[0].get("level") if alerts else None,
            "template": None,
            "total": total,
            "counts": _counts(members),
            "alerts": alerts[:MOST_LISTED],
        },
    }


def _counts(members: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in members:
        level = str(row["payload"]["level"])
        counts[level] = counts.get(level, 0) + int(row["payload"]["total"])
    return counts


def _by_level(members: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    critical = _counts(members).get("critical", 0)
    return (f"({critical} 条紧急)", f" ({critical} critical)") if critical else ("", "")
