"""Deciding: what people say about deliveries, and what that is bound to."""
