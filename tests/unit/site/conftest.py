"""A website to write into: real templates, real files, and a kit that holds a body given as HTML."""

import os
import re
import struct
import warnings
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from xuanfa.adapters.site import SiteAdapter, SiteConfig
from xuanfa.content.templates import Templates
from xuanfa.content.text.summary import summary_of
from xuanfa.domain.attachment import Attachment
from xuanfa.domain.attempt import Order, delivery_key
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.errors import PictureGoneError
from xuanfa.domain.post import Picture, PictureRule, Post
from xuanfa.domain.rendition import Rendition, bind, link_mark

TEMPLATES = Path(__file__).parents[3] / "templates"
ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
OFFICE = Organisation(
    name="金昌市中级人民法院", site_name="金昌法院专栏", site_domain="www.example.gov.cn", site_id_code="6203000001"
)
COLUMN = Column(
    id="zaixingdong", title="我们在行动", campaign="三抓三促", description="记录干警抓学习、抓执行、抓效能的工作。"
)


@dataclass(kw_only=True)
class Desk:
    """A kit: the body is HTML already."""

    organisation: Organisation
    column: Column
    post: Post
    html: str
    templates: Templates
    channel: str = "web"
    zone: tzinfo = ZONE

    @property
    def text(self) -> str:
        return " ".join(re.sub(r"<[^>]*>", " ", self.html).split())

    @property
    def summary(self) -> str:
        return self.post.summary or summary_of(self.html)

    def fitted(self, picture: Picture, rule: PictureRule) -> Picture:
        return picture

    def template(self, name: str, /, **context: Any) -> str:
        known = {"post": self.post, "column": self.column, "organisation": self.organisation, "channel": self.channel}
        return self.templates.render(f"site/{name}", known | {"link": self.link, "linked": self.linked} | context)

    def link(self, channel: str) -> str:
        return link_mark(channel)

    def linked(self, channel: str) -> bool:
        return channel == "wechat"


@dataclass(kw_only=True)
class Bench:
    """Tools of one channel, and the shelf from which it takes pictures."""

    folder: Path
    templates: Templates
    shelf: dict[str, Path] = field(default_factory=dict)
    http: httpx.Client = field(default_factory=httpx.Client)

    def attachment(self, attachment: Attachment) -> Path:
        raise AssertionError(attachment)

    def picture(self, picture: Picture) -> Path:
        if picture.sha256 not in self.shelf:
            raise PictureGoneError(f"图片 {picture.source} 的存档不见了")
        return self.shelf[picture.sha256]

    def template(self, name: str, /, **context: Any) -> str:
        return self.templates.render(f"site/{name}", context)

    def remember(self, name: str, make: Callable[[], tuple[str, timedelta | None]]) -> str:
        raise AssertionError(name)

    def forget(self, name: str, value: str) -> None:
        raise AssertionError(name, value)


class Website:
    """One channel of kind ``site`` with everything around it."""

    begin = BEGIN
    shipped = (TEMPLATES,)

    def __init__(self, workspace: Path, templates: tuple[Path, ...] = (TEMPLATES,), **settings: Any) -> None:
        self.workspace = workspace
        self.bench = Bench(folder=workspace, templates=Templates(templates))
        self.settings = {"adapter": "site", "directory": "public", "base_url": "https://www.example.gov.cn/zl"}
        self.office, self.column = OFFICE, COLUMN
        self.configure(**settings)

    def configure(self, **settings: Any) -> None:
        """Change settings, as the operator does between two runs."""
        self.settings |= settings
        self.adapter = SiteAdapter(SiteConfig.model_validate(self.settings), self.bench)

    @property
    def public(self) -> Path:
        return self.workspace / "public"

    def draw(
        self, source: str, colour: tuple[int, int, int] = (163, 32, 29), size: tuple[int, int] = (60, 40)
    ) -> Picture:
        """A picture on the shelf: one colour, PNG."""
        data = png(colour, *size)
        digest = sha256(data).hexdigest()
        path = self.workspace / "media" / digest
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        self.bench.shelf[digest] = path
        return Picture(
            source=source,
            sha256=digest,
            media_type="image/png",
            size=len(data),
            width=size[0],
            height=size[1],
            alt="示意图",
        )

    def render(self, post: Post, html: str) -> Rendition:
        kit = Desk(organisation=self.office, column=self.column, post=post, html=html, templates=self.bench.templates)
        return self.adapter.render(post, kit)

    def order(
        self,
        slug: str,
        *,
        title: str = "",
        html: str = "<p>正文。</p>",
        at: datetime = BEGIN,
        generation: int = 0,
        **fields: Any,
    ) -> Order:
        """A delivery whose rendition is bound, as the core hands it over."""
        post = Post(slug=slug, title=title or f"标题{slug}", column=self.column.id, body="", **fields)
        rendition = self.render(post, html)
        return Order(
            delivery=1,
            attempt=1,
            key=delivery_key(zlib.crc32(slug.encode()), rendition.digest, generation),
            post=slug,
            revision=1,
            channel="web",
            column=self.column.id,
            rendition=bind(rendition, {}, at),
            started_at=at,
        )

    def sent_again(self, order: Order, at: datetime) -> Order:
        """The same order at a later minute, which the core fills in anew."""
        body = order.rendition.body.replace(f"{order.started_at:%Y-%m-%d %H:%M}", f"{at:%Y-%m-%d %H:%M}")
        body = body.replace(order.started_at.isoformat(), at.isoformat())
        return replace(order, rendition=replace(order.rendition, body=body), started_at=at)

    def publish(self, slug: str, **fields: Any) -> Any:
        return self.adapter.publish(self.order(slug, **fields))

    def fill(self, count: int, start: int = 1) -> None:
        """So many articles ``a1``, ``a2`` … a minute apart."""
        for number in range(start, start + count):
            self.publish(f"a{number}", title=f"第{number}篇", at=BEGIN + timedelta(minutes=number))

    def read(self, path: str) -> str:
        return (self.public / path).read_text(encoding="utf-8")

    def files(self) -> Mapping[str, bytes]:
        """All files that readers can fetch, with their bytes: none with a dotted name."""
        found = (path for path in self.public.rglob("*") if path.is_file())
        names = {path: path.relative_to(self.public).as_posix() for path in found}
        return {name: path.read_bytes() for path, name in names.items() if not name.startswith(".")}

    def gone(self) -> set[str]:
        """The addresses of which servers are told that they are gone."""
        marked = self.public / ".gone"
        return {path.relative_to(marked).as_posix() for path in marked.rglob("*") if path.is_file()}

    def require_whole(self) -> None:
        """No public file is cut off, and none is temporary."""
        endings = {"html": b"</html>", "xml": b">", "css": b"}", "js": b"());", "svg": b"</svg>", "json": b"}"}
        for name, data in self.files().items():
            assert data.rstrip().endswith(endings.get(name.rpartition(".")[2], b"")), name

    def children(self, *works: Callable[[], object]) -> list[int]:
        """Do each work in a process of its own, all at once; their exit codes."""
        return [end_child(child) for child in [begin_child(work) for work in works]]


def begin_child(work: Callable[[], object]) -> int:
    """Do some work in a process of its own; gives its id for ``end_child``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forking beside pytest-xdist's thread
        child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def end_child(child: int) -> int:
    """Wait for it; its exit code."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def png(colour: tuple[int, int, int], width: int, height: int) -> bytes:
    """A PNG of one colour (ISO/IEC 15948)."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def website(tmp_path: Path) -> Website:
    return Website(tmp_path)


@pytest.fixture
def new_website() -> type[Website]:
    return Website
