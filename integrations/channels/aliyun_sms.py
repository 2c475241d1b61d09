"""Aliyun SMS (阿里云短信, Dysmsapi 2017-05-25), signed with ACS3-HMAC-SHA256."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from integrations import http
from integrations.channel import Limit, Message, Outcome, OutcomeState, Recipient, TextLimit, channel
from integrations.provider import SECRET_KEY_SCHEMA, base_url_schema, body_of, by_status, one_by_one
from integrations.sms import VARIABLES_SCHEMA, variables

_FOR_NOW = {"Throttling.User", "SignatureNonceUsed", "isp.SYSTEM_ERROR", "isp.RAM_PERMISSION_DENY", "isv.SYSTEM_ERROR"}
# Business limits (1/min, 50/day a number and template) lift by themselves: an hour later is soon enough.
_LIMITS = {"isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL"}


@channel("aliyun_sms")
class AliyunSms:
    """Send a text message through Aliyun. The template's variables are filled from the notice; links are not allowed in them."""

    title: ClassVar[str] = "阿里云短信"
    title_en: ClassVar[str] = "Aliyun SMS"
    icon: ClassVar[str] = "mobile"
    address: ClassVar[str] = "phone"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["access_key_id", "access_key_secret", "sign_name", "template_code"],
        "properties": {
            "access_key_id": {"type": "string", "title": "AccessKey ID", "title_en": "AccessKey ID", "minLength": 1},
            "access_key_secret": {**SECRET_KEY_SCHEMA, "title": "AccessKey Secret", "title_en": "AccessKey secret"},
            "sign_name": {"type": "string", "title": "短信签名", "title_en": "Signature", "minLength": 1},
            "template_code": {"type": "string", "title": "模板编号", "title_en": "Template code", "pattern": "^SMS_"},
            "variables": VARIABLES_SCHEMA,
            "base_url": base_url_schema("https://dysmsapi.aliyuncs.com"),
        },
    }
    text: ClassVar[TextLimit] = TextLimit(35, links=False, lines=False)
    example: ClassVar[dict[str, Any]] = {
        "access_key_id": "LTAI5t******",
        "access_key_secret": "******",
        "sign_name": "某某商贸",
        "template_code": "SMS_123456789",
        "variables": {"name": "record", "days": "days"},
    }
    costs_money: ClassVar[bool] = True
    limits: ClassVar[tuple[Limit, ...]] = (Limit(50, 86_400, by="address"),)

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one request a number, so that each has its own BizId and verdict."""
        return one_by_one(to, lambda recipient: _send_one(message, recipient, settings))


def _send_one(message: Message, recipient: Recipient, settings: Mapping[str, Any]) -> Outcome:
    url = settings.get("base_url", "https://dysmsapi.aliyuncs.com")
    query = {
        "PhoneNumbers": recipient.address,
        "SignName": settings["sign_name"],
        "TemplateCode": settings["template_code"],
        "TemplateParam": json.dumps(variables(message, settings), ensure_ascii=False),
        "OutId": hashlib.sha256(message.key.encode()).hexdigest()[:32],
    }
    headers = signed_headers(
        "POST", urlsplit(url).netloc, query, settings["access_key_id"], settings["access_key_secret"]
    )
    answer = http.request("POST", f"{url}/?{_canonical_query(query)}", headers=headers, content=b"")
    body = body_of(answer)
    code = str(body.get("Code", answer.status))
    if code in _LIMITS:
        return Outcome(recipient.person, OutcomeState.RETRY, code, str(body.get("Message", "")), retry_after=3600.0)
    state = OutcomeState.ACCEPTED if code == "OK" else OutcomeState.PERMANENT
    if code in _FOR_NOW or (code != "OK" and by_status(answer) is OutcomeState.RETRY):
        state = OutcomeState.RETRY
    return Outcome(recipient.person, state, code, str(body.get("Message", "")), str(body.get("BizId", "")))


def _canonical_query(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(key, safe='~')}={quote(query[key], safe='~')}" for key in sorted(query))


def signed_headers(method: str, host: str, query: Mapping[str, str], key_id: str, secret: str) -> dict[str, str]:
    """Return the headers of a signed RPC call with an empty body (Aliyun OpenAPI V3 signature)."""
    content = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": "SendSms",
        "x-acs-version": "2017-05-25",
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-content-sha256": content,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join([method, "/", _canonical_query(query), lines, names, content])
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
    return headers
