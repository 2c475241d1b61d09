"""Replenishment policies, one file each; found by scan, never imported by name."""
