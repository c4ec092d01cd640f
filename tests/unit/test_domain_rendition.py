"""Renditions: what the digest stands for, and what is filled in when one leaves."""

import html
import json
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import nh3
import pytest

from xuanfa.domain.post import Picture
from xuanfa.domain.rendition import Rendition, bind, link_mark, needed_channels, time_mark

AT = datetime(2026, 3, 2, 9, 5, 7, 123456, tzinfo=timezone(timedelta(hours=8)))
PICTURE = Picture(source="a.jpg", sha256="0" * 64, media_type="image/jpeg", size=1, width=1, height=1, alt="庭审")
BASE = Rendition(
    title="标题", body="正文", media_type="text/html", summary="摘要", pictures=(PICTURE,), extra={"a": "b"}
)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "标题。"},
        {"body": "正文 "},
        {"media_type": "text/plain"},
        {"summary": ""},
        {"pictures": ()},
        {"pictures": (replace(PICTURE, sha256="1" * 64),)},
        {"pictures": (replace(PICTURE, alt=""),)},
        {"pictures": (replace(PICTURE, caption="图"),)},
        {"pictures": (PICTURE, PICTURE)},
        {"extra": {}},
        {"extra": {"a": "c"}},
        {"extra": {"b": "b"}},
    ],
    ids=str,
)
def test_the_digest_changes_with_everything_a_reader_sees(change: dict[str, Any]) -> None:
    assert replace(BASE, **change).digest != BASE.digest


def test_the_digest_is_the_same_for_the_same_however_it_is_ordered() -> None:
    one, two = replace(BASE, extra={"a": "1", "b": "2"}), replace(BASE, extra={"b": "2", "a": "1"})
    assert one.digest == two.digest
    assert replace(BASE, needs=("site",)).digest == BASE.digest  # derived from the body, which is in the digest
    assert len(BASE.digest) == 64


def test_texts_cannot_change_places_under_one_digest() -> None:
    assert replace(BASE, title="甲", summary="乙").digest != replace(BASE, title="乙", summary="甲").digest
    assert replace(BASE, title='甲", "乙', summary="").digest != replace(BASE, title="甲", summary="乙").digest


def test_a_new_field_of_a_rendition_has_to_be_thought_about() -> None:
    known = {"title", "body", "media_type", "summary", "pictures", "needs", "extra"}
    assert {field.name for field in fields(Rendition)} == known


def test_links_and_times_are_filled_in_everywhere_but_in_the_title() -> None:
    mark = f"{link_mark('site')} {time_mark('minute')}"
    bound = bind(
        replace(BASE, body=mark, summary=mark, extra={"caption": mark}), {"site": "https://court.example/a"}, AT
    )
    wanted = "https://court.example/a 2026-03-02 09:05"
    assert (bound.body, bound.summary, bound.extra) == (wanted, wanted, {"caption": wanted})
    assert bound.is_bound


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("iso", "2026-03-02T09:05:07+08:00"),
        ("minute", "2026-03-02 09:05"),
        ("date", "2026-03-02"),
        ("chinese", "2026年3月2日 09:05"),
    ],
)
def test_the_time_of_publication_has_four_forms(name: str, shown: str) -> None:
    assert bind(replace(BASE, body=time_mark(name)), {}, AT).body == shown


def test_what_has_no_marks_is_left_as_it_is() -> None:
    assert bind(BASE, {}, AT) is BASE


def test_a_missing_address_is_not_filled_with_nothing() -> None:
    with pytest.raises(KeyError):
        bind(replace(BASE, body=link_mark("site")), {"wecom": "https://x.example"}, AT)


def test_a_text_that_only_looks_like_a_mark_is_the_authors() -> None:
    for text in ("https://late.invalid/", "https://late.invalid/time/noon/", "https://late.invalid/other/site/"):
        own = replace(BASE, body=text)
        assert own.is_bound
        assert bind(own, {}, AT).body == text


ADDRESSES = [
    "https://court.example/a?b=1&c=2",
    'https://court.example/"><script>alert(1)</script>',
    "https://court.example/'a'",
    "https://court.example/a\\b\nc d",
    "https://court.example/巡回审判",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_cannot_break_out_of_its_place(address: str) -> None:
    mark = link_mark("site")
    page = bind(replace(BASE, body=f'<a href="{mark}">x</a>'), {"site": address}, AT).body
    assert page.count("<") == 2
    assert page.count('"') == 2
    data = replace(BASE, body=json.dumps({"a": mark, "html": f'<a href="{mark}">'}), media_type="application/json")
    found = json.loads(bind(data, {"site": address}, AT).body)
    assert found.keys() == {"a", "html"}
    assert found["html"].count('"') == 2
    assert found["html"].count("<") == 1
    line = bind(replace(BASE, body=f"见 {mark}。", media_type="text/plain"), {"site": address}, AT).body
    assert "\n" not in line


def test_an_ordinary_address_is_kept_as_it_is() -> None:
    plain = replace(BASE, body=link_mark("site"), media_type="text/plain")
    for address in (ADDRESSES[0], ADDRESSES[-1], "https://court.example/a%20b(c)#d"):
        assert bind(plain, {"site": address}, AT).body == address
    as_html = replace(plain, media_type="text/html")
    assert bind(as_html, {"site": ADDRESSES[0]}, AT).body == html.escape(ADDRESSES[0])


@pytest.mark.parametrize("mark", [link_mark("site"), link_mark("cms_2"), time_mark("iso"), time_mark("chinese")])
def test_marks_survive_escaping_and_sanitising(mark: str) -> None:
    assert html.escape(mark) == mark
    assert json.loads(json.dumps(mark)) == mark
    assert mark in json.dumps({"html": f'<a href="{mark}">'})
    assert mark in nh3.clean(f'<p><a href="{mark}">全文</a></p>')


def test_channels_are_needed_in_the_order_in_which_they_appear() -> None:
    texts = [f"{link_mark('b')} {time_mark('iso')} {link_mark('a')}", link_mark("b"), link_mark("c")]
    assert needed_channels(texts) == ("b", "a", "c")
    assert needed_channels(["none"]) == ()
