"""Readers: figures of what was read, liked and forwarded, as people enter them."""
