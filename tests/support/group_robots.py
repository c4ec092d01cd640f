"""What the tests of the group robots share: one post, and how it is rendered, checked and ordered."""

from datetime import UTC, datetime
from pathlib import Path

from xuanfa.adapters.protocol import Adapter
from xuanfa.content.kit import PostKit
from xuanfa.content.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition, bind

TEMPLATES = Templates([Path(__file__).parents[2] / "templates"])
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
POST = Post(slug="a", title="巡回审判", column="action", body="正文**第一段**。", summary="摘要。", department="民一庭")


def render(adapter: Adapter, post: Post = POST, *channels: str) -> Rendition:
    kit = PostKit(
        post=post,
        organisation=Organisation(name="某院"),
        column=Column(id="action", title="我们在行动"),
        channel="group",
        kind=adapter.kind,
        zone=UTC,
        templates=TEMPLATES,
        media=MediaStore(Path("no-pictures-here")),
        channels=frozenset({"group", *channels}),
    )
    return adapter.render(kit.post, kit)


def order(rendition: Rendition, key: str = "k" * 32) -> Order:
    return Order(
        delivery=1, attempt=1, key=key, post="a", revision=1, channel="group", column="action",
        rendition=bind(rendition, {"site": "https://www.example.gov.cn/a/"}, NOW), published_at=NOW,
    )  # fmt: skip


def codes(adapter: Adapter, post: Post, *channels: str) -> list[str]:
    return [finding.code for finding in adapter.check(render(adapter, post, *channels))]
