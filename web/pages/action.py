"""Action pages: what a notice's link opens. Looking never acts; one confirmation does, once, for the person it was sent to.

Mail scanners fetch links, so GET and HEAD change nothing. The token is random, kept as its hash only, bound to one person
and one seat or alert, good for 72 hours and for one decision. The page needs no JavaScript.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from engine.problems import DefinitionError
from services import link_actions, links, sessions
from services.refusal import Refused
from web.endpoint import workspace
from web.errors import WebError
from web.headers import PAGE_POLICY
from web.limits import Attempts, refuse_soon
from web.pages.view import page_of, proof_of
from web.pages.words import words_for
from workflows import Refused as StepRefused

pages = Blueprint("action", __name__)
MARKS = {"used": "✓", "stale": "✓", "expired": "⌛", "unknown": "?"}


@pages.get("/a/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show what is to be decided, or what became of it; nothing changes."""
    return _show(token)


@pages.post("/a/<token>")
def act(token: str) -> ResponseReturnValue:
    """Decide once, as the person whom the link was sent to."""
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return _plain_refusal("请从通知里的链接打开本页再操作", "Open this page from your notice and try again", 403)
    try:
        link_actions.act(workspace(), token=token, asked=_asked())
    except (Refused, StepRefused, DefinitionError) as error:
        return _show(token, error)
    return _protected(redirect(_address(token), 303))


def _asked() -> link_actions.Confirmation:
    form = request.form
    values = {name.removeprefix("form."): value for name, value in form.items() if name.startswith("form.")}
    values |= {name: value for name, value in form.items() if name.startswith(("do.", "quantity."))}
    return link_actions.Confirmation(
        form.get("nonce", ""),
        form.get("op", ""),
        values,
        form.get("comment", "")[:2000],
        form.get("to", ""),
        form.get("days", ""),
        form.get("pin", ""),
        signed_in(),
    )


def signed_in() -> str | None:
    """Return who is signed in on this browser; pages know them for policies only."""
    cookie = request.cookies.get(current_app.config["BEIHUO_COOKIE"])
    found = sessions.session(workspace(), token=cookie) if cookie else None
    return str(found["user"]["key"]) if found else None


def _attempts() -> Attempts:
    found: Attempts = current_app.extensions.setdefault("beihuo_link_attempts", Attempts(most=30, seconds=60))
    return found


def _address(token: str) -> str:
    language = request.args.get("lang")
    return f"/a/{token}" + (f"?lang={language}" if language in {"zh", "en"} else "")


def _show(token: str, error: Exception | None = None) -> ResponseReturnValue:
    try:
        refuse_soon(_attempts(), request.remote_addr or "")
    except WebError as limited:
        return _plain_refusal(limited.detail, limited.detail_en, limited.status)
    found = links.open_(workspace(), token=token)
    language = request.args.get("lang") or found.get("language") or _asked_language()
    words = words_for(language)
    switch = f"/a/{token}?lang={words['other']}"
    if found["state"] != "open":
        if found["state"] == "unknown":
            _attempts().failed(request.remote_addr or "")
        return _outcome(found, words, switch)
    mistake = _mistake(error, words["lang"]) if error else ""
    page = page_of(workspace(), found, words, mistake=mistake, given=request.form if error else None)
    page |= {"address": _address(token), "token": token, "proof": proof_of(found, signed_in())}
    template = "digest.html" if found["kind"] == "digest" else "action.html"
    html = render_template(template, page=page, w=words, switch=switch)
    return _protected(Response(html, 422 if error else 200))


def _outcome(found: dict[str, Any], words: dict[str, str], switch: str) -> Response:
    english = words["lang"] == "en"
    message, message_en = found["message"], found["message_en"]
    html = render_template(
        "outcome.html",
        w=words,
        switch=switch,
        mark=MARKS.get(found["state"], "✓"),
        title=found.get("title_en" if english else "title")
        or words["used" if found["state"] == "stale" else found["state"]],
        message=message_en if english else message,
        message_en=message if english else message_en,
        history=found.get("history", []),
        app_link=found.get("app_link", "/app/"),
    )
    return _protected(Response(html, {"unknown": 404, "expired": 410}.get(found["state"], 200)))


def _mistake(error: Exception, language: str) -> str:
    english = language == "en"
    if isinstance(error, DefinitionError):
        return "; ".join(
            (problem.message_en or problem.message) if english else problem.message for problem in error.problems
        )
    return str(getattr(error, "message_en" if english else "message", error))


def _asked_language() -> str:
    return request.accept_languages.best_match(["zh", "en"], default="zh")


def _plain_refusal(message: str, message_en: str, status: int) -> Response:
    words = words_for(_asked_language())
    english = words["lang"] == "en"
    html = render_template(
        "outcome.html",
        w=words,
        mark="!",
        title=words["failed"],
        message=message_en if english else message,
        message_en=message if english else message_en,
        app_link="/app/",
    )
    return _protected(Response(html, status))


def _protected(answer: Any) -> Response:
    answer.headers["Content-Security-Policy"] = PAGE_POLICY
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    page: Response = answer
    return page
