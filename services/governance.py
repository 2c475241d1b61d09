"""How sound the data are: built-in checks written as rules, those of users, and a score that is kept month by month."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine import alerting
from engine.problems import BeihuoError, DefinitionError
from services import governance_tables, snapshot
from services.access import Access
from services.governance_tables import Finding
from services.labels import of_codes
from services.record_context import forms_of, targets
from services.refusal import not_found
from services.workspace import Workspace
from store import records, settings
from store.database import Session
from store.types import iso

Check = Mapping[str, Any]
TAG = "governance"
_CHECKS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("governance_checks.json").read_text("utf-8"))
_LAST, _MONTHS, _IGNORED = "governance.last", "governance.month.", "governance.ignored"
_KEPT = 500
_SHOWN = 5
_SYSTEM = "system"


def checks_of(session: Session) -> list[dict[str, Any]]:
    """Return the built-in checks, and the published rules that carry the tag `governance` as checks of the users' own."""
    own = [
        {
            "key": f"rule_{key}",
            "name": rule.get("name", key),
            "name_en": rule.get("name_en", rule.get("name", key)),
            "kind": "rule",
            "weight": 1,
            "rule": rule,
            "why": rule.get("description", ""),
            "why_en": rule.get("description_en", rule.get("description", "")),
            "own": True,
        }
        for key, rule in snapshot.published(session, "rule").items()
        if TAG in rule.get("tags", ())
    ]
    return [*_CHECKS, *own]


def run(workspace: Workspace) -> dict[str, Any]:
    """Look at everything now; keep what was found and the month's score; return it as `show` does for who sees all."""
    with workspace.read() as session:
        checks = checks_of(session)
        ignored = _ignored(session)
    found = {check["key"]: result for check, result in zip(checks, _results(workspace, checks, ignored), strict=True)}
    now = workspace.clock()
    score = _score(checks, found)
    month = now.astimezone(workspace.zone).strftime("%Y-%m")
    with workspace.write() as session:
        settings.put(session, _LAST, {"at": iso(now), "score": score, "checks": found}, user=_SYSTEM, now=now)
        counts = {key: one["affected"] for key, one in found.items()}
        settings.put(session, f"{_MONTHS}{month}", {"score": score, "affected": counts}, user=_SYSTEM, now=now)
    return show(workspace, user="")


def show(workspace: Workspace, *, user: str) -> dict[str, Any]:
    """Return `{at, score, history: [{month, score}], checks: [{key, name, why, form, expression, rows, affected, …}]}`.

    A check over a form of which *user* does not see everything is left out. What was never run has `at` null.
    """
    with workspace.read() as session:
        access = Access(session, workspace, user)
        last = settings.get(session, _LAST) or {"at": None, "score": None, "checks": {}}
        months = settings.every(session, _MONTHS)
        shown = [
            _told(check, last["checks"].get(check["key"]), _SHOWN)
            for check in checks_of(session)
            if not any(access.limited(form) for form in _forms(check) if form in access.documents)
        ]
    history = [{"month": key.removeprefix(_MONTHS), "score": value["score"]} for key, value in months.items()]
    return {"at": last["at"], "score": last["score"], "history": history[-12:], "checks": shown}


def findings(workspace: Workspace, *, check: str, user: str) -> dict[str, Any]:
    """Return one check with everything that was kept of what it found (at most 500).

    Raises:
        Refused: there is no such check, or *user* does not see all that it looks at.
    """
    with workspace.read() as session:
        access = Access(session, workspace, user)
        one = check_of(session, check)
        for form in _forms(one):
            if form in access.documents and access.limited(form):
                raise not_found("检查", "check", check)
        last = settings.get(session, _LAST) or {"checks": {}}
        return _told(one, last["checks"].get(check), _KEPT)


def check_of(session: Session, key: str) -> dict[str, Any]:
    """Return one check.

    Raises:
        Refused: there is none of that key.
    """
    found = next((one for one in checks_of(session) if one["key"] == key), None)
    if found is None:
        raise not_found("检查", "check", key)
    return found


def ignore(workspace: Workspace, *, check: str, items: Iterable[Mapping[str, str]], user: str) -> dict[str, Any]:
    """Let a check leave out what is right as it is, from now on; return `{ignored}`."""
    with workspace.write() as session:
        check_of(session, check)
        known = dict(settings.get(session, _IGNORED) or {})
        mine = dict.fromkeys([*known.get(check, ()), *(_name(item) for item in items)])
        settings.put(session, _IGNORED, {**known, check: list(mine)}, user=user, now=workspace.clock())
        last = settings.get(session, _LAST)
        if last and check in last["checks"]:
            _forget(last["checks"][check], set(mine))
            settings.put(session, _LAST, last, user=user, now=workspace.clock())
    return {"ignored": len(mine)}


def _forget(result: dict[str, Any], names: set[str]) -> None:
    left = [item for item in result["items"] if _name(item["keys"]) not in names]
    result["affected"] -= len(result["items"]) - len(left)
    result["items"] = left


def _ignored(session: Session) -> dict[str, set[str]]:
    return {key: set(names) for key, names in (settings.get(session, _IGNORED) or {}).items()}


def _name(keys: Mapping[str, str]) -> str:
    return "/".join(f"{name}={keys[name]}" for name in sorted(keys))


def _forms(check: Check) -> list[str]:
    return [str(check["rule"]["over"]), "sales"] if check["kind"] == "rule" else list(check["forms"])


def _results(
    workspace: Workspace, checks: list[dict[str, Any]], ignored: Mapping[str, set[str]]
) -> list[dict[str, Any]]:
    """Return what each check finds: `{rows, affected, items, error}`."""
    by_rule, broken = _by_rules(workspace, [check for check in checks if check["kind"] == "rule"])
    found = []
    for check in checks:
        try:
            rows, items = by_rule.get(check["key"]) or _by_table(workspace, check)
        except BeihuoError as error:
            broken[check["key"]] = str(error)
        if check["key"] in broken:
            found.append({"rows": 0, "affected": 0, "items": [], "error": broken[check["key"]]})
            continue
        kept = [item for item in items if _name(item["keys"]) not in ignored.get(check["key"], ())]
        found.append({"rows": rows, "affected": len(kept), "items": kept[:_KEPT], "error": None})
    return found


def _by_table(workspace: Workspace, check: Check) -> tuple[int, list[dict[str, Any]]]:
    if check["kind"] == "rule":
        return 0, []  # its form is not in this workspace
    with workspace.read() as session:
        rows, seen = governance_tables.CHECKS[check["kind"]](session, workspace, check["forms"])
    return rows, [_item(one) for one in seen]


def _item(one: Finding) -> dict[str, Any]:
    return {
        "form": one.form,
        "keys": one.keys,
        "label": one.label,
        "message": one.message,
        "message_en": one.message_en,
    }


Found = dict[str, tuple[int, list[dict[str, Any]]]]


def _by_rules(workspace: Workspace, checks: list[dict[str, Any]]) -> tuple[Found, dict[str, str]]:
    """Evaluate the checks that are rules together, as the rules of a run are; those that cannot run are told beside."""
    rules = [{**check["rule"], "key": check["key"], "name": check["name"]} for check in checks]
    taken = snapshot.of_drafts(workspace, rules)
    broken = {}
    for key, rule in list(taken.rules.items()):
        problems = alerting.check_rule(rule, taken.forms, taken.calendars)
        if problems:  # a field that the check reads is not in this workspace's form
            broken[key] = str(DefinitionError(problems))
            del taken.rules[key]
    found: Found = {
        key: (getattr(taken.tables.get(str(rule["over"])), "num_rows", 0), []) for key, rule in taken.rules.items()
    }
    if not taken.rules:
        return found, broken
    evaluated = alerting.evaluate(
        list(taken.rules.values()),
        taken.tables,
        now=workspace.clock(),
        forms=taken.forms,
        calendars=taken.calendars,
        zone=workspace.settings.timezone,
    )
    said = {check["key"]: (check["said"], check["said_en"]) for check in checks if "said" in check}
    for row in evaluated.breaches.to_pylist():
        names = evaluated.keys[row["rule"]]
        found[row["rule"]][1].append(_breach(row, taken, names, said.get(row["rule"])))
    _name_them(workspace, [item for _, items in found.values() for item in items])
    return found, broken


def _breach(
    row: Mapping[str, Any], taken: snapshot.Snapshot, names: Iterable[str], said: tuple[str, str] | None
) -> dict[str, Any]:
    """Return one finding, in the check's own words, or as the engine explains the rule for the record."""
    rule = taken.rules[row["rule"]]
    words = said or tuple(
        alerting.explanation(rule, row["values"], row["level"], language, forms=taken.forms)
        for language in ("zh", "en")
    )
    keys = {name: str(row[name]) for name in names}
    return {"form": str(rule["over"]), "keys": keys, "message": words[0], "message_en": words[1]}


def _name_them(workspace: Workspace, items: list[dict[str, Any]]) -> None:
    """Write beside each item how people call its record."""
    with workspace.read() as session:
        forms = forms_of(session)
        codes: dict[str, set[str]] = {}
        for item in items:
            for name, value in item["keys"].items():
                codes.setdefault(_target(forms, item["form"], name), set()).add(value)
        known = {form: of_codes(session, forms, form, sorted(some)) for form, some in codes.items() if form in forms}
    for item in items:
        words = (
            known.get(_target(forms, item["form"], name), {}).get(value, value) for name, value in item["keys"].items()
        )
        item["label"] = " · ".join(words)


def _target(forms: Mapping[str, dict[str, Any]], form: str, name: str) -> str:
    return form if name == "code" else targets(forms[form]).get(name, "")


def _score(checks: Iterable[Check], found: Mapping[str, Mapping[str, Any]]) -> float | None:
    """Return 0 … 100: the weighted share of rows that are right, over the checks that had something to look at."""
    weighed = [(check["weight"], found[check["key"]]) for check in checks if found[check["key"]]["rows"]]
    total = sum(weight for weight, _ in weighed)
    if not total:
        return None
    right = sum(weight * (1 - min(one["affected"] / one["rows"], 1)) for weight, one in weighed)
    return round(100.0 * float(right) / float(total), 1)


def _told(check: Check, result: Mapping[str, Any] | None, most: int) -> dict[str, Any]:
    found = result or {"rows": 0, "affected": 0, "items": [], "error": None}
    rule = check.get("rule")
    return {
        "key": check["key"],
        **{name: check[name] for name in ("name", "name_en", "why", "why_en", "weight", "kind")},
        "own": bool(check.get("own")),
        "form": _forms(check)[0],
        "expression": rule["levels"][0]["when"] if rule else None,
        "where": rule.get("where") if rule else None,
        "fix": check.get("fix"),
        "rows": found["rows"],
        "affected": found["affected"],
        "score": round(100 * (1 - min(found["affected"] / found["rows"], 1)), 1) if found["rows"] else None,
        "error": found["error"],
        "items": list(found["items"])[:most],
    }


def numbers_of(session: Session, form: str, items: Iterable[Mapping[str, str]]) -> list[int]:
    """Return the numbers of the records that have the *items*' keys."""
    found = (records.find(session, form, **dict(keys)) for keys in items)
    return [record.id for record in found if record is not None]
