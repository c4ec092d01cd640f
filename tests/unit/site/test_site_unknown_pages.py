"""Pages in the website's folder that this program has not put there, for whoever looks for strangers."""

import os
from datetime import UTC, datetime
from typing import Any

import pytest

from xuanfa.domain.outcome import Unsent
from xuanfa.domain.past import PastItem, PastPage


def unknown(website: Any) -> dict[str, PastItem]:
    found = website.adapter.past(0)
    assert isinstance(found, PastPage), found
    return {each.remote_id: each for each in found.items}


def test_a_folder_without_a_catalogue_has_nothing_to_compare(website: Any) -> None:
    website.public.mkdir()
    (website.public / "old.html").write_text("以前的网站", encoding="utf-8")
    assert unknown(website) == {}


def test_what_this_program_writes_is_known_whatever_becomes_of_it(website: Any) -> None:
    website.configure(page_size=5)
    website.fill(12)
    assert len(list(website.public.rglob("*.html"))) > 12
    order = website.order("a1", title="第1篇")
    website.adapter.retract(order, None)
    assert unknown(website) == {}


def test_pages_that_nobody_published_by_this_program_are_told(website: Any) -> None:
    website.publish("one")
    public = website.public
    (public / "lucky.php").write_text("<TITLE>真人 &amp; 娱乐</TITLE>", encoding="utf-8")
    (public / website.column.id / "extra.html").write_text("没有标题", encoding="utf-8")
    (public / "hidden").mkdir()
    (public / "hidden" / "page").mkdir()
    (public / "hidden" / "page" / "1.html").write_bytes(b"\xff\xfe<title>x</title>")
    (public / "assets" / "note.txt").write_text("不是网页", encoding="utf-8")
    os.utime(public / "lucky.php", (1, 1))
    found = unknown(website)
    assert found.keys() == {"file:lucky.php", f"file:{website.column.id}/extra.html", "file:hidden/page/1.html"}
    lucky = found["file:lucky.php"]
    assert (lucky.title, lucky.address) == ("真人 & 娱乐", "https://www.example.gov.cn/zl/lucky.php")
    assert found[f"file:{website.column.id}/extra.html"].title == f"{website.column.id}/extra.html"
    assert isinstance(lucky.at, datetime)
    assert lucky.at > datetime(2020, 1, 1, tzinfo=UTC), "whoever puts a file there cannot choose its time"


@pytest.mark.parametrize("damage", [b"", b"no database " * 500])
def test_a_catalogue_that_cannot_be_read_is_told(website: Any, damage: bytes) -> None:
    website.publish("one")
    (website.public / "strange.html").write_text("x", encoding="utf-8")
    (website.public / ".xuanfa" / "catalogue.db").write_bytes(damage)
    assert isinstance(website.adapter.past(0), Unsent)
