"""Every route of the API says who may call it, and it is kept."""

from __future__ import annotations

import pytest

from web.principal import LEVELS

READING = {"GET", "HEAD", "OPTIONS"}
# The three answers that say nothing about the business.
PUBLIC = {"/api/v1/session", "/api/v1/about"}


def api_rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]


def test_every_route_of_the_api_declares_a_permission(app):
    """A route without a declared role would be open to everybody: there is none."""
    bare = [rule.rule for rule in api_rules(app) if not hasattr(app.view_functions[rule.endpoint], "endpoint")]

    assert [] == bare
    assert len(api_rules(app)) > 100


def test_only_signing_in_and_the_name_of_the_shop_are_public(app):
    public = {rule.rule for rule in api_rules(app) if app.view_functions[rule.endpoint].endpoint.role == "public"}

    assert public == PUBLIC


def test_no_reading_role_may_write(app):
    """A viewer looks: no route that writes is open to viewers, but their own language, reading marks, views and trying out."""
    allowed = {
        "/api/v1/session",
        "/api/v1/messages/<number:number>/read",
        "/api/v1/preferences",
        "/api/v1/preferences/pin",
        "/api/v1/rules/preview",
        "/api/v1/rules/explain",
        "/api/v1/promotions/simulate",
        "/api/v1/expressions/check",
        "/api/v1/expressions/evaluate",
        "/api/v1/expressions/from-groups",
        "/api/v1/expressions/fields",
        "/api/v1/forms/logic",
        "/api/v1/forms/<key:key>/views",
        "/api/v1/forms/<key:key>/views/<number:view>",
    }
    open_writes = {
        rule.rule
        for rule in api_rules(app)
        if rule.methods - READING and app.view_functions[rule.endpoint].endpoint.role in {"viewer", "public"}
    }

    assert open_writes == allowed


def address(rule):
    """Return an address that the rule takes."""
    path = rule.rule
    for converter, value in (("number", "1"), ("key", "low_stock"), ("id", "x1")):
        for name in rule.arguments:
            path = path.replace(f"<{converter}:{name}>", value)
    return path


def test_nobody_gets_in_without_signing_in(app):
    """Each route but the public ones answers 401 to a stranger, whatever it is asked."""
    client = app.test_client()
    for rule in api_rules(app):
        if app.view_functions[rule.endpoint].endpoint.role == "public":
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(address(rule), method=method, json={})

            assert 401 == answer.status_code, (method, rule.rule)
            assert "application/problem+json" == answer.mimetype


@pytest.mark.parametrize("person", ["guest", "chen", "lin"])
def test_a_lesser_role_is_refused_in_both_languages(app, browser, person):
    """Whoever has a lesser role than a route takes gets 403, before anything is read or written."""
    one = browser(person)
    level = max(LEVELS.index(role) for role in one.session["user"]["roles"] if role in LEVELS)
    refused = 0
    for rule in api_rules(app):
        role = app.view_functions[rule.endpoint].endpoint.role
        if role == "public" or LEVELS.index(role) <= level:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = one.client.open(address(rule), method=method, json={}, headers={"X-CSRF-Token": one.csrf})

            assert 403 == answer.status_code, (method, rule.rule)
            assert answer.get_json()["title"] != answer.get_json()["title_en"]
            refused += 1
    assert refused > 0
