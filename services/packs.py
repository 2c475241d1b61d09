"""Packs: previewed, tested, installed in one transaction, upgraded with the user's changes kept, undone, removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rule_templates
from engine.problems import DefinitionError, Problem
from rule_templates import Action, Pack, Plan, Present, install_plan, read_pack
from services.pack_records import PREFIX, installed_packs, note_pack
from services.pack_trial import run_tests
from services.pack_undo import undo
from services.publish import publish_many_in
from services.workspace import Workspace
from store import definitions, settings
from store.database import Session

__all__ = ["get", "install", "list_", "open_pack", "preview", "test", "undo"]
Source = str | Mapping[str, Any] | Path


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A pack, what it needs before it, and what installing would do."""

    pack: Pack
    plan: Plan
    before: tuple[Pack, ...]
    trial: list[dict[str, Any]]


def open_pack(source: Source) -> Pack:
    """Return a pack by the key of a shipped one, from a file, or from a document.

    Raises:
        DefinitionError: everything that is wrong with it.
        UnknownName: no shipped pack is called so.
    """
    if isinstance(source, str) and not source.endswith(".json"):
        return rule_templates.load(source)
    return read_pack(Path(source) if isinstance(source, str) else source)


def list_(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the packs at hand with what is installed of them."""
    with workspace.read() as session:
        installed = installed_packs(session)
    found = []
    for name in rule_templates.names():
        pack = rule_templates.load(name)
        have = installed.get(pack.key)
        found.append({**_about(pack), "installed": have["version"] if have else None})
    shipped = {one["key"] for one in found}
    own = [
        {**record["about"], "installed": record["version"]} for key, record in installed.items() if key not in shipped
    ]
    return found + own


def get(workspace: Workspace, *, pack: Source) -> dict[str, Any]:
    """Return one pack with its inputs and definitions."""
    opened = open_pack(pack)
    with workspace.read() as session:
        have = installed_packs(session).get(opened.key)
    listed = [
        {"kind": d["kind"], "key": d["key"], "name": d.get("name", d["key"])} for d in opened.document["definitions"]
    ]
    return {
        **_about(opened),
        "installed": have["version"] if have else None,
        "inputs": dict(opened.inputs),
        "given": have["inputs"] if have else {},
        "definitions": listed,
    }


def preview(
    workspace: Workspace,
    *,
    pack: Source,
    inputs: Mapping[str, Any] | None = None,
    choices: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what installing would do, and what the pack's own tests say; nothing is written.

    Returns:
        `{pack, requires, steps: [{kind, key, name, action, conflict, conflicts, before, after}], problems, tests}`.
    """
    opened = open_pack(pack)
    with workspace.read() as session:
        ready = _prepare(session, opened, inputs, choices)
    steps = [
        {
            "kind": step.kind,
            "key": step.key,
            "name": step.name,
            "action": str(step.action),
            "conflict": step.conflict,
            "conflicts": list(step.conflicts),
            "before": step.before,
            "after": step.after,
        }
        for step in ready.plan.steps
    ]
    return {
        "pack": _about(opened),
        "requires": [_about(one) for one in ready.before],
        "steps": steps,
        "problems": [problem.as_dict() for problem in ready.plan.problems],
        "tests": ready.trial,
    }


def install(
    workspace: Workspace,
    *,
    pack: Source,
    user: str,
    inputs: Mapping[str, Any] | None = None,
    choices: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Install or upgrade a pack, and the shipped packs it needs, in one transaction.

    Returns:
        `{pack, version, published: [{kind, key, version}], kept: ["kind/key"], tests}`.

    Raises:
        DefinitionError: the pack, its inputs or its tests are not in order; nothing has changed.
    """
    opened = open_pack(pack)

    def work(session: Session) -> dict[str, Any]:
        ready = _prepare(session, opened, inputs, choices)
        problems = list(ready.plan.problems) + _failed(ready.trial)
        if problems:
            raise DefinitionError(problems)
        for needed in ready.before:
            _carry_out(session, workspace, needed, install_plan(needed, _present(session, needed)), {}, user)
        return _carry_out(session, workspace, opened, ready.plan, dict(inputs or {}), user) | {"tests": ready.trial}

    return workspace.transact(work)


def test(workspace: Workspace | None, *, pack: Source) -> list[dict[str, Any]]:
    """Run the pack's own tests; without a workspace over the shipped packs that it needs."""
    opened = open_pack(pack)
    if workspace is None:
        return _trial(opened, _needed(opened, {}), {}, {})
    with workspace.read() as session:
        return _prepare(session, opened, None, None).trial


def _about(pack: Pack) -> dict[str, Any]:
    return {**pack.about}


def _present(session: Session, pack: Pack) -> Present:
    states = [state for state in definitions.every(session) if state.version and not state.archived]
    there = {(state.kind, state.key): state.document for state in states}
    installed = installed_packs(session)
    originals = {(one["kind"], one["key"]): one for one in installed.get(pack.key, {}).get("originals", ())}
    versions = {key: record["version"] for key, record in installed.items()}
    return Present(there, versions, originals)


def _needed(pack: Pack, installed: Mapping[str, str]) -> list[Pack]:
    """Return the shipped packs that *pack* needs and that are not installed, those they need first."""
    found: dict[str, Pack] = {}

    def visit(one: Pack) -> None:
        for key in one.requires:
            if key not in installed and key not in found and key in rule_templates.names():
                needed = rule_templates.load(key)
                visit(needed)
                found[key] = needed

    visit(pack)
    return list(found.values())


def _prepare(
    session: Session, pack: Pack, inputs: Mapping[str, Any] | None, choices: Mapping[str, str] | None
) -> _Prepared:
    present = _present(session, pack)
    before = _needed(pack, present.installed)
    soon = {**present.installed, **{one.key: one.version for one in before}}
    plan = install_plan(pack, Present(present.definitions, soon, present.originals), inputs, choices)
    forms = {key: one for (kind, key), one in present.definitions.items() if kind == "form"}
    calendars = {key: one for (kind, key), one in present.definitions.items() if kind == "calendar"}
    trial = [] if plan.problems else _trial(pack, before, forms, calendars)
    return _Prepared(pack, plan, tuple(before), trial)


def _trial(
    pack: Pack,
    before: Iterable[Pack],
    forms: Mapping[str, Mapping[str, Any]],
    calendars: Mapping[str, Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Run the tests over the pack's own definitions where it has them, so that a user's changes do not fail them."""
    known = {"form": dict(forms), "calendar": dict(calendars)}
    for one in (*before, *(rule_templates.load(key) for key in pack.requires if key in rule_templates.names()), pack):
        for definition in one.definitions():
            if definition["kind"] in known:
                known[definition["kind"]][definition["key"]] = definition
    return run_tests(pack, known["form"], known["calendar"])


def _failed(trial: Iterable[Mapping[str, Any]]) -> list[Problem]:
    problems = []
    for place, one in enumerate(trial):
        for difference in one["differences"]:
            message = f"包自带的测试“{one['name']}”没有通过:{difference['message']}"
            message_en = f"the pack's own test “{one['name_en']}” fails: {difference['message_en']}"
            problems.append(Problem(f"$.tests[{place}]", message, "", message_en))
    return problems


def _carry_out(
    session: Session, workspace: Workspace, pack: Pack, plan: Plan, inputs: dict[str, Any], user: str
) -> dict[str, Any]:
    documents = plan.documents
    versions = {
        (one["kind"], one["key"]): state.version if (state := definitions.get(session, one["kind"], one["key"])) else 0
        for one in documents
    }
    origin = f"{pack.key}@{pack.version}"
    published = publish_many_in(session, workspace, documents, user=user, origin=origin)
    changed = [
        {**one, "before": versions[one["kind"], one["key"]]}
        for one in published
        if one["version"] != versions[one["kind"], one["key"]]
    ]
    previous = settings.get(session, PREFIX + pack.key)
    if previous is not None:
        previous.pop("previous", None)
    record = {
        "about": _about(pack),
        "version": pack.version,
        "inputs": inputs,
        "originals": pack.definitions(inputs),
        "published": changed,
        "previous": previous,
    }
    if changed or previous is None or previous["version"] != pack.version:
        settings.put(session, PREFIX + pack.key, record, user=user, now=workspace.clock())
        told = (f"安装模板包 {pack.about['name']} {pack.version}", f"installed the pack {pack.key} {pack.version}")
        note_pack(session, workspace, user, "pack.installed", pack.key, told, {"published": changed})
    kept = [f"{step.kind}/{step.key}" for step in plan.steps if step.action is Action.KEEP]
    return {"pack": pack.key, "version": pack.version, "published": changed, "kept": kept}
