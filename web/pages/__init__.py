"""Pages that need no JavaScript: what a notice's link opens."""
