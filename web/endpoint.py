"""What a route declares: who may call it, what it reads and what it answers.

One declaration serves three readers: the check before the view runs, the OpenAPI document, and the test that every route
has a permission. Bodies and query parameters are JSON Schema 2020-12, so that their problems are told like those of a
definition: all at once, with paths, in two languages.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flask import current_app, g, jsonify, request
from flask.typing import ResponseReturnValue

from engine.definitions import problems_in
from engine.problems import Problem, did_you_mean
from services.workspace import Workspace
from web.errors import WebError
from web.json_provider import bad_text
from web.principal import Principal, require_csrf, require_role

Schema = Mapping[str, Any]
Role = Literal["public", "viewer", "operator", "designer", "admin"]
View = Callable[..., Any]
ANY_OBJECT: Schema = {"type": "object"}
ANY_LIST: Schema = {"type": "array", "items": {}}


def workspace() -> Workspace:
    """Return the workspace that this application serves."""
    found: Workspace = current_app.extensions["beihuo"]
    return found


def principal() -> Principal:
    """Return who is asking; only inside an endpoint that is not public."""
    found: Principal = g.principal
    return found


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The declaration of one route.

    Attributes:
        role: the least role that may call it.
        query: JSON Schema by query parameter; all are optional unless named in *required*.
        body: JSON Schema of the JSON body; None where it reads none.
        answer: JSON Schema of the answer; None where it has no body.
        status: the status of success.
        uploads: the names of the files of a multipart body.
        open_query: other query parameters are taken as they are.
        files: the answer is a file.
        secret: the answer holds a secret, so that it is kept nowhere (not even for a repeated request).
    """

    role: Role
    query: Mapping[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    body: Schema | None = None
    answer: Schema | None = field(default_factory=lambda: ANY_OBJECT)
    status: int = 200
    uploads: tuple[str, ...] = ()
    open_query: bool = False
    secret: bool = False
    files: bool = False


def endpoint(role: Role, **declared: Any) -> Callable[[View], View]:
    """Declare a route: the view gets `query=` when it has a query and `body=` when it reads one."""
    declaration = Endpoint(role, **declared)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def call(**arguments: Any) -> ResponseReturnValue:
            require_role(declaration.role)
            if request.method not in {"GET", "HEAD"} and declaration.role != "public":
                require_csrf()
            if declaration.query or declaration.open_query:
                arguments["query"] = read_query(declaration)
            if declaration.body is not None:
                arguments["body"] = read_body(declaration.body)
            return _answer(view(**arguments), declaration)

        call.endpoint = declaration  # type: ignore[attr-defined] # read by the OpenAPI document and the permission test
        return call

    return decorate


def _answer(result: Any, declaration: Endpoint) -> ResponseReturnValue:
    if result is None and declaration.answer is None:
        return "", 204
    if isinstance(result, dict | list) or result is None:
        return jsonify(result), declaration.status
    answer: ResponseReturnValue = result
    return answer


def read_body(schema: Schema) -> Any:
    """Return the JSON body, checked by *schema*; every problem is told at once.

    Raises:
        WebError: 415 when it is not JSON, 400 when it cannot be read, 422 with the problems.
    """
    raw = request.get_data()
    if not raw and "object" in _types(schema) and not schema.get("required"):
        return {}
    if not request.is_json:
        raise WebError(415, "请用 application/json 发送", "Send application/json", reason="media_type")
    try:
        value = current_app.json.loads(raw)
    except (ValueError, RecursionError):
        raise WebError(400, "正文不是有效的 JSON", "The body is not valid JSON", reason="json") from None
    path = bad_text(value)
    if path is not None:
        message = "含有不能保存的字符或嵌套过深"
        problem = Problem(path, message, message_en="contains characters that cannot be kept, or is nested too deep")
        raise WebError(422, message, problem.message_en, reason="problems", problems=[problem])
    refuse(problems_in(schema, value))
    return value


def _types(schema: Schema) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def refuse(problems: list[Problem]) -> None:
    """Raise 422 with *problems* when there are any."""
    if problems:
        raise WebError(
            422,
            "有问题需要修正,逐条列在下面",
            "These problems have to be put right",
            reason="problems",
            problems=problems,
        )


def read_query(declaration: Endpoint) -> dict[str, Any]:
    """Return the query parameters, converted to the types of their schemas and checked."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, texts in request.args.lists():
        schema = declaration.query.get(name)
        if bad_text(texts) is not None:
            problems.append(Problem(f"$.{name}", "含有无效字符", message_en="contains invalid characters"))
        elif schema is not None:
            found[name] = _converted(texts, schema)
        elif declaration.open_query:
            found[name] = texts[-1]
        else:
            problems.append(_unknown_parameter(name, declaration))
    schema = {"type": "object", "properties": dict(declaration.query), "required": list(declaration.required)}
    refuse(problems + problems_in(schema, found))
    return found


def _unknown_parameter(name: str, declaration: Endpoint) -> Problem:
    near = did_you_mean(name, declaration.query)
    return Problem(
        f"$.{name}",
        f"没有名为“{name}”的参数",
        f"是否想用“{near}”?" if near else "",
        f"unknown parameter “{name}”",
        f"did you mean “{near}”?" if near else "",
    )


def _converted(texts: list[str], schema: Schema) -> Any:
    types = _types(schema)
    text = texts[-1]
    if "array" in types:
        return [part for item in texts for part in item.split(",") if part]
    if "boolean" in types and text in {"true", "false"}:
        return text == "true"
    if "integer" in types and text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) < 19:
        return int(text)
    return text
