"""Everything that talks to someone else's server: channels, connectors, messages."""
