"""Signing in: the cookie, the CSRF token, tokens of programs, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from small_shop import PASSWORD

from services.workspace import Settings, open_workspace
from web import create_app


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_reach(browser):
    one = browser()
    answer = one.client.post("/api/v1/session", json={"username": "chen", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert {"key": "chen", "name": "陈宁", "roles": ["operator", "buyer"], "language": "zh", "email": None} == (
        answer.get_json()["user"]
    )
    assert "2026-11-25" == answer.get_json()["workspace"]["evaluation_day"]


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(template, tmp_path, clock):
    """With an https base URL the cookie has the `__Host-` prefix and Secure, and HSTS is sent."""
    import shutil

    shutil.copytree(template, tmp_path / "shop")
    settings = Settings(data_dir=tmp_path / "shop", secret_key="x" * 32, base_url="https://beihuo.example.cn")
    workspace = open_workspace(settings, clock)
    answer = (
        create_app(workspace).test_client().post("/api/v1/session", json={"username": "chen", "password": PASSWORD})
    )
    workspace.close()

    assert answer.headers["Set-Cookie"].startswith("__Host-beihuo=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Path=/" in answer.headers["Set-Cookie"]
    assert "max-age=31536000" == answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(("name", "password"), [("chen", "wrong-password"), ("nobody", PASSWORD), ("chen", "x")])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(browser, name, password):
    """The answer does not tell which of the two was wrong, and says it in both languages."""
    answer = browser().client.post("/api/v1/session", json={"username": name, "password": password})

    assert 401 == answer.status_code
    assert ("用户名或密码不对", "wrong user name or password") == (
        answer.get_json()["detail"],
        answer.get_json()["detail_en"],
    )
    assert "Set-Cookie" not in answer.headers


def test_too_many_failures_are_slowed_down(browser):
    """After some failures even the right password waits, and the answer says for how long."""
    one = browser()
    statuses = [
        one.client.post("/api/v1/session", json={"username": "lin", "password": f"wrong {n}"}).status_code
        for n in range(9)
    ]

    assert 401 == statuses[0]
    assert 429 == statuses[-1]
    assert 429 == one.client.post("/api/v1/session", json={"username": "lin", "password": PASSWORD}).status_code


def test_a_session_ends_on_the_server(browser, app):
    """After signing out the old cookie is worth nothing."""
    one = browser("chen")
    cookie = one.client.get_cookie("beihuo_session")
    assert 204 == one.call("DELETE", "/session").status_code

    other = app.test_client()
    other.set_cookie("beihuo_session", cookie.value)

    assert 401 == other.get("/api/v1/session").status_code


def test_a_new_role_ends_the_sessions_that_are_open(browser):
    chen, admin = browser("chen"), browser("admin")
    admin._good(admin.call("PATCH", "/users/chen", {"roles": ["viewer"]}))

    assert 401 == chen.call("GET", "/session").status_code


def test_a_session_expires(browser, clock):
    one = browser("chen")
    clock.now += dt.timedelta(days=15)

    assert 401 == one.call("GET", "/session").status_code


@pytest.mark.parametrize("token", [None, "", "wrong", "ö"])
def test_a_write_without_the_csrf_token_is_refused(browser, token):
    """The cookie alone is not enough to write: another site could send it along."""
    one = browser("chen")
    headers = {} if token is None else {"X-CSRF-Token": token.encode().decode("latin-1")}
    answer = one.client.post("/api/v1/rules/run", json={}, headers=headers)

    assert 403 == answer.status_code
    assert "csrf" == answer.get_json()["reason"]


def test_a_write_from_another_site_is_refused_whatever_it_carries(browser):
    one = browser("chen")

    assert 403 == one.call("POST", "/rules/run", {}, headers={"Sec-Fetch-Site": "cross-site"}).status_code


def test_a_form_of_another_site_cannot_sign_somebody_in(browser):
    """Signing in takes JSON, which a foreign form cannot send without being asked first."""
    answer = browser().client.post("/api/v1/session", data={"username": "chen", "password": PASSWORD})

    assert 415 == answer.status_code


def test_a_program_uses_a_token_without_cookie_or_csrf(browser, app):
    """A token is shown once, works by itself, and is worth nothing after it was revoked."""
    one = browser("chen")
    made = one.post("/tokens", {"name": "erp"})
    headers = {"Authorization": f"Bearer {made['token']}"}
    program = app.test_client()

    assert "chen" == program.get("/api/v1/session", headers=headers).get_json()["user"]["key"]
    assert made["token"] not in str(one.get("/tokens"))

    assert 204 == one.call("DELETE", f"/tokens/{made['id']}").status_code
    answer = program.get("/api/v1/session", headers=headers)

    assert 401 == answer.status_code
    assert "Bearer" == answer.headers["WWW-Authenticate"]


def test_the_token_of_another_cannot_be_revoked(browser):
    made = browser("chen").post("/tokens", {"name": "erp"})

    assert 404 == browser("wang").call("DELETE", f"/tokens/{made['id']}").status_code


def test_the_language_is_kept(browser):
    one = browser("chen")
    one._good(one.call("PATCH", "/session", {"language": "en"}))

    assert "en" == one.get("/session")["user"]["language"]
