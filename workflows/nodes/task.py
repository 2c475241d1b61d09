"""Task (办理): somebody fills in the form."""

from __future__ import annotations

from workflows import deciding, seating, tokens
from workflows.flow import Flow
from workflows.node import NodeType, node_type
from workflows.position import Run
from workflows.schemas import PEOPLE, settings


@node_type("task")
class Task(NodeType):
    """One person of the list does the work and fills in the form; without a list, whoever the service lets."""

    title = "办理"
    title_en = "Task"
    sentence = "请名单里的一个人办这件事，并填写需要的内容。"
    sentence_en = "One person of the list does the work and fills in what is needed."
    icon = "form"
    group = "people"
    schema = settings(PEOPLE)
    example = {"type": "task", "approvers": ["role:buyer"], "write": ["quantity"]}  # noqa: RUF012 a constant of the class
    waits = True
    people = True

    def enter(self, flow: Flow, run: Run) -> None:
        """Open a seat for each person, or the task itself when it names nobody."""
        own = flow.settings(run.node)
        deciding.copies(flow, run, "enter")
        if not own.get("approvers"):
            run.work = True
            return
        word = deciding.seat_people(flow, run, own, own=False)
        if word == "pass":
            tokens.finish(flow, run)
        elif word == "reject":
            deciding.conclude_vote(flow, run, passed=False)
        else:
            seating.arrange(flow, run)
