"""Email: a post as a message to fixed recipients (kind ``email``)."""

from xuanfa.adapters.email.adapter import EmailAdapter

__all__ = ["EmailAdapter"]
