"""The node types, one file each; found by `workflows.node.NODE_TYPES`."""
