"""Message providers on the loopback that verify what they are sent, as the real ones do, and refuse in their own words."""

from gateways.server import Gateway, Refusal

__all__ = ["Gateway", "Refusal"]
