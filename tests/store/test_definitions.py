"""Drafts and published versions."""

from __future__ import annotations

import datetime as dt

from store import definitions
from store.database import Database

FORM = {"key": "sku", "name": "商品", "fields": []}


def test_a_draft_is_not_in_use(database: Database, now: dt.datetime) -> None:
    """A definition that was only drawn does not run."""
    with database.write() as session:
        definitions.save_draft(session, "form", "sku", FORM, user="lin", now=now)
        state = definitions.get(session, "form", "sku")

    assert ("draft", 0, {}, False) == (state.status, state.version, state.document, state.runs)
    assert ("商品", FORM, "lin") == (state.name, state.draft.document, state.draft.updated_by)


def test_every_save_changes_the_etag(database: Database, now: dt.datetime) -> None:
    """Two people who edit the same draft can be told apart."""
    with database.write() as session:
        first = definitions.save_draft(session, "form", "sku", FORM, user="lin", now=now)
        second = definitions.save_draft(session, "form", "sku", FORM, user="lin", now=now)

    assert first.etag != second.etag


def test_publishing_numbers_the_versions_and_ends_the_draft(database: Database, now: dt.datetime) -> None:
    """What runs has pinned its version and still finds it."""
    with database.write() as session:
        definitions.save_draft(session, "form", "sku", FORM, user="lin", now=now)
        definitions.add_version(session, "form", "sku", FORM, user="lin", now=now)
        definitions.add_version(session, "form", "sku", {**FORM, "name": "货品"}, user="wang", now=now, note="改名")
        state = definitions.get(session, "form", "sku")

        assert ("published", 2, "货品", None) == (state.status, state.version, state.name, state.draft)
        assert FORM == definitions.document(session, "form", "sku", 1)
        assert [(2, "改名"), (1, "")] == [(v.version, v.note) for v in definitions.versions(session, "form", "sku")]


def test_a_broken_definition_is_kept_and_does_not_run(database: Database, now: dt.datetime) -> None:
    """It is shown with its problems; mending it switches it on again."""
    with database.write() as session:
        definitions.add_version(session, "rule", "low", {"key": "low", "name": "低"}, user="lin", now=now)
        definitions.set_state(session, "rule", "low", now=now, user="system", problems=[{"path": "$.over"}])
        broken = definitions.get(session, "rule", "low")
        definitions.set_state(session, "rule", "low", now=now, user="system", problems=[])
        mended = definitions.get(session, "rule", "low")

    assert ("disabled", False, True) == (broken.status, broken.runs, broken.enabled)
    assert ("published", True) == (mended.status, mended.runs)


def test_what_is_archived_is_not_listed(database: Database, now: dt.datetime) -> None:
    """It is still found by its key, and publishing it again takes it back."""
    with database.write() as session:
        definitions.add_version(session, "form", "sku", FORM, user="lin", now=now)
        definitions.set_state(session, "form", "sku", now=now, user="lin", archived=True)

        assert [] == definitions.every(session, "form")
        assert ["archived"] == [state.status for state in definitions.every(session, "form", archived=True)]
        definitions.add_version(session, "form", "sku", FORM, user="lin", now=now)
        assert ["published"] == [state.status for state in definitions.every(session)]


def test_one_key_may_stand_for_several_kinds(database: Database, now: dt.datetime) -> None:
    """A route and a role may both be called buyers."""
    with database.write() as session:
        definitions.add_version(session, "role", "buyers", {"name": "a"}, user="lin", now=now)
        definitions.add_version(session, "route", "buyers", {"name": "b"}, user="lin", now=now)

        assert ["a", "b"] == [state.name for state in definitions.every(session)]
