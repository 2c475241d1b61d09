"""Two last approvals of a parallel block at the same moment: the join fires once, on each kind of database."""

import threading

from services import approve
from services.publish import publish_many
from services.submit import submit
from services.users import create
from store import instances, seats

RACES = 100
WORKFLOW = {
    "kind": "workflow",
    "key": "both",
    "name": "会签",
    "nodes": {
        "s": {"type": "start"},
        "f": {"type": "parallel"},
        "one": {"type": "approval", "approvers": ["user:chen"]},
        "two": {"type": "approval", "approvers": ["user:wang"]},
        "j": {"type": "parallel"},
        "after": {"type": "set", "set": {"fired": "if_null(fired, 0) + 1"}},
        "z": {"type": "end"},
    },
    "edges": [
        {"id": "e1", "from": "s", "to": "f"},
        {"id": "e2", "from": "f", "to": "one"},
        {"id": "e3", "from": "f", "to": "two"},
        {"id": "e4", "from": "one", "to": "j"},
        {"id": "e5", "from": "two", "to": "j"},
        {"id": "e6", "from": "j", "to": "after"},
        {"id": "e7", "from": "after", "to": "z"},
    ],
}


def _at_once(ws, held):
    """Let everybody of *held* (user → seat) approve at the same moment; return what went wrong."""
    gate = threading.Barrier(len(held))
    wrong = []

    def decide(user, seat):
        gate.wait()
        try:
            approve.decide(ws, seat=seat, op="approve", user=user)
        except Exception as error:  # noqa: BLE001 the test shows whatever it was
            wrong.append(error)

    people = [threading.Thread(target=decide, args=pair) for pair in held.items()]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return wrong


def test_the_join_fires_once_in_a_hundred_races(empty):
    """Each time both are accepted, the step after the join runs once, and the instance is complete."""
    for key in ("lin", "chen", "wang"):
        values = {"key": key, "name": key, "password": "three-blue-kettles", "roles": ["operator"]}
        create(empty, values=values, user="system")
    publish_many(empty, definitions=[WORKFLOW], user="system")
    outcomes = []
    for _ in range(RACES):
        key = submit(empty, workflow="both", user="lin")["instance"]
        with empty.read() as session:
            held = {seat.user: seat.id for seat in seats.of_instance(session, key, state="open")}
        wrong = _at_once(empty, held)
        with empty.read() as session:
            row = instances.get(session, key)
            entered = [step for step in instances.log(session, key) if step.op == "completed"]
        outcomes.append((wrong, row.status, row.position["variables"]["fired"], len(entered)))

    assert [([], "completed", 1, 1)] * RACES == outcomes
