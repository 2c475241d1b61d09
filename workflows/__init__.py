"""Approvals and automations as a pure token engine: a definition, an instance and an event give the next instance and its effects."""
