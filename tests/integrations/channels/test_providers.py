"""Every provider's adapter passes a gateway that verifies as the provider does, and takes its refusals for what they are."""

import json

import pytest
from gateways.vendors.webhook import SECRET as WEBHOOK_SECRET

from integrations import CHANNELS, Message, OutcomeState, Recipient
from integrations.channel import Sent
from integrations.http import request

KEY, SECRET = "gateway-key", "gateway-secret"
# channel → (vendor's path, settings, address of somebody known, address that the vendor refuses)
CASES = {
    "aliyun_sms": ("aliyun", {"access_key_id": KEY, "access_key_secret": SECRET, "sign_name": "备货", "template_code": "SMS_1"}, "13800138000", "123"),
    "tencent_sms": ("tencent", {"secret_id": KEY, "secret_key": SECRET, "app_id": "1", "sign_name": "备货", "template_id": "1", "variables": {"1": "sku"}}, "13800138000", "123"),
    "wecom_bot": ("wecom", {"key": SECRET}, "13800138000", None),
    "wecom_app": ("wecom", {"corp_id": KEY, "agent_id": 1, "secret": SECRET}, "chen", "ghost"),
    "wechat_oa": ("wechat", {"app_id": KEY, "secret": SECRET, "template_id": "t"}, "openid1", "nobody"),
    "dingtalk_robot": ("dingtalk", {"access_token": KEY, "secret": SECRET}, "13800138000", None),
    "dingtalk_card": ("dingtalk", {"app_key": KEY, "app_secret": SECRET, "template_id": "t.schema", "callback_secret": "cb"}, "user1", "nobody"),
    "feishu_bot": ("feishu", {"token": KEY, "secret": SECRET}, "", None),
    "feishu_app": ("feishu", {"app_id": KEY, "app_secret": SECRET}, "ou_1", "nobody"),
    "wxpusher": ("wxpusher", {"app_token": SECRET}, "UID_1", "nobody"),
    "twilio_sms": ("twilio", {"account_sid": f"AC{KEY}", "auth_token": SECRET, "sender": "+15005550006"}, "+8613800138000", "123"),
    "webhook": ("webhook", {"url": "", "secret": WEBHOOK_SECRET}, "", None),
}  # fmt: skip
SECRETS = {"access_key_secret", "secret_key", "key", "secret", "app_secret", "app_token", "auth_token"}
WRONG_WEBHOOK = "whsec_" + "A" * 40


def _message(**data):
    return Message(
        "delivery-1",
        "低库存:珍珠耳环",
        "可用 9 件,只够 2 天",
        link="https://shop.example/a/tok",
        data={"sku": "A001", "days": 2.0, **data},
    )


def _settings(gateway, name):
    vendor, settings, _, _ = CASES[name]
    if name == "webhook":
        return {**settings, "url": gateway.url(vendor)}
    return {
        **settings,
        "base_url": f"http://127.0.0.1:{gateway.port}" if vendor in {"aliyun", "tencent"} else gateway.url(vendor),
    }


def _send(gateway, name, *addresses, settings=None, message=None):
    to = [Recipient(f"p{index}", address) for index, address in enumerate(addresses)]
    return CHANNELS[name].send(message or _message(), to, settings or _settings(gateway, name))


def test_every_channel_has_a_case():
    """A new channel without a gateway fails here."""
    ours = {name for name, plug_in in CHANNELS.items() if plug_in.__module__.startswith("integrations.channels.")}

    assert ours - {"email", "mailbox"} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_message_is_accepted(gateway, name):
    (outcome,) = _send(gateway, name, CASES[name][2])

    assert (OutcomeState.ACCEPTED, 1) == (outcome.state, len(gateway.inbox)), outcome


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_secret_is_refused_for_good(gateway, name):
    settings = _settings(gateway, name)
    wrong = {
        key: (WRONG_WEBHOOK if name == "webhook" else "wrong") if key in SECRETS else value
        for key, value in settings.items()
    }

    (outcome,) = _send(gateway, name, CASES[name][2], settings=wrong)

    assert (OutcomeState.PERMANENT, []) == (outcome.state, gateway.inbox)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[3] is not None])
def test_a_refused_recipient_holds_nobody_back(gateway, name):
    """Mixed recipients: each has its own outcome."""
    outcomes = _send(gateway, name, CASES[name][3], CASES[name][2])

    assert [OutcomeState.PERMANENT, OutcomeState.ACCEPTED] == [outcome.state for outcome in outcomes]
    assert 1 == len(gateway.inbox)


@pytest.mark.parametrize("name", CASES)
def test_a_server_error_is_tried_again(gateway, name):
    gateway.fault(status=503, times=3)

    (outcome,) = _send(gateway, name, CASES[name][2])

    assert OutcomeState.RETRY == outcome.state


@pytest.mark.parametrize("name", CASES)
def test_nobody_listening_is_tried_again(gateway, name):
    gateway.stop()

    (outcome,) = _send(gateway, name, CASES[name][2])

    assert OutcomeState.RETRY == outcome.state


@pytest.mark.parametrize("name", ["wecom_app", "wechat_oa", "feishu_app", "dingtalk_card"])
def test_an_ended_access_token_is_fetched_anew_once(gateway, name):
    _send(gateway, name, CASES[name][2])
    gateway.tokens.clear()

    (outcome,) = _send(gateway, name, CASES[name][2], message=Message("delivery-2", "t", "b"))

    assert (OutcomeState.ACCEPTED, 2) == (outcome.state, len(gateway.inbox))


def test_an_access_token_is_used_more_than_once(gateway):
    for key in "ab":
        _send(gateway, "wecom_app", "chen", message=Message(key, "t", "b"))

    assert 1 == sum(1 for _, path in gateway.calls if path.endswith("gettoken"))


@pytest.mark.parametrize(("name", "most", "wait"), [("wecom_bot", 20, 60.0), ("dingtalk_robot", 20, 600.0)])
def test_a_limited_robot_is_left_alone_for_its_time(gateway, name, most, wait):
    """The 21st message of a minute is refused with a code that says when to come back."""
    outcomes = [_send(gateway, name, "13800138000")[0] for _ in range(most + 1)]

    assert [OutcomeState.ACCEPTED] * most == [outcome.state for outcome in outcomes[:most]]
    assert (OutcomeState.RETRY, wait) == (outcomes[most].state, outcomes[most].retry_after)


def test_a_business_limit_of_aliyun_waits_an_hour(gateway):
    outcomes = [_send(gateway, "aliyun_sms", "13800138000")[0] for _ in range(51)]

    assert (OutcomeState.RETRY, 3600.0, "isv.BUSINESS_LIMIT_CONTROL") == (
        outcomes[50].state,
        outcomes[50].retry_after,
        outcomes[50].code,
    )


def test_a_provider_id_comes_back_for_receipts(gateway):
    for name in ("aliyun_sms", "tencent_sms", "wecom_app", "feishu_app", "twilio_sms"):
        assert _send(gateway, name, CASES[name][2])[0].provider_id


def test_variables_are_cut_to_what_the_provider_takes(gateway):
    _send(gateway, "tencent_sms", "13800138000", message=_message(sku="一二三四五六七八"))
    _send(
        gateway,
        "wechat_oa",
        "openid1",
        settings={**_settings(gateway, "wechat_oa"), "variables": {"thing1": "long"}},
        message=_message(long="很长\n" * 20),
    )

    assert ["一二三四五…"] == gateway.inbox[0]["parameters"]
    assert 20 >= len(gateway.inbox[1]["data"]["thing1"]["value"])


BUTTONS = [{"text": "同意", "key": "approve"}, {"text": "拒绝", "key": "reject", "style": 2}]
CARDS = {
    "wecom_app": {"callback_token": "t", "callback_key": "k" * 43},
    "feishu_app": {"encrypt_key": "k", "verification_token": "t"},
    "dingtalk_card": {},
}


def _card_settings(gateway, name):
    return {**_settings(gateway, name), **CARDS[name]}


def test_a_wecom_card_carries_the_buttons(gateway):
    """Where there is something to decide, and callbacks are set up, the app sends a card with a button each."""
    message = _message(buttons=BUTTONS, card_key="d7-1")
    _send(gateway, "wecom_app", "chen", message=message, settings=_card_settings(gateway, "wecom_app"))

    card = gateway.inbox[0]["content"]
    assert ("button_interaction", ["approve", "reject"], "d7-1") == (
        card["card_type"],
        [b["key"] for b in card["button_list"]],
        card["task_id"],
    )


def test_a_feishu_card_carries_the_buttons(gateway):
    message = _message(buttons=BUTTONS, card_key="d7-1")
    _send(gateway, "feishu_app", "ou_1", message=message, settings=_card_settings(gateway, "feishu_app"))

    actions = gateway.inbox[0]["card"]["elements"][1]["actions"]
    assert [{"action": "approve", "key": "d7-1"}, {"action": "reject", "key": "d7-1"}, None] == [
        action.get("value") for action in actions
    ]
    assert gateway.inbox[0]["card"]["config"] == {"enable_forward_interaction": False, "update_multi": True}


@pytest.mark.parametrize("name", CARDS)
def test_without_callbacks_a_card_only_opens_the_page(gateway, name):
    """A button that nobody hears of would be worse than none."""
    settings = {key: value for key, value in _settings(gateway, name).items() if key != "callback_secret"}
    _send(gateway, name, CASES[name][2], message=_message(buttons=BUTTONS, card_key="d7-1"), settings=settings)

    sent = json.dumps(gateway.inbox[0], ensure_ascii=False)
    assert "https://shop.example/a/tok" in sent
    assert '"reject"' not in sent
    assert gateway.inbox[0].get("card", {}).get("state", "done") == "done"


@pytest.mark.parametrize("name", CARDS)
def test_a_card_says_who_dealt_with_it(gateway, name):
    """The card that was sent is changed for whoever has it; its buttons are gone."""
    settings = _card_settings(gateway, name)
    message = _message(buttons=BUTTONS, card_key="d7-1")
    (sent,) = _send(gateway, name, CASES[name][2], message=message, settings=settings)
    settled = Message("card:7", "低库存:珍珠耳环", "已由王敏同意(11-25 10:00)", data={"type": "card"})
    before = Sent(sent.provider_id, sent.response)
    outcome = CHANNELS[name].update(settled, before, Recipient("chen", CASES[name][2]), settings)

    assert OutcomeState.ACCEPTED == outcome.state, outcome
    assert 1 == len(gateway.inbox)
    assert "已由王敏同意" in json.dumps(gateway.inbox[0], ensure_ascii=False)


def test_a_long_text_is_cut_inside_the_limit_of_the_bot(gateway):
    long = Message("k", "标题", "库存" * 2000, link="https://shop.example/a/tok")

    (outcome,) = _send(gateway, "wecom_bot", "", message=long)

    assert OutcomeState.ACCEPTED == outcome.state
    assert gateway.inbox[0]["text"].endswith("…\nhttps://shop.example/a/tok")


def test_a_hanging_provider_leaves_the_outcome_unknown(gateway, monkeypatch):
    """The request may have arrived: for text messages that cost money the outbox tries at most once more."""
    monkeypatch.setitem(request.__kwdefaults__, "seconds", 0.3)
    gateway.fault(hang=1.0)

    (outcome,) = _send(gateway, "aliyun_sms", "13800138000")

    assert OutcomeState.UNKNOWN == outcome.state


def test_the_repeat_of_a_webhook_carries_the_same_id(gateway):
    for _ in range(2):
        _send(gateway, "webhook", "")

    assert ["delivery-1"] == [message["key"] for message in gateway.inbox]


def test_aliyuns_own_sdk_passes_the_gateway(gateway):
    """The vendor's SDK is the oracle: what it signs, our gateway accepts; so what passes the gateway is signed right."""
    from alibabacloud_dysmsapi20170525.client import Client
    from alibabacloud_dysmsapi20170525.models import SendSmsRequest
    from alibabacloud_tea_openapi.models import Config

    def client(secret):
        return Client(
            Config(access_key_id=KEY, access_key_secret=secret, endpoint=f"127.0.0.1:{gateway.port}", protocol="HTTP")
        )

    request = SendSmsRequest(
        phone_numbers="13800138000",
        sign_name="备货",
        template_code="SMS_1",
        template_param=json.dumps({"name": "耳环"}),
    )

    assert "OK" == client(SECRET).send_sms(request).body.code
    with pytest.raises(Exception, match="SignatureDoesNotMatch"):
        client("wrong").send_sms(request)


def test_tencents_own_sdk_passes_the_gateway(gateway):
    from tencentcloud.common.credential import Credential
    from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
    from tencentcloud.common.profile.client_profile import ClientProfile
    from tencentcloud.common.profile.http_profile import HttpProfile
    from tencentcloud.sms.v20210111.models import SendSmsRequest
    from tencentcloud.sms.v20210111.sms_client import SmsClient

    def send(secret):
        profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=f"127.0.0.1:{gateway.port}"))
        request = SendSmsRequest()
        request.PhoneNumberSet, request.SmsSdkAppId, request.SignName = ["+8613800138000"], "1", "备货"
        request.TemplateId, request.TemplateParamSet = "1", ["A001"]
        return SmsClient(Credential(KEY, secret), "ap-guangzhou", profile).SendSms(request)

    assert "Ok" == send(SECRET).SendStatusSet[0].Code
    with pytest.raises(TencentCloudSDKException, match="SignatureFailure"):
        send("wrong")


def test_twilios_own_sdk_passes_the_gateway(gateway):
    from twilio.base.exceptions import TwilioRestException
    from twilio.rest import Client

    def send(secret):
        client = Client(f"AC{KEY}", secret)
        client.api.base_url = f"http://127.0.0.1:{gateway.port}"
        return client.messages.create(to="+8613800138000", from_="+15005550006", body="低库存")

    assert send(SECRET).sid.startswith("SM")
    with pytest.raises(TwilioRestException):
        send("wrong")
