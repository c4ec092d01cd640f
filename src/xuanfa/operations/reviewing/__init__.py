"""Reviewing: what people have decided about a post, beside what would be sent of it."""
