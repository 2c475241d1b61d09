"""Stock as a ledger: movements in, positions out; classes and life stages of SKUs."""

from engine.inventory.classes import abc_classes, xyz_classes
from engine.inventory.ledger import Movement, Position, apply, replay
from engine.inventory.stage import life_stages

__all__ = ["Movement", "Position", "abc_classes", "apply", "life_stages", "replay", "xyz_classes"]
