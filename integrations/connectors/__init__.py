"""The connectors, one file each, found by scan."""
