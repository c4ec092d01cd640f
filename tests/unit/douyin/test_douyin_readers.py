"""Readers' figures of Douyin: what the application is shown, and nothing in its place where it is not."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.adapting import NOW
from tests.unit.douyin.conftest import Make
from xuanfa.domain.outcome import Deferred, Rejected, Unsent
from xuanfa.domain.reader_marks import ReadersAsked, ReadersTold
from xuanfa.rehearsal.douyin import OPEN_ID, DouyinPlatform
from xuanfa.rehearsal.journal import Journal


def asked(delivery: int, remote_id: str) -> ReadersAsked:
    day = timedelta(days=1)
    return ReadersAsked(delivery=delivery, remote_id=remote_id, address="", title="", published_at=NOW - day, since=NOW)


def answer(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"error_code": 0, "list": list(rows)}, "extra": {"error_code": 0}}


def test_plays_likes_shares_and_comments(douyin: Make) -> None:
    numbers = {"play_count": 900, "digg_count": 30, "comment_count": 0, "share_count": 4, "forward_count": 1}
    rows = answer({"item_id": "@1", "statistics": numbers}, {"item_id": "@2"}, {"item_id": "@9", "statistics": numbers})
    found = douyin(rows).readers([asked(1, "@1"), asked(2, "@2"), asked(3, "@3"), asked(4, "")], "dy", NOW)
    assert isinstance(found, ReadersTold)
    (figures,) = found.figures
    assert (figures.at, figures.known) == (NOW, {"reads": 900, "likes": 30, "forwards": 5, "comments": 0})
    assert [why[:6] for _, why in sorted(found.missing.items())] == ["抖音没有给应", "抖音没有给出", "没有登记抖音"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"data": {"error_code": 28001018}, "extra": {"error_code": 28001018}}, Rejected),
        ({"data": {"error_code": 28003017}, "extra": {"error_code": 28003017}}, Deferred),
        ({"data": {"error_code": 0}, "extra": {"error_code": 0}}, Unsent),
    ],
)
def test_a_platform_that_refuses_is_told_as_it_is(douyin: Make, body: Any, kind: type) -> None:
    assert isinstance(douyin(body).readers([asked(1, "@1")], "dy", NOW), kind)


def test_by_hand_nothing_can_be_asked(douyin: Make) -> None:
    assert douyin(mode="manual").readers_at_once == 0
    assert douyin(readers=False).readers_at_once == 0
    assert douyin().readers_at_once == 20


def test_the_practice_platform_shows_numbers_unless_it_does_not(douyin: Make, tmp_path: Any) -> None:
    platform = DouyinPlatform(Journal(tmp_path / "j.db"), lambda: NOW)
    platform.counts = (1, 2, 3, 4)
    platform.review = timedelta(0)
    address = "https://open.douyin.com/api/douyin/v1/video/"
    with httpx.Client(transport=platform, headers={"access-token": "t"}) as client:
        image = client.post(f"{address}upload_image/?open_id={OPEN_ID}", files={"image": b"\xff\xd8\xff"}).json()
        made = client.post(
            f"{address}create_image_text/?open_id={OPEN_ID}",
            json={"image_list": [image["data"]["image"]["image_id"]], "text": "x"},
        ).json()
        number = made["data"]["item_id"]
        shown = douyin(platform.handle_request).readers([asked(1, number)], "dy", NOW)
        assert isinstance(shown, ReadersTold)
        assert shown.figures[0].known == {"reads": 1, "likes": 2, "comments": 3, "forwards": 4}
        platform.counts = None
        hidden = douyin(platform.handle_request).readers([asked(1, number)], "dy", NOW)
        assert isinstance(hidden, ReadersTold)
        assert list(hidden.missing) == [1]
