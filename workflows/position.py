"""The parts of an instance's position: seats, node runs and timers, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from workflows.instance import Instance

Part = TypeVar("Part")

# A seat in one of these may still act some day.
UNDECIDED = frozenset({"wait", "open", "held"})
# A seat in one of these no longer counts.
GONE = frozenset({"cancelled", "returned"})
# A node run in one of these is still at work.
LIVE = frozenset({"active", "held", "incident"})


# Who did the work of a task that named nobody, when nobody was named either.
OUTSIDE = "outside"


@dataclass(slots=True)
class Seat:
    """One person's place at a node run.

    Args:
        id: number of the seat, unique in the instance.
        user: who may act.
        state: wait, open, held, approved, rejected, auto, returned or cancelled.
        group: base, before, after or parallel.
        owner: for whom the user acts (principal of an agent), or who held the seat first (after a transfer).
        via: how the user came to it when not by the definition: agent, transfer, handover.
        lender: who delegated it and gets it back.
        parent: the seat whose before or after group this is.
        method: any, all or sequential: how this seat's group decides.
        level: 0 from the definition, 1 added by such a person, 2 added by an added one.
        by: who added it.
        reason: why it is in its state when no person decided: dedupe, timeout, decided, group, …
        advice: what the helper of a delegation answered.
        watch: digest of the watched fields when it was decided.
        source: the seat whose vote counts here (dedupe).
        urged: when it was last urged.
        rule: the approver source that named the person.
    """

    RARE: ClassVar[frozenset[str]] = frozenset(
        {
            "group",
            "owner",
            "via",
            "lender",
            "parent",
            "method",
            "level",
            "by",
            "reason",
            "advice",
            "watch",
            "source",
            "urged",
        }
    )

    id: int
    user: str
    state: str = "wait"
    group: str = "base"
    owner: str | None = None
    via: str | None = None
    lender: str | None = None
    parent: int | None = None
    method: str | None = None
    level: int = 0
    by: str | None = None
    reason: str | None = None
    advice: str | None = None
    watch: str | None = None
    source: int | None = None
    urged: str | None = None
    rule: str | None = None

    @property
    def living(self) -> bool:
        """Whether the seat still counts."""
        return self.state not in GONE

    @property
    def undecided(self) -> bool:
        """Whether the seat has no decision of its own yet."""
        return self.state in UNDECIDED


@dataclass(slots=True)
class Run:
    """One entry of a node: its seats, its child, what it waits for.

    Args:
        id: number of the run, unique in the instance.
        node: the node's id.
        round: how often the instance had entered the node, this time included.
        status: active, held, incident, done, returned, cancelled, or undone (passed, but withdrawn by a return).
        at: when it was entered (ISO).
        prev: the runs from which its tokens came.
        seats: the people's places.
        index: number of the item in a multi-instance; its *parent* is the run of the node.
        parent: the run that this item belongs to.
        row: the item's row.
        effect: id of the effect whose answer it waits for.
        child: the child instance of a subprocess.
        choice: the event choice in which it competes.
        resume: the held run to which control jumps when it passes (direct return).
        chosen: approvers whom the deciding person chose for the next node.
        outcome: approved or rejected.
        by: who decided it.
        ended: when it was decided (ISO).
        reads: digest of the fields it reads, when it was decided.
        work: somebody or something outside must complete it, nobody in particular.
        leaving: where an incident on the way out stands: "" the node itself, else the boundary's id.
    """

    RARE: ClassVar[frozenset[str]] = frozenset(
        {
            "round",
            "index",
            "parent",
            "row",
            "effect",
            "child",
            "choice",
            "resume",
            "chosen",
            "outcome",
            "work",
            "leaving",
        }
    )

    id: int
    node: str
    round: int = 1
    status: str = "active"
    at: str = ""
    prev: list[int] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    index: int | None = None
    parent: int | None = None
    row: Any = None
    effect: str | None = None
    child: Instance | None = None
    choice: int | None = None
    resume: int | None = None
    chosen: list[str] = field(default_factory=list)
    outcome: str | None = None
    by: str | None = None
    ended: str | None = None
    reads: str | None = None
    work: bool = False
    leaving: str | None = None

    @property
    def live(self) -> bool:
        """Whether the run is still at work."""
        return self.status in LIVE


@dataclass(slots=True)
class Timer:
    """A clock that runs: when it is due, and what for.

    Args:
        id: number of the timer, unique in the instance; of two due together the smaller one goes first.
        run: the node run it belongs to.
        kind: timer (the node itself), timeout (an entry of the node's list) or boundary.
        due: when (ISO, aware).
        key: index of the timeout entry or id of the boundary event.
        count: how often it has fired.
    """

    id: int
    run: int
    kind: str
    due: str
    key: str = ""
    count: int = 0


class Incident(dict[str, Any]):
    """Why a token cannot go on: node, reason, expression, names and values; keys are readable as attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def values(self) -> Any:
        """The values of the names that the expression reads."""
        return self["values"]


class _Layout:
    """How a dataclass is read at once: its names, defaults, and the fields that mostly have their default apart."""

    def __init__(self, kind: type) -> None:
        known = fields(kind)
        rare: frozenset[str] = getattr(kind, "RARE", frozenset())
        self.read_all = attrgetter(*(part.name for part in known))
        self.blocks = [
            self._block([part for part in known if (part.name in rare) is wanted])
            for wanted in (False, True)
            if rare or not wanted
        ]

    @staticmethod
    def _block(parts: list[Any]) -> tuple[tuple[str, ...], tuple[Any, ...], Callable[[Any], Any]]:
        names = tuple(part.name for part in parts)
        defaults = tuple(
            part.default_factory() if part.default_factory is not MISSING else part.default for part in parts
        )
        return names, defaults, attrgetter(*names)


_LAYOUTS: dict[type, _Layout] = {}


def _layout(kind: type) -> _Layout:
    found = _LAYOUTS.get(kind)
    if found is None:
        found = _LAYOUTS[kind] = _Layout(kind)
    return found


def pack(part: Any) -> dict[str, Any]:
    """Return a dataclass as JSON data, leaving out what has its default value."""
    data: dict[str, Any] = {}
    for names, defaults, read in _layout(type(part)).blocks:
        values = read(part)
        # Compared as a whole first: most of the rare fields of most parts have their default.
        if values != defaults:
            pairs = zip(names, defaults, values, strict=True)
            data.update({name: value for name, default, value in pairs if value is not default and value != default})
    return data


def twin_of(part: Part) -> Part:
    """Return a copy of a dataclass that shares the values of its fields."""
    return type(part)(*_layout(type(part)).read_all(part))


_RARE_NAMES, _RARE_DEFAULTS, _read_rare = _layout(Run).blocks[1]


def pack_run(run: Run) -> dict[str, Any]:
    """Return a run as JSON data: like `pack`, written out, as most of an instance are runs."""
    data: dict[str, Any] = {"id": run.id, "node": run.node}
    if run.status != "active":
        data["status"] = run.status
    if run.at:
        data["at"] = run.at
    if run.prev:
        data["prev"] = list(run.prev)
    if run.seats:
        data["seats"] = [pack(seat) for seat in run.seats]
    if run.by is not None:
        data["by"] = run.by
    if run.ended is not None:
        data["ended"] = run.ended
    if run.reads is not None:
        data["reads"] = run.reads
    rare = _read_rare(run)
    if rare != _RARE_DEFAULTS:
        pairs = zip(_RARE_NAMES, _RARE_DEFAULTS, rare, strict=True)
        data.update({name: value for name, default, value in pairs if value is not default and value != default})
        if run.chosen:
            data["chosen"] = list(run.chosen)
        if run.child is not None:
            data["child"] = run.child.to_json()
    return data


def unpack_run(data: Mapping[str, Any], child: Instance | None) -> Run:
    """Return the run that *data* describes."""
    values = dict(data)
    seats = values.pop("seats", None)
    values.pop("child", None)
    run = Run(**values)
    if run.prev:
        run.prev = list(run.prev)
    if run.chosen:
        run.chosen = list(run.chosen)
    if seats:
        run.seats = [Seat(**seat) for seat in seats]
    run.child = child
    return run


def copy_run(run: Run) -> Run:
    """Return a copy of *run* that may be changed without changing it."""
    twin = twin_of(run)
    twin.prev, twin.chosen = list(run.prev), list(run.chosen)
    twin.seats = [twin_of(seat) for seat in run.seats]
    if run.child is not None:
        twin.child = run.child.copy()
    return twin
