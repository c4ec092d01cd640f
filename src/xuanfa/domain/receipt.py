"""A receipt (回执): the channel's own evidence that a post is public."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from xuanfa.domain.shown import printable


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the channel said. ``published_at`` is the channel's time (aware) where it gives one; else the core's clock is taken.

    ``evidence`` is a short, masked extract of the answer, kept so that "published" can be defended later.
    """

    remote_id: str | None = None
    address: str | None = None
    published_at: datetime | None = None
    evidence: str = ""

    def __post_init__(self) -> None:
        """Kept and shown without anything that a terminal or a page would obey."""
        object.__setattr__(self, "evidence", printable(self.evidence))


def page_of(address: str) -> str:
    """What is the same for every spelling of a page's address: http or https, letters of the host, percent signs, a last ``/``, and a
    ``#place`` on the page make no difference. A fragment that is a path (``#/detail/7``) names a page, as sites made by script have them."""
    parts = urlsplit(address.strip())
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    place = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.hostname or ''}{port}{unquote(parts.path).rstrip('/')}{query}{place}".rstrip("/")
