"""Who is asking: a browser by its session cookie, a program by its bearer token; and what they may."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any, Literal

from flask import Flask, Response, current_app, g, request

from services import sessions
from web.errors import WebError

LEVELS = ("viewer", "operator", "designer", "admin")
ROLE_NAMES = {"viewer": "访客", "operator": "操作员", "designer": "设计者", "admin": "管理员"}


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody known.

    Attributes:
        user: the user as the API shows it.
        via: how they proved it; only a session needs the CSRF token.
        csrf: the session's CSRF token.
    """

    user: dict[str, Any]
    via: Literal["session", "token"]
    csrf: str = ""

    @property
    def key(self) -> str:
        """The user's key."""
        return str(self.user["key"])

    @property
    def language(self) -> str:
        """`zh` or `en`."""
        return "en" if self.user.get("language") == "en" else "zh"

    @property
    def level(self) -> int:
        """The highest of the four system roles as a number; a user without one is a viewer."""
        return max((LEVELS.index(role) for role in self.user.get("roles", []) if role in LEVELS), default=0)

    def may(self, role: str) -> bool:
        """Say whether this is at least *role*."""
        return self.level >= LEVELS.index(role)


def configure(app: Flask, *, https: bool) -> None:
    """Choose the cookie's name: over https the `__Host-` prefix binds it to this very host."""
    app.config["BEIHUO_HTTPS"] = https
    app.config["BEIHUO_COOKIE"] = "__Host-beihuo" if https else "beihuo_session"


def install(app: Flask) -> None:
    """Find out who is asking before anything else of the API runs."""

    @app.before_request
    def identify() -> None:
        g.principal = _identified() if request.path.startswith("/api/") else None


def _identified() -> Principal | None:
    workspace = current_app.extensions["beihuo"]
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        user = sessions.bearer(workspace, token=secret.strip())
        if user is None:
            raise WebError(
                401,
                "令牌无效、已过期或已撤销",
                "The token is not valid, has expired or was revoked",
                reason="token",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return Principal(user, "token")
    cookie = request.cookies.get(current_app.config["BEIHUO_COOKIE"])
    found = sessions.session(workspace, token=cookie) if cookie else None
    return Principal(found["user"], "session", found["csrf_token"]) if found else None


def require_role(role: str) -> None:
    """Refuse who is not known (401) or has a lesser role (403); `public` is for everybody."""
    if role == "public":
        return
    who: Principal | None = g.principal
    if who is None:
        raise WebError(401, "请先登录", "Please sign in", reason="unauthorized")
    if not who.may(role):
        raise WebError(
            403,
            f"这一步需要“{ROLE_NAMES[role]}”以上的角色",
            f"This takes the role “{role}” or a higher one",
            reason="forbidden",
        )


def require_csrf() -> None:
    """Refuse a browser's write that does not carry its session's token, and any write from another site."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise WebError(403, "不接受来自其他网站的请求", "Requests from other sites are refused", reason="csrf")
    who: Principal | None = g.principal
    if who is None or who.via == "token":
        return
    given = request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(given.encode(), who.csrf.encode()):
        raise WebError(
            403,
            "缺少或错误的 X-CSRF-Token;请刷新页面再试",
            "X-CSRF-Token is missing or wrong: reload the page and try again",
            reason="csrf",
        )


def set_cookie(response: Response, token: str, seconds: int) -> None:
    """Give the browser its session: out of reach of scripts and of other sites."""
    response.set_cookie(
        current_app.config["BEIHUO_COOKIE"],
        token,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["BEIHUO_HTTPS"],
        path="/",
    )


def clear_cookie(response: Response) -> None:
    """Take the session back from the browser."""
    response.delete_cookie(
        current_app.config["BEIHUO_COOKIE"],
        httponly=True,
        samesite="Lax",
        secure=current_app.config["BEIHUO_HTTPS"],
        path="/",
    )
