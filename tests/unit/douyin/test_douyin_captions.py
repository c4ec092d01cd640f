"""What goes to Douyin: captions and their limits, pictures and cards, settings and addresses."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError

from tests.support.adapting import render
from tests.unit.douyin.conftest import CARD, POST, REAL, SECRET, Make, rendition
from xuanfa.adapters.douyin import DouyinConfig
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.column import Organisation
from xuanfa.domain.finding import blocking
from xuanfa.domain.post import Override, Post
from xuanfa.domain.rendition import Rendition


@pytest.mark.parametrize(
    ("length", "severities"), [(55, []), (56, ["warn"]), (1000, ["warn"]), (1001, ["block"])]
)  # fmt: skip
def test_a_caption_over_55_warns_and_over_1000_stops(douyin: Make, length: int, severities: list[str]) -> None:
    found = douyin().check(rendition(body="法" * length))
    assert [finding.severity.value for finding in found] == severities


def test_how_long_a_caption_may_be_is_a_setting_because_no_figure_is_confirmed(douyin: Make) -> None:
    adapter = douyin(caption_max=200)
    assert adapter.traits.body_max == 200
    (finding,) = adapter.check(rendition(body="法" * 201))
    assert finding.severity.value == "block"
    assert "最多 200 字" in finding.message
    assert douyin(caption_max=2000).check(rendition(body="法" * 1500))[0].severity.value == "warn"


def test_too_many_pictures_or_too_long_a_video_is_stopped(douyin: Make) -> None:
    many = rendition(pictures=(CARD,) * 31)
    assert [finding.code for finding in douyin().check(many)] == ["douyin.too_many_pictures"]
    assert list(douyin().check(replace(many, extra={"mode": "video", "cards": "1"}))) == []
    long = rendition("video", pictures=(CARD,) * 226)
    assert [finding.code for finding in douyin().check(long)] == ["douyin.video_too_long"]


def test_the_authors_own_words_are_the_caption_and_cards_come_first(douyin: Make, tmp_path: Path) -> None:
    file = tmp_path / "class.jpg"
    Image.new("RGB", (320, 240), "#246").save(file)
    media = MediaStore(tmp_path / "media")
    picture = media.keep(file, "class.jpg")

    def made(post: Post) -> Rendition:
        return render(douyin(), post, channel="dy", media=media, organisation=Organisation())

    own = made(replace(POST, cover=picture, pictures=(picture,), channels={"dy": Override(text="来听课！")}))
    assert own.body == "法治进校园\n来听课！\n\n#我们在行动"
    cards = int(own.extra["cards"])
    assert cards >= 1
    assert len(own.pictures) == cards + 1
    assert all((card.width, card.height) == (1080, 1920) for card in own.pictures[:cards])
    assert made(replace(POST, summary="法" * 60)).body == "法治进校园\n\n#我们在行动"
    alone = made(replace(POST, body="", summary="", pictures=(picture,)))
    assert (alone.body, len(alone.pictures)) == ("法治进校园\n\n#我们在行动", 1)
    assert not blocking(douyin().check(alone))
    assert blocking(douyin().check(made(replace(POST, body="", summary="", pictures=()))))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"client_key": ""}, "client_key"),
        ({"client_secret": "", "mode": "video"}, "client_secret"),
        ({"base_url": "open.douyin.com"}, "https://"),
        ({"mode": "film"}, "manual"),
        ({"video": "film"}, "slideshow"),
        ({"seconds": 0}, "1"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        DouyinConfig.model_validate(REAL | settings)
    assert SECRET not in str(caught.value)
    assert DouyinConfig.model_validate({"adapter": "douyin"}).mode == "manual"


def test_only_addresses_of_douyin_are_taken_for_posts(douyin: Make) -> None:
    for address in (
        "https://www.douyin.com/note/1",
        "https://v.douyin.com/x/",
        "https://www.iesdouyin.com/share/video/1/",
    ):
        assert douyin().address_problem(address) == ""
    assert "douyin.com" in douyin().address_problem("https://douyin.com.evil.example/1")
