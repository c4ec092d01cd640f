"""Email: a post as a message to fixed recipients (kind ``email``)."""

from xuanfa.adapters.mail.adapter import EmailAdapter

__all__ = ["EmailAdapter"]
