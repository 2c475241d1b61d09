"""Callbacks are believed only when they verify, and a repeat is recognisable by its key."""

import base64
import hashlib
import hmac
import json
import os
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from integrations import tencent_crypt
from integrations.callback import CALLBACKS, CallbackRefused, EventKind, Inbound

AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
WECOM = {"corp_id": "wx5823bf96d3bd56c7", "callback_token": "QDG6eK", "callback_key": AES_KEY}
CLICK = (
    "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><FromUserName><![CDATA[chen]]></FromUserName>"
    "<CreateTime>1409659589</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[template_card_event]]></Event>"
    "<EventKey><![CDATA[approve]]></EventKey><TaskId><![CDATA[delivery-1]]></TaskId><ResponseCode><![CDATA[rc]]></ResponseCode></xml>"
)


def _wecom(text=CLICK, *, now=1409659589.0, corp=WECOM["corp_id"], signed_with="QDG6eK"):
    encrypted = tencent_crypt.encrypt(AES_KEY, text, corp)
    query = {"timestamp": "1409659589", "nonce": "263014780"}
    query["msg_signature"] = tencent_crypt.signature(signed_with, query["timestamp"], query["nonce"], encrypted)
    body = f"<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return Inbound("POST", query, {}, body.encode(), "https://shop.example/hooks/wecom_app/s", now)


def test_the_published_sample_of_wecom_decrypts():
    """The address check of WeCom's own documentation (document 90968)."""
    query = {
        "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        "timestamp": "1409659589",
        "nonce": "263014780",
        "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
    }

    received = CALLBACKS["wecom_app"].receive(Inbound("GET", query, {}, b"", "", 1409659589.0), WECOM)

    assert "1616140317555161061" == received.answer


def test_a_click_on_a_wecom_card_is_read():
    (event,) = CALLBACKS["wecom_app"].receive(_wecom(), WECOM).events

    assert (EventKind.ACTION, "chen", "approve", "delivery-1", "rc") == (
        event.kind,
        event.address,
        event.action,
        event.message_key,
        event.response,
    )


@pytest.mark.parametrize(
    "inbound",
    [
        _wecom(signed_with="other"),
        _wecom(now=1409659589.0 + 301),
        _wecom(corp="wxSomebodyElse"),
        _wecom(now=1409659589.0 - 301),
    ],
    ids=["signature", "old", "receiver", "future"],
)
def test_a_wecom_callback_that_does_not_verify_is_refused(inbound):
    with pytest.raises(CallbackRefused):
        CALLBACKS["wecom_app"].receive(inbound, WECOM)


def test_a_repeated_click_has_the_same_key():
    """WeCom repeats three times, each encrypted anew."""
    keys = {CALLBACKS["wecom_app"].receive(_wecom(), WECOM).events[0].key for _ in range(3)}

    assert 1 == len(keys)


FEISHU = {"encrypt_key": "feishu-encrypt-key", "verification_token": "feishu-token"}


def _feishu(data, *, key=FEISHU["encrypt_key"], signed_with=FEISHU["encrypt_key"], now=1700000000.0):
    iv, pad = os.urandom(16), padding.PKCS7(128).padder()
    padded = pad.update(json.dumps(data).encode()) + pad.finalize()
    encryptor = Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(iv)).encryptor()
    body = json.dumps(
        {"encrypt": base64.b64encode(iv + encryptor.update(padded) + encryptor.finalize()).decode()}
    ).encode()
    signature = hashlib.sha256(f"1700000000n{signed_with}".encode() + body).hexdigest()
    headers = {"x-lark-request-timestamp": "1700000000", "x-lark-request-nonce": "n", "x-lark-signature": signature}
    return Inbound("POST", {}, headers, body, "", now)


FEISHU_CLICK = {
    "schema": "2.0",
    "header": {"event_id": "e1", "event_type": "card.action.trigger", "token": "t"},
    "event": {
        "operator": {"open_id": "ou_1"},
        "token": "c-1",
        "action": {"value": {"action": "reject", "key": "delivery-1"}},
        "context": {"open_message_id": "om_1"},
    },
}


def test_a_click_on_a_feishu_card_is_read():
    received = CALLBACKS["feishu_app"].receive(_feishu(FEISHU_CLICK), FEISHU)

    (event,) = received.events
    assert ("{}", "e1", "ou_1", "reject", "delivery-1", "om_1") == (
        received.answer, event.key, event.address, event.action, event.message_key, event.provider_id,
    )  # fmt: skip


def test_feishus_address_check_gets_its_challenge_back():
    inbound = _feishu({"type": "url_verification", "challenge": "c", "token": "feishu-token"})

    assert {"challenge": "c"} == json.loads(CALLBACKS["feishu_app"].receive(inbound, FEISHU).answer)


@pytest.mark.parametrize(
    "inbound",
    [
        _feishu(FEISHU_CLICK, signed_with="other"),
        _feishu(FEISHU_CLICK, key="other"),
        _feishu(FEISHU_CLICK, now=1700003601.0),
        _feishu({"type": "url_verification", "challenge": "c", "token": "forged"}),
    ],
    ids=["signature", "key", "old", "token"],
)
def test_a_feishu_callback_that_does_not_verify_is_refused(inbound):
    with pytest.raises(CallbackRefused):
        CALLBACKS["feishu_app"].receive(inbound, FEISHU)


def _plain(data):
    return Inbound("POST", {}, {}, json.dumps(data).encode(), "", 0.0)


def test_aliyuns_reports_and_replies_are_read():
    reports = [
        {"phone_number": "138", "success": True, "err_code": "DELIVERED", "biz_id": "b1", "out_id": "o"},
        {"phone_number": "139", "success": False, "err_code": "MK:0001", "err_msg": "空号", "biz_id": "b2"},
    ]
    received = CALLBACKS["aliyun_sms"].receive(_plain(reports), {})

    assert [(EventKind.DELIVERED, "b1", "DELIVERED"), (EventKind.FAILED, "b2", "空号")] == [
        (e.kind, e.provider_id, e.text) for e in received.events
    ]
    assert 0 == json.loads(received.answer)["code"]
    (reply,) = (
        CALLBACKS["aliyun_sms"].receive(_plain([{"phone_number": "138", "content": "1", "sequence_id": 7}]), {}).events
    )
    assert (EventKind.REPLY, "138", "1") == (reply.kind, reply.address, reply.text)


def test_tencents_reports_and_replies_are_read():
    (report,) = (
        CALLBACKS["tencent_sms"]
        .receive(_plain([{"mobile": "138", "report_status": "SUCCESS", "sid": "s1", "errmsg": "DELIVRD"}]), {})
        .events
    )
    (reply,) = (
        CALLBACKS["tencent_sms"].receive(_plain({"mobile": "138", "text": "T", "sign": "备货", "time": 1}), {}).events
    )

    assert [(EventKind.DELIVERED, "s1"), (EventKind.REPLY, "")] == [(e.kind, e.provider_id) for e in (report, reply)]


@pytest.mark.parametrize("channel", ["aliyun_sms", "tencent_sms"])
@pytest.mark.parametrize("body", [b"", b"not json", b"[1]", b'[{"a": 1}]', b"7"])
def test_what_is_no_report_is_refused(channel, body):
    with pytest.raises(CallbackRefused):
        CALLBACKS[channel].receive(Inbound("POST", {}, {}, body, "", 0.0), {})


def _twilio(form, token="secret"):
    url = "https://shop.example/hooks/twilio_sms/s"
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    signature = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
    return Inbound("POST", {}, {"x-twilio-signature": signature}, urlencode(form).encode(), url, 0.0)


def test_twilios_own_validator_signs_what_we_accept():
    """The vendor's SDK is the oracle for the signature."""
    from twilio.request_validator import RequestValidator

    form = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+86138"}
    signature = RequestValidator("secret").compute_signature("https://shop.example/hooks/twilio_sms/s", form)
    inbound = Inbound(
        "POST",
        {},
        {"x-twilio-signature": signature},
        urlencode(form).encode(),
        "https://shop.example/hooks/twilio_sms/s",
        0.0,
    )

    (event,) = CALLBACKS["twilio_sms"].receive(inbound, {"auth_token": "secret"}).events
    assert (EventKind.DELIVERED, "SM1") == (event.kind, event.provider_id)


def test_a_forged_twilio_callback_is_refused():
    with pytest.raises(CallbackRefused):
        CALLBACKS["twilio_sms"].receive(
            _twilio({"MessageSid": "SM1", "MessageStatus": "failed"}, token="forged"), {"auth_token": "secret"}
        )
