"""Public: a delivery that is out for real, or was, with how its page stands."""

from dataclasses import dataclass
from datetime import datetime

from xuanfa.domain.page_proof import PageState


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """A delivery that is out for real, or was, with what is known of its page; ``address`` is empty where it has none. ``taken`` is until when
    somebody looks at it."""

    id: int
    post_id: int
    post: str
    title: str
    channel: str
    kind: str
    is_out: bool
    digest: str
    address: str
    published_at: datetime
    compared: str = ""
    next_at: datetime | None = None
    looked_at: datetime | None = None
    state: PageState | None = None
    words: str = ""
    mark: str = ""
    since: datetime | None = None
    times: int = 0
    seen: bool = False
    accepted: str = ""
