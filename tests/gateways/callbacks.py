"""How each vendor calls back: receipts, replies and clicks, signed as the vendor signs, repeated as the vendor repeats."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# Seconds after which each vendor tries again when it is not answered 200.
SCHEDULES: Mapping[str, Sequence[float]] = {
    "aliyun": (60, 300, 600),
    "tencent": (60, 300),
    "wecom": (5, 5, 5),
    "feishu": (15, 300, 3600, 21600),
    "dingtalk": (1, 5),
    "twilio": (),
}


@dataclass(frozen=True)
class Call:
    """One request of a vendor to our address."""

    vendor: str
    body: bytes
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


def push(call: Call, send: Callable[[Call], int], passes: Callable[[float], None] = lambda _: None) -> int:
    """Send *call* until it is answered 200 or the vendor's schedule ends; return how often it was sent."""
    for number, wait in enumerate((*SCHEDULES[call.vendor], None), 1):
        if send(call) == 200 or wait is None:
            return number
        passes(wait)
    raise AssertionError("a schedule ends")


def aliyun_report(biz_id: str, phone: str, *, success: bool = True, code: str = "DELIVERED") -> Call:
    """The state of a text message; Aliyun signs nothing."""
    item = {"phone_number": phone, "success": success, "err_code": code, "err_msg": code, "biz_id": biz_id}
    return Call("aliyun", json.dumps([item]).encode(), headers={"Content-Type": "application/json"})


def aliyun_reply(phone: str, text: str, sequence: int) -> Call:
    """What somebody answered."""
    item = {"phone_number": phone, "content": text, "sequence_id": sequence, "dest_code": "1069"}
    return Call("aliyun", json.dumps([item]).encode(), headers={"Content-Type": "application/json"})


def tencent_report(sid: str, phone: str, *, status: str = "SUCCESS") -> Call:
    """The state of a text message; the `sign` of Tencent's callbacks is no proof."""
    item = {"mobile": phone, "report_status": status, "sid": sid, "errmsg": "DELIVRD", "description": "ok"}
    return Call("tencent", json.dumps([item]).encode(), headers={"Content-Type": "application/json"})


def twilio_status(url: str, sid: str, token: str, status: str = "delivered") -> Call:
    """A message's state, signed over the address and the sorted form."""
    form = {"MessageSid": sid, "MessageStatus": status, "To": "+8613800138000"}
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    signed = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
    headers = {"X-Twilio-Signature": signed, "Content-Type": "application/x-www-form-urlencoded"}
    return Call("twilio", urlencode(form).encode(), headers=headers)


def wecom_crypt(key: str, text: str, receiver: str) -> str:
    """Encrypt as WeCom does: random 16, length 4, text, receiver, PKCS7 of block 32, AES-256-CBC with the key's own IV."""
    aes = base64.b64decode(f"{key}=")
    raw = text.encode()
    plain = os.urandom(16) + len(raw).to_bytes(4, "big") + raw + receiver.encode()
    pad = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(aes), modes.CBC(aes[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


def wecom_click(
    settings: Mapping[str, Any], user: str, task_id: str, button: str, *, at: int, response: str = "rc"
) -> Call:
    """A press of a template card's button."""
    text = (
        f"<xml><ToUserName><![CDATA[{settings['corp_id']}]]></ToUserName><FromUserName><![CDATA[{user}]]></FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[template_card_event]]></Event>"
        f"<EventKey><![CDATA[{button}]]></EventKey><TaskId><![CDATA[{task_id}]]></TaskId>"
        f"<CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[{response}]]></ResponseCode>"
        f"<AgentID>1</AgentID></xml>"
    )
    encrypted = wecom_crypt(settings["callback_key"], text, settings["corp_id"])
    query = {"timestamp": str(at), "nonce": "263014780"}
    parts = sorted([settings["callback_token"], query["timestamp"], query["nonce"], encrypted])
    query["msg_signature"] = hashlib.sha1("".join(parts).encode()).hexdigest()
    body = f"<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return Call("wecom", body.encode(), query=query, headers={"Content-Type": "text/xml"})


def feishu_click(
    settings: Mapping[str, Any],
    open_id: str,
    value: Mapping[str, str],
    *,
    at: int,
    event: str,
    message_id: str = "om_1",
) -> Call:
    """A press of a card's button (card.action.trigger, schema 2.0), encrypted and signed."""
    data = {
        "schema": "2.0",
        "header": {
            "event_id": event,
            "event_type": "card.action.trigger",
            "token": settings["verification_token"],
            "app_id": settings["app_id"],
        },
        "event": {
            "operator": {"open_id": open_id},
            "token": "c-1",
            "action": {"tag": "button", "value": dict(value)},
            "context": {"open_message_id": message_id},
        },
    }
    iv, pad = os.urandom(16), padding.PKCS7(128).padder()
    padded = pad.update(json.dumps(data).encode()) + pad.finalize()
    key = hashlib.sha256(settings["encrypt_key"].encode()).digest()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    body = json.dumps(
        {"encrypt": base64.b64encode(iv + encryptor.update(padded) + encryptor.finalize()).decode()}
    ).encode()
    signed = hashlib.sha256(f"{at}n{settings['encrypt_key']}".encode() + body).hexdigest()
    headers = {
        "X-Lark-Request-Timestamp": str(at),
        "X-Lark-Request-Nonce": "n",
        "X-Lark-Signature": signed,
        "Content-Type": "application/json",
    }
    return Call("feishu", body, headers=headers)


def dingtalk_click(secret: str, user: str, track: str, action: str, *, at: int) -> Call:
    """A press of an interactive card's button over HTTP."""
    content = {"cardPrivateData": {"actionIds": [action], "params": {"action": action}}}
    data = {
        "type": "actionCallback",
        "outTrackId": track,
        "userId": user,
        "corpId": "ding",
        "content": json.dumps(content),
    }
    stamp = str(at * 1000)
    signed = base64.b64encode(hmac.new(secret.encode(), stamp.encode(), hashlib.sha256).digest()).decode()
    headers = {
        "x-ddpaas-signature-timestamp": stamp,
        "x-ddpaas-signature": signed,
        "Content-Type": "application/json",
    }
    return Call("dingtalk", json.dumps(data).encode(), headers=headers)
