"""A channel to a real WordPress, and posts for it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.support.adapting import Tools, order, render
from tests.support.real_wordpress import Site, wordpress
from xuanfa.adapters.wordpress import WordpressAdapter
from xuanfa.adapters.wordpress.config import WordpressConfig
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.attempt import Order, delivery_key
from xuanfa.domain.finding import blocking
from xuanfa.domain.outcome import Published, Staged
from xuanfa.domain.post import Post

BODY = """把法庭搬到**田间地头**，当庭调解一起土地承包纠纷。

![庭审](images/court.png "庭审现场")

| 项目 | 数量 |
|---|--:|
| 巡回审判 | 12 |

第一行
第二行带反斜杠 C:\\\\temp 与 <、&。
"""
POST = Post(
    slug="tianjian",
    title="巡回审判到田间 & “家门口”",
    column="action",
    body=BODY,
    summary="把法庭搬到田间地头。",
    department="民一庭",
    keywords=("巡回审判", "营商 & 环境"),
)


@dataclass
class Bench:
    """A channel to the site, and posts for it."""

    site: Site
    folder: Path
    http: httpx.Client
    court: Path

    @property
    def media(self) -> MediaStore:
        return MediaStore(self.folder / "media")

    def bind(self, role: str = "editor", **settings: Any) -> WordpressAdapter:
        given = {
            "adapter": "wordpress", "base_url": self.site.address, "username": "admin" if role == "editor" else role,
            "application_password": self.site.passwords[role], "categories": ["专栏 & 行动"],
        } | settings  # fmt: skip
        return WordpressAdapter(WordpressConfig.model_validate(given), Tools(folder=self.folder, http=self.http))

    def post(self, slug: str, **changes: Any) -> Post:
        picture = self.media.keep(self.court, "images/court.png", alt="庭审", caption="庭审现场")
        return replace(POST, slug=slug, pictures=(picture,), **changes)

    def order(self, adapter: WordpressAdapter, post: Post, **changes: Any) -> Order:
        rendition = render(adapter, post, channel="blog", media=self.media)
        assert not blocking(adapter.check(rendition))
        key = delivery_key(post.slug, "blog", rendition.digest)
        return order(rendition, "blog", **{"key": key, "post": post.slug} | changes)

    def staged(self, adapter: WordpressAdapter, order: Order) -> Order:
        staging = adapter.stage(order)
        assert isinstance(staging, Staged), staging
        return replace(order, staged=staging.memory)

    def publish(self, adapter: WordpressAdapter, post: Post) -> tuple[Order, Published]:
        order = self.staged(adapter, self.order(adapter, post))
        outcome = adapter.publish(order)
        assert isinstance(outcome, Published), outcome
        return order, outcome

    def visit(self, address: str | None) -> str:
        """What somebody sees who is not signed in."""
        assert address is not None
        return httpx.get(address, trust_env=False, follow_redirects=True).text


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with wordpress(tmp_path_factory.mktemp("wordpress")) as made:
        yield made


@pytest.fixture
def bench(site: Site, tmp_path: Path) -> Iterator[Bench]:
    court = tmp_path / "court.png"
    Image.new("RGB", (800, 450), "#0b57a8").save(court)
    with httpx.Client(trust_env=False, timeout=30) as client:
        yield Bench(site, tmp_path, client, court)
