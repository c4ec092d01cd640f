"""The practice account behaves as WeChat is documented to (platforms.md, WeChat)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from xuanfa.rehearsal.journal import Journal
from xuanfa.rehearsal.wechat import WechatPlatform

PNG, GIF = b"\x89PNG\r\n\x1a\n" + b"0" * 99, b"GIF89a" + b"0" * 99


class Office:
    """Talks to the practice account as any client would."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
        self.platform = WechatPlatform(Journal(folder / "wechat.db"), lambda: self.now)
        self.rules = self.platform.rules
        self.client = httpx.Client(transport=self.platform, base_url="https://api.weixin.qq.com")
        self.token = self.stable()["access_token"]

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def stable(self, **more: Any) -> Any:
        asked = {"grant_type": "client_credential", "appid": "wx1", "secret": "s", **more}
        return self.client.post("/cgi-bin/stable_token", json=asked).json()

    def ask(self, path: str, data: Mapping[str, Any] | None = None) -> Any:
        return self.client.post(f"/cgi-bin/{path}", params={"access_token": self.token}, json=data or {}).json()

    def upload(self, path: str, data: bytes, **query: str) -> Any:
        params = {"access_token": self.token, **query}
        return self.client.post(f"/cgi-bin/{path}", params=params, files={"media": ("a.png", data, "image/png")}).json()

    def article(self, **changes: Any) -> dict[str, Any]:
        cover = self.upload("material/add_material", PNG, type="image")["media_id"]
        return {
            "title": "题",
            "content": "<p>文</p>",
            "thumb_media_id": cover,
            "content_source_url": "https://a.cn/",
            **changes,
        }

    def draft(self, **changes: Any) -> str:
        return str(self.ask("draft/add", {"articles": [self.article(**changes)]})["media_id"])

    def sent(self, media_id: str, key: str) -> Any:
        message = {
            "filter": {"is_to_all": True},
            "mpnews": {"media_id": media_id},
            "msgtype": "mpnews",
            "clientmsgid": key,
        }
        return self.ask("message/mass/sendall", message)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_token_stays_the_same_until_its_last_five_minutes_when_two_are_good(office: Office) -> None:
    office.wait(seconds=6000)
    again = office.stable()
    assert again == {"access_token": office.token, "expires_in": 1200}
    office.wait(seconds=1000)
    following = office.stable()["access_token"]
    assert following != office.token
    assert "errcode" not in office.ask("draft/count")  # the old one, in its last minutes
    office.wait(seconds=201)
    assert office.ask("draft/count")["errcode"] == 42001
    office.token = following
    assert office.ask("draft/count") == {"total_count": 0}


def test_a_forced_token_ends_the_one_before_and_the_classic_endpoint_leaves_it_alone(office: Office) -> None:
    office.client.get("/cgi-bin/token", params={"grant_type": "client_credential", "appid": "wx1", "secret": "s"})
    assert "errcode" not in office.ask("draft/count")
    assert office.stable(force_refresh=True)["access_token"] != office.token
    assert office.ask("draft/count")["errcode"] == 40001


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"grant_type": "x"}, 40002), ({"appid": ""}, 41002), ({"secret": ""}, 41004)],
)
def test_a_token_is_refused_for_what_is_missing(office: Office, asked: dict[str, str], code: int) -> None:
    assert office.stable(**asked)["errcode"] == code


def test_without_token_or_beyond_the_allow_list_nothing_is_said(office: Office) -> None:
    assert office.client.post("/cgi-bin/draft/count").json()["errcode"] == 41001
    office.rules.on_allow_list = False
    assert office.ask("draft/count")["errcode"] == 40164
    assert office.stable()["errcode"] == 40164


@pytest.mark.parametrize(
    ("path", "data", "query", "code"),
    [
        ("media/uploadimg", PNG, {}, None),
        ("media/uploadimg", GIF, {}, 40005),
        ("media/uploadimg", PNG + b"0" * 1_048_576, {}, 40009),
        ("media/uploadimg", b"", {}, 41005),
        ("material/add_material", GIF, {"type": "image"}, None),
        ("material/add_material", PNG, {"type": "film"}, 40005),
    ],
)
def test_pictures(office: Office, path: str, data: bytes, query: dict[str, str], code: int | None) -> None:
    assert office.upload(path, data, **query).get("errcode") == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"title": "题" * 65}, 45003),
        ({"title": ""}, 45003),
        ({"digest": "摘" * 121}, 45004),
        ({"author": "作" * 17}, 45166),
        ({"content": " "}, 44003),
        ({"content": "文" * 20_000}, 45166),
        ({"content_source_url": "ftp://a.cn"}, 41039),
        ({"content_source_url": "https://a.cn/" + "x" * 1024}, 41039),
        ({"thumb_media_id": "none"}, 40007),
    ],
)
def test_drafts_have_limits(office: Office, changes: dict[str, Any], code: int | None) -> None:
    assert office.ask("draft/add", {"articles": [office.article(**changes)]}).get("errcode") == code


def test_pictures_from_elsewhere_and_scripts_are_dropped(office: Office) -> None:
    ours = office.upload("media/uploadimg", PNG)["url"]
    written = ours.replace("&", "&amp;")
    media_id = office.draft(content=f'<p>文<img src="{written}"><img src="https://b.cn/x.png"></p><script>x</script>')
    shown = office.ask("draft/get", {"media_id": media_id})["news_item"][0]["content"]
    assert shown == f'<p>文<img src="{written}"></p>'


def test_comments_need_the_right_to_them(office: Office) -> None:
    office.rules.has_comments = False
    assert office.ask("draft/add", {"articles": [office.article(need_open_comment=1)]})["errcode"] == 88000


def test_a_draft_is_published_after_a_while_and_leaves_the_draft_box(office: Office) -> None:
    media_id = office.draft()
    number = office.ask("freepublish/submit", {"media_id": media_id})["publish_id"]
    assert office.ask("freepublish/get", {"publish_id": number})["publish_status"] == 1
    office.wait(minutes=1)
    done = office.ask("freepublish/get", {"publish_id": number})
    assert done["publish_status"] == 0
    assert office.ask("draft/get", {"media_id": media_id})["errcode"] == 40007
    (item,) = office.ask("freepublish/batchget", {"offset": 0, "count": 20, "no_content": 1})["item"]
    assert item["article_id"] == done["article_id"]
    assert "content" not in item["content"]["news_item"][0]
    assert office.ask("freepublish/delete", {"article_id": done["article_id"]})["errcode"] == 0
    assert (
        office.ask("freepublish/getarticle", {"article_id": done["article_id"]})["news_item"][0]["is_deleted"] is True
    )


@pytest.mark.parametrize("verdict", [2, 3, 4])
def test_what_is_refused_by_review_stays_a_draft(office: Office, verdict: int) -> None:
    office.rules.verdict = verdict
    media_id = office.draft()
    number = office.ask("freepublish/submit", {"media_id": media_id})["publish_id"]
    office.wait(minutes=1)
    assert office.ask("freepublish/get", {"publish_id": number})["publish_status"] == verdict
    assert "news_item" in office.ask("draft/get", {"media_id": media_id})


def test_a_draft_that_is_submitted_twice_is_seen_twice(office: Office) -> None:
    """So that a sender's mistake shows in the counts."""
    media_id = office.draft()
    for _ in range(2):
        office.ask("freepublish/submit", {"media_id": media_id})
    office.wait(minutes=1)
    assert office.ask("freepublish/batchget", {"offset": 0, "count": 1})["total_count"] == 2


def test_a_mass_send_knows_its_id_for_a_day(office: Office) -> None:
    media_id, key = office.draft(), "a" * 32
    first = office.sent(media_id, key)
    assert first["errcode"] == 0
    office.wait(seconds=30)
    assert office.sent(media_id, key)["errcode"] == 45066
    office.wait(seconds=61)
    again = office.sent(media_id, key)
    assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])
    assert office.ask("message/mass/get", {"msg_id": first["msg_id"]})["msg_status"] == "SEND_SUCCESS"
    assert office.sent(media_id, "b" * 36)["errcode"] == 45067
    office.wait(hours=24)
    office.token = office.stable()["access_token"]
    assert office.sent(media_id, key)["errcode"] == 40007  # forgotten by now, and the draft is gone


def test_mass_sends_are_few_a_day_and_may_wait_for_an_administrator(office: Office) -> None:
    assert office.sent(office.draft(), "a" * 32)["errcode"] == 0
    assert office.sent(office.draft(), "b" * 32)["errcode"] == 45028
    office.wait(hours=15, minutes=1)  # past midnight in Beijing
    office.token = office.stable()["access_token"]
    office.rules.is_protected = True
    assert office.sent(office.draft(), "c" * 32)["errcode"] == 89504


def test_an_unverified_account_has_drafts_only(office: Office) -> None:
    office.rules.verified = False
    assert office.ask("freepublish/submit", {"media_id": office.draft()})["errcode"] == 48001
    assert office.sent("x", "a" * 32)["errcode"] == 48001


def test_quotas_are_counted_by_the_day(office: Office) -> None:
    office.rules.calls_a_day["/cgi-bin/draft/count"] = 1
    assert "errcode" not in office.ask("draft/count")
    assert office.ask("draft/count")["errcode"] == 45009
    assert office.ask("openapi/quota/get", {"cgi_path": "/cgi-bin/draft/count"})["quota"]["remain"] == 0


def test_listings_have_pages_of_twenty_the_latest_first(office: Office) -> None:
    for number in range(3):
        office.draft(title=f"题{number}")
        office.wait(seconds=1)
    said = office.ask("draft/batchget", {"offset": 1, "count": 20, "no_content": 1})
    assert [item["content"]["news_item"][0]["title"] for item in said["item"]] == ["题1", "题0"]
    assert (said["total_count"], said["item_count"]) == (3, 2)
    assert office.ask("draft/batchget", {"offset": 0, "count": 21})["errcode"] == 40002


def test_the_journal_holds_neither_secret_nor_token_in_an_address(office: Office) -> None:
    office.draft()
    kept = office.platform.journal.received()
    assert not any("access_token=" in one.path and one.path.endswith(office.token) for one in kept)
    assert next(one for one in kept if one.path == "/cgi-bin/stable_token").body == "***"
    assert json.loads(next(one for one in kept if "add_material" in one.path).body) == {"media": f"<{len(PNG)} bytes>"}
