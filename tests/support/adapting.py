"""What tests of adapters share: the tools that an adapter is given, a post's kit, and an order of what was rendered."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from xuanfa.adapters.protocol import Adapter
from xuanfa.adapters.shared.wire.tls import trusting
from xuanfa.content.kit import PostKit
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attachment import Attachment
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.post import Picture, Post
from xuanfa.domain.rendition import Rendition, bind

#: The templates that come with the program.
TEMPLATES = Path(__file__).parents[2] / "templates"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OFFICE = Organisation(name="某院")
ACTION = Column(id="action", title="我们在行动")
#: Loading the machine's certificates takes longer than most tests.
machine_tls = cache(trusting)


def _forbidden(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"nobody expected {request.method} {request.url}")


def nobody() -> httpx.Client:
    """A client for what asks nothing of the network."""
    return httpx.Client(transport=httpx.MockTransport(_forbidden))


@dataclass(kw_only=True)
class Tools:
    """What an adapter is given for one channel, in a folder of the test.

    Templates and pictures are real; no value of the memory ever ends, and ``lives`` tells how long each was to last.
    """

    folder: Path
    kind: str = ""
    http: httpx.Client = field(default_factory=nobody)
    memory: dict[str, str] = field(default_factory=dict)
    lives: dict[str, timedelta | None] = field(default_factory=dict)
    tls: ssl.SSLContext = field(default_factory=machine_tls)
    limit: float = 5.0

    def proxied(self, url: httpx.URL) -> bool:
        return False

    def picture(self, picture: Picture) -> Path:
        return MediaStore(self.folder / "media").path(picture)

    def attachment(self, attachment: Attachment) -> Path:
        return MediaStore(self.folder / "media").attachment(attachment)

    def template(self, name: str, /, **context: Any) -> str:
        return Templates([TEMPLATES]).render(f"{self.kind}/{name}", context)

    def remember(self, name: str, make: Callable[[], tuple[str, timedelta | None]]) -> str:
        if name not in self.memory:
            self.memory[name], self.lives[name] = make()
        return self.memory[name]

    def recall(self, name: str) -> str | None:
        return self.memory.get(name)

    def keep(self, name: str, value: str, life: timedelta | None) -> None:
        self.memory[name], self.lives[name] = value, life

    def forget(self, name: str, value: str) -> None:
        if self.memory.get(name) == value:
            del self.memory[name]


def kit(
    post: Post,
    kind: str,
    *others: str,
    channel: str = "",
    media: MediaStore | None = None,
    templates: Templates | None = None,
    organisation: Organisation = OFFICE,
    column: Column = ACTION,
    zone: tzinfo = UTC,
) -> PostKit:
    """The kit of a post on ``channel``, named as its kind if nothing else is said; it goes to the channels ``others`` too."""
    name = channel or kind
    return PostKit(
        post=post,
        organisation=organisation,
        column=column,
        channel=name,
        kind=kind,
        zone=zone,
        templates=templates or Templates([TEMPLATES]),
        media=media or MediaStore(Path("no-pictures-here")),
        channels=frozenset({name, *others}),
    )


def render(adapter: Adapter, post: Post, *others: str, **more: Any) -> Rendition:
    """The post as ``adapter`` renders it, with a kit made of ``more``."""
    made = kit(post, adapter.kind, *others, **more)
    return adapter.render(made.post, made)


def codes(adapter: Adapter, rendition: Rendition) -> list[str]:
    """What ``adapter`` finds in it."""
    return [finding.code for finding in adapter.check(rendition)]


def order(rendition: Rendition, channel: str, *, site: str = "https://www.example.gov.cn/a/", **more: Any) -> Order:
    """The first attempt to send it, bound to the page that ``site`` has; ``more`` are fields of an order that are not the usual ones."""
    bound = bind(rendition, {"site": site}, NOW)
    usual: dict[str, Any] = {
        "delivery": 1,
        "attempt": 1,
        "key": "k" * 32,
        "post": "a",
        "revision": 1,
        "column": "action",
        "started_at": NOW,
    }
    return Order(channel=channel, rendition=bound, **usual | more)
