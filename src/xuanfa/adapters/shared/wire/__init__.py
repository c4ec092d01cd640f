"""The one guarded wire between a library that speaks a protocol and the socket: deadline, fence, clean connections, caps, evidence.

``docs/security.md`` says what it promises. ``Wire`` is what an ``httpx.Client`` sends through; SMTP uses the same streams.
"""

from xuanfa.adapters.shared.wire.exchange import Exchange, LeaseEnded, WireError
from xuanfa.adapters.shared.wire.transport import Wire

__all__ = ["Exchange", "LeaseEnded", "Wire", "WireError"]
