"""Template packs: what they are, and what installs, upgrades, tests and removes them."""
