"""WeCom: group bot (key, 20 a minute) and app messages (access tokens that end, unknown members told by name)."""

from __future__ import annotations

import re
import uuid
from typing import Any

from gateways.server import Gateway, Request


def answer(gateway: Gateway, request: Request) -> tuple[int, Any]:
    """Answer status 200 and the truth in `errcode`."""
    routes = {"/cgi-bin/webhook/send": _bot, "/cgi-bin/gettoken": _token, "/cgi-bin/message/send": _message}
    routes["/cgi-bin/message/update_template_card"] = _update
    return 200, routes[request.path](gateway, request)


def _bot(gateway: Gateway, request: Request) -> dict[str, Any]:
    if request.query.get("key") != gateway.secrets["secret"]:
        return {"errcode": 93000, "errmsg": "invalid webhook url"}
    body = request.json
    if len(body["text"]["content"].encode()) > 2048:
        return {"errcode": 40058, "errmsg": "text.content exceed max length 2048"}
    recent = [m for m in gateway.inbox if m["vendor"] == "wecom_bot" and m["at"] > gateway.now() - 60]
    if len(recent) >= 20:
        return {"errcode": 45009, "errmsg": "api freq out of limit"}
    gateway.inbox.append(
        {
            "vendor": "wecom_bot",
            "at": gateway.now(),
            "text": body["text"]["content"],
            "phones": body["text"]["mentioned_mobile_list"],
        }
    )
    return {"errcode": 0, "errmsg": "ok"}


def _token(gateway: Gateway, request: Request) -> dict[str, Any]:
    if (request.query.get("corpid"), request.query.get("corpsecret")) != (
        gateway.secrets["key"],
        gateway.secrets["secret"],
    ):
        return {"errcode": 40001, "errmsg": "invalid credential"}
    token = uuid.uuid4().hex
    gateway.tokens[token] = gateway.now() + 7200
    return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200}


def _message(gateway: Gateway, request: Request) -> dict[str, Any]:
    if gateway.tokens.get(request.query.get("access_token", ""), 0) < gateway.now():
        return {"errcode": 42001, "errmsg": "access_token expired"}
    body = request.json
    known = [user for user in body["touser"].split("|") if not user.startswith("ghost")]
    unknown = [user for user in body["touser"].split("|") if user.startswith("ghost")]
    if not known:
        return {"errcode": 81013, "errmsg": "user & party & tag all invalid", "invaliduser": "|".join(unknown)}
    content = body[body["msgtype"]]
    if body["msgtype"] == "template_card":
        fault = _card_fault(gateway, content)
        if fault:
            return fault
    response = uuid.uuid4().hex
    for user in known:
        gateway.inbox.append(
            {"vendor": "wecom_app", "user": user, "type": body["msgtype"], "content": content, "response": response}
        )
    return {
        "errcode": 0,
        "errmsg": "ok",
        "invaliduser": "|".join(unknown),
        "msgid": uuid.uuid4().hex,
        "response_code": response if body["msgtype"] == "template_card" else "",
    }


def _card_fault(gateway: Gateway, card: dict[str, Any]) -> dict[str, Any] | None:
    """Refuse a card as WeCom does: the task's id has its own alphabet and serves once; at most six buttons."""
    task = card["task_id"]
    if not re.fullmatch(r"[0-9A-Za-z_@-]{1,128}", task):
        return {"errcode": 42045, "errmsg": "invalid template card task_id"}
    if f"task:{task}" in gateway.seen:
        return {"errcode": 42046, "errmsg": "template card task_id repeated"}
    gateway.seen.add(f"task:{task}")
    if not 1 <= len(card["button_list"]) <= 6:
        return {"errcode": 42040, "errmsg": "invalid button_list"}
    return None


def _update(gateway: Gateway, request: Request) -> dict[str, Any]:
    if gateway.tokens.get(request.query.get("access_token", ""), 0) < gateway.now():
        return {"errcode": 42001, "errmsg": "access_token expired"}
    body = request.json
    code = body["response_code"]
    shown = [message for message in gateway.inbox if message.get("response") == code]
    if not shown or f"response:{code}" in gateway.seen:
        return {"errcode": 41096, "errmsg": "invalid response_code or used"}
    gateway.seen.add(f"response:{code}")
    for message in shown:
        message["content"] = {**message["content"], "replaced": body["button"]["replace_name"]}
    return {"errcode": 0, "errmsg": "ok", "invaliduser": []}
