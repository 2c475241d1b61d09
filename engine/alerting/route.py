"""Who is told about an alert, by which channel, together with what: routes, groups, silences, inhibition.

As in Alertmanager: a tree of routes, a child inherits what it does not say, the first match wins unless it says
`continue`. Pure: who a role or a field means is asked of a `Directory`, the time is an argument.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from engine.alerting.durations import after
from engine.alerting.levels import order

Matches = Callable[[str, Mapping[str, Any]], bool]
"""Whether a condition (source text) holds for an alert's data; `services` passes `engine.expression`."""

_INHERITED = ("to", "channels", "group_by", "wait", "interval", "repeat_every", "escalate", "quiet", "message")
DEFAULTS: Mapping[str, Any] = {
    "to": (),
    "channels": (),
    "group_by": (),
    "wait": "PT30S",
    "interval": "PT5M",
    "repeat_every": "P1D",
    "escalate": (),
    "quiet": (),
}


class Directory(Protocol):
    """What routing asks about people."""

    def in_role(self, role: str) -> Sequence[str]:
        """Return the people of *role*."""
        ...

    def superior(self, person: str) -> str | None:
        """Return whom *person* reports to."""
        ...

    def on_call(self, rota: str) -> str | None:
        """Return who is on call in *rota* now, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """One leaf or branch that an alert takes, everything inherited filled in."""

    path: str
    settings: Mapping[str, Any]


def routes_for(tree: Mapping[str, Any], alert: Mapping[str, Any], matches: Matches) -> list[Route]:
    """Return the routes that *alert* takes through *tree*; [] when the root itself does not match.

    Args:
        tree: a route definition.
        alert: data that `match` reads: `rule`, `level`, the record's fields.
        matches: how a condition is read.
    """
    return _walk(tree, alert, matches, dict(DEFAULTS), str(tree.get("key", "$")))


def _walk(
    node: Mapping[str, Any], alert: Mapping[str, Any], matches: Matches, inherited: Mapping[str, Any], path: str
) -> list[Route]:
    condition = node.get("match")
    if condition and not matches(condition, alert):
        return []
    settings = {**inherited, **{key: node[key] for key in _INHERITED if key in node}}
    found: list[Route] = []
    for number, child in enumerate(node.get("routes", ())):
        taken = _walk(child, alert, matches, settings, f"{path}.routes[{number}]")
        found.extend(taken)
        if taken and not child.get("continue", False):
            break
    return found or [Route(path, settings)]


def recipients(to: Iterable[str], record: Mapping[str, Any], directory: Directory) -> list[str]:
    """Return the people that *to* names for *record*, each once, in order.

    Args:
        to: `role:buyer`, `field:sku.owner`, `person:lin` (or just `lin`), `rota:weekend` (whoever is on call), `superior` (of
            those named before it).
        record: the record's values by dotted path.
        directory: who is in which role, who reports to whom.
    """
    people: list[str] = []
    for receiver in to:
        people.extend(_people(receiver, record, directory, tuple(people)))
    return list(dict.fromkeys(people))


def _people(receiver: str, record: Mapping[str, Any], directory: Directory, before: Sequence[str]) -> list[str]:
    kind, _, name = receiver.partition(":")
    if kind == "role":
        return list(directory.in_role(name))
    if kind == "rota":
        on_call = directory.on_call(name)
        return [on_call] if on_call else []
    if kind == "superior":
        below = recipients([name], record, directory) if name else list(before)
        return [above for person in below if (above := directory.superior(person)) is not None]
    if kind == "field":
        value = record.get(name)
        if value is None or value == "":
            return []
        return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
    return [name if kind in {"person", "user"} else receiver]


def escalation_due(
    escalate: Sequence[Mapping[str, Any]], started_at: dt.datetime, done: int, now: dt.datetime
) -> list[Mapping[str, Any]]:
    """Return the steps of *escalate* that are due and not among the first *done* ones."""
    return [step for step in escalate[done:] if now >= after(started_at, step["after"])]


Alert = TypeVar("Alert", bound=Mapping[str, Any])


def group(alerts: Iterable[Alert], group_by: Sequence[str]) -> dict[tuple[tuple[str, str], ...], list[Alert]]:
    """Return *alerts* by the values of *group_by*; `...` in it keeps each alert alone, an empty one joins all."""
    groups: dict[tuple[tuple[str, str], ...], list[Alert]] = {}
    for number, alert in enumerate(alerts):
        names = [("...", str(number))] if "..." in group_by else []
        key = (*names, *((name, _text(alert.get(name))) for name in group_by if name != "..."))
        groups.setdefault(key, []).append(alert)
    return groups


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Matcher:
    """One test of a silence or inhibition: a name, `=`, `!=` or `in`, and what it is compared with."""

    name: str
    op: str
    value: Any

    def holds(self, alert: Mapping[str, Any]) -> bool:
        """Whether *alert* passes; an absent name counts as empty text."""
        found = _text(alert.get(self.name))
        if self.op == "in":
            return found in {_text(item) for item in self.value}
        return (found == _text(self.value)) == (self.op == "=")


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody is told of the alerts that pass every matcher, from *starts* until *ends*; who said so, and why."""

    id: str
    matchers: tuple[Matcher, ...]
    starts: dt.datetime
    ends: dt.datetime
    author: str
    reason: str


def silence(alert: Mapping[str, Any], silences: Iterable[Silence], now: dt.datetime) -> Silence | None:
    """Return the first silence that is on and covers *alert*; a silence without matchers covers nothing."""
    for each in silences:
        if each.starts <= now < each.ends and each.matchers and all(test.holds(alert) for test in each.matchers):
            return each
    return None


def inhibit(
    alert: Mapping[str, Any], firing: Iterable[Mapping[str, Any]], rules: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """Return the firing alert that keeps *alert* quiet, or None.

    A rule's `inhibits` names other rules (and perhaps the level from which it counts): while it fires, theirs are not
    told where all names of `equal` (default: the record's keys) have the same value. An alert never inhibits itself.
    """
    for other in firing:
        if other.get("rule") == alert.get("rule"):
            continue
        source = rules.get(str(other.get("rule")), {})
        for inhibition in source.get("inhibits", ()):
            if inhibition["rule"] == alert.get("rule") and _covers(inhibition, source, other, alert):
                return other
    return None


def _covers(
    inhibition: Mapping[str, Any], source: Mapping[str, Any], other: Mapping[str, Any], alert: Mapping[str, Any]
) -> bool:
    wanted = inhibition.get("level")
    if wanted is not None:
        names = order([str(level["level"]) for level in source.get("levels", ())])
        if wanted in names and other.get("level") in names and names.index(other["level"]) < names.index(wanted):
            return False
    equal = inhibition.get("equal") or list(alert.get("keys", ()))
    return all(_key(other, name) == _key(alert, name) for name in equal)


def _key(alert: Mapping[str, Any], name: str) -> str:
    keys = alert.get("keys", {})
    return _text(keys[name] if name in keys else alert.get(name))


def is_quiet(quiet: Iterable[Mapping[str, Any]], now: dt.datetime, zone: str = "Asia/Shanghai") -> bool:
    """Whether one of the *quiet* hours is on at *now*; hours may pass midnight (22:00 to 08:00)."""
    for hours in quiet:
        local = now.astimezone(ZoneInfo(hours.get("timezone", zone)))
        clock, start, end = local.strftime("%H:%M"), hours["from"], hours["to"]
        late = start > end
        within = clock >= start or clock < end if late else start <= clock < end
        # The small hours of a night that passes midnight belong to the day on which it began.
        weekday = (local - dt.timedelta(days=1) if late and clock < end else local).isoweekday()
        if within and weekday in hours.get("weekdays", range(1, 8)):
            return True
    return False
