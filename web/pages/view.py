"""What an action page shows: enough to decide without logging in, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services import curve
from services.workspace import Workspace
from web.pages.curve import curve_svg, legend

DECIDES = ("approve", "complete", "reject", "return")
NUMBERS = frozenset({"number", "money", "quantity", "percent"})
# What can be entered without JavaScript and without a list to choose from.
EDITABLE = NUMBERS | {"date", "text"}


def page_of(
    workspace: Workspace,
    found: Mapping[str, Any],
    words: Mapping[str, str],
    *,
    mistake: str = "",
    given: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the values of the template for an open link.

    Args:
        workspace: where the curve and the stock elsewhere are read.
        found: what `links.open_` said.
        words: the words of the page's language.
        mistake: why the last confirmation was refused.
        given: what was entered then; it is shown again.
    """
    alert = found.get("alert")
    if found["kind"] == "digest":
        return _digest(found, words, given) | _common(workspace, found, mistake, given)
    shown = _todo(found["todo"], words, given) if found["kind"] == "todo" else _alert(found["alert"], words)
    keys = found.get("keys") or (alert or {}).get("keys", {})
    drawn = _curve(workspace, alert, keys)
    shown["curve"], shown["legend"] = curve_svg(drawn, words), legend(drawn, words)
    shown["elsewhere"] = [
        {
            **place,
            "on_hand": number(place["on_hand"]),
            "in_transit": number(place["in_transit"]) if place["in_transit"] else "",
        }
        for place in curve.elsewhere(workspace, keys=keys)
    ]
    shown["facts"] = [{"label": words[fact["key"]], "value": number(fact["value"])} for fact in found.get("facts", ())]
    shown["colleagues"] = (
        found.get("colleagues", []) if "transfer" in (found.get("todo") or {}).get("actions", ()) else []
    )
    return shown | _common(workspace, found, mistake, given)


def _common(
    workspace: Workspace, found: Mapping[str, Any], mistake: str, given: Mapping[str, str] | None
) -> dict[str, Any]:
    return {
        "mistake": mistake,
        "comment": (given or {}).get("comment", ""),
        "nonce": found["nonce"],
        "person": found["person_name"],
        "valid_until": moment(found["expires_at"], workspace.zone),
    }


def proof_of(found: Mapping[str, Any], signed_in: str | None) -> str:
    """Return what the page asks of its reader before the buttons work: nothing, `pin`, `login` or `other` (somebody else is in)."""
    if found.get("policy", "link") == "link" or signed_in == found["person"]:
        return ""
    if found["policy"] == "pin" and found["has_pin"]:
        return "pin"
    return "other" if signed_in else "login"


def _digest(found: Mapping[str, Any], words: Mapping[str, str], given: Mapping[str, str] | None) -> dict[str, Any]:
    english = words["lang"] == "en"
    given = given or {}
    lines = [
        {
            "id": line.alert,
            "title": line.title,
            "level": line.level,
            "tag": words.get(line.level, line.level),
            "why": line.explanation_en if english else line.explanation,
            "state": line.state,
            "told": line.told_en if english else line.told,
            "quantity": given.get(f"quantity.{line.alert}", "" if line.quantity is None else f"{line.quantity:g}"),
            "price": number(line.price) if line.price else "",
            "chosen": given.get(f"do.{line.alert}", "approve" if line.state == "todo" else "acknowledge"),
        }
        for line in found["lines"]
    ]
    left = sum(1 for line in found["lines"] if line.state != "closed")
    return {"lines": lines, "left": left, "total": found["total"], "title": f"{words['digest']} ({found['total']})"}


def _alert(alert: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    english = words["lang"] == "en"
    return {
        "level": alert["level"],
        "tag": words.get(alert["level"], alert["level"]),
        "title": " · ".join(str(label) for label in alert["labels"].values()),
        "where": alert["rule"]["name"],
        "explanation": alert["explanation_en" if english else "explanation"],
        "numbers": [
            {"label": value.get("label") or value["source"], "value": number(value["value"])}
            for value in alert["values"]
        ],
        "fields": [],
        "actions": ["acknowledge"],
        "can_mute": bool(alert["keys"].get("sku")),
    }


def _todo(todo: Mapping[str, Any], words: Mapping[str, str], given: Mapping[str, str] | None) -> dict[str, Any]:
    english = words["lang"] == "en"
    given = given or {}
    fields = [
        {
            "key": field["key"],
            "label": (field.get("label_en") if english else None) or field["label"],
            "value": given.get(f"form.{field['key']}", number(field["value"])),
            "inputmode": "decimal" if field["type"] in NUMBERS else "text",
            "type": "date" if field["type"] == "date" else "text",
        }
        for field in todo["fields"]
        if field["access"] == "write" and field["type"] in EDITABLE
    ]
    writable = {field["key"] for field in fields}
    return {
        "level": "todo",
        "tag": words["todo"],
        "title": todo["title"],
        "where": f"{todo['workflow']['name']} · {todo['node']['name']}",
        "explanation": todo.get("reason_en" if english else "reason") or todo.get("reason", ""),
        "numbers": [
            {"label": item["label"], "value": number(item["value"])}
            for item in todo["summary"]
            if item.get("key") not in writable | {"reason", "code"} and item["value"] not in (None, "")
        ],
        "fields": fields,
        "actions": [op for op in DECIDES if op in todo["actions"]],
    }


def _curve(workspace: Workspace, alert: Mapping[str, Any] | None, keys: Mapping[str, str]) -> dict[str, Any]:
    if "sku" not in keys:
        return {}
    return curve.of_alert(workspace, id=alert["id"], moving=False) if alert else curve.of_keys(workspace, keys=keys)


def number(value: Any) -> str:
    """Return *value* as people read it: thousands apart, no more than two decimals."""
    if isinstance(value, bool) or value is None:
        return {True: "✓", False: "✗", None: "–"}[value]
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    if isinstance(value, float):
        text = f"{value:,.2f}" if abs(value) >= 10_000 else f"{value:.2f}"
        return text.rstrip("0").rstrip(".")
    return str(value)


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Return a moment as people there read it."""
    return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
