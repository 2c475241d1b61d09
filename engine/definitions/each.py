"""Items of plug-in types: each is checked by the schema of its own type, so that a message is about that type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engine.definitions.document import child
from engine.definitions.schema import problems_in
from engine.definitions.wording import missing, suggestion
from engine.problems import Problem


class HasSchema(Protocol):
    """A plug-in whose settings have a JSON Schema."""

    @property
    def schema(self) -> Mapping[str, Any]:
        """The JSON Schema of one item of this type."""
        ...


def check_each(
    items: Sequence[Any], path: str, registry: Mapping[str, Any], label: str = "类型", label_en: str = "type"
) -> list[Problem]:
    """Return the problems of *items*, each checked by `registry[item["type"]].schema` alone.

    Args:
        items: objects with a `type`.
        path: where the list stands (`$.fields`).
        registry: a `Registry` of plug-ins, or a mapping of type to one (or to its schema).
        label: what a type is called in messages; a Registry brings its own.
        label_en: the same in English.
    """
    label, label_en = getattr(registry, "label", label), getattr(registry, "label_en", label_en)
    problems: list[Problem] = []
    for number, item in enumerate(items):
        where = child(path, number)
        if not isinstance(item, Mapping):
            problems.extend(problems_in({"type": "object"}, item, where))
        elif not isinstance(item.get("type"), str):
            problems.append(missing("type", where))
        elif item["type"] not in registry:
            name = item["type"]
            hint, hint_en = suggestion(name, list(registry))
            message, message_en = f"没有名为 “{name}” 的{label}", f"unknown {label_en} “{name}”"
            problems.append(Problem(child(where, "type"), message, hint, message_en, hint_en))
        else:
            plug_in = registry[item["type"]]
            problems.extend(problems_in(getattr(plug_in, "schema", plug_in), item, where))
    return problems
