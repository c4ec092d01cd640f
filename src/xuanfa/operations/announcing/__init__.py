"""Announcing (回调): bringing what the outbox holds to its receivers, and what people decide about what could not be brought."""
