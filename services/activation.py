"""Put a published definition to work: the table of a form, and when a definition is due."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from typing import Any

from engine.alerting import rule_on
from engine.problems import DefinitionError, Problem
from services import date_triggers
from services.cron import line_of, next_after
from services.workspace import Workspace
from store import definitions, records, slots
from store.database import Session
from store.errors import Duplicate

SCHEDULED = {"rule", "trigger", "forecast", "dashboard"}


def ensure_table(session: Session, workspace: Workspace, form: Mapping[str, Any]) -> None:
    """Make or widen the form's table.

    Raises:
        DefinitionError: what is stored does not fit the new form.
    """
    from form_builder import columns  # noqa: PLC0415 a login does not need the field types

    if form.get("storage") == "facts":
        return
    from services.form_changes import convert  # noqa: PLC0415 it asks for publishing, which asks for this

    keys = form.get("natural_keys", ())
    try:
        convert(session, workspace, form)
        records.ensure(session, form["key"], columns(form), natural_keys=keys, now=workspace.clock())
    except records.Narrowing as error:
        path = f"$.fields[{_place(form, error.column)}].type"
        hint, hint_en = "另建一个字段,再把数据搬过去", "add another field and move the data to it"
        zh, _, en = str(error).partition(" / ")
        raise DefinitionError([Problem(path, zh, hint, en, hint_en)]) from error
    except Duplicate as error:
        names = "、".join(error.columns)
        place = _place(form, error.columns[0]) if error.columns else 0
        raise DefinitionError(
            [
                Problem(
                    f"$.fields[{place}].unique",
                    f"已有记录的“{names}”重复,不能设为唯一",
                    "先清理重复的记录",
                    f"records share a value of “{names}” already",
                    "clear up the repeated records first",
                )
            ]
        ) from error


def _place(form: Mapping[str, Any], key: str) -> int:
    return next((place for place, field in enumerate(form["fields"]) if field["key"] == key), 0)


def plan(session: Session, workspace: Workspace, kind: str, key: str) -> None:
    """Set when a definition is due, or let it be due no more; a calendar changes when the rules that follow it are."""
    if kind == "calendar":
        plan_by_calendars(session, workspace)
        return
    state = definitions.get(session, kind, key)
    document = state.document if state else {}
    if kind == "rule" and any("schedule" in block for block in document.get("during", ())):
        calendars = [one.document for one in definitions.every(session, "calendar") if one.runs]
        document = rule_on(document, calendars, workspace.today())
    dated = kind == "trigger" and document.get("on") == date_triggers.ON
    schedule = date_triggers.schedule_of(document) if dated else document.get("schedule") or {}
    line = line_of(schedule)
    if kind not in SCHEDULED or state is None or not state.runs or line is None:
        slots.unplan(session, kind, key)
        return
    zone = str(schedule.get("timezone") or document.get("timezone") or workspace.settings.timezone)
    known = next((one for one in slots.schedules(session) if (one.kind, one.key) == (kind, key)), None)
    missed = str(schedule.get("missed", "latest"))
    if known is not None and (known.cron, known.timezone, known.missed) == (line, zone, missed):
        return  # what is due already stays due
    due = next_after(line, zoneinfo.ZoneInfo(zone), workspace.clock())
    slots.plan(session, slots.ScheduleState(kind, key, line, zone, missed, due))


def plan_by_calendars(session: Session, workspace: Workspace) -> None:
    """Set anew when those rules are due whose schedule is another one while a calendar is on."""
    for state in definitions.every(session, "rule"):
        if any("schedule" in block for block in state.document.get("during", ())):
            plan(session, workspace, "rule", state.key)
