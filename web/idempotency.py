"""`Idempotency-Key`: a write that is sent again under the same key is answered again, not done again."""

from __future__ import annotations

import hashlib
import re

from flask import Flask, Response, current_app, g, request

from services import idempotency
from web.errors import WebError

_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,200}")


def install(app: Flask) -> None:
    """Honour the header on every write of the API by somebody who is known."""

    @app.before_request
    def replay() -> Response | None:
        key = _key()
        if key is None:
            return None
        workspace = current_app.extensions["beihuo"]
        kept = idempotency.begin(workspace, user=g.principal.key, key=key, request_hash=_fingerprint())
        if kept is None:
            g.idempotency_key = key
            return None
        answer = Response(current_app.json.dumps(kept.body), kept.status)
        answer.mimetype = "application/json" if kept.status < 400 else "application/problem+json"
        answer.headers["Idempotent-Replayed"] = "true"
        return answer

    @app.after_request
    def keep(response: Response) -> Response:
        key = g.get("idempotency_key")
        if key is None:
            return response
        workspace, user = current_app.extensions["beihuo"], g.principal.key
        # A failure of the server or a busy moment is no answer: the same key may be tried again.
        unkept = response.status_code >= 500 or response.status_code in {401, 423, 429} or not response.is_json
        if unkept or _is_secret():
            idempotency.forget(workspace, user=user, key=key)
        else:
            body = response.get_json(silent=True)
            idempotency.finish(workspace, user=user, key=key, status=response.status_code, body=body)
        return response


def _is_secret() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(getattr(view, "endpoint", None), "secret", False))


def _key() -> str | None:
    if (
        request.method in {"GET", "HEAD", "OPTIONS"}
        or not request.path.startswith("/api/")
        or g.get("principal") is None
    ):
        return None
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise WebError(
            400,
            "Idempotency-Key 只含字母、数字和 _ . : -,最多 200 个字",
            "An Idempotency-Key holds letters, digits and _ . : -, at most 200",
            reason="idempotency_key",
        )
    return key


def _fingerprint() -> str:
    """Return a digest of what is asked: method, address and body (a file by its length alone)."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if request.is_json:
        digest.update(request.get_data())
    else:
        digest.update(str(request.content_length).encode())
    return digest.hexdigest()
