"""What installing a pack would do: added, unchanged, merged, in conflict; decided before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from engine.problems import Problem
from rule_templates.abilities import Ability, abilities
from rule_templates.merge import merge
from rule_templates.pack import Pack
from rule_templates.versions import allows

Name = tuple[str, str]
Definitions = Mapping[Name, Mapping[str, Any]]


# A role that people hold, or a form that they use, never comes to grant more unless somebody chooses so.
GRANTING = frozenset({"role", "form"})


class Action(StrEnum):
    """What becomes of one definition."""

    ADD = "add"
    SAME = "same"
    UPDATE = "update"
    MERGE = "merge"
    KEEP = "keep"
    REPLACE = "replace"
    RENAME = "rename"


@dataclass(frozen=True, slots=True)
class Step:
    """One definition of the pack and what becomes of it.

    Args:
        kind: of the definition.
        key: its key in the pack.
        name: its name.
        action: what becomes of it.
        before: what is published now, or None.
        after: what will be published, or None when nothing is.
        conflict: whether both sides changed it, so that the person installing has to choose.
        conflicts: the paths at which they did.
        theirs: the pack's own version of it.
    """

    kind: str
    key: str
    name: str
    action: Action
    before: Mapping[str, Any] | None
    after: dict[str, Any] | None
    conflict: bool = False
    conflicts: tuple[str, ...] = ()
    theirs: Mapping[str, Any] | None = None

    @property
    def gained(self) -> frozenset[Ability]:
        """What the definition may do after the installation and could not do before it."""
        before = None if self.before is None else {**self.before, "kind": self.kind}
        return abilities(self.after) - abilities(before)


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of an installation; with problems it must not be carried out."""

    steps: tuple[Step, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def documents(self) -> list[dict[str, Any]]:
        """What will be published."""
        return [step.after for step in self.steps if step.after is not None]


@dataclass(frozen=True, slots=True)
class Present:
    """What the workspace has.

    Args:
        definitions: published definitions by (kind, key).
        installed: packs by key with their version.
        originals: what an earlier version of this pack published, by (kind, key): the common ground of a merge.
    """

    definitions: Definitions = field(default_factory=dict)
    installed: Mapping[str, str] = field(default_factory=dict)
    originals: Definitions = field(default_factory=dict)


def install_plan(
    pack: Pack,
    present: Present,
    documents: Iterable[dict[str, Any]] | None = None,
    choices: Mapping[str, str] | None = None,
) -> Plan:
    """Return what installing *pack* would do.

    Args:
        pack: the pack.
        present: what the workspace has.
        documents: its definitions with the inputs filled in, where they are not the defaults.
        choices: for definitions in conflict, `"kind/key"` → `keep` (the default), `replace` or `rename`.
    """
    documents = pack.definitions() if documents is None else documents
    steps = [replace(_step(one, present, choices or {}), theirs=one) for one in documents]
    renamed = {
        (step.kind, step.key): str(step.after["key"]) for step in steps if step.action is Action.RENAME and step.after
    }
    if renamed:
        steps = [_with_new_names(step, renamed) for step in steps]
    return Plan(tuple(steps), tuple(_requirements(pack, present)))


def _requirements(pack: Pack, present: Present) -> Iterator[Problem]:
    for key, requirement in pack.requires.items():
        have, path = present.installed.get(key), f"$.about.requires.{key}"
        if have is None:
            message = f"需要先安装模板包“{key}”({requirement})"
            message_en = f"the pack “{key}” ({requirement}) has to be installed first"
            yield Problem(path, message, f"beihuo pack install {key}", message_en, f"beihuo pack install {key}")
        elif not allows(requirement, have):
            message = f"需要模板包“{key}” {requirement},现有 {have}"
            message_en = f"needs the pack “{key}” {requirement}, {have} is installed"
            yield Problem(path, message, "先升级它", message_en, "upgrade it first")


def _step(definition: dict[str, Any], present: Present, choices: Mapping[str, str]) -> Step:
    kind, key = definition["kind"], definition["key"]
    name = str(definition.get("name", key))
    before = present.definitions.get((kind, key))
    if before is None:
        return Step(kind, key, name, Action.ADD, None, definition)
    if _same(before, definition):
        return Step(kind, key, name, Action.SAME, before, None)
    original = present.originals.get((kind, key))
    if kind in GRANTING and abilities(definition) - abilities({**before, "kind": kind}):
        return _chosen(definition, before, choices, None, ("$.permissions",))
    if original is not None and _same(before, original):
        return Step(kind, key, name, Action.UPDATE, before, definition)
    if original is not None:
        merged, conflicts = merge(original, {**before, "kind": kind}, definition)
        if not conflicts:
            after = None if _same(before, merged) else merged
            return Step(kind, key, name, Action.MERGE, before, after)
        return _chosen(definition, before, choices, merged, tuple(conflicts))
    return _chosen(definition, before, choices, None, ("$",))


def _chosen(
    definition: dict[str, Any],
    before: Mapping[str, Any],
    choices: Mapping[str, str],
    merged: dict[str, Any] | None,
    conflicts: tuple[str, ...],
) -> Step:
    kind, key, name = definition["kind"], definition["key"], str(definition.get("name", definition["key"]))
    choice = choices.get(f"{kind}/{key}", "keep")
    if choice == "replace":
        return Step(kind, key, name, Action.REPLACE, before, definition, True, conflicts)
    if choice == "rename":
        after = {**definition, "key": f"{key[:52]}_2", "name": f"{name} 2"}
        return Step(kind, key, name, Action.RENAME, before, after, True, conflicts)
    after_keep = merged if merged is not None and not _same(before, merged) else None
    return Step(kind, key, name, Action.KEEP, before, after_keep, True, conflicts)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _bare(one) == _bare(other)


def _bare(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in definition.items() if key != "kind"}


REFERENCES = {
    "form": ("form", "over", "into"),
    "rule": ("rule",),
    "workflow": ("workflow", "start"),
    "route": ("route",),
    "calendar": ("calendar",),
    "message": ("message",),
    "policy": ("policy",),
}


def _with_new_names(step: Step, renamed: Mapping[Name, str]) -> Step:
    """Let a definition of the pack refer to another one of the pack by its new key."""
    if step.after is None:
        return step
    words = {(word, key): new for (kind, key), new in renamed.items() for word in REFERENCES.get(kind, ())}
    after = _renamed(step.after, words)
    return replace(step, after=after)


def _renamed(value: Any, words: Mapping[tuple[str, str], str]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: words.get((key, inner), inner) if isinstance(inner, str) else _renamed(inner, words)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_renamed(inner, words) for inner in value]
    return value
