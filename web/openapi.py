"""The OpenAPI 3.1 document: the routes as they are declared, and the users' own forms as they are published."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from apiflask import APIFlask
from flask import current_app, g, jsonify
from flask.typing import ResponseReturnValue

from services import access_view, publish
from services.workspace import Workspace
from web.endpoint import Endpoint
from web.form_schema import record_schema
from web.principal import Principal

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "title_en": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "detail_en": {"type": "string"},
        "reason": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {
                    name: {"type": "string"} for name in ("path", "message", "hint", "message_en", "hint_en")
                },
            },
        },
    },
}
DESCRIPTION = """备货的接口。浏览器用会话 Cookie 与 `X-CSRF-Token`,程序用 `Authorization: Bearer`。出错时按 RFC 9457 回答,`problems` 一次列出全部问题。

The API of Beihuo. Browsers use the session cookie and `X-CSRF-Token`, programs `Authorization: Bearer`. Errors are RFC 9457 documents; `problems` lists everything at once."""
_SEGMENT = re.compile(r"<(?:(?P<kind>[^:<>]+):)?(?P<name>[^<>]+)>")
PATH_TYPES: dict[str | None, dict[str, Any]] = {
    None: {"type": "string", "minLength": 1},
    "string": {"type": "string", "minLength": 1},
    "number": {"type": "integer", "minimum": 0, "maximum": 999999999999999},
    "key": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"},
    "id": {"type": "string", "pattern": "^[A-Za-z0-9_.:@~-]{1,80}$"},
}


def install(app: APIFlask) -> None:
    """Complete APIFlask's document with the declarations, and serve it with the published forms in it."""
    app.spec_processor(lambda spec: _complete(app, spec))  # type: ignore[arg-type] # a dict in, a dict out

    @app.get("/api/openapi.json")
    @app.doc(hide=True)
    def openapi_json() -> ResponseReturnValue:
        return jsonify(document(current_app.extensions["beihuo"]))


def document(workspace: Workspace) -> dict[str, Any]:
    """Return the OpenAPI document of *workspace* as it is now."""
    app: APIFlask = current_app  # type: ignore[assignment] # a local proxy of the APIFlask application
    spec: dict[str, Any] = copy.deepcopy(app._get_spec("json"))  # type: ignore[arg-type] # noqa: SLF001 the cached document
    who: Principal | None = g.principal
    forms = publish.all_current(workspace, "form")
    _add_forms(spec, access_view.open_forms(workspace, forms, user=who.key if who else None))
    return spec


def _complete(app: APIFlask, spec: dict[str, Any]) -> dict[str, Any]:
    spec["components"] = {
        "schemas": {"Problem": PROBLEM},
        "securitySchemes": {
            "session": {"type": "apiKey", "in": "cookie", "name": app.config["BEIHUO_COOKIE"]},
            "bearer": {"type": "http", "scheme": "bearer"},
        },
    }
    spec["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema"
    paths: dict[str, Any] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        declared: Endpoint | None = getattr(app.view_functions[rule.endpoint], "endpoint", None)
        if declared is None:
            continue
        path = _SEGMENT.sub(lambda found: "{" + found["name"] + "}", rule.rule)
        generated = spec["paths"].get(path, {})
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            known = generated.get(method.lower(), {})
            paths.setdefault(path, {})[method.lower()] = _operation(rule.rule, rule.endpoint, method, declared, known)
    spec["paths"] = paths
    return spec


def _operation(rule: str, name: str, method: str, declared: Endpoint, known: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{method.lower()}_{name.replace('.', '_')}",
        "tags": list(known.get("tags", [])) or [name.split(".", maxsplit=1)[0]],
        "summary": known.get("summary", ""),
        "parameters": _parameters(rule, method, declared),
        "responses": _responses(method, declared),
        "x-permission": declared.role,
    }
    if known.get("description"):
        operation["description"] = known["description"]
    if declared.body is not None:
        operation["requestBody"] = {
            "required": bool(declared.body.get("required")) or declared.body.get("type") != "object",
            "content": {"application/json": {"schema": declared.body}},
        }
    if declared.uploads:
        operation["requestBody"] = _upload(declared.uploads)
    operation["security"] = [] if declared.role == "public" else [{"session": []}, {"bearer": []}]
    return operation


def _upload(names: Iterable[str]) -> dict[str, Any]:
    # Without a type: whatever a part holds is the content of a file.
    properties = {name: {"contentMediaType": "application/octet-stream"} for name in names}
    return {"content": {"multipart/form-data": {"schema": {"type": "object", "properties": properties}}}}


def _parameters(rule: str, method: str, declared: Endpoint) -> list[dict[str, Any]]:
    found = [
        {"in": "path", "name": part["name"], "required": True, "schema": PATH_TYPES.get(part["kind"], PATH_TYPES[None])}
        for part in _SEGMENT.finditer(rule)
    ]
    found += [
        {"in": "query", "name": name, "required": name in declared.required, "schema": dict(schema)}
        | ({"style": "form", "explode": False} if schema.get("type") == "array" else {})
        for name, schema in declared.query.items()
    ]
    if method != "GET":
        schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9_.:-]+$"}
        found.append({"in": "header", "name": "Idempotency-Key", "required": False, "schema": schema})
    return found


def _responses(method: str, declared: Endpoint) -> dict[str, Any]:
    ok: dict[str, Any] = {"description": HTTPStatus(declared.status).phrase}
    if declared.answer is not None:
        ok["content"] = {"application/json": {"schema": declared.answer}}
    status = 204 if declared.answer is None and not declared.files else declared.status
    if declared.files:
        ok["content"] = {"application/octet-stream": {}}
    statuses = [400, 404, 406, 409, 413, 415, 422, 423, 429, 503]
    if declared.role != "public" or method != "GET":
        statuses += [401, 403]
    error = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    return {str(status): ok} | {
        str(code): {"description": HTTPStatus(code).phrase, **error} for code in sorted(statuses)
    }


def _add_forms(spec: dict[str, Any], forms: Iterable[Mapping[str, Any]]) -> None:
    """Add `/forms/<key>/records` of each published form, its fields as JSON Schema, users' own names as they are."""
    generic = spec["paths"].get("/api/v1/forms/{key}/records", {})
    single = spec["paths"].get("/api/v1/forms/{key}/records/{record_id}", {})
    for definition in forms:
        if definition.get("storage", "records") != "records":
            continue
        key, name = definition["key"], definition.get("name", definition["key"])
        spec["components"]["schemas"][f"form_{key}"] = record_schema(definition)
        spec["paths"][f"/api/v1/forms/{key}/records"] = {
            method: _own(operation, key, name) for method, operation in generic.items()
        }
        spec["paths"][f"/api/v1/forms/{key}/records/{{record_id}}"] = {
            method: _own(operation, key, name) for method, operation in single.items()
        }


def _own(operation: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    own = copy.deepcopy(dict(operation))
    own["operationId"] = f"{operation['operationId']}_{key}"
    own["tags"] = [f"表单 {name}"]
    own["summary"] = f"{name}: {operation['summary']}"
    own["parameters"] = [
        parameter for parameter in own["parameters"] if parameter["name"] != "key" or parameter["in"] != "path"
    ]
    if "requestBody" in own:
        content = own["requestBody"]["content"]["application/json"]
        values = {"$ref": f"#/components/schemas/form_{key}"}
        inner = dict(content["schema"].get("properties", {}))
        if "values" in inner:
            content["schema"] = {**content["schema"], "properties": {**inner, "values": values}}
        else:
            content["schema"] = values
    return own
