"""The page that a phone opens during set-up to prove that our address reaches it; it tells nothing but "it works"."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from services import reachability
from services.workspace import Workspace
from web.headers import PAGE_POLICY
from web.pages.words import words_for

pages = Blueprint("probe", __name__)


@pages.get("/p/<token>")
def show(token: str) -> ResponseReturnValue:
    """Say that it works, and note that somebody got here."""
    workspace: Workspace = current_app.extensions["beihuo"]
    user = token.partition(".")[0]
    agent, address = request.headers.get("User-Agent", "")[:300], request.remote_addr or ""
    known = reachability.opened(workspace, token=token, user=user, agent=agent, address=address)
    words = words_for(request.accept_languages.best_match(["zh", "en"], default="zh"))
    title = words["reached" if known else "unknown"]
    html = render_template(
        "outcome.html", w=words, mark="✓" if known else "?", title=title, message="", message_en="", app_link="/app/"
    )
    page = Response(html, 200 if known else 404)
    page.headers["Content-Security-Policy"] = PAGE_POLICY
    page.headers["Cache-Control"] = "no-store"
    return page
