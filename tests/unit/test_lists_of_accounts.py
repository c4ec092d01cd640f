"""What each platform's own list tells of what its account shows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.adapting import NOW, Tools
from xuanfa.adapters.weibo import WeiboAdapter, WeiboConfig
from xuanfa.adapters.wordpress import WordpressAdapter
from xuanfa.domain.outcome import Rejected, Unsent
from xuanfa.domain.past import PastPage
from xuanfa.rehearsal.journal import Journal
from xuanfa.rehearsal.weibo import UID, WeiboPlatform
from xuanfa.rehearsal.wordpress import WordpressPlatform


@pytest.fixture
def client() -> Iterator[Any]:
    made: list[httpx.Client] = []

    def make(transport: httpx.BaseTransport) -> httpx.Client:
        made.append(httpx.Client(transport=transport))
        return made[-1]

    yield make
    for each in made:
        each.close()


def page(found: object) -> PastPage:
    assert isinstance(found, PastPage), found
    return found


def test_wordpress_lists_what_anybody_has_published(tmp_path: Path, client: Any) -> None:
    http = client(WordpressPlatform(Journal(tmp_path / "j.db"), lambda: NOW))
    for number, status in enumerate(("publish", "draft", "publish")):
        fields = {"title": f"第 {number} 篇 &amp; 其他", "status": status, "slug": f"p{number}"}
        http.post("https://wp.example/?rest_route=/wp/v2/posts", json=fields)
    config = WordpressAdapter.Config.model_validate(
        {
            "adapter": "wordpress",
            "base_url": "https://wp.example",
            "username": "u",
            "application_password": "p",
            "rest": "plain",
        }
    )
    adapter = WordpressAdapter(config, Tools(folder=tmp_path, http=http))
    found = page(adapter.past(0))
    assert [(each.title, each.remote_id, each.at) for each in found.items] == [
        ("第 2 篇 & 其他", "3", NOW),
        ("第 0 篇 & 其他", "1", NOW),
    ]
    assert (found.is_last, adapter.lists_out) == (True, True)
    assert found.items[0].address == "https://wp.example/p2/"


def test_wordpress_that_does_not_answer_lists_nothing_and_says_so(tmp_path: Path, client: Any) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    config = WordpressAdapter.Config.model_validate(
        {
            "adapter": "wordpress",
            "base_url": "https://wp.example",
            "username": "u",
            "application_password": "p",
            "rest": "plain",
        }
    )
    adapter = WordpressAdapter(config, Tools(folder=tmp_path, http=client(httpx.MockTransport(silent))))
    assert isinstance(adapter.past(0), Unsent)


def test_weibo_lists_what_any_application_has_posted_in_one_request(tmp_path: Path, client: Any) -> None:
    platform = WeiboPlatform(Journal(tmp_path / "j.db"), lambda: NOW)
    http = client(platform)
    form = {"access_token": "t", "status": "手工发的一条 https://a.example/1", "rip": "211.156.0.1"}
    number = http.post("https://api.weibo.com/2/statuses/share.json", data=form).json()["idstr"]
    adapter = WeiboAdapter(
        WeiboConfig.model_validate({"adapter": "weibo", "rehearsal": True}), Tools(folder=tmp_path, http=http)
    )
    (found,) = page(adapter.past(0)).items
    assert (found.remote_id, found.at, found.title[:6]) == (number, NOW, "手工发的一条")
    assert found.address.startswith(f"https://weibo.com/{UID}/")
    assert "base_app=0" in platform.journal.received()[-1].path
    platform.forbidden.add("/2/statuses/user_timeline.json")
    assert isinstance(adapter.past(0), Rejected)
