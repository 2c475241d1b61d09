"""Packs: previewed, tested, installed in one transaction, confirmed, upgraded with the user's changes kept, undone, removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import rule_templates
from engine.definitions import KINDS
from engine.problems import DefinitionError
from rule_templates import Ability, Pack, Present, install_plan, newer, read_pack
from services.checks import problems_among
from services.pack_export import export
from services.pack_gaps import gaps
from services.pack_install import Answers, carry_out, needed, prepare, trial, with_packs
from services.pack_overlaps import overlaps
from services.pack_records import about, installed_packs
from services.pack_removal import remove
from services.pack_signatures import signature_of, trust
from services.pack_switch import confirm, still_off
from services.pack_try import try_out
from services.pack_undo import undo
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions
from store.database import Session

__all__ = [
    "Answers", "check", "check_upgrade", "confirm", "export", "get", "install", "list_", "open_pack", "preview", "remove", "test", "trust", "try_", "undo",
]  # fmt: skip
_NAMED = ("form", "workflow")
Source = str | Mapping[str, Any] | Path


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
    """Return the packs at hand with what is installed of them, and what of that still waits for confirmation."""
    shipped = {name: rule_templates.load(name) for name in rule_templates.names()}
    with workspace.read() as session:
        installed = installed_packs(session)
        off = {key: still_off(session, record) for key, record in installed.items()}
    return [{**_card(pack), **_state(installed.get(pack.key), off.get(pack.key, ()))} for pack in shipped.values()] + [
        {**record["about"], **_state(record, off[key])} for key, record in installed.items() if key not in shipped
    ]


def get(workspace: Workspace, *, pack: Source) -> dict[str, Any]:
    """Return one pack with its inputs and definitions."""
    opened = open_pack(pack)
    with workspace.read() as session:
        have = installed_packs(session).get(opened.key)
        off = still_off(session, have) if have else []
    listed = [
        {"kind": d["kind"], "key": d["key"], "name": d.get("name", d["key"]), "name_en": d.get("name_en", "")}
        for d in opened.document["definitions"]
    ]
    tests = [
        {"name": one["name"], "name_en": one.get("name_en", one["name"])} for one in opened.document.get("tests", ())
    ]
    given = have["inputs"] if have else {}
    return {**_card(opened), **_state(have, off), "inputs": dict(opened.inputs), "given": given, "definitions": listed, "tests": tests}  # fmt: skip


def preview(workspace: Workspace, *, pack: Source, answers: Answers | None = None) -> dict[str, Any]:
    """Return what installing would do, and what the pack's own tests say; nothing is written.

    Returns:
        `{pack, signature, requires, steps: [{kind, key, name, action, conflict, conflicts, before, after, theirs, abilities}],
        abilities, gaps, overlaps, problems, tests}`.
    """
    opened = open_pack(pack)
    with workspace.read() as session:
        ready = prepare(session, opened, answers or Answers())
        there = definitions.every(session)
        lacking, signature = gaps(session, ready.plan), signature_of(session, opened)
    names = {state.key: state.name for state in there if state.kind in _NAMED}
    names |= {step.key: step.name for step in ready.plan.steps if step.kind in _NAMED}
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
            "theirs": step.theirs if step.conflict else None,
            "abilities": _words(step.gained, names),
        }
        for step in ready.plan.steps
    ]
    return {
        "pack": _card(opened),
        "signature": signature,
        "requires": [about(one) for one in ready.before],
        "steps": steps,
        "abilities": _words({one for step in ready.plan.steps for one in step.gained}, names),
        "gaps": lacking,
        "overlaps": overlaps(workspace, ready.plan),
        "problems": [problem.as_dict() for problem in ready.plan.problems],
        "tests": ready.trial,
    }


def install(
    workspace: Workspace, *, pack: Source, user: str, answers: Answers | None = None, confirmed: bool = False
) -> dict[str, Any]:
    """Install or upgrade a pack, and the shipped packs it needs, in one transaction; what it may do stays off.

    Args:
        workspace: where.
        pack: the key of a shipped pack, a file, or a document.
        user: who installs it.
        answers: inputs, choices for conflicts, people for its roles, channels in place of its own.
        confirmed: whether its actions are switched on at once.

    Returns:
        `{pack, version, published: [{kind, key, version}], kept: ["kind/key"], off: ["kind/key"], tests}`.

    Raises:
        DefinitionError: the pack, its inputs or its tests are not in order; nothing has changed.
        Refused: the pack is older than what is installed, or its signature is broken.
    """
    opened, said = open_pack(pack), answers or Answers()

    def work(session: Session) -> dict[str, Any]:
        signature_of(session, opened, refuse=True)
        return carry_out(session, workspace, prepare(session, opened, said), said, user)

    told = workspace.transact(work)
    if confirmed:
        confirm(workspace, pack=opened.key, user=user)
        told["off"] = []
    return told


def check(pack: Pack) -> None:
    """Check what only the rooms know: formulas, links, workflows, among the pack's own definitions and those of the shipped ones.

    Raises:
        DefinitionError: everything that is wrong.
    """
    before = needed(pack, {})
    problems = list(install_plan(pack, Present(installed={one.key: one.version for one in before})).problems)
    problems += problems_among(pack.definitions(), with_packs({kind: {} for kind in KINDS}, before))
    if problems:
        raise DefinitionError(problems)


def check_upgrade(workspace: Workspace, pack: Pack) -> None:
    """Say so when *pack* is no upgrade here.

    Raises:
        Refused: it is not installed, or what is installed is as new.
    """
    with workspace.read() as session:
        record = installed_packs(session).get(pack.key)
    if record is None:
        raise Refused("not_found", f"还没有安装“{pack.key}”", f"“{pack.key}” is not installed")
    if not newer(pack.version, record["version"]):
        have = record["version"]
        raise Refused(
            "conflict", f"已安装 {have},{pack.version} 不比它新", f"{have} is installed, {pack.version} is not newer"
        )


def test(workspace: Workspace | None, *, pack: Source) -> list[dict[str, Any]]:
    """Run the pack's own tests; without a workspace over the shipped packs that it needs."""
    opened = open_pack(pack)
    if workspace is None:
        return trial(opened, needed(opened, {}), {}, {})
    with workspace.read() as session:
        return prepare(session, opened, Answers()).trial


def try_(*, pack: Source, inputs: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Try a pack out with its own sample data in a throw-away workspace; see `services.pack_try`.

    Raises:
        DefinitionError: it could not be installed even there.
    """
    return try_out(open_pack(pack), inputs or {})


def _card(pack: Pack) -> dict[str, Any]:
    counted: dict[str, int] = {}
    for definition in pack.document["definitions"]:
        counted[definition["kind"]] = counted.get(definition["kind"], 0) + 1
    return {**about(pack), "counts": counted, "tested": len(pack.document.get("tests", ()))}


def _state(record: Mapping[str, Any] | None, off: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    return {"installed": record["version"] if record else None, "off": list(off)}


def _words(found: Iterable[Ability], names: Mapping[str, str]) -> list[dict[str, str]]:
    return [one.as_dict(names) for one in sorted(found)]
