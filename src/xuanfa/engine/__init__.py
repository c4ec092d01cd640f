"""Engines: who calls the operations, and when. The database is the schedule; an engine only says "now"."""
