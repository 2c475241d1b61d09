"""Where instances stand and how long people take: counted from the seats, by step."""

from services import approve, workflow_load
from services.publish import publish_many
from services.submit import submit
from services.users import create
from store import seats

WORKFLOW = {
    "kind": "workflow",
    "key": "leave",
    "name": "请假",
    "nodes": {
        "s": {"type": "start"},
        "boss": {"type": "approval", "name": "主管", "approvers": ["user:chen"], "timeout": [{"after": "PT4H", "action": "remind"}]},
        "z": {"type": "end"},
    },
    "edges": [{"id": "e1", "from": "s", "to": "boss"}, {"id": "e2", "from": "boss", "to": "z"}],
}  # fmt: skip


def started(ws):
    for key in ("lin", "chen"):
        create(
            ws, values={"key": key, "name": key, "password": "three-blue-kettles", "roles": ["operator"]}, user="system"
        )
    publish_many(ws, definitions=[WORKFLOW], user="system")
    return [submit(ws, workflow="leave", user="lin")["instance"] for _ in range(3)]


def test_it_counts_what_waits_and_how_long_people_took(ws, clock):
    """Two of three are open for five hours, past their limit of four; the third took two hours."""
    keys = started(ws)
    with ws.read() as session:
        seat = seats.of_instance(session, keys[0])[0].id
    clock.pass_(hours=2)
    approve.decide(ws, seat=seat, op="approve", user="chen")
    clock.pass_(hours=3)

    found = workflow_load.load(ws, workflow="leave")

    assert {"running": 2, "incident": 0, "finished": 1} == found["instances"]
    assert [
        {
            "node": "boss",
            "open": 2,
            "overdue": 2,
            "oldest_seconds": 5 * 3600,
            "done": 1,
            "median_seconds": 2 * 3600,
            "slow_seconds": 2 * 3600,
        }
    ] == found["nodes"]
    assert {(key, ("boss",)) for key in keys[1:]} == {(one["id"], tuple(one["nodes"])) for one in found["running"]}


def test_nothing_ran_yet(ws):
    found = workflow_load.load(ws, workflow="none")

    assert ([], []) == (found["nodes"], found["running"])
