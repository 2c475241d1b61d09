"""Template packs: read, checked, filled in, and planned before anything is installed.

names() -> list[str]                              the packs that come with Beihuo (and with other distributions)
load(name) -> Pack                                one of them
read_pack(source) -> Pack                         a document, JSON text or file; DefinitionError with every problem
install_plan(pack, present, inputs, choices)      what installing would do: add, same, update, merge, conflict
fill(document, values)                            `{"$input": "name"}` replaced
abilities(definition)                             what a definition may do by itself once it is on
references(definition, known)                     the definitions that one names
sign, verify, new_key, key_id                     Ed25519 signatures
"""

from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path

from engine.problems import UnknownName
from rule_templates.abilities import Ability, abilities
from rule_templates.fill import defaults, fill, given
from rule_templates.merge import merge
from rule_templates.pack import Pack, read_pack
from rule_templates.plan import GRANTING, Action, Plan, Present, Step, install_plan
from rule_templates.references import references
from rule_templates.signature import key_id, new_key, sign, verify
from rule_templates.versions import allows, newer

__all__ = [
    "GRANTING",
    "Ability",
    "Action",
    "Pack",
    "Plan",
    "Present",
    "Step",
    "abilities",
    "allows",
    "defaults",
    "fill",
    "given",
    "install_plan",
    "key_id",
    "load",
    "merge",
    "names",
    "new_key",
    "newer",
    "read_pack",
    "references",
    "sign",
    "verify",
]
SUFFIX = ".pack.json"


@cache
def _files() -> dict[str, Path]:
    found = {path.name.removesuffix(SUFFIX): path for path in (Path(__file__).parent / "packs").glob(f"*{SUFFIX}")}
    for entry_point in metadata.entry_points(group="beihuo.packs"):
        for path in entry_point.load()():
            found.setdefault(path.name.removesuffix(SUFFIX), path)
    return found


def names() -> list[str]:
    """Return the keys of the packs at hand, in order."""
    return sorted(_files())


def load(name: str) -> Pack:
    """Return the pack of that key.

    Raises:
        UnknownName: there is no such pack.
        DefinitionError: its file is broken.
    """
    files = _files()
    if name not in files:
        raise UnknownName("模板包", name, files, "pack")
    return read_pack(files[name])
