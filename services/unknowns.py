"""What the newest runs could not judge, and where to mend it: the records that miss a value, and the field that is empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.alerting.labels import LABELS
from form_builder import language_fields
from services import labels, snapshot
from services.workspace import Workspace
from store import definitions, runs
from store.database import Session
from store.types import iso

Document = Mapping[str, Any]


def list_(workspace: Workspace, *, rule: str | None = None) -> list[dict[str, Any]]:
    """Return, rule by rule, every reason for which records could not be judged, the most frequent first.

    Each is `{rule: {key, name}, over, at, reason, reason_en, count, examples: [{keys, labels}], fix}`; *fix* is the field that
    is empty, `{form, field, label, codes}`, or None where the reason names no field (a division by zero).
    """
    with workspace.read() as session:
        forms = snapshot.published(session, "form")
        last = runs.last_of_rules(session)
        names = {
            state.key: state for state in definitions.every(session, "rule") if state.runs and rule in {None, state.key}
        }
        found = [
            _shown(session, forms, state.document, reason)
            | {"rule": {"key": key, "name": state.name}, "at": iso(last[key].at)}
            for key, state in names.items()
            if key in last
            for reason in last[key].reasons
        ]
    return sorted(found, key=lambda one: -one["count"])


def _shown(session: Session, forms: Mapping[str, Document], rule: Document, reason: Document) -> dict[str, Any]:
    over = str(rule["over"])
    examples = [dict(keys) for keys in reason.get("examples", ())]
    named = labels.of(session, forms, forms[over], examples) if over in forms else [{} for _ in examples]
    return {
        "over": over,
        "reason": reason["reason"],
        "reason_en": reason["reason_en"],
        "count": reason["count"],
        "examples": [{"keys": keys, "labels": told} for keys, told in zip(examples, named, strict=True)],
        "fix": _fix(forms, over, str(reason["reason"]), examples),
    }


def _fix(
    forms: Mapping[str, Document], over: str, reason: str, examples: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """Return the field that a reason (“提前期 为空”) tells of: its form, its label, and the codes of the examples."""
    told = reason.removesuffix(" 为空")
    if over not in forms or told == reason:
        return None
    for path, label, form in _paths(language_fields(forms[over], forms), over, forms, "", "", 3):
        field = path.rpartition(".")[2]
        if told in {path, label, label.replace(".", "·"), label.rpartition(".")[2], LABELS.get(field)}:
            first = path.partition(".")[0]
            codes = [str(keys[first]) for keys in examples if keys.get(first)] if "." in path else []
            return {"form": form, "field": field, "label": label, "codes": list(dict.fromkeys(codes))}
    return None


def _paths(
    fields: Mapping[str, Any], form: str, forms: Mapping[str, Document], path: str, label: str, depth: int
) -> Iterator[tuple[str, str, str]]:
    """Yield path, label and form of every field, nearest first: a form's own before those behind its links."""
    links = []
    for key, field in fields.items():
        here, name = f"{path}{key}", f"{label}{field.get('label', key)}"
        if field.get("type") == "link" and field.get("form") in forms:
            links.append((field, here, name))
        elif field.get("type") != "facts":
            yield here, name, form
    for field, here, name in links if depth else ():
        yield from _paths(field.get("fields", {}), str(field["form"]), forms, f"{here}.", f"{name}.", depth - 1)
