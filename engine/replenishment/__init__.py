"""Replenishment: policies, plans with reasons, buying and transfers under limits, policy simulation."""

from engine.replenishment.policy import POLICIES, check_policy
from engine.replenishment.run import plan

__all__ = ["POLICIES", "check_policy", "plan"]
