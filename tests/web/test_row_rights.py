"""No route that reads gives somebody a field or a row that is kept from them: every route is asked."""

from __future__ import annotations

import io
import itertools
import zipfile

import pytest

from services import publish, records

SECRET, HIDDEN_ROW, HIDDEN_FIELD = "86420.75", "冰川暗号", "secret_cost"
DEAL = {
    "kind": "form",
    "key": "deal",
    "name": "交易",
    "fields": [
        {"key": "code", "type": "text", "label": "编码", "required": True, "unique": True},
        {"key": "title", "type": "text", "label": "标题"},
        {"key": "owner", "type": "member", "label": "负责人"},
        {"key": HIDDEN_FIELD, "type": "number", "label": "机密成本"},
        {"key": "double", "type": "formula", "label": "两倍", "expression": f"{HIDDEN_FIELD} * 2"},
    ],
}
ROLE = {
    "kind": "role",
    "key": "dealer",
    "name": "交易员",
    "members": ["chen"],
    "permissions": [
        {
            "form": "deal",
            "can": ["view", "add", "edit", "export", "print"],
            "rows": "owner == me",
            "fields": {HIDDEN_FIELD: "hide"},
        }
    ],
}
ASK = {
    "filter": [None, "code != ''"],
    "q": [None, "冰"],
    "sort": [None, "-code"],
    "by": [None, "owner"],
}


@pytest.fixture
def deals(shop):
    """The shop with a governed form: one row is chen's, one is not."""
    publish.publish_many(shop, [DEAL, ROLE], user="admin")
    for code, title, owner in (("D1", "普通", "chen"), ("D2", HIDDEN_ROW, "wang")):
        values = {"code": code, "title": title, "owner": owner, HIDDEN_FIELD: float(SECRET)}
        records.create(shop, form="deal", values=values, user="admin")
    return shop


def addresses(rule, declared):
    """Yield addresses of one route about the governed form, with each of its parameters that reads."""
    for key, number in itertools.product(("deal",), ("1", "2")):
        path = rule.rule
        for converter, value in (("number", number), ("key", key), ("id", number)):
            for name in rule.arguments:
                path = path.replace(f"<{converter}:{name}>", value)
        known = {name: values for name, values in ASK.items() if name in declared.query}
        more = {"over": "deal"} if "over" in declared.query else {"user": "chen"} if "user" in declared.query else {}
        for chosen in itertools.product(*known.values()):
            query = {name: value for name, value in zip(known, chosen, strict=True) if value is not None}
            yield path, {**query, **more}


def answers(app, one):
    """Yield (address, text) of everything that GET gives this browser."""
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], "endpoint", None)
        if declared is None or "GET" not in rule.methods:
            continue
        for path, query in addresses(rule, declared):
            answer = one.client.get(path, query_string=query)
            yield f"{path}?{query}", read(answer.get_data())


def read(data):
    """Return an answer as text; a workbook as the text of all its sheets."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_no_route_gives_what_is_hidden(deals, app, browser):
    """The value, the name of the field, what is worked out of it, and the other's row are in no answer at all."""
    one = browser("chen")
    asked = 0
    for address, text in answers(app, one):
        asked += 1
        for word in (SECRET, str(float(SECRET) * 2), HIDDEN_ROW, HIDDEN_FIELD, "机密成本"):
            assert word not in text, (address, word)
    assert asked > 200
    assert one.client.get("/api/openapi.json").get_data(as_text=True).count(HIDDEN_FIELD) == 0


def test_the_administrator_is_given_it(deals, app, browser):
    """The test above can fail: the same addresses give the administrator all of it."""
    everything = "".join(text for _, text in answers(app, browser("admin")))

    for word in (SECRET, HIDDEN_ROW, HIDDEN_FIELD):
        assert word in everything


def test_seeing_as_somebody_else_takes_a_designer(deals, browser):
    """An administrator looks through chen's eyes; chen may not look through the administrator's."""
    as_chen = browser("admin").get("/forms/deal/records?as=chen")
    assert [item["values"]["code"] for item in as_chen["items"]] == ["D1"]
    assert browser("admin").get("/forms/deal/access?as=chen")["can"] == ["view", "add", "edit", "export", "print"]
    assert browser("admin").get("/forms/deal/records/2/why?user=chen")["visible"] is False
    assert browser("chen").call("GET", "/forms/deal/records?as=admin").status_code == 403


def test_a_stranger_is_not_told_of_governed_forms(deals, app):
    """The public API document leaves out every form that some group speaks of."""
    text = app.test_client().get("/api/openapi.json").get_data(as_text=True)

    assert "/forms/deal/records" not in text
    assert "/forms/sku/records" in text
