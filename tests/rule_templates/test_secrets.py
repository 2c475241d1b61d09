"""A secret is found by its name, in an address, and as a private key; ordinary words are not taken for one."""

from __future__ import annotations

import pytest

from rule_templates.secrets import secrets_in


@pytest.mark.parametrize(
    "value",
    [
        {"password": "x"},
        {"headers": {"Authorization": "Bearer x"}},
        {"url": "https://oapi.example/robot/send?access_token=abc"},
        {"url": "https://me:pw@x.example/"},
        {"a": [{"b": "-----BEGIN PRIVATE KEY-----"}]},
    ],
)
def test_a_secret_is_found(value):
    assert 1 == len(list(secrets_in(value)))


@pytest.mark.parametrize(
    "value", [{"password": ""}, {"token": None}, {"body": "https://x.example/a?sku=1"}, {"label": "密码"}]
)
def test_ordinary_words_are_not(value):
    assert [] == list(secrets_in(value))
