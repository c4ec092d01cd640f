"""WeChat's drafts: what one carries, what is uploaded for it, how a lost one is found, and how it looks beforehand."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.unit.wechat.conftest import ADD, FRESH, MARKED, ORDER, PNG, RENDITION, SHOWN, UPDATE, Account, Wire, code
from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.wechat import WechatAdapter, WechatConfig
from xuanfa.adapters.wechat.codes import CODES, meaning_of
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Staged, Unsent

REPEATABLE = {
    Meaning.EXPIRED: (Rejected, Blame.CHANNEL),
    Meaning.BUSY: (Unsent, None),
    Meaning.MINUTE: (Deferred, None),
    Meaning.DAY: (Deferred, None),
    Meaning.CONTENT: (Rejected, Blame.CONTENT),
    Meaning.CHANNEL: (Rejected, Blame.CHANNEL),
    Meaning.DRAFT_ONLY: (Rejected, Blame.CHANNEL),
    Meaning.CONSOLE: (Rejected, Blame.CONTENT),
    Meaning.DOUBT: (Rejected, Blame.CONTENT),
    Meaning.DONE: (Rejected, Blame.CONTENT),
}


@pytest.mark.parametrize("number", sorted(set(CODES) - {40007, 88000}))
def test_a_code_while_the_draft_is_made(wire: Wire, number: int) -> None:
    wire.says(ADD, code(number))
    outcome = wire.adapter().stage(FRESH)
    kind = meaning_of(number)
    assert kind is not None
    expected, blame = REPEATABLE[kind]
    assert type(outcome) is expected
    assert getattr(outcome, "blame", None) == blame


def test_a_draft_carries_our_mark_the_uploaded_pictures_and_a_square_for_sharing(wire: Wire) -> None:
    outcome = wire.adapter(open_comments=True).stage(FRESH)
    assert isinstance(outcome, Staged)
    assert outcome.memory["media_id"] == "draft-1"
    (article,) = next(body for path, body in wire.asked if path == ADD)["articles"]
    assert article["content_source_url"] == MARKED
    assert 'src="http://mmbiz.qpic.cn/a/0?wx_fmt=png&amp;x=1"' in article["content"]
    assert article["thumb_media_id"] == "material-1"
    assert article["need_open_comment"] == 1
    assert article["pic_crop_1_1"].count("_") == 3


def test_a_picture_is_uploaded_once_for_an_account(wire: Wire) -> None:
    wire.adapter().stage(FRESH)
    wire.adapter().stage(replace(FRESH, key="e" * 32))
    assert wire.paths("uploadimg") == ["media/uploadimg"]
    assert wire.paths("add_material") == ["material/add_material"]


def test_a_draft_whose_answer_was_lost_is_found_and_not_added_again(wire: Wire) -> None:
    adapter = wire.says(ADD, httpx.ReadTimeout("silence")).adapter()
    assert isinstance(adapter.stage(FRESH), Unsent)
    listed = {"media_id": "draft-9", "content": {"news_item": [{"content_source_url": MARKED}]}, "update_time": 1}
    wire.says("/cgi-bin/draft/batchget", {"item": [listed]}).says(UPDATE, {"errcode": 0})
    outcome = adapter.stage(FRESH)
    assert isinstance(outcome, Staged)
    assert outcome.memory["media_id"] == "draft-9"
    assert wire.paths("draft/add") == ["draft/add"]


def test_a_draft_of_which_only_the_record_was_lost_is_updated(wire: Wire) -> None:
    adapter = wire.says(UPDATE, {"errcode": 0}).adapter()
    adapter.stage(FRESH)
    adapter.stage(FRESH)
    assert wire.paths("draft/") == ["draft/add", "draft/update"]


def test_a_changed_post_updates_its_draft(wire: Wire) -> None:
    changed = replace(FRESH, key="d" * 32, staged={"media_id": "draft-1"})
    assert isinstance(wire.says(UPDATE, {"errcode": 0}).adapter().stage(changed), Staged)
    (path, body), *_ = [asked for asked in wire.asked if "draft" in asked[0]]
    assert path == UPDATE
    assert (body["media_id"], body["index"]) == ("draft-1", 0)
    assert isinstance(body["articles"], dict)


def test_a_draft_that_has_vanished_is_made_again_only_when_a_person_asks(wire: Wire) -> None:
    adapter = wire.says(UPDATE, code(40007)).adapter()
    known = replace(FRESH, staged={"media_id": "draft-0"})
    refused = adapter.stage(known)
    assert isinstance(refused, Rejected)
    assert refused.blame is Blame.CONTENT
    assert wire.paths("draft/add") == []
    assert isinstance(adapter.stage(known), Staged)
    assert wire.paths("draft/add") == ["draft/add"]


def test_an_account_without_comments_gets_the_draft_without_them(wire: Wire) -> None:
    wire.says(ADD, code(88000), {"media_id": "draft-1"})
    assert isinstance(wire.adapter(open_comments=True).stage(FRESH), Staged)
    assert "need_open_comment" not in wire.asked[-1][1]["articles"][0]


def test_a_cover_that_was_removed_from_the_library_is_uploaded_again(wire: Wire) -> None:
    wire.says(ADD, code(40007), {"media_id": "draft-1"})
    assert isinstance(wire.adapter().stage(FRESH), Staged)
    assert wire.paths("add_material") == ["material/add_material"] * 2


def test_a_picture_message_names_its_pictures(wire: Wire) -> None:
    extra = {**RENDITION.extra, "type": "newspic"}
    order = replace(FRESH, rendition=replace(RENDITION, body="文字", media_type="text/plain", extra=extra))
    assert isinstance(wire.adapter().stage(order), Staged)
    article = wire.asked[-1][1]["articles"][0]
    assert article["article_type"] == "newspic"
    assert len(article["image_info"]["image_list"]) == 2
    assert "thumb_media_id" not in article


@pytest.mark.parametrize("kind", ["news", "newspic"])
def test_a_preview_shows_title_account_and_pictures_without_a_request(tmp_path: Path, kind: str) -> None:
    tools = Account(folder=tmp_path)
    adapter = WechatAdapter(WechatConfig(adapter="wechat", rehearsal=True, title="金昌中院"), tools)
    body = RENDITION.body if kind == "news" else "第一段。\n\n第二段 <b>。"
    rendition = replace(RENDITION, body=body, extra={**RENDITION.extra, "type": kind})
    (tmp_path / "out").mkdir()
    page = adapter.preview(replace(ORDER, rendition=rendition), tmp_path / "out").read_text(encoding="utf-8")
    for shown in ("巡回审判到田间", "金昌中院", "2026-03-02 01:00", f'src="{SHOWN.filename}"', "阅读原文"):
        assert shown in page
    assert (tmp_path / "out" / SHOWN.filename).read_bytes() == PNG
    assert "<b>" not in page.split("<main>")[1].replace("<b>金昌中院</b>", "")


def test_chinese_leaves_as_utf8_because_wechat_refuses_escapes(tmp_path: Path) -> None:
    bodies: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200, json={"access_token": "T", "expires_in": 7200, "media_id": "m", "url": "u"})

    tools = Account(folder=tmp_path, http=httpx.Client(transport=httpx.MockTransport(answer)))
    config = WechatConfig(adapter="wechat", rehearsal=True)
    WechatAdapter(config, tools).stage(FRESH)
    assert "巡回审判到田间".encode() in bodies[-1]
    assert b"\\u" not in bodies[-1]
