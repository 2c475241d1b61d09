"""Leaving a kind of notice from an e-mail: looking changes nothing, one POST does (also the mail program's own, RFC 8058)."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from services import leaving
from services.refusal import Refused
from services.workspace import Workspace
from web.headers import PAGE_POLICY
from web.pages.words import words_for

pages = Blueprint("leave", __name__)


@pages.get("/u/<token>")
def show(token: str) -> ResponseReturnValue:
    """Ask; nothing changes."""
    return _page(token, done=False)


@pages.post("/u/<token>")
def leave(token: str) -> ResponseReturnValue:
    """Leave."""
    return _page(token, done=True)


def _page(token: str, *, done: bool) -> Response:
    workspace: Workspace = current_app.extensions["beihuo"]
    try:
        found = leaving.leave(workspace, token=token) if done else leaving.look(workspace, token=token)
    except (Refused, ValueError):
        words = words_for("zh")
        html = render_template(
            "outcome.html", w=words, mark="?", title=words["unknown"], message="", message_en="", app_link="/app/"
        )
        return _protected(Response(html, 404))
    words = words_for(found["language"])
    what = found["rule"] or found["channel"]
    html = render_template("leave.html", w=words, what=what, person=found["person"], done=done, address=f"/u/{token}")
    return _protected(Response(html))


def _protected(page: Response) -> Response:
    page.headers["Content-Security-Policy"] = PAGE_POLICY
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page
