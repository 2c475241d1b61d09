"""Tencent Cloud SMS (腾讯云短信, 2021-01-11), signed with TC3-HMAC-SHA256."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from integrations import http
from integrations.channel import Limit, Message, Outcome, OutcomeState, Recipient, TextLimit, channel, same_for_all
from integrations.provider import SECRET_KEY_SCHEMA, base_url_schema, body_of, by_status, together
from integrations.sms import VARIABLES_SCHEMA, variables

LONGEST_VARIABLE = 6  # characters, for accounts opened after 2024-01-25
_JSON = "application/json; charset=utf-8"


@channel("tencent_sms")
class TencentSms:
    """Send a text message through Tencent Cloud; one call serves many numbers and answers for each."""

    title: ClassVar[str] = "腾讯云短信"
    title_en: ClassVar[str] = "Tencent Cloud SMS"
    icon: ClassVar[str] = "mobile"
    address: ClassVar[str] = "phone"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["secret_id", "secret_key", "app_id", "sign_name", "template_id"],
        "properties": {
            "secret_id": {"type": "string", "title": "SecretId", "title_en": "SecretId", "minLength": 1},
            "secret_key": {**SECRET_KEY_SCHEMA, "title": "SecretKey", "title_en": "SecretKey"},
            "app_id": {"type": "string", "title": "短信应用 SdkAppId", "title_en": "SMS SdkAppId", "minLength": 1},
            "sign_name": {"type": "string", "title": "短信签名", "title_en": "Signature", "minLength": 1},
            "template_id": {"type": "string", "title": "模板 ID", "title_en": "Template id", "minLength": 1},
            "variables": VARIABLES_SCHEMA,
            "region": {"type": "string", "title": "地域", "title_en": "Region", "default": "ap-guangzhou"},
            "base_url": base_url_schema("https://sms.tencentcloudapi.com"),
        },
    }
    text: ClassVar[TextLimit] = TextLimit(6, links=False, lines=False)
    example: ClassVar[dict[str, Any]] = {
        "secret_id": "AKID******",
        "secret_key": "******",
        "app_id": "1400006666",
        "sign_name": "某某商贸",
        "template_id": "449739",
        "variables": {"1": "sku", "2": "days"},
    }
    costs_money: ClassVar[bool] = True
    limits: ClassVar[tuple[Limit, ...]] = (Limit(30, 86_400, by="address"),)

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one call for all numbers; each number has its own code."""
        url = settings.get("base_url", "https://sms.tencentcloudapi.com")
        payload = json.dumps(
            {
                "PhoneNumberSet": [_e164(recipient.address) for recipient in to],
                "SmsSdkAppId": settings["app_id"],
                "SignName": settings["sign_name"],
                "TemplateId": settings["template_id"],
                "TemplateParamSet": list(variables(message, settings, LONGEST_VARIABLE).values()),
                "SessionContext": message.key[:512],
            },
            ensure_ascii=False,
        )
        headers = signed_headers(urlsplit(url).netloc, payload, settings["secret_id"], settings["secret_key"])
        headers["X-TC-Region"] = settings.get("region", "ap-guangzhou")

        def call() -> list[Outcome]:
            answer = http.request("POST", f"{url}/", content=payload.encode(), headers=headers)
            response = body_of(answer).get("Response", {})
            error = response.get("Error")
            if error or by_status(answer):
                code = str((error or {}).get("Code", answer.status))
                state = (
                    OutcomeState.RETRY
                    if code.startswith(("RequestLimit", "InternalError", "5"))
                    else OutcomeState.PERMANENT
                )
                return same_for_all(to, state, code, str((error or {}).get("Message", "")))
            return _outcomes(to, response.get("SendStatusSet", []))

        return together(to, call)


def _outcomes(to: Sequence[Recipient], statuses: Sequence[Mapping[str, Any]]) -> list[Outcome]:
    by_number = {status.get("PhoneNumber"): status for status in statuses}
    outcomes = []
    for recipient in to:
        status = by_number.get(_e164(recipient.address), {})
        code = str(status.get("Code", "missing"))
        state = OutcomeState.ACCEPTED if code == "Ok" else OutcomeState.PERMANENT
        if code.startswith("LimitExceeded"):
            state = OutcomeState.RETRY
        outcomes.append(
            Outcome(recipient.person, state, code, str(status.get("Message", "")), str(status.get("SerialNo", "")))
        )
    return outcomes


def _e164(number: str) -> str:
    return number if number.startswith("+") else f"+86{number}"


def signed_headers(host: str, payload: str, secret_id: str, secret_key: str) -> dict[str, str]:
    """Return the headers of a SendSms call (Tencent Cloud API 3.0 signature over content-type and host)."""
    now = int(time.time())
    day = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d")
    digest = hashlib.sha256(payload.encode()).hexdigest()
    canonical = f"POST\n/\n\ncontent-type:{_JSON}\nhost:{host}\n\ncontent-type;host\n{digest}"
    scope = f"{day}/sms/tc3_request"
    to_sign = f"TC3-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{secret_key}".encode()
    for part in (day, "sms", "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return {
        "Authorization": f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders=content-type;host, Signature={signature}",
        "Content-Type": _JSON,
        "Host": host,
        "X-TC-Action": "SendSms",
        "X-TC-Version": "2021-01-11",
        "X-TC-Timestamp": str(now),
    }
