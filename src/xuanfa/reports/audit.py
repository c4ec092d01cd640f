"""What people have decided and were refused, and who showed who they are: for lists."""

from dataclasses import replace
from datetime import datetime

from xuanfa.domain.access import Veil
from xuanfa.store import access, audit
from xuanfa.store.audit import AuditLine
from xuanfa.store.database import Store


def audited(
    store: Store,
    *,
    since: datetime | None,
    until: datetime | None,
    who: str | None,
    post: str | None,
    veil: Veil | None = None,
) -> list[AuditLine]:
    """The lines of people and accounts, in their order; from ``since`` on, before ``until``. Without a ``veil``, as the machine's account
    sees them: of a restricted post who did what and when, and no reason, which may hold words of it."""
    with store.read() as connection:
        hidden = (veil or access.veil(connection)).slugs
        found = audit.lines(connection, since=since, until=until, who=who, post=post)
        return [replace(line, why="", subject=None) if line.post in hidden else line for line in found]


def audit_page(
    store: Store,
    most: int,
    veil: Veil,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    who: str = "",
    post: str = "",
    before: int | None = None,
) -> list[AuditLine]:
    """The newest lines, for a page. Of a post that is hidden from whoever looks: who did what and when, and no reason."""
    with store.read() as connection:
        found = audit.newest(connection, most, since=since, until=until, who=who, post=post, before=before)
    return [replace(line, why="", subject=None) if line.post and veil.hides(line.post) else line for line in found]
