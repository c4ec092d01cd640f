"""Any HTTP endpoint that takes a post."""

from xuanfa.adapters.webhook.adapter import WebhookAdapter

__all__ = ["WebhookAdapter"]
