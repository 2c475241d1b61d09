"""The life of an alert: pending, firing, levels, hysteresis, no data, unknown, acknowledge, snooze, repeat."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from engine.alerting.state import Episode, Kind, Observation, Reason, State, acknowledge, snooze, step

MORNING = dt.datetime(2026, 11, 11, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
RULE = {
    "key": "low_stock",
    "levels": [{"level": "warning", "when": "a < 2"}, {"level": "critical", "when": "a < 1"}],
}
QUIET = Observation()
WARNING = Observation("warning", {"a": 1.5})
CRITICAL = Observation("critical", {"a": 0.5})
UNKNOWN = Observation(unknown="提前期 为空")
GONE = Observation(no_data=True)


def run(rule: dict, *seen: Observation, every: dt.timedelta = HOUR) -> list[tuple[str, str, bool, bool]]:
    """Play the runs one after the other; (kind, reason, notify, act) of each step's event."""
    episode: Episode | None = None
    told = []
    for number, observation in enumerate(seen):
        transition = step(episode, observation, rule, MORNING + number * every, {"sku": "A001"})
        episode = transition.next
        told += [(event.kind.value, event.reason.value, event.notify, event.act) for event in transition.events] or [
            ("", "", False, False)
        ]
    return told


def test_a_breach_fires_at_once_and_ends_when_it_clears():
    """Without `for` the first breach fires, people are told once, and told of the end."""
    assert [
        ("fired", "held_long_enough", True, True),
        ("none", "still_firing", False, False),
        ("resolved", "condition_cleared", True, False),
        ("", "", False, False),
        ("fired", "held_long_enough", True, True),
    ] == run(RULE, WARNING, WARNING, QUIET, QUIET, WARNING)


def test_for_counts_runs_in_a_row():
    """`for` 3: the third breach in a row fires; one good run starts the count anew."""
    assert ["pending", "none", "dropped", "pending", "none", "fired"] == [
        kind for kind, *_ in run({**RULE, "for": 3}, WARNING, WARNING, QUIET, WARNING, CRITICAL, WARNING)
    ]


def test_for_as_a_duration_counts_time():
    """`for` P1D with a run each 8 hours: the fourth breach is a day after the first."""
    assert ["pending", "none", "none", "fired"] == [
        kind for kind, *_ in run({**RULE, "for": "P1D"}, *[WARNING] * 4, every=8 * HOUR)
    ]


def test_a_clock_set_back_lets_no_time_pass():
    """A run that seems to be earlier than the breach neither fires nor fails."""
    episode = step(None, WARNING, {**RULE, "for": "PT1H"}, MORNING, {"sku": "A"}).next
    assert Reason.STILL_WAITING == step(episode, WARNING, {**RULE, "for": "PT1H"}, MORNING - HOUR).events[0].reason


def test_the_level_changes_within_one_episode_and_actions_run_once_a_level():
    """warning, critical, warning, critical: told on the first rise; each level's actions run once."""
    assert [
        ("fired", "held_long_enough", True, True),
        ("changed", "level_rose", True, True),
        ("changed", "level_fell", False, False),
        ("changed", "level_rose", False, False),
    ] == run(RULE, WARNING, CRITICAL, WARNING, CRITICAL)


def test_hysteresis_holds_until_resolve_when():
    """With `resolve_when` a cleared condition is not the end; a null one neither."""
    rule = {**RULE, "resolve_when": "a > 3"}
    assert ["fired", "none", "none", "resolved"] == [
        kind for kind, *_ in run(rule, WARNING, QUIET, Observation(may_resolve=None), Observation(may_resolve=True))
    ]
    assert "held_by_hysteresis" == run(rule, WARNING, Observation(may_resolve=False))[1][1]


def test_no_data_keeps_resolves_or_fires():
    """A record that vanished from the table: as the rule says."""
    assert ("none", "no_data_kept", False, False) == run(RULE, WARNING, GONE)[1]
    assert ("resolved", "no_data_resolved", True, False) == run({**RULE, "no_data": "resolve"}, WARNING, GONE)[1]
    assert ("fired", "no_data_fires", True, True) == run({**RULE, "no_data": "fire"}, GONE)[0]


def test_unknown_begins_nothing_and_ends_nothing():
    """A condition that ends null keeps a firing alert and starts none; `warn` puts it on the list."""
    assert [("fired", "held_long_enough", True, True), ("unknown", "unknown_warned", False, False)] == run(
        RULE, WARNING, UNKNOWN
    )
    assert ("none", "unknown_kept", False, False) == run({**RULE, "on_unknown": "ignore"}, UNKNOWN)[0]


def test_repeat_until_acknowledged():
    """Told again each two hours; acknowledging ends that, and a rise begins it anew."""
    rule = {**RULE, "repeat_every": "PT2H"}
    assert [True, False, True, False, True] == [told for *_, told, _ in run(rule, *[WARNING] * 5)]
    episode = step(None, WARNING, rule, MORNING, {"sku": "A"}).next
    assert episode is not None
    episode = acknowledge(episode, "chen", MORNING, "在途")
    assert not step(episode, WARNING, rule, MORNING + 9 * HOUR).events[0].notify
    risen = step(episode, CRITICAL, rule, MORNING + 9 * HOUR)
    assert risen.events[0].notify
    assert risen.next is not None
    assert None is risen.next.acknowledged


def test_what_happens_under_a_snooze_is_told_when_it_ends():
    """Snoozed until noon: a rise at ten is not told, and told at twelve."""
    episode = step(None, WARNING, RULE, MORNING, {"sku": "A"}).next
    assert episode is not None
    episode = snooze(episode, MORNING + 4 * HOUR)
    risen = step(episode, CRITICAL, RULE, MORNING + 2 * HOUR)
    assert not risen.events[0].notify
    ended = step(risen.next, CRITICAL, RULE, MORNING + 4 * HOUR)
    assert (Kind.REPEAT, Reason.SNOOZE_ENDED, True) == (
        ended.events[0].kind,
        ended.events[0].reason,
        ended.events[0].notify,
    )


OBSERVATIONS = st.sampled_from(
    [QUIET, WARNING, CRITICAL, UNKNOWN, GONE, Observation(may_resolve=True), Observation(may_resolve=False)]
)
RULES = st.fixed_dictionaries(
    {"key": st.just("r"), "levels": st.just(RULE["levels"])},
    optional={
        "for": st.sampled_from([0, 1, 2, 5, "PT3H"]),
        "resolve_when": st.just("a > 3"),
        "no_data": st.sampled_from(["keep", "resolve", "fire"]),
        "on_unknown": st.sampled_from(["ignore", "warn", "fire"]),
        "repeat_every": st.just("PT2H"),
    },
)


@given(rule=RULES, seen=st.lists(OBSERVATIONS, max_size=30))
def test_every_history_keeps_the_invariants(rule: dict, seen: list[Observation]):
    """Fired comes before resolved, never twice without an end between; nothing is told of an end that had no beginning."""
    episode: Episode | None = None
    firing = False
    for number, observation in enumerate(seen):
        transition = step(episode, observation, rule, MORNING + number * HOUR, {"sku": "A"})
        for event in transition.events:
            if event.kind is Kind.FIRED:
                assert not firing
                firing = True
            if event.kind is Kind.RESOLVED:
                assert firing
                firing = False
        episode = transition.next
        assert firing == (episode is not None and episode.state is State.FIRING)
        assert step(episode, observation, rule, MORNING) == step(episode, observation, rule, MORNING)
