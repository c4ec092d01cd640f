"""Sending: from what is due to what became of it."""
