"""The interpreter: expressions, rules, forecasts and plans, computed from plain data; the time is always an argument."""
