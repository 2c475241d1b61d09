"""Channels are set up with checked settings; a secret goes in and never comes out."""

import datetime as dt

import pytest
from gateways import Gateway

from engine.problems import BeihuoError, DefinitionError
from services import channels, secrets
from services.refusal import Refused
from services.workspace import Settings, open_workspace
from store import audit, users
from store import settings as kept

ROBOT = {"access_token": "gateway-key", "secret": "gateway-secret"}


@pytest.fixture
def workspace(tmp_path):
    opened = open_workspace(Settings(data_dir=tmp_path, secret_key="one"))
    with opened.write() as session:
        users.add(session, key="chen", name="陈宁", now=dt.datetime.now(dt.UTC), phone="13800138000")
    yield opened
    opened.close()


def _save(workspace, **changed):
    given = {
        "key": "dingding",
        "type": "dingtalk_robot",
        "name": "采购群",
        "settings": ROBOT,
        "user": "chen",
        **changed,
    }
    return channels.save(workspace, **given)


def test_a_secret_is_write_only(workspace):
    shown = _save(workspace)

    assert {"access_token": None, "secret": None} == shown["settings"]
    assert ["access_token", "secret"] == shown["secrets_set"]
    assert shown == channels.get(workspace, "dingding")


def test_a_secret_is_encrypted_at_rest(workspace, tmp_path):
    _save(workspace)

    workspace.close()
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and b"gateway-secret" in file.read_bytes()]


def test_saving_without_the_secret_keeps_it(workspace):
    _save(workspace)
    _save(workspace, name="另一个名字", settings={"secret": None})

    with workspace.read() as session:
        assert ROBOT == channels.configured(session, workspace, "dingding").settings


def test_settings_that_do_not_fit_are_told_all_at_once(workspace):
    with pytest.raises(DefinitionError) as caught:
        _save(workspace, settings={"acess_token": "x"})

    assert {"$.settings", "$.settings.acess_token"} >= {problem.path for problem in caught.value.problems}
    assert 3 == len(caught.value.problems)


def test_an_unknown_type_is_told_with_the_nearest(workspace):
    with pytest.raises(DefinitionError, match="dingtalk_robot"):
        _save(workspace, type="dingtalk_robto")


def test_a_channel_switched_off_is_not_used(workspace):
    _save(workspace, enabled=False)

    with workspace.read() as session:
        assert channels.configured(session, workspace, "dingding") is None


def test_the_mailbox_is_always_there(workspace):
    assert ["mailbox"] == [item["key"] for item in channels.list_(workspace)["items"]]
    with pytest.raises(Refused):
        _save(workspace, key="mailbox")


def test_a_test_message_reaches_the_provider_and_its_answer_is_explained(workspace, monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")
    gateway = Gateway().start()
    _save(workspace, settings={**ROBOT, "base_url": gateway.url("dingtalk")})

    good = channels.try_(workspace, key="dingding", user="chen")
    _save(workspace, settings={**ROBOT, "secret": "wrong", "base_url": gateway.url("dingtalk")})
    bad = channels.try_(workspace, key="dingding", user="chen")
    gateway.stop()

    assert ("accepted", 1) == (good["outcomes"][0]["state"], len(gateway.inbox))
    assert ("permanent", "310000", "sign not match") == tuple(
        bad["outcomes"][0][name] for name in ("state", "code", "text")
    )


def test_every_change_is_in_the_audit_log(workspace):
    _save(workspace)
    channels.remove(workspace, key="dingding", user="chen")

    with workspace.read() as session:
        rows = audit.page(session, limit=10)
        assert {"channel.saved", "channel.removed"} <= {row.action for row in rows}


def test_a_rotated_key_still_reads_what_the_old_one_wrote(workspace, tmp_path, monkeypatch):
    _save(workspace)
    rotated = open_workspace(Settings(data_dir=tmp_path, secret_key="two"))

    with rotated.read() as session:
        with pytest.raises(BeihuoError, match="BEIHUO_SECRET_KEY_PREVIOUS"):
            channels.configured(session, rotated, "dingding")
        monkeypatch.setenv("BEIHUO_SECRET_KEY_PREVIOUS", "one")
        assert ROBOT == channels.configured(session, rotated, "dingding").settings
    rotated.close()


def test_a_changed_byte_is_noticed(workspace):
    _save(workspace)
    with workspace.read() as session:
        encrypted = kept.secret(session, "channel:dingding")

    broken = encrypted[:-3] + bytes([encrypted[-3] ^ 1]) + encrypted[-2:]
    with pytest.raises(BeihuoError):
        secrets.decrypt(workspace, broken)


def test_a_callback_address_holds_its_own_secret(workspace):
    _save(
        workspace,
        key="sms",
        type="aliyun_sms",
        settings={"access_key_id": "k", "access_key_secret": "s", "sign_name": "备货", "template_code": "SMS_1"},
    )
    secret = channels.get(workspace, "sms")["hook_url"].rpartition("/")[2]

    with workspace.read() as session:
        assert channels.hooked(session, workspace, "sms", secret) is not None
        assert channels.hooked(session, workspace, "sms", secret[:-1] + "!") is None
