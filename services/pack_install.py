"""What installing a pack would do in this workspace, and doing it: one transaction, its tests first, its actions off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import rule_templates
from engine.problems import DefinitionError, Problem
from rule_templates import Action, Pack, Plan, Present, Step, install_plan
from services.checks import Known, known, problems_among
from services.pack_gaps import give_roles, with_channels
from services.pack_records import PREFIX, about, installed_packs, note_pack
from services.pack_switch import switch_off
from services.pack_trial import run_tests
from services.publish import publish_many_in
from services.workspace import Workspace
from store import definitions, settings
from store.database import Session

_AS_IT_IS = frozenset({Action.ADD, Action.UPDATE, Action.REPLACE, Action.RENAME})


@dataclass(frozen=True, slots=True)
class Answers:
    """What the installing person said.

    Args:
        inputs: the pack's inputs.
        choices: for definitions in conflict, `"kind/key"` → `keep`, `replace` or `rename`.
        people: role → the users who take it, for roles that nobody has.
        channels: channel of the pack → the channel to use in its place.
    """

    inputs: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Iterable[str]] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pack, what it needs before it, and what installing would do."""

    pack: Pack
    plan: Plan
    before: tuple[Pack, ...]
    trial: list[dict[str, Any]]


def prepare(session: Session, pack: Pack, answers: Answers, *, tested: bool = True) -> Prepared:
    """Return what installing *pack* would do; its own tests have been run, unless *tested* says not to.

    Raises:
        DefinitionError: the inputs do not fit.
    """
    present = _present(session, pack)
    before = needed(pack, present.installed)
    soon = {**present.installed, **{one.key: one.version for one in before}}
    documents = with_channels(pack.definitions(answers.inputs), answers.channels)
    plan = install_plan(pack, Present(present.definitions, soon, present.originals), documents, answers.choices)
    forms = {key: one for (kind, key), one in present.definitions.items() if kind == "form"}
    calendars = {key: one for (kind, key), one in present.definitions.items() if kind == "calendar"}
    wrong = [*plan.problems, *problems_among(plan.documents, with_packs(known(session), before))]
    outcomes = trial(pack, before, forms, calendars) if tested and not wrong else []
    return Prepared(pack, Plan(plan.steps, tuple(wrong)), tuple(before), outcomes)


def with_packs(there: Known, packs: Iterable[Pack]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Return what is *there* with the definitions of *packs* by their default inputs, where there is none of their key."""
    found = {kind: dict(keys) for kind, keys in there.items()}
    for pack in packs:
        for definition in pack.definitions():
            found.setdefault(definition["kind"], {}).setdefault(definition["key"], definition)
    return found


def carry_out(session: Session, workspace: Workspace, ready: Prepared, answers: Answers, user: str) -> dict[str, Any]:
    """Install what was prepared; return `{pack, version, published, kept, off, tests}`.

    Raises:
        DefinitionError: there are problems, or one of the pack's tests fails; nothing has changed.
    """
    problems = list(ready.plan.problems) + _failed(ready.trial)
    if problems:
        raise DefinitionError(problems)
    for one in ready.before:
        _publish(session, workspace, one, prepare(session, one, Answers()).plan, Answers(), user)
    told = _publish(session, workspace, ready.pack, ready.plan, answers, user)
    give_roles(session, workspace, answers.people, user)
    return told | {"tests": ready.trial}


def _present(session: Session, pack: Pack) -> Present:
    states = [state for state in definitions.every(session) if state.version and not state.archived]
    there = {(state.kind, state.key): state.document for state in states}
    installed = installed_packs(session)
    originals = {(one["kind"], one["key"]): one for one in installed.get(pack.key, {}).get("originals", ())}
    versions = {key: record["version"] for key, record in installed.items()}
    return Present(there, versions, originals)


def needed(pack: Pack, installed: Mapping[str, str]) -> list[Pack]:
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


def trial(
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


def _failed(tested: Iterable[Mapping[str, Any]]) -> list[Problem]:
    problems = []
    for place, one in enumerate(tested):
        for difference in one["differences"]:
            message = f"包自带的测试“{one['name']}”没有通过:{difference['message']}"
            message_en = f"the pack's own test “{one['name_en']}” fails: {difference['message_en']}"
            problems.append(Problem(f"$.tests[{place}]", message, "", message_en))
    return problems


def _original(session: Session, step: Step) -> dict[str, Any]:
    """Return what the next upgrade compares with: the pack's own version, as it was stored where it was published."""
    if step.action in _AS_IT_IS and step.after is not None:
        state = definitions.get(session, step.kind, str(step.after["key"]))
        if state is not None:
            return {**state.document, "kind": step.kind}
    return dict(step.theirs or {})


def _publish(
    session: Session, workspace: Workspace, pack: Pack, plan: Plan, answers: Answers, user: str
) -> dict[str, Any]:
    documents = plan.documents
    states = {(one["kind"], one["key"]): definitions.get(session, one["kind"], one["key"]) for one in documents}
    published = publish_many_in(
        session, workspace, documents, user=user, origin=f"{pack.key}@{pack.version}", checked=True
    )
    changed = [
        {
            **one,
            "before": state.version if state and not state.archived else 0,
            "enabled": bool(state and state.enabled),
        }
        for one in published
        if (state := states[one["kind"], one["key"]]) is None or state.archived or state.version != one["version"]
    ]
    off = switch_off(session, workspace, plan, user)
    previous = settings.get(session, PREFIX + pack.key)
    if previous is not None:
        previous.pop("previous", None)
        off = list(dict.fromkeys([*previous.get("off", ()), *off]))
    record = {
        "about": about(pack),
        "version": pack.version,
        "inputs": dict(answers.inputs),
        "originals": [dict((step.after if step.action is Action.RENAME else step.theirs) or {}) for step in plan.steps],
        "published": changed,
        "off": off,
        "previous": previous,
    }
    if changed or previous is None or previous["version"] != pack.version:
        settings.put(session, PREFIX + pack.key, record, user=user, now=workspace.clock())
        told = (f"安装模板包 {pack.about['name']} {pack.version}", f"installed the pack {pack.key} {pack.version}")
        note_pack(session, workspace, user, "pack.installed", pack.key, told, {"published": changed, "off": off})
    kept = [f"{step.kind}/{step.key}" for step in plan.steps if step.action is Action.KEEP]
    return {"pack": pack.key, "version": pack.version, "published": changed, "kept": kept, "off": off}
