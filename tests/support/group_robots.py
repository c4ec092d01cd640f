"""What the tests of the group robots share: one post, and how it is rendered, checked and ordered."""

from functools import partial

from tests.support import adapting
from xuanfa.adapters.protocol import Adapter
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition

POST = Post(slug="a", title="巡回审判", column="action", body="正文**第一段**。", summary="摘要。", department="民一庭")


def render(adapter: Adapter, post: Post = POST, *channels: str) -> Rendition:
    return adapting.render(adapter, post, *channels, channel="group")


order = partial(adapting.order, channel="group")


def codes(adapter: Adapter, post: Post, *channels: str) -> list[str]:
    return adapting.codes(adapter, render(adapter, post, *channels))
