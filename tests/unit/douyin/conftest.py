"""A channel to Douyin at which somebody has signed in, and a platform that answers as a test says."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import adapting
from tests.support.adapting import NOW, Tools
from xuanfa.adapters.douyin import DouyinAdapter, DouyinConfig
from xuanfa.domain.attempt import Order
from xuanfa.domain.post import Picture, Post
from xuanfa.domain.rendition import Rendition

POST = Post(slug="a", title="法治进校园", column="action", body="正文第一句。", summary="一堂法治课。")
SECRET, TOKEN, REFRESH = "d0123456789abcdef", "act.3.token", "rft.token"
REAL = {"adapter": "douyin", "client_key": "aw1", "client_secret": SECRET, "mode": "image_text"}
CARD = Picture(source="", sha256="ab" * 32, media_type="image/png", size=9, width=1080, height=1920)
TEXT = "法治进校园"

Handle = Callable[[httpx.Request], httpx.Response]


@dataclass(kw_only=True)
class Account(Tools):
    """Tools with which somebody has signed in, and which keep each picture under the beginning of its hash."""

    kind: str = "douyin"
    memory: dict[str, str] = field(
        default_factory=lambda: {
            "signed in once": "1",
            "fresh": "1",
            "grant": json.dumps({"refresh_token": REFRESH, "open_id": "_000"}),
            "access": json.dumps({"access_token": TOKEN, "open_id": "_000"}),
        }
    )

    def picture(self, picture: Picture) -> Path:
        return self.folder / f"{picture.sha256[:8]}.png"


Make = Callable[..., DouyinAdapter]


@pytest.fixture
def douyin(tmp_path: Path) -> Iterator[Make]:
    clients: list[httpx.Client] = []

    def make(answer: Any = "{}", status: int = 200, **settings: Any) -> DouyinAdapter:
        text = answer if isinstance(answer, str) or callable(answer) else json.dumps(answer)
        handle: Handle = answer if callable(answer) else (lambda _request: httpx.Response(status, text=text))
        tools = Account(folder=tmp_path, http=httpx.Client(transport=httpx.MockTransport(handle)))
        clients.append(tools.http)
        return DouyinAdapter(DouyinConfig.model_validate(REAL | settings), tools)

    yield make
    for client in clients:
        client.close()


def rendition(mode: str = "image_text", pictures: tuple[Picture, ...] = (CARD,), body: str = TEXT) -> Rendition:
    return Rendition(
        title=TEXT, body=body, media_type="text/plain", pictures=pictures, extra={"mode": mode, "cards": "1"}
    )


def order(made: Rendition | None = None, **more: Any) -> Order:
    staged = {"images": '["i1"]', "video": "v1"}
    return adapting.order(made or rendition(), "dy", **{"attempt": 2, "staged": staged, "first_sent_at": NOW} | more)
