"""Feishu: signed group bot and app messages with tenant tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from typing import Any

from gateways.server import Gateway, Request


def answer(gateway: Gateway, request: Request) -> tuple[int, Any]:
    """Answer the truth in `code`."""
    if request.path.startswith("/open-apis/bot/v2/hook/"):
        return 200, _bot(gateway, request)
    if request.path == "/open-apis/auth/v3/tenant_access_token/internal":
        body = request.json
        if (body["app_id"], body["app_secret"]) != (gateway.secrets["key"], gateway.secrets["secret"]):
            return 200, {"code": 10014, "msg": "app secret invalid"}
        token = f"t-{uuid.uuid4().hex}"
        gateway.tokens[token] = gateway.now() + 7200
        return 200, {"code": 0, "msg": "ok", "tenant_access_token": token, "expire": 7200}
    return _message(gateway, request)


def _bot(gateway: Gateway, request: Request) -> dict[str, Any]:
    body = request.json
    if request.path.rpartition("/")[2] != gateway.secrets["key"]:
        return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
    key = f"{body.get('timestamp')}\n{gateway.secrets['secret']}".encode()
    expected = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    if abs(int(body.get("timestamp", 0)) - gateway.now()) > 3600 or not hmac.compare_digest(
        expected, body.get("sign", "")
    ):
        return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
    if len(request.raw) > 20_000:
        return {"code": 9499, "msg": "Bad Request"}
    gateway.inbox.append({"vendor": "feishu_bot", "type": body["msg_type"], "card": body["card"]})
    return {"code": 0, "msg": "success", "data": {}}


def _message(gateway: Gateway, request: Request) -> tuple[int, Any]:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if gateway.tokens.get(token, 0) < gateway.now():
        return 400, {"code": 99991663, "msg": "Invalid access token for authorization."}
    body = request.json
    if request.method == "PATCH":
        number = request.path.rpartition("/")[2]
        known = next((message for message in gateway.inbox if message.get("id") == number), None)
        if known is None:
            return 400, {"code": 230001, "msg": "invalid message_id"}
        known["card"] = json.loads(body["content"])
        return 200, {"code": 0, "msg": "success", "data": {}}
    if not body["receive_id"].startswith("ou_"):
        return 400, {
            "code": 230001,
            "msg": "Your request contains an invalid request parameter, ext=invalid receive_id.",
        }
    unique = f"feishu:{body['uuid']}:{body['receive_id']}"
    number = f"om_{uuid.uuid4().hex}"
    if unique not in gateway.seen:  # within the hour Feishu drops a repeat
        gateway.seen.add(unique)
        card = json.loads(body["content"])
        gateway.inbox.append({"vendor": "feishu_app", "user": body["receive_id"], "card": card, "id": number})
    return 200, {"code": 0, "msg": "success", "data": {"message_id": number}}
