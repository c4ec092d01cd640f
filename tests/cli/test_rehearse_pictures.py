"""A rehearsal looks at every picture that a channel only links to: whether readers would find it on the site."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

CARDS = """
[columns.action]
title = "我们在行动"
channels = ["site", "card", "cms", "article"]
[channels.site]
adapter = "site"
directory = "public"
base_url = "https://court.example"
[channels.card]
adapter = "wecom"
rehearsal = true
message = "news"
pictures = "https://court.example/{folder}"
[channels.cms]
adapter = "webhook"
rehearsal = true
pictures = "https://court.example/{folder}"
[channels.article]
adapter = "weibo"
rehearsal = true
mode = "article"
pictures = "https://court.example/{folder}"
"""


@pytest.mark.parametrize(("folder", "there"), [("assets/pictures", True), ("pictures", False)])
def test_a_picture_that_is_not_where_readers_are_sent_is_told(
    xuanfa: Any, write_post: Callable[..., Path], folder: str, there: bool
) -> None:
    (xuanfa.folder / "xuanfa.toml").write_text(CARDS.format(folder=folder), encoding="utf-8")
    path = write_post("tian", more="cover: phone.jpg\n")
    path.write_text(path.read_text(encoding="utf-8") + "\n![现场](phone.jpg)\n", encoding="utf-8")
    exif = Image.Exif()
    exif[0x010F] = "A phone"
    Image.effect_noise((2400, 1350), 30).convert("RGB").save(path.parent / "phone.jpg", exif=exif)
    ran = xuanfa("rehearse", "tian", "--json")
    found = {
        channel["channel"]: [finding["code"] for finding in channel["findings"] if "picture" in finding["code"]]
        for channel in ran.json["channels"]
    }
    wrong = [] if there else ["rehearsal.no_picture"]
    assert found == {"site": [], "card": wrong, "cms": wrong, "article": wrong}
    assert ran.code == (0 if there else 1)
    told = xuanfa("rehearse", "tian").out
    assert ("在网站上没有，读者看不到" in told) is not there
