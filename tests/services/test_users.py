"""People and their logins."""

from __future__ import annotations

from typing import Any

import pytest

from engine.problems import DefinitionError
from services import audit, sessions, users
from services.refusal import Refused
from services.workspace import Workspace

PASSWORD = "three-blue-kettles"


def test_all_that_is_wrong_with_a_person_is_told_at_once(shop: Workspace) -> None:
    """Key, password, superior, roles, language, unknown property."""
    values = {
        "key": "A b",
        "name": "x",
        "password": "short",
        "superior": "nobody",
        "roles": ["buyer"],
        "language": "de",
    }
    with pytest.raises(DefinitionError) as caught:
        users.create(shop, values={**values, "salary": 1}, user="admin")

    paths = {problem.path for problem in caught.value.problems}
    assert {"$.key", "$.password", "$.superior", "$.roles", "$.language", "$.salary"} == paths


def test_a_key_is_taken_once(shop: Workspace) -> None:
    """The second person of a key is refused."""
    with pytest.raises(Refused, match="已有用户“chen”"):
        users.create(shop, values={"key": "chen", "name": "x", "password": PASSWORD}, user="admin")


def test_the_last_administrator_stays_one(shop: Workspace) -> None:
    """Nobody can lock everybody out."""
    with pytest.raises(Refused, match="至少要留一位管理员"):
        users.update(shop, key="admin", changes={"roles": ["viewer"]}, user="admin")
    with pytest.raises(Refused, match="至少要留一位管理员"):
        users.update(shop, key="admin", changes={"active": False}, user="admin")

    assert ["admin"] == users.get(shop, key="admin")["roles"]


def test_no_hash_and_no_password_leaves(shop: Workspace) -> None:
    """Neither answers nor the audit log carry them."""
    users.update(shop, key="chen", changes={"password": "four-green-kettles"}, user="admin")
    text = repr(users.list_(shop)) + repr(audit.list_(shop, limit=100))

    assert "argon2" not in text
    assert "kettles" not in text


def test_signing_in_and_out(shops: Workspace) -> None:
    """The token opens a session; signing out closes it."""
    login = sessions.sign_in(shops, username="chen", password=PASSWORD)
    there = sessions.session(shops, token=login["token"])
    sessions.sign_out(shops, token=login["token"])

    assert ("chen", login["csrf_token"]) == (there["user"]["key"], there["csrf_token"])
    assert sessions.session(shops, token=login["token"]) is None


@pytest.mark.parametrize(("name", "password"), [("chen", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(shop: Workspace, name: str, password: str) -> None:
    """Nobody learns which names exist."""
    with pytest.raises(Refused) as caught:
        sessions.sign_in(shop, username=name, password=password)

    assert (401, "用户名或密码不对") == (caught.value.status, caught.value.message)


def test_somebody_who_was_switched_off_cannot_sign_in(shop: Workspace) -> None:
    """And an open session ends at the next request."""
    login = sessions.sign_in(shop, username="chen", password=PASSWORD)
    users.update(shop, key="chen", changes={"active": False}, user="admin")

    assert sessions.session(shop, token=login["token"]) is None
    with pytest.raises(Refused):
        sessions.sign_in(shop, username="chen", password=PASSWORD)


def test_five_failures_close_the_account_for_five_minutes(shop: Workspace, clock: Any) -> None:
    """Even the right password waits then."""
    for _ in range(5):
        with pytest.raises(Refused):
            sessions.sign_in(shop, username="chen", password="wrong")
    with pytest.raises(Refused) as caught:
        sessions.sign_in(shop, username="chen", password=PASSWORD)
    assert 429 == caught.value.status
    clock.pass_(minutes=6)

    assert "chen" == sessions.sign_in(shop, username="chen", password=PASSWORD)["user"]["key"]


def test_a_session_ends_when_it_is_idle_or_old(shop: Workspace, clock: Any) -> None:
    """Twelve hours without use; two weeks with."""
    login = sessions.sign_in(shop, username="chen", password=PASSWORD)
    for _ in range(33):
        clock.pass_(hours=10)
        assert sessions.session(shop, token=login["token"]) is not None
    clock.pass_(hours=10)
    assert sessions.session(shop, token=login["token"]) is None
    idle = sessions.sign_in(shop, username="chen", password=PASSWORD)
    clock.pass_(hours=13)

    assert sessions.session(shop, token=idle["token"]) is None


def test_a_new_role_ends_the_old_sessions(shop: Workspace) -> None:
    """Rights that were taken away are gone at the next request."""
    login = sessions.sign_in(shop, username="chen", password=PASSWORD)
    users.update(shop, key="chen", changes={"roles": ["viewer"]}, user="admin")

    assert sessions.session(shop, token=login["token"]) is None


def test_a_program_s_token(shop: Workspace) -> None:
    """It acts as its person until it is revoked; the secret is shown once."""
    made = sessions.issue_token(shop, user="chen", name="ERP", by="admin")
    assert "chen" == sessions.bearer(shop, token=made["token"])["key"]
    assert made["token"] not in repr(sessions.tokens(shop, user="chen"))
    sessions.revoke_token(shop, token_id=made["id"], by="admin")

    assert sessions.bearer(shop, token=made["token"]) is None
    with pytest.raises(Refused):
        sessions.revoke_token(shop, token_id=made["id"], by="admin")
    with pytest.raises(Refused):
        sessions.issue_token(shop, user="nobody", name="x", by="admin")
