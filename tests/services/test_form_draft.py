"""A form that is being drawn: what is whole works already, what is not does not stop it."""

from services import form_draft

TEXT = {"key": "name", "type": "text", "label": "名称"}


def test_parts_that_are_not_whole_are_left_out():
    """A choice without options, a field of no type, a rule without a condition: the rest can be tried."""
    draft = {
        "key": "goods",
        "fields": [
            TEXT,
            {"key": "kind", "type": "choice", "label": "分类"},
            {"key": "x", "type": "nothing", "label": "无"},
            17,
            {"key": "cost", "type": "number", "label": "成本"},
            {"key": "double", "type": "formula", "label": "两倍", "expression": "cost * 2"},
            {"key": "lines", "type": "sub_form", "label": "明细", "fields": [{"type": "text"}, TEXT]},
        ],
        "rules": [{"show": ["name"]}, {"when": "cost > 1", "require": ["name"]}, "?"],
        "checks": 5,
    }
    found = form_draft.logic(draft, {})
    assert [] == found["problems"]
    assert ["double"] == [one["key"] for one in found["computed"]]
    assert [("name",)] == [rule["require"] for rule in found["rules"]]
    assert {"name", "cost", "double", "lines"} == set(form_draft.names(draft, {}))


def test_any_json_is_survived():
    """A body is not yet a form: nothing raises."""
    for fields in (None, 3, [], [None], [{"type": 5}], [{"key": "a", "type": "sub_form", "label": "a", "fields": 1}]):
        assert {"computed", "rules", "checks", "options", "links", "sub", "problems"} == set(
            form_draft.logic({"fields": fields, "rules": fields}, {})
        )
