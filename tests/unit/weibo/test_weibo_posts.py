"""What goes to Weibo: how text is counted and composed, pictures, articles, settings and addresses."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from pydantic import ValidationError

from tests.support.adapting import NOW, codes
from tests.unit.weibo.conftest import POST, REAL, SECRET, TOKEN, Make, order, render
from xuanfa.adapters.weibo import WeiboConfig
from xuanfa.adapters.weibo.sending import base62
from xuanfa.adapters.weibo.text import counted, without_topics
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.outcome import Blame, Published, Rejected
from xuanfa.domain.post import Override, Picture
from xuanfa.domain.rendition import bind


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("法" * 140, 140),
        ("ab", 2),
        ("看 https://www.court.example/a/very/long/address/indeed.html?x=1#top", 13),
        ("https://x.cn，https://y.cn", 23),
        ("😀", 1),
        ("", 0),
    ],
)
def test_characters_are_code_points_and_an_address_is_eleven(text: str, length: int) -> None:
    assert counted(text) == length


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("#三抓三促#在行动", "【三抓三促】在行动"),
        ("#一##二#", "【一】【二】"),
        ("第#1案", "第#1案"),
        ("#一\n#二", "＃一\n＃二"),
        ("https://x.cn/#a 与 https://x.cn/#b", "https://x.cn/#a 与 https://x.cn/#b"),
        ("#头 https://x.cn/#a 尾#", "＃头 https://x.cn/#a 尾＃"),
    ],
)
def test_topics_become_brackets_and_addresses_keep_their_fragments(text: str, cleaned: str) -> None:
    assert without_topics(text) == cleaned


def test_a_text_that_the_platform_may_not_get_leaves_out_whole_sentences_from_the_end(
    weibo: Make, tmp_path: Path
) -> None:
    long = replace(POST, summary="第一句很要紧。" + "这一句太长" * 30 + "。")
    body = render(weibo(), tmp_path, long).body
    assert body == "【我们在行动】法治进校园 第一句很要紧。 https://late.invalid/link/site/"


def test_what_an_author_wrote_for_this_channel_is_never_cut(weibo: Make, tmp_path: Path) -> None:
    fits = 140 - len("【我们在行动】法治进校园  ") - 11
    for length, found in ((fits, []), (fits + 1, ["weibo.body_too_long"])):
        post = replace(POST, channels={"weibo": Override(text="法" * length), "site": Override()})
        assert codes(weibo(), render(weibo(), tmp_path, post)) == found


def test_a_text_without_an_address_of_the_bound_domain_is_the_authors_to_mend(weibo: Make, tmp_path: Path) -> None:
    adapter = weibo(safe_domain="court.example")
    assert codes(adapter, render(adapter, tmp_path, POST, "other")) == ["weibo.no_address"]
    for text, found in (
        ("见 https://www.court.example/x", []),
        ("见 https://evilcourt.example/x", ["weibo.no_address"]),
    ):
        post = replace(POST, channels={"weibo": Override(text=text)})
        assert codes(adapter, render(adapter, tmp_path, post, "other")) == found


def test_the_mark_of_a_later_address_is_enough_before_it_is_known(weibo: Make, tmp_path: Path) -> None:
    adapter = weibo(safe_domain="court.example")
    rendition = render(adapter, tmp_path)
    assert (rendition.needs, codes(adapter, rendition)) == (("site",), [])
    bound = bind(rendition, {"site": "https://other.cn/a"}, NOW)
    outside = adapter.stage(replace(order(rendition), rendition=bound))
    assert isinstance(outside, Rejected)
    assert outside.blame is Blame.CHANNEL


def _picture(tmp_path: Path) -> Picture:
    file = tmp_path / "a.png"
    Image.new("RGB", (60, 40), "#345").save(file)
    return MediaStore(tmp_path / "media").keep(file, "a.png")


def test_one_picture_travels_as_a_part_of_its_own(weibo: Make, tmp_path: Path) -> None:
    picture = _picture(tmp_path)
    adapter = weibo(200, {"idstr": "7", "mid": "7"})
    rendition = render(adapter, tmp_path, replace(POST, pictures=(picture, picture)))
    assert len(rendition.pictures) == 1
    assert isinstance(adapter.publish(order(rendition)), Published)
    sent = adapter._tools.asked[0]  # type: ignore[attr-defined]
    assert sent.headers["content-type"].startswith("multipart/form-data")
    assert adapter._tools.picture(rendition.pictures[0]).read_bytes() in sent.content
    assert b'name="rip"' in sent.content


def test_a_form_writes_a_blank_as_percent_twenty(weibo: Make, tmp_path: Path) -> None:
    adapter = weibo(200, {"idstr": "7"})
    adapter.publish(order(render(adapter, tmp_path)))
    body = adapter._tools.asked[0].content  # type: ignore[attr-defined]
    assert b"+" not in body
    assert b"%20" in body


def test_an_article_needs_a_public_cover_and_shows_public_pictures_only(weibo: Make, tmp_path: Path) -> None:
    post = replace(POST, body="看图\n\n![庭审](a.png)\n", pictures=(_picture(tmp_path),))
    bare = weibo(mode="article")
    assert codes(bare, render(bare, tmp_path, post)) == ["weibo.no_cover", "weibo.no_pictures"]
    shown = weibo(mode="article", pictures="https://www.court.example/assets/pictures/")
    rendition = render(shown, tmp_path, post)
    address = f"https://www.court.example/assets/pictures/{post.pictures[0].filename}"
    assert codes(shown, rendition) == []
    assert rendition.extra["cover"] == address
    assert f'<img src="{address}" alt="庭审">' in rendition.body


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"app_key": ""}, "app_key"),
        ({"app_secret": ""}, "app_secret"),
        ({"rip": ""}, "rip"),
        ({"rip": "192.168.1.8"}, "公网"),
        ({"rip": "x"}, "公网"),
        ({"base_url": "api.weibo.com"}, "https://"),
        ({"safe_domain": "https://court.example"}, "域名"),
        ({"mode": "story"}, "article"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_the_remedy(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        WeiboConfig.model_validate(REAL | settings)
    assert SECRET not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_one_application_with_two_accounts_has_two_budgets(weibo: Make) -> None:
    assert weibo().budget == weibo(mode="article").budget
    assert weibo().budget != weibo(account="1").budget


def test_the_page_of_a_post_is_its_number_in_groups_of_seven_digits() -> None:
    assert base62("3501756485200075") == "z0JH2lOMb"  # a pair that is quoted in public descriptions of the scheme
    assert base62("5000000000000001").endswith("0001")


def test_only_addresses_of_weibo_are_taken_for_posts(weibo: Make) -> None:
    assert weibo().address_problem("https://weibo.com/1/Abc") == ""
    assert "weibo.com" in weibo().address_problem("https://weibo.com.evil.example/1/Abc")
    assert urlsplit("https://m.weibo.cn/1").hostname == "m.weibo.cn"
    assert weibo().address_problem("https://m.weibo.cn/status/1") == ""
