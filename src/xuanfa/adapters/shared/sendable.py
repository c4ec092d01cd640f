"""What every kind asks before its one irreversible request."""

from collections.abc import Callable, Sequence

from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding, blocking
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Rejected, Unsent
from xuanfa.domain.rendition import Rendition


def unready(order: Order, check: Callable[[Rendition], Sequence[Finding]]) -> Unsent | Rejected | None:
    """Why it must not leave: an address in it is still open, or ``check`` blocks it as it stands now; ``None`` where it may."""
    if not order.rendition.is_bound:
        return Unsent(evidence=say("成稿里的地址还没有填上", "an address in the rendition is not filled in yet"))
    if findings := blocking(check(order.rendition)):
        return Rejected(findings=findings, blame=Blame.CONTENT)
    return None
