"""Every address inside a rendition, of every form in which one can stand there."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from xuanfa.checks.addresses import addresses_in, check_addresses
from xuanfa.domain.attachment import EXTRA, Attachment, as_text
from xuanfa.domain.finding import Severity
from xuanfa.domain.post import Picture
from xuanfa.domain.rendition import Rendition, link_mark, time_mark

FORMS = {
    "a link": ("text/html", '<p><a href="{0}">x</a></p>'),
    "a link in single quotes": ("text/html", "<p><a class='b' href='{0}'>x</a></p>"),
    "a picture": ("text/html", '<p><img alt="" src="{0}" width="3"></p>'),
    "a picture of several sizes": ("text/html", '<img srcset="{0} 2x">'),
    "a style": ("text/html", "<p style=\"background:url('{0}')\">x</p>"),
    "markdown": ("text/markdown", "去[看看]({0})吧"),
    "a picture of markdown": ("text/markdown", "![图]({0})"),
    "json with markdown": (
        "application/json",
        json.dumps({"markdown": {"content": "去[看看]({0})吧"}}, ensure_ascii=False),
    ),
    "json with html": ("application/json", json.dumps({"a": [{"html": '<p><a href="{0}">x</a></p>'}]})),
    "xml": ("application/xml", '<item><link href="{0}"/></item>'),
}


def rendition(form: str, address: str, **more: Any) -> Rendition:
    kind, body = FORMS[form]
    return Rendition(title="题", body=body.replace("{0}", address), media_type=kind, **more)


BLOCKED = [
    ("file:///C:/Users/zhangsan/a.docx", "address_harmful"),
    ("FILE://server/share/a", "address_harmful"),
    ("javascript:alert%281%29", "address_harmful"),
    ("vbscript:x", "address_harmful"),
    ("data:text/html;base64", "address_harmful"),
    ("https://rehearsal.invalid/p/", "practice_address"),
    ("https://late.invalid/link/", "placeholder"),
    ("https://www.example.gov.cn/%7B%7Bid%7D%7D", "placeholder"),
]
TOLD = [
    ("notes.md", "dead_address"),
    ("../posts/b.md", "dead_address"),
    ("images/a.jpg", "dead_address"),
    ("https://", "dead_address"),
    ("http:///a", "dead_address"),
    ("https://:80/", "dead_address"),
    ("https://a.cn:port/", "dead_address"),
    ("tel:", "dead_address"),
    ("mailto:", "dead_address"),
    ("C:/Users/a.png", "dead_address"),
    ("obsidian://open", "dead_address"),
    ("www.example.gov.cn", "dead_address"),
    ("http://localhost:8080/", "private_address"),
    ("http://10.1.2.3/", "private_address"),
    ("http://192.168.1.1/a", "private_address"),
    ("http://[::1]/", "private_address"),
    ("http://oa/", "private_address"),
    ("http://oa.local/", "private_address"),
    ("https://www.example.gov.cn/$id", "placeholder"),
]
FINE = [
    "https://www.example.gov.cn/a.html?x=1&y=2#z",
    "http://法院.cn/公告",
    "//cdn.example.cn/a.js",
    "tel:0935-12368",
    "mailto:a@example.cn",
    "#fn1",
    "https://8.8.8.8/",
    "http://[2400:3200::1]/",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("address", "code"), BLOCKED)
def test_what_must_not_leave_is_held_in_every_form(form: str, address: str, code: str) -> None:
    (found,) = check_addresses(rendition(form, address))
    assert (found.code, found.severity, found.about) == (f"body.{code}", Severity.BLOCK, address)
    assert address in found.message


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("address", "code"), TOLD)
def test_what_leads_nowhere_is_told_in_every_form(form: str, address: str, code: str) -> None:
    (found,) = check_addresses(rendition(form, address))
    assert (found.code, found.severity) == (f"body.{code}", Severity.WARN)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", FINE)
def test_what_readers_can_follow_is_not_spoken_of(form: str, address: str) -> None:
    assert check_addresses(rendition(form, address)) == ()


@pytest.mark.parametrize("form", ["a link", "a link in single quotes", "a picture", "json with html", "xml"])
def test_an_address_that_is_not_there_is_told(form: str) -> None:
    (found,) = check_addresses(rendition(form, ""))
    assert found.code == "body.dead_address"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("详见 http://10.0.0.8/a。", "http://10.0.0.8/a"),
        ("详见（https://rehearsal.invalid/x），谢谢", "https://rehearsal.invalid/x"),
        ("文件在 file://server/share/张三.docx 里", "file://server/share/张三.docx"),
    ],
)
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "text/html"])
def test_addresses_in_plain_words_count_too(text: str, address: str, kind: str) -> None:
    body = json.dumps({"text": {"content": text}}, ensure_ascii=False) if kind == "application/json" else text
    (found,) = check_addresses(Rendition(title="题", body=body, media_type=kind))
    assert found.about == address


def test_extra_texts_and_the_summary_are_looked_at() -> None:
    made = Rendition(
        title="题",
        body="x",
        media_type="text/plain",
        summary="见 http://oa/1",
        extra={"cover": "file://oa/2", "n": "3"},
    )
    assert [found.about for found in check_addresses(made)] == ["http://oa/1", "file://oa/2"]


def test_our_own_marks_are_addresses_to_come() -> None:
    body = f'<a href="{link_mark("site")}">原文</a> <time datetime="{time_mark("iso")}"></time> {link_mark("site")}'
    assert check_addresses(Rendition(title="题", body=body, media_type="text/html")) == ()


def test_pictures_that_come_with_it_are_there() -> None:
    picture = Picture(source="图/a b.jpg", sha256="ab" * 32, media_type="image/jpeg", size=1, width=1, height=1)
    for name in (picture.filename, picture.source):
        body = f'<img src="{name}" alt="">'
        assert check_addresses(Rendition(title="题", body=body, media_type="text/html", pictures=(picture,))) == ()
        (hole,) = check_addresses(Rendition(title="题", body=body, media_type="text/html"))
        assert "图片" in hole.message


def test_pages_of_a_folder_may_name_what_lies_beside_them_but_no_sources() -> None:
    for address, is_dead in (("../index.html", False), ("assets/a.png", False), ("b.md", True), ("a\\b.png", True)):
        made = rendition("a link", address)
        assert bool(check_addresses(made, own_pages=True)) is is_dead


def test_in_a_rehearsal_practice_addresses_are_right() -> None:
    made = rendition("json with markdown", "https://rehearsal.invalid/p/")
    assert check_addresses(made, rehearsal=True) == ()
    assert check_addresses(made) != ()


def test_many_are_told_once_each_and_not_without_end() -> None:
    body = " ".join(f"file://oa/{number}" for number in (1, 1, *range(100)))
    found = check_addresses(Rendition(title="题", body=body, media_type="text/plain"))
    assert len(found) == 20
    assert len({each.about for each in found}) == 20


@pytest.mark.parametrize(
    "text",
    [
        "<" * 50_000,
        "[" * 50_000,
        "![](" * 20_000,
        '<a href="' * 10_000,
        "http://" * 20_000,
        "url(" * 20_000,
        "<a " + "href = " * 20_000,
    ],
)
def test_hostile_text_costs_little(text: str) -> None:
    list(addresses_in(Rendition(title="题", body=text, media_type="text/html")))
    list(addresses_in(Rendition(title="题", body=text, media_type="text/plain")))


@pytest.mark.parametrize(("count", "more"), [(2, ""), (7, "等 7 个")])
def test_all_addresses_of_a_closed_network_are_one_notice(count: int, more: str) -> None:
    links = [f"http://10.0.0.{number}/a" for number in range(1, count + 1)]
    body = " ".join(["见 tel: 和", *links, "，另见 [稿](b.md)"])
    found = check_addresses(Rendition(title="题", body=body, media_type="text/markdown"))
    near = [finding for finding in found if finding.code == "body.private_address"]
    assert len(near) == 1
    assert all(link in near[0].message for link in links[:5])
    assert more in near[0].message
    assert near[0].about == links[0]
    assert [finding.code for finding in found if finding not in near] == ["body.dead_address"]


def test_a_document_that_goes_with_the_page_leads_somewhere() -> None:
    file = Attachment(
        source="附件/报名表.docx", title="报名表", sha256="91b73e32c6b7a23b" * 4, size=900, suffix=".docx"
    )
    body = f'<p><a href="../assets/attachments/{quote(file.filename)}">报名表</a> <a href="另一篇.docx">另一篇</a></p>'
    page = Rendition(title="报名", body=body, media_type="text/html", extra={EXTRA: as_text([file])})
    assert [each.about for each in check_addresses(page, own_pages=True)] == ["另一篇.docx"]
    assert len(check_addresses(page)) == 2  # in a message both lead nowhere
