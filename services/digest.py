"""A digest's page: every alert of one notice as a line, its to-do beside it, all acted on in one POST.

Each line stands by itself: what somebody else has decided meanwhile is told and holds up no other; an entry that cannot be
read holds up all, so that nothing is half done by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.problems import DefinitionError, Problem
from services import alerts, approve, link_policy
from services.acting import alerts_of
from services.directory import People
from services.refusal import Refused
from services.workspace import Workspace
from store import episodes, instances, outbox, records, seats
from store.database import Session
from store.links import LinkState
from workflows import Refused as StepRefused

MOST_LINES = 20
FORM = "replenishment_task"


@dataclass(frozen=True, slots=True)
class Line:
    """One alert of a digest, as its reader may deal with it.

    `state` is `todo` (a to-do of the reader), `alert` (may be taken on) or `closed` (with *told* and *told_en*).
    """

    alert: int
    title: str
    level: str
    explanation: str
    explanation_en: str
    state: str
    seat: int | None = None
    quantity: float | None = None
    price: float | None = None
    told: str = ""
    told_en: str = ""


def lines(session: Session, workspace: Workspace, link: LinkState) -> list[Line]:
    """Return the lines of the digest behind *link*, as they stand now."""
    delivery = outbox.get(session, link.delivery_id or 0)
    if delivery is None:
        return []
    people = People(session, workspace.clock())
    found = [episodes.get(session, number) for number in alerts_of(delivery)[:MOST_LINES]]
    return [_line(session, people, episode, link.person) for episode in found if episode is not None]


def total(session: Session, link: LinkState) -> int:
    """Return of how many alerts the digest tells; more than its lines where they are many."""
    delivery = outbox.get(session, link.delivery_id or 0)
    return int(delivery.payload.get("total") or 1) if delivery else 0


def policy(session: Session, found: Sequence[Line]) -> str:
    """Return the strictest policy among the to-dos of a digest."""
    words = {link_policy.of_seat(session, line.seat) for line in found if line.seat}
    return next((word for word in (link_policy.LOGIN, link_policy.PIN) if word in words), link_policy.LINK)


def act(session: Session, workspace: Workspace, link: LinkState, form: Mapping[str, str]) -> str:
    """Carry out what the page says of each line; return a word for each kind of end with its number (`approve=3,stale=1`).

    Args:
        session: the transaction in which the link is used up.
        workspace: where.
        link: whose digest.
        form: `do.<alert>` (approve, reject, acknowledge or skip) and `quantity.<alert>`.

    Raises:
        DefinitionError: an entry cannot be read; nothing is done then.
    """
    ends: dict[str, int] = {}
    problems: list[Problem] = []
    for line in lines(session, workspace, link):
        wanted = form.get(f"do.{line.alert}", "skip")
        if wanted == "skip" or line.state == "closed":
            word = "stale" if wanted != "skip" else "skip"
        else:
            try:
                with session.begin_nested():
                    word = _act_on(session, workspace, link, line, wanted, form.get(f"quantity.{line.alert}", ""))
            except DefinitionError as error:
                problems += [_about(line, problem) for problem in error.problems]
                continue
            except (Refused, StepRefused):
                word = "stale"
        ends[word] = ends.get(word, 0) + 1
    if problems:
        raise DefinitionError(problems)
    return ",".join(f"{word}={number}" for word, number in sorted(ends.items()))


def _act_on(session: Session, workspace: Workspace, link: LinkState, line: Line, wanted: str, quantity: str) -> str:
    if line.seat is not None and wanted in {"approve", "reject"}:
        changed = wanted == "approve" and quantity.strip() and quantity.strip() != _plain(line.quantity)
        given = {
            "form": {"quantity": quantity.strip()} if changed else {},
            "comment": "",
            "request_id": f"link:{link.id}:{line.alert}",
            "via": "link",
        }
        approve.decide_in(session, workspace, seat=line.seat, op=wanted, user=link.person, given=given)
        return wanted
    if line.state == "alert" and wanted == "acknowledge":
        alerts.acknowledge_in(session, workspace, ids=[line.alert], user=link.person, via="link")
        return wanted
    raise Refused("invalid", "没有选择操作", "No action was chosen")


def _line(session: Session, people: People, episode: episodes.Episode, person: str) -> Line:
    title = " · ".join(str(label) for label in episode.labels.values())
    common = (episode.id, title, episode.level or "", episode.explanation, episode.explanation_en)
    if episode.state == "resolved":
        return Line(*common, "closed", told="已解除", told_en="ended")
    seat = _seat(session, episode, person)
    if seat is not None:
        record = records.get(session, FORM, episode.task_id) if episode.task_id else None
        values = record.values if record else {}
        return Line(*common, "todo", seat, values.get("quantity"), values.get("unit_cost"))
    if episode.acknowledged_by:
        name = people.name(episode.acknowledged_by)
        return Line(*common, "closed", told=f"已由{name}跟进", told_en=f"{name} is on it")
    decided = _decided(session, people, episode)
    return Line(*common, "closed", told=decided[0], told_en=decided[1]) if decided else Line(*common, "alert")


def _seat(session: Session, episode: episodes.Episode, person: str) -> int | None:
    for row in _instances(session, episode, "open"):
        mine = [seat.id for seat in seats.of_instance(session, row.id, state="open") if seat.user == person]
        if mine:
            return mine[0]
    return None


def _decided(session: Session, people: People, episode: episodes.Episode) -> tuple[str, str] | None:
    for row in _instances(session, episode, None):
        steps = [step for step in instances.log(session, row.id) if step.op in {"approve", "reject"}]
        if steps and row.status != "running":
            name = people.name(steps[-1].actor)
            return f"已由{name}处理", f"{name} dealt with it"
    return None


def _instances(session: Session, episode: episodes.Episode, status: str | None) -> list[instances.InstanceState]:
    if episode.task_id is None:
        return []
    return instances.page(session, limit=3, status=status, form=FORM, record_id=episode.task_id)


def _about(line: Line, problem: Problem) -> Problem:
    message, message_en = f"{line.title}:{problem.message}", f"{line.title}: {problem.message_en or problem.message}"
    return Problem(f"$.quantity.{line.alert}", message, problem.hint, message_en, problem.hint_en)


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
