"""Callbacks, one file a channel; found by scan."""
