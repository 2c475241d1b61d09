"""Definitions as the API shows them: lists with what each kind adds, one with its draft, its versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from services.refusal import not_found
from services.workspace import Workspace
from store import definitions, episodes, loads, records, runs
from store.database import Session
from store.definitions import DefinitionState
from store.types import iso

Extras = Mapping[str, Mapping[str, Any]]


def current(workspace: Workspace, kind: str, key: str) -> dict[str, Any]:
    """Return the published document of (kind, key).

    Raises:
        Refused: nothing is published under that key.
    """
    with workspace.read() as session:
        return current_in(session, kind, key)


def current_in(session: Session, kind: str, key: str) -> dict[str, Any]:
    """Return the published document of (kind, key), inside a transaction."""
    state = definitions.get(session, kind, key)
    if state is None or state.version == 0 or state.archived:
        raise not_found("定义", kind, key)
    return state.document


def all_current(workspace: Workspace, kind: str) -> dict[str, dict[str, Any]]:
    """Return the documents of *kind* that are in use (published, on and sound), by key."""
    with workspace.read() as session:
        return all_current_in(session, kind)


def all_current_in(session: Session, kind: str) -> dict[str, dict[str, Any]]:
    """Return the documents of *kind* that are in use, inside a transaction."""
    return {state.key: state.document for state in definitions.every(session, kind) if state.runs}


def list_(workspace: Workspace, *, kind: str, archived: bool = False) -> list[dict[str, Any]]:
    """Return the definitions of *kind* with their state and what the kind adds to it."""
    with workspace.read() as session:
        states = definitions.every(session, kind, archived=archived)
        extras = _EXTRAS.get(kind, _no_extras)(session, states, workspace.clock())
    return [_item(state) | dict(extras.get(state.key, {})) for state in states]


def show(workspace: Workspace, *, kind: str, key: str) -> dict[str, Any]:
    """Return one definition with its problems and its draft."""
    with workspace.read() as session:
        state = definitions.get(session, kind, key)
    if state is None:
        raise not_found("定义", kind, key)
    draft = state.draft and {
        "definition": state.draft.document,
        "etag": state.draft.etag,
        "updated_at": iso(state.draft.updated_at),
        "updated_by": state.draft.updated_by,
    }
    return {
        "key": state.key,
        "name": state.name,
        "kind": kind,
        "version": state.version,
        "status": state.status,
        "enabled": state.enabled,
        "origin": state.origin,
        "definition": state.document or None,
        "problems": state.problems,
        "draft": draft,
    }


def versions(workspace: Workspace, *, kind: str, key: str) -> list[dict[str, Any]]:
    """Return the published versions, newest first, without their documents."""
    with workspace.read() as session:
        found = definitions.versions(session, kind, key)
    return [
        {"version": v.version, "published_at": iso(v.published_at), "published_by": v.published_by, "note": v.note}
        for v in found
    ]


def version(workspace: Workspace, *, kind: str, key: str, version: int) -> dict[str, Any]:
    """Return one published version with its document."""
    with workspace.read() as session:
        document = definitions.document(session, kind, key, version)
    if document is None:
        raise not_found("版本", "version", f"{key} {version}")
    return {"key": key, "kind": kind, "version": version, "definition": document}


def _item(state: DefinitionState) -> dict[str, Any]:
    touched = state.draft.updated_at if state.draft else state.updated_at
    return {
        "key": state.key,
        "name": state.name,
        "version": state.version,
        "status": state.status,
        "enabled": state.enabled,
        "updated_at": iso(max(touched, state.updated_at)),
        "updated_by": state.draft.updated_by if state.draft else state.updated_by,
        "problems": len(state.problems),
        "has_draft": state.draft is not None,
        "origin": state.origin,
    }


def _no_extras(_session: Session, _states: list[DefinitionState], _now: dt.datetime) -> Extras:
    return {}


def _of_forms(session: Session, states: list[DefinitionState], _now: dt.datetime) -> Extras:
    found = {}
    for state in states:
        document = _shown(state)
        facts = document.get("storage") == "facts"
        found[state.key] = {
            "storage": document.get("storage", "records"),
            "icon": document.get("icon"),
            "fields": len(document.get("fields", ())),
            "records": None
            if facts or records.state(session, state.key) is None
            else records.count(session, state.key),
        }
    return found


def _of_rules(session: Session, states: list[DefinitionState], now: dt.datetime) -> Extras:
    firing, week = episodes.count_by_rule(session), episodes.count_started(session, now - dt.timedelta(days=7))
    last = runs.last_of_rules(session)
    seconds = runs.seconds_a_rule(session, {one.run_id for one in last.values()})
    return {
        state.key: {
            "over": _shown(state).get("over"),
            "levels": [level.get("level") for level in _shown(state).get("levels", ())],
            "schedule": _shown(state).get("schedule"),
            "last_run": {"at": iso(last[state.key].at), "fired": last[state.key].fired} if state.key in last else None,
            "firing": firing.get(state.key, 0),
            "alerts_7d": week.get(state.key, 0),
            "unknown": last[state.key].unknown if state.key in last else 0,
            "cost": {"rows": last[state.key].rows, "seconds": seconds.get(last[state.key].run_id, 0.0)}
            if state.key in last
            else None,
            "trial": _shown(state).get("trial"),
        }
        for state in states
    }


def _of_workflows(session: Session, states: list[DefinitionState], now: dt.datetime) -> Extras:
    counted = loads.counts(session, since=now)
    return {
        state.key: {
            "form": _shown(state).get("form"),
            "steps": len(_shown(state).get("nodes", ())),
            "running": counted.get(state.key, {}).get("running", 0),
            "incidents": counted.get(state.key, {}).get("incident", 0),
        }
        for state in states
    }


def _shown(state: DefinitionState) -> Mapping[str, Any]:
    return state.document or (state.draft.document if state.draft else {})


_EXTRAS: dict[str, Callable[[Session, list[DefinitionState], dt.datetime], Extras]] = {
    "form": _of_forms,
    "rule": _of_rules,
    "workflow": _of_workflows,
}
