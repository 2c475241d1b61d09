"""Alerts: rules over whole tables at once, the life of an alert, who is told; pure, the time is an argument."""
