"""Signing in and out."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import current_app, g, jsonify, request
from flask.typing import ResponseReturnValue

from services import sessions, users
from services.refusal import Refused
from web.endpoint import endpoint, principal, workspace
from web.errors import WebError
from web.limits import Attempts, refuse_soon
from web.principal import clear_cookie, set_cookie

api = APIBlueprint("session", __name__, tag="session 登录")
SESSION_SECONDS = 14 * 24 * 3600
CREDENTIALS = {
    "type": "object",
    "required": ["username", "password"],
    "additionalProperties": False,
    "properties": {
        "username": {"type": "string", "minLength": 1, "maxLength": 80},
        "password": {"type": "string", "minLength": 1, "maxLength": 500},
    },
}
LANGUAGE = {
    "type": "object",
    "required": ["language"],
    "additionalProperties": False,
    "properties": {"language": {"enum": ["zh", "en"]}},
}
SESSION = {
    "type": "object",
    "required": ["user", "csrf_token", "workspace"],
    "properties": {"user": {"type": "object"}, "csrf_token": {"type": "string"}, "workspace": {"type": "object"}},
}


@api.post("/session")
@endpoint("public", body=CREDENTIALS, answer=SESSION)
def sign_in(body: dict[str, Any]) -> ResponseReturnValue:
    """登录 / Sign in: sets the session cookie and returns the CSRF token.

    Failed attempts are limited by name and by address.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise WebError(403, "不接受来自其他网站的请求", "Requests from other sites are refused", reason="csrf")
    name, address = body["username"].strip(), request.remote_addr or ""
    attempts = current_app.extensions.setdefault(
        "beihuo_attempts", {"name": _fresh_names(), "address": _fresh_addresses()}
    )
    refuse_soon(attempts["name"], f"{name}@{address}")
    refuse_soon(attempts["address"], address)
    try:
        found = sessions.sign_in(
            workspace(),
            username=name,
            password=body["password"],
            address=address,
            browser=request.user_agent.string[:200],
        )
    except Refused:
        attempts["name"].failed(f"{name}@{address}")
        attempts["address"].failed(address)
        raise
    attempts["name"].succeeded(f"{name}@{address}")
    answer = jsonify(_shown(found["user"], found["csrf_token"]))
    set_cookie(answer, found["token"], SESSION_SECONDS)
    return answer


def _fresh_names() -> Attempts:
    return Attempts(most=8, seconds=300)


def _fresh_addresses() -> Attempts:
    return Attempts(most=60, seconds=300)


@api.get("/session")
@endpoint("viewer", answer=SESSION)
def show() -> dict[str, Any]:
    """当前登录 / Who is signed in."""
    who = principal()
    return _shown(who.user, who.csrf)


@api.patch("/session")
@endpoint("viewer", body=LANGUAGE, answer=SESSION)
def change_language(body: dict[str, Any]) -> dict[str, Any]:
    """切换语言 / Choose the language of the interface and of one's notices."""
    who = principal()
    user = users.update(workspace(), key=who.key, changes={"language": body["language"]}, user=who.key)
    return _shown({**who.user, **user}, who.csrf)


@api.delete("/session")
@endpoint("viewer", answer=None)
def sign_out() -> ResponseReturnValue:
    """退出 / Sign out: the session ends on the server too."""
    cookie = request.cookies.get(current_app.config["BEIHUO_COOKIE"])
    if cookie and g.principal.via == "session":
        sessions.sign_out(workspace(), token=cookie)
    answer = current_app.response_class(status=204)
    clear_cookie(answer)
    return answer


def _shown(user: dict[str, Any], csrf: str) -> dict[str, Any]:
    chosen = ("key", "name", "roles", "language", "email")
    return {
        "user": {key: user.get(key) for key in chosen},
        "csrf_token": csrf,
        "workspace": sessions.about_workspace(workspace()),
    }
