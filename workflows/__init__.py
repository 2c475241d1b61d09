"""Workflows and approvals: a pure token engine over JSON definitions, its node types, and the check for soundness.

start(definition, variables, initiator=, now=, directory=) -> (instance, effects)
advance(definition, instance, event, now=, directory=) -> (instance, effects)
open_work(instance) -> what somebody or something outside must do
check_workflow(definition, fields=, library=) -> problems        soundness, before publishing
dry_run(definition, instance, new, mapping) -> problems          may this instance migrate?
preview(definition, variables, initiator=, now=, directory=)     who will approve, by which rule
test_run(definition, variables, now=, answers=)                  path, inputs and outputs with sample data
"""

from workflows.dialogs import return_targets, side_effects
from workflows.directory import Calendar, Directory
from workflows.instance import Instance, open_work
from workflows.migration import dry_run
from workflows.refusal import Refused
from workflows.soundness import check_workflow
from workflows.steps import advance, prepare, start
from workflows.trial import preview, test_run

__all__ = [
    "Calendar",
    "Directory",
    "Instance",
    "Refused",
    "advance",
    "check_workflow",
    "dry_run",
    "open_work",
    "prepare",
    "preview",
    "return_targets",
    "side_effects",
    "start",
    "test_run",
]
