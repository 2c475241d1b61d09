"""Everything that talks to someone else's server: channels, connectors, messages."""

from integrations.channel import CHANNELS, Channel, Message, Outcome, OutcomeState, Recipient

__all__ = ["CHANNELS", "Channel", "Message", "Outcome", "OutcomeState", "Recipient"]
