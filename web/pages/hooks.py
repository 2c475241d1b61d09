"""Where providers call us back: `/hooks/<channel>/<secret>`; the secret is in the address, the proof in the message."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from integrations.callback import Inbound
from services import callbacks
from services.refusal import Refused
from services.workspace import Workspace
from web.errors import WebError
from web.limits import Attempts, refuse_soon

pages = Blueprint("hooks", __name__)
MOST_BYTES = 256 * 1024
STATUS = {"not_found": 404, "forbidden": 403}


@pages.route("/hooks/<key:key>/<secret>", methods=["GET", "POST"])
def receive(key: str, secret: str) -> ResponseReturnValue:
    """Take receipts, replies and clicks; answer what the provider waits for."""
    workspace: Workspace = current_app.extensions["beihuo"]
    attempts: Attempts = current_app.extensions.setdefault("beihuo_hook_attempts", Attempts(most=60, seconds=60))
    caller = request.remote_addr or ""
    try:
        refuse_soon(attempts, caller)
    except WebError as limited:
        return _answer(limited.detail, limited.status)
    if (request.content_length or 0) > MOST_BYTES:
        return _answer("too large", 413)
    inbound = Inbound(
        request.method,
        request.args.to_dict(),
        {name.lower(): value for name, value in request.headers.items()},
        request.get_data(),
        workspace.settings.base_url + request.full_path.rstrip("?"),
        workspace.clock().timestamp(),
    )
    try:
        received = callbacks.receive(workspace, key=key, secret=secret, inbound=inbound)
    except Refused as refused:
        attempts.failed(caller)
        return _answer(f"{refused.message} / {refused.message_en}", STATUS.get(refused.reason, 409))
    answer = Response(received.answer, 200, content_type=received.content_type)
    answer.headers.update(dict(received.headers))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
