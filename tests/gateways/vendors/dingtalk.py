"""DingTalk: interactive cards by access token; the robot: signature over the timestamp, an hour's tolerance, 20 messages a minute and ten silent minutes after."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from typing import Any

from gateways.server import Gateway, Request


def answer(gateway: Gateway, request: Request) -> tuple[int, Any]:
    """Answer status 200 and the truth in `errcode`; the card API of api.dingtalk.com answers by status and `code`."""
    if request.path.startswith("/v1.0/"):
        return _card(gateway, request)
    if request.query.get("access_token") != gateway.secrets["key"]:
        return 200, {"errcode": 300005, "errmsg": "token is not exist"}
    stamp, secret = request.query.get("timestamp", "0"), gateway.secrets["secret"]
    if abs(int(stamp) / 1000 - gateway.now()) > 3600:
        return 200, {"errcode": 310000, "errmsg": "invalid timestamp"}
    expected = base64.b64encode(
        hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    ).decode()
    if not hmac.compare_digest(expected, request.query.get("sign", "")):
        return 200, {"errcode": 310000, "errmsg": "sign not match"}
    times = [message["at"] for message in gateway.inbox if message["vendor"] == "dingtalk"]
    silent = gateway.tokens.get("dingtalk-silent", 0)
    if gateway.now() < silent or sum(1 for at in times if at > gateway.now() - 60) >= 20:
        gateway.tokens["dingtalk-silent"] = max(silent, gateway.now() + 600)
        return 200, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
    body = request.json
    gateway.inbox.append(
        {"vendor": "dingtalk", "at": gateway.now(), "type": body["msgtype"], "content": body[body["msgtype"]]}
    )
    return 200, {"errcode": 0, "errmsg": "ok"}


def _card(gateway: Gateway, request: Request) -> tuple[int, Any]:
    body = request.json
    if request.path == "/v1.0/oauth2/accessToken":
        if (body["appKey"], body["appSecret"]) != (gateway.secrets["key"], gateway.secrets["secret"]):
            return 400, {"code": "invalidClientIdOrSecret", "message": "无效的clientId或者clientSecret"}
        token = uuid.uuid4().hex
        gateway.tokens[token] = gateway.now() + 7200
        return 200, {"accessToken": token, "expireIn": 7200}
    if gateway.tokens.get(request.headers.get("x-acs-dingtalk-access-token", ""), 0) < gateway.now():
        return 401, {"code": "InvalidAuthentication", "message": "不合法的access_token"}
    if request.method == "PUT" and request.path == "/v1.0/card/instances":
        known = next((m for m in gateway.inbox if m.get("track") == body["outTrackId"]), None)
        if known is None:
            return 400, {"code": "param.cardNotExist", "message": "卡片不存在"}
        known["card"] |= body["cardData"]["cardParamMap"]
        return 200, {"success": True, "result": True}
    if not all(isinstance(value, str) for value in body["cardData"]["cardParamMap"].values()):
        return 400, {"code": "param.error", "message": "cardParamMap takes texts only"}
    user = body["openSpaceId"].removeprefix("dtv1.card//IM_ROBOT.")
    if user == "nobody":
        results = [{"spaceType": "IM_ROBOT", "success": False, "errorMsg": "staffId.notExisted"}]
        return 200, {"success": True, "result": {"outTrackId": body["outTrackId"], "deliverResults": results}}
    if not any(m.get("track") == body["outTrackId"] for m in gateway.inbox):  # the same id is the same card
        card = dict(body["cardData"]["cardParamMap"])
        gateway.inbox.append({"vendor": "dingtalk_card", "user": user, "track": body["outTrackId"], "card": card})
    results = [{"spaceType": "IM_ROBOT", "success": True}]
    return 200, {"success": True, "result": {"outTrackId": body["outTrackId"], "deliverResults": results}}
