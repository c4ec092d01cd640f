"""Watching: what waits for a person, and whether everything is in place."""
