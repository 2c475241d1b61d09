"""People, departments and who acts for whom."""

from __future__ import annotations

import datetime as dt

from store import users
from store.database import Database

DAY = dt.timedelta(days=1)


def test_people_have_roles(database: Database, now: dt.datetime) -> None:
    """Only active people are members of a role."""
    with database.write() as session:
        users.add(session, key="chen", name="陈宁", now=now, roles=["operator", "buyer"])
        users.add(session, key="old", name="旧人", now=now, roles=["buyer"], active=False)

        assert ["chen"] == [person.key for person in users.with_role(session, "buyer")]
        assert ["chen", "old"] == [person.key for person in users.every(session)]


def test_ending_sessions_moves_the_epoch(database: Database, now: dt.datetime) -> None:
    """A change of password is known to every login at the next request."""
    with database.write() as session:
        before = users.add(session, key="chen", name="陈宁", now=now)
        same = users.change(session, "chen", name="陈 宁")
        after = users.change(session, "chen", end_sessions=True, password_hash="x")

        assert (1, 1, 2) == (before.epoch, same.epoch, after.epoch)
        assert users.change(session, "nobody", name="x") is None


def test_failed_logins_are_counted_until_one_succeeds(database: Database, now: dt.datetime) -> None:
    """A closed account opens when its time is over; a good login forgets the failures."""
    with database.write() as session:
        users.add(session, key="chen", name="陈宁", now=now)
        users.note_login(session, "chen", now=now, failed=True, locked_until=now + DAY)
        failed = users.credentials(session, "chen")
        session.expire_all()
        users.note_login(session, "chen", now=now, failed=False, locked_until=None)
        session.expire_all()
        good = users.credentials(session, "chen")

    assert (1, now + DAY) == (failed.failed_logins, failed.locked_until)
    assert (0, None) == (good.failed_logins, good.locked_until)


def test_an_agent_acts_in_the_agreed_time_and_workflow(database: Database, now: dt.datetime) -> None:
    """The newest agency counts; another workflow and another day have none."""
    with database.write() as session:
        for key in ("wang", "lin", "chen"):
            users.add(session, key=key, name=key, now=now)
        times = {"starts_at": now, "ends_at": now + DAY}
        users.add_agency(session, principal="wang", agent="lin", workflow=None, **times)
        users.add_agency(session, principal="wang", agent="chen", workflow="approval", **times)

        assert "chen" == users.agent(session, "wang", "approval", now)
        assert "lin" == users.agent(session, "wang", "other", now)
        assert users.agent(session, "wang", "approval", now + DAY) is None
        assert users.agent(session, "lin", "approval", now) is None


def test_departments_have_heads(database: Database) -> None:
    """A department may be changed in place."""
    with database.write() as session:
        users.save_department(session, "buying", name="采购部", parent=None, head="wang")
        users.save_department(session, "buying", name="采购部", parent="company", head="chen")

        assert {"buying": ("采购部", "company", "chen")} == users.departments(session)
