"""How a rule goes live: for all, only for what newly breaches, or on trial for one person; and overrides in bulk."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import Any

import pytest
from small_shop import RULE, Clock, open_shop

from engine.problems import BeihuoError, DefinitionError
from services import evaluate, publish, records, rule_overrides
from services.rule_start import publish_rule
from services.workspace import Settings, Workspace, open_workspace
from store import episodes, outbox
from store import records as kept

HIGHER = {**RULE, "key": "higher", "levels": [{"level": "warning", "when": "available < 500"}]}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    open_shop(folder).close()
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(template, tmp_path, clock):
    shutil.copytree(template, tmp_path / "shop")
    workspace = open_workspace(Settings(data_dir=tmp_path / "shop", secret_key="x" * 32), clock)
    publish.save_draft(workspace, kind="rule", key="higher", definition=HIGHER, user="lin")
    yield workspace
    workspace.close()


def counts(shop: Workspace) -> dict[str, Any]:
    with shop.read() as session:
        live = [episode for episode in episodes.live(session).values() if episode.rule == "higher"]
        return {
            "firing": len(live),
            "known": sum(1 for episode in live if episode.acknowledged_by == "lin"),
            "told": [row.recipient for row in outbox.page(session)],
            "tasks": kept.count(session, "replenishment_task"),
        }


def test_preview_says_how_many_are_new(shop):
    """Three records are below 500; after they fire, none of them is new."""
    asked = evaluate.preview(shop, definition=HIGHER)
    assert (3, 0, 3) == (asked["would_fire"], asked["open"], asked["new"])
    publish_rule(shop, key="higher", user="lin")
    evaluate.run(shop, rules=["higher"])
    asked = evaluate.preview(shop, definition=HIGHER)
    assert (3, 3, 0) == (asked["would_fire"], asked["open"], asked["new"])


def test_only_new_breaches(shop, clock):
    """What breaches at once is opened as known, nobody is told; the next one that breaches is told as usual."""
    assert {"version": 1, "quieted": 3} == publish_rule(shop, key="higher", user="lin", start="new_only")
    assert {"firing": 3, "known": 3, "told": [], "tasks": 0} == counts(shop)
    clock.now += dt.timedelta(hours=6)
    records.bulk_upsert(shop, form="stock", rows=[{"sku": "A003", "warehouse": "hd", "on_hand": 499}], user="admin")
    assert 1 == evaluate.run(shop, rules=["higher"])["fired"]
    after = counts(shop)
    assert (4, 3, ["chen"]) == (after["firing"], after["known"], after["told"])


def test_trial(shop, clock):
    """For a week only who published is told, in the app, and nothing is done; then the rule works for all."""
    answer = publish_rule(shop, key="higher", user="lin", start="trial")
    assert {"to": "lin", "until": "2026-12-02"} == answer["trial"]
    evaluate.run(shop, rules=["higher"])
    assert {"firing": 3, "known": 0, "told": ["lin"], "tasks": 0} == counts(shop)
    clock.now += dt.timedelta(days=8)
    records.bulk_upsert(shop, form="stock", rows=[{"sku": "A003", "warehouse": "hd", "on_hand": 499}], user="admin")
    evaluate.run(shop, rules=["higher"])
    assert "chen" in counts(shop)["told"]


def test_publishing_for_all_ends_a_trial(shop):
    """The trial is a part of that version only."""
    publish_rule(shop, key="higher", user="lin", start="trial")
    changed = {**publish.show(shop, kind="rule", key="higher")["definition"], "name": "更高"}
    publish.save_draft(shop, kind="rule", key="higher", definition=changed, user="lin")
    assert {"version": 2} == publish_rule(shop, key="higher", user="lin")
    assert "trial" not in publish.show(shop, kind="rule", key="higher")["definition"]


def test_overrides_in_bulk_say_what_they_change(shop):
    """Two SKUs get a lower line: of three alerts one is left; the definition that comes back can be saved."""
    items = [{"skus": ["A001"], "levels": [{"level": "warning", "when": "available < 5"}]}]
    found = rule_overrides.preview(shop, rule="higher", items=items, user="lin")
    assert {"before": {"warning": 3}, "after": {"warning": 1}} == found["total"]
    (one,) = found["items"]
    assert (2, 0, 2, {"warning": 2}, {}) == (one["records"], one["added"], one["removed"], one["before"], one["after"])
    assert "sku in ['A001']" == one["where"]
    draft = publish.show(shop, kind="rule", key="higher")["draft"]
    saved = publish.save_draft(
        shop, kind="rule", key="higher", definition=found["definition"], user="lin", etag=draft["etag"]
    )
    assert [] == saved["problems"]


@pytest.mark.parametrize(
    "item", [{"let": {"daily": "1"}}, {"skus": ["A001"]}, {"where": "nobody", "let": {"daily": "1"}}]
)
def test_an_override_that_says_too_little_is_refused(shop, item):
    """Whom and what are both needed, and both must be right."""
    with pytest.raises(DefinitionError):
        rule_overrides.preview(shop, rule="higher", items=[item], user="lin")


def test_a_threshold_in_the_workspace(shop):
    """The service finds the same numbers as the engine; what the shop has no history for is noted."""
    assert [500.0] == [one["value"] for one in evaluate.numbers(shop, definition=HIGHER, user="lin")]
    found = evaluate.threshold(
        shop, definition=HIGHER, from_="2026-11-18", to="2026-11-24", values=[10, 500], user="lin"
    )
    assert [(10.0, 1), (500.0, 3)] == [(point["value"], point["alerts"]) for point in found["points"]]
    with pytest.raises(BeihuoError):
        evaluate.threshold(shop, definition=HIGHER, from_="2026-11-18", to="2026-11-24", number=7, user="lin")
