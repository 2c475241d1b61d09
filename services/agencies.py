"""Out of office: for a time somebody else decides in one's place, in one workflow or in all."""

from __future__ import annotations

import datetime as dt
from typing import Any

from engine.problems import DefinitionError, Problem
from services.audit import Entry
from services.audit import add as note
from services.directory import People
from services.refusal import not_found
from services.workspace import Workspace
from store import users


def list_(workspace: Workspace, *, user: str) -> dict[str, Any]:
    """Return who acts for *user* and for whom *user* acts, now or later."""
    now = workspace.clock()
    with workspace.read() as session:
        people = People(session, now)
        found = users.agencies(session, user, now)
    items = [
        {
            "id": one.id,
            "principal": one.principal,
            "principal_name": people.name(one.principal),
            "agent": one.agent,
            "agent_name": people.name(one.agent),
            "workflow": one.workflow,
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "active": one.starts_at <= now,
        }
        for one in found
    ]
    return {"items": items}


def add(
    workspace: Workspace,
    *,
    user: str,
    agent: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    workflow: str | None = None,
) -> dict[str, Any]:
    """Let *agent* decide for *user* from *starts_at* to *ends_at*: to-dos that arrive in that time go to the agent.

    Raises:
        DefinitionError: nobody is called so, it is oneself, or the time ends before it begins.
    """
    now = workspace.clock()
    with workspace.write() as session:
        people = People(session, now)
        problems = []
        if agent == user or not people.active(agent):
            hint = ("选一位在职的同事", "choose a colleague who is active")
            problems.append(
                Problem("$.agent", f"“{agent}”不能代你处理", hint[0], f"“{agent}” cannot act for you", hint[1])
            )
        if ends_at <= max(starts_at, now):
            message = ("结束时间要在开始之后,并且还没过去", "it must end after it begins, and not in the past")
            problems.append(Problem("$.ends_at", message[0], "", message[1]))
        if problems:
            raise DefinitionError(problems)
        number = users.add_agency(
            session, principal=user, agent=agent, workflow=workflow, starts_at=starts_at, ends_at=ends_at
        )
        told = (f"请{people.name(agent)}代为处理", f"asked {people.name(agent)} to act for them")
        _note(session, now, user, told, {"agent": agent, "workflow": workflow, "until": ends_at.isoformat()})
    return {"id": number}


def end(workspace: Workspace, *, user: str, number: int) -> None:
    """End an agency of *user* now; what the agent has got already stays with them unless it is taken back.

    Raises:
        Refused: there is none that runs.
    """
    now = workspace.clock()
    with workspace.write() as session:
        if not users.end_agency(session, number, user, now):
            raise not_found("代理", "agency", number)
        _note(session, now, user, ("结束了代理", "ended an agency"), {"agency": number})


def _note(session: Any, now: dt.datetime, user: str, told: tuple[str, str], after: dict[str, Any]) -> None:
    entry = Entry(
        at=now, actor=user, action="agency", kind="user", key=user, summary=told[0], summary_en=told[1], after=after
    )
    note(session, entry)
