"""A channel to Weibo whose platform answers as a test says, and a post for it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import adapting
from tests.support.adapting import Tools
from xuanfa.adapters.weibo import WeiboAdapter, WeiboConfig
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition

SITE = "https://www.court.example/a/"
POST = Post(slug="a", title="法治进校园", column="action", body="正文第一句。", summary="第一句。第二句。")
SECRET, TOKEN = "5b1f0c3d8e7a49b2a6c4d1e0f9b8a7c6", "2.00AbcdefToken"
REAL = {"adapter": "weibo", "app_key": "12", "app_secret": SECRET, "rip": "211.156.0.1", "access_token": TOKEN}


@dataclass(kw_only=True)
class Account(Tools):
    """Tools that remember what was asked."""

    kind: str = "weibo"
    asked: list[httpx.Request] = field(default_factory=list)


Make = Callable[..., WeiboAdapter]


@pytest.fixture
def weibo(tmp_path: Path) -> Iterator[Make]:
    clients: list[httpx.Client] = []

    def make(status: int = 200, body: str | dict[str, Any] = "{}", **settings: Any) -> WeiboAdapter:
        text = body if isinstance(body, str) else json.dumps(body)
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            request.read()
            asked.append(request)
            return httpx.Response(status, text=text)

        tools = Account(folder=tmp_path, http=httpx.Client(transport=httpx.MockTransport(answer)), asked=asked)
        clients.append(tools.http)
        return WeiboAdapter(WeiboConfig.model_validate(REAL | settings), tools)

    yield make
    for client in clients:
        client.close()


def render(adapter: WeiboAdapter, tmp_path: Path, post: Post = POST, *channels: str) -> Rendition:
    """Its pictures lie in ``media``; it goes to the site too, if no other channels are named."""
    return adapting.render(adapter, post, *(channels or ("site",)), media=MediaStore(tmp_path / "media"))


order = partial(adapting.order, channel="wb", site=SITE, attempt=2)
