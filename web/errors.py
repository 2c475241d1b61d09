"""Problem documents (RFC 9457): what went wrong, in Chinese and English, with every problem at once.

The one tree of what a view may raise:

    DefinitionError           422, with its problems
    store.StoreError          409, 503, 507
    services.Refused          404, 403, 409 … by its reason
    workflows.Refused         409, with its reason
    WebError                  whatever status it carries
    any other BeihuoError     422, with its words
    werkzeug HTTPException    the same status
    anything else             500, with an id that finds it in the log
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from engine.problems import BeihuoError, DefinitionError, Problem, UnknownName
from services.refusal import Refused
from store.errors import Conflict, Duplicate, StorageFull, StoreError, Unavailable
from workflows import Refused as StepRefused

TITLES: dict[int, tuple[str, str]] = {
    400: ("请求无法读懂", "The request cannot be read"),
    401: ("请先登录", "Please sign in"),
    403: ("没有权限", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("此地址不支持这种方法", "Method not allowed"),
    406: ("不能按要求的格式回答", "Not acceptable"),
    409: ("与现状冲突", "Conflict with the current state"),
    410: ("已失效", "Gone"),
    412: ("前提不成立", "Precondition failed"),
    413: ("内容过大", "The content is too large"),
    415: ("不支持的内容类型", "Unsupported content type"),
    422: ("内容有问题", "The content has problems"),
    423: ("已锁定", "Locked"),
    429: ("请求过于频繁", "Too many requests"),
    500: ("服务器出错", "The server failed"),
    507: ("磁盘已满", "No space left"),
    503: ("暂时不可用", "Not available for now"),
}
log = structlog.get_logger("web")


class WebError(Exception):
    """A request that the web room itself refuses.

    Args:
        status: the HTTP status.
        detail: what is wrong, in Chinese.
        detail_en: the same in English.
        reason: one word for programs (`csrf`, `too_large`).
        problems: the parts of the body that are wrong.
        headers: headers that the answer must carry (`Retry-After`, `Allow`).
    """

    def __init__(
        self,
        status: int,
        detail: str,
        detail_en: str,
        *,
        reason: str = "",
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.detail_en = status, detail, detail_en
        self.reason, self.problems, self.headers = reason, problems, dict(headers or {})


def problem_document(
    status: int,
    detail: str = "",
    detail_en: str = "",
    *,
    reason: str = "",
    problems: Sequence[Problem] = (),
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """Return the `application/problem+json` answer of *status*."""
    title, title_en = TITLES.get(status, (f"错误 {status}", f"Error {status}"))
    document: dict[str, Any] = {
        "type": f"/api/docs#problem-{reason or status}",
        "title": title,
        "title_en": title_en,
        "status": status,
        "detail": detail or title,
        "detail_en": detail_en or detail or title_en,
        "reason": reason or str(status),
        "problems": [problem.as_dict() for problem in problems],
        **(extra or {}),
    }
    answer = Response(current_app.json.dumps(document), status, mimetype="application/problem+json")
    answer.headers.update(headers or {})
    return answer


def _refused(error: Refused) -> Response:
    return problem_document(
        error.status, error.message, error.message_en, reason=error.reason, extra={"details": error.details}
    )


def _told(error: BeihuoError) -> Response:
    """Answer with what was raised on purpose: its words are meant for people, Chinese before the stroke, English after it."""
    zh, _, en = str(error).partition(" / ")
    reason = "unknown_name" if isinstance(error, UnknownName) else "refused"
    return problem_document(422, zh, en, reason=reason)


def _store(error: StoreError) -> Response:
    status = {Conflict: 503, Duplicate: 409, StorageFull: 507, Unavailable: 503}.get(type(error), 503)
    zh, _, en = str(error).partition(" / ")
    headers = {"Retry-After": "1"} if status == 503 else {}
    return problem_document(status, zh, en, reason="conflict" if status == 409 else "busy", headers=headers)


def _http(error: HTTPException) -> Response:
    if error.response is not None or error.code in {301, 302, 303, 307, 308}:
        return current_app.make_response(error.get_response(request.environ))
    methods = getattr(error, "valid_methods", None)
    return problem_document(error.code or 500, headers={"Allow": ", ".join(sorted(methods))} if methods else {})


def _unexpected(error: Exception) -> Response:
    number = secrets.token_hex(6)
    log.error("unexpected", error_id=number, route=str(request.url_rule), exc_info=error)
    return problem_document(
        500,
        f"出错编号 {number};请把它交给管理员,日志里能查到",
        f"Error {number}: give it to your administrator, who finds it in the log",
        reason="internal",
    )


def install(app: Flask) -> None:
    """Answer every error of *app* with a problem document."""
    app.register_error_handler(
        DefinitionError,
        lambda error: problem_document(
            422,
            "有问题需要修正,逐条列在下面",
            "These problems have to be put right",
            reason="problems",
            problems=error.problems,
        ),
    )
    app.register_error_handler(BeihuoError, _told)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(StoreError, _store)
    app.register_error_handler(
        StepRefused,
        lambda error: problem_document(409, error.message, getattr(error, "message_en", ""), reason=error.reason),
    )
    app.register_error_handler(
        WebError,
        lambda error: problem_document(
            error.status,
            error.detail,
            error.detail_en,
            reason=error.reason,
            problems=error.problems,
            headers=error.headers,
        ),
    )
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
