"""An account at WeChat whose answers a test writes: by path, in order, and everything that was asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.adapting import NOW, Tools, order
from xuanfa.adapters.wechat import WechatAdapter, WechatConfig
from xuanfa.domain.post import Picture
from xuanfa.domain.rendition import Rendition

KEY = "0123456789abcdef0123456789abcdef"
SECRET = "c1f0a9e7b3d5c4e6f8a0b2d4e6f8a0b2"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
COVER = Picture(source="c.png", sha256="c" * 64, media_type="image/png", size=48, width=940, height=400)
SHOWN = Picture(source="a.png", sha256="a" * 64, media_type="image/png", size=48, width=800, height=500)
RENDITION = Rendition(
    title="巡回审判到田间",
    summary="摘要",
    body=f'<section><p>文字</p><img src="https://picture.invalid/{SHOWN.filename}"></section>',
    media_type="text/html",
    pictures=(COVER, SHOWN),
    extra={"type": "news", "cover": COVER.filename, "author": "张某", "source": "https://www.example.gov.cn/a/"},
)
ORDER = order(RENDITION, "wechat", key=KEY, first_sent_at=NOW, staged={"media_id": "draft-1"})
FRESH = replace(ORDER, staged={}, first_sent_at=None)
MARKED = "https://www.example.gov.cn/a/?r=0123456789ab"


@dataclass(kw_only=True)
class Account(Tools):
    """Tools with which every picture has the bytes ``PNG``."""

    kind: str = "wechat"

    def picture(self, picture: Picture) -> Path:
        path = self.folder / picture.filename
        path.write_bytes(PNG)
        return path


Answer = Mapping[str, Any] | Exception | httpx.Response


class Wire:
    """Answers by path, in order; the last one stays. ``asked`` is every request."""

    def __init__(self, folder: Path) -> None:
        self.answers: dict[str, list[Answer]] = {
            "/cgi-bin/stable_token": [{"access_token": "TOKEN-1", "expires_in": 7200}],
            "/cgi-bin/media/uploadimg": [{"url": "http://mmbiz.qpic.cn/a/0?wx_fmt=png&x=1"}],
            "/cgi-bin/material/add_material": [{"media_id": "material-1", "url": "x"}],
            "/cgi-bin/draft/add": [{"media_id": "draft-1"}],
        }
        self.asked: list[tuple[str, Any]] = []
        self.tools = Account(folder=folder, http=httpx.Client(transport=httpx.MockTransport(self._answer)))

    def says(self, path: str, *answers: Answer) -> "Wire":
        self.answers[path] = list(answers)
        return self

    def adapter(self, mode: str = "publish", **settings: Any) -> WechatAdapter:
        config = WechatConfig.model_validate(
            {"adapter": "wechat", "app_id": "wx1", "app_secret": SECRET, "mode": mode, **settings}
        )
        return WechatAdapter(config, self.tools)

    def paths(self, part: str = "") -> list[str]:
        return [path.removeprefix("/cgi-bin/") for path, _ in self.asked if part in path]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        is_json = "json" in request.headers.get("content-type", "")
        self.asked.append((request.url.path, json.loads(request.content) if is_json else request.content))
        answers = self.answers.get(request.url.path, [{"errcode": 40007, "errmsg": "nothing here"}])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


@pytest.fixture
def wire(tmp_path: Path) -> Wire:
    return Wire(tmp_path)


SUBMIT, SENDALL = "/cgi-bin/freepublish/submit", "/cgi-bin/message/mass/sendall"
GET, LIST = "/cgi-bin/freepublish/get", "/cgi-bin/freepublish/batchget"
ADD, UPDATE, DRAFT = "/cgi-bin/draft/add", "/cgi-bin/draft/update", "/cgi-bin/draft/get"


def code(number: int, words: str = "said", **more: Any) -> dict[str, Any]:
    return {"errcode": number, "errmsg": f"{words} rid: 1-2-3", **more}


DONE = {
    "publish_id": 1,
    "publish_status": 0,
    "article_id": "A1",
    "article_detail": {"count": 1, "item": [{"idx": 1, "article_url": "http://mp.weixin.qq.com/s/x"}]},
}


def listing(source: str, moment: datetime = NOW, **article: Any) -> dict[str, Any]:
    shown = {"title": "t", "content_source_url": source, "url": "http://mp.weixin.qq.com/s/y", **article}
    return {"article_id": "A2", "content": {"news_item": [shown]}, "update_time": int(moment.timestamp())}


OK = {"errcode": 0, "errmsg": "ok"}
DELETE, ARTICLE = "/cgi-bin/freepublish/delete", "/cgi-bin/freepublish/getarticle"
