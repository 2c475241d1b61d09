"""Notification channels, one file each; found by scan."""
