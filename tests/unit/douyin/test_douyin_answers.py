"""What Douyin's answers prove: to publishing, and to looking for what was published."""

import json
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.unit.douyin.conftest import NOW, TEXT, TOKEN, Make, order, rendition
from xuanfa.domain.outcome import Absent, Accepted, Blame, Deferred, Published, Rejected, Unknown, Unsent

CODES: list[tuple[int, type, object]] = [
    *[(code, Unknown, None) for code in (28001005, 2100004, 28001006, 99)],
    *[(code, Rejected, Blame.CONTENT) for code in (28001007, 2100005)],
    *[(code, Unsent, None) for code in (28001008, 2190008, 10008)],
    *[(code, Rejected, Blame.CHANNEL) for code in (28001012, 28001014, 28001018, 10004, 10005, 28001015, 10010, 10020)],
    *[(code, Rejected, Blame.CHANNEL) for code in (28001016, 28001019, 28001056, 2100007, 2100009, 28004020)],
    *[(code, Rejected, Blame.CHANNEL) for code in (28001045, 28001046, 28001047)],
    *[(code, Deferred, timedelta(minutes=15)) for code in (28001052, 28003018)],
    *[(code, Deferred, timedelta(hours=12)) for code in (28003017, 2190001)],
]


@pytest.mark.parametrize(("code", "expected", "detail"), CODES)
def test_what_each_code_proves(douyin: Make, code: int, expected: type, detail: object) -> None:
    # Some interfaces tell the code in one place only.
    places = [{"data": {"error_code": code, "description": TOKEN}}, {"data": {}, "extra": {"error_code": code}}]
    for answer in (*places, {"data": {"error_code": 0}, "extra": {"error_code": code, "description": TOKEN}}):
        adapter = douyin(answer)
        outcome = adapter.publish(order())
        assert type(outcome) is expected
        assert getattr(outcome, "blame", getattr(outcome, "after", None)) == detail
        assert TOKEN not in repr(outcome)
        kept = adapter._tools.recall("access")
        assert (kept is None) is (expected is Unsent or code in {28001015, 10010, 10020})


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (200, {"data": {"error_code": 0, "item_id": "@1"}}, Accepted),
        (200, {"data": {"error_code": "0", "item_id": "@1"}, "extra": {"error_code": 0}}, Accepted),
        (200, {"data": {"error_code": 0}}, Unknown),
        (200, {"data": {"error_code": 0, "item_id": {}}}, Unknown),
        (200, {"data": {"item_id": "@1"}}, Unknown),
        (200, {"data": {"error_code": True, "item_id": "@1"}}, Unknown),
        (500, {"data": {"error_code": 0, "item_id": "@1"}}, Unknown),
        (200, "[]", Unknown),
        (200, "{", Unknown),
        (401, "", Rejected),
        (429, "", Deferred),
        (502, "", Unknown),
    ],
)
def test_only_the_code_zero_with_an_item_is_accepted(douyin: Make, status: int, answer: Any, expected: type) -> None:
    assert type(douyin(answer, status).publish(order())) is expected


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        ({}, {"image_list": ["i1"], "text": TEXT}),
        (
            {"private_status": 1, "download_type": 2},
            {"image_list": ["i1"], "text": TEXT, "private_status": 1, "download_type": 2},
        ),
    ],
)
def test_what_is_not_confirmed_is_sent_only_where_it_is_set(
    douyin: Make, settings: dict[str, Any], sent: object
) -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"data": {"error_code": 0, "item_id": "@1"}})

    adapter = douyin(handle, **settings)
    adapter.publish(order())
    assert json.loads(seen[0].content) == sent
    assert seen[0].headers["access-token"] == TOKEN
    assert TOKEN not in str(seen[0].url)
    adapter.publish(order(rendition("video")))
    assert seen[1].url.path.endswith("/create_video/")
    assert json.loads(seen[1].content)["video_id"] == "v1"


def test_nothing_is_posted_before_anything_is_uploaded(douyin: Make) -> None:
    assert isinstance(douyin().publish(order(staged={})), Unsent)


def _row(number: str, title: str, at: datetime) -> dict[str, Any]:
    share = f"https://www.iesdouyin.com/share/video/{number}/"
    return {"item_id": number, "title": title, "create_time": int(at.timestamp()), "share_url": share}


@pytest.mark.parametrize(
    ("ticket", "rows", "more", "expected"),
    [
        ("@1", [("@1", "改过的", -60)], False, Published),
        ("@1", [("@2", TEXT, 1)], False, Accepted),
        (None, [("@2", f" {TEXT}\n", 1)], False, Published),
        (None, [("@2", TEXT, -60)], False, Unknown),
        (None, [("@2", "别的", 1)], False, Unknown),
        (None, [], False, Unknown),
    ],
)
def test_the_list_is_read_by_id_else_by_text_and_time(
    douyin: Make, ticket: str | None, rows: list[tuple[str, str, int]], more: bool, expected: type
) -> None:  # fmt: skip
    listed = [_row(number, title, NOW + timedelta(minutes=minutes)) for number, title, minutes in rows]
    adapter = douyin({"data": {"error_code": 0, "list": listed, "has_more": more, "cursor": 0}})
    assert type(adapter.confirm(order(), ticket)) is expected


def test_absence_needs_a_whole_list_that_shows_what_is_pending(douyin: Make) -> None:
    whole = {"data": {"error_code": 0, "list": [], "has_more": False, "cursor": 0}}
    endless = {"data": {"error_code": 0, "list": [_row("@9", "别的", NOW)], "has_more": True, "cursor": 1}}
    assert isinstance(douyin(whole, list_shows_pending=True).confirm(order(), None), Absent)
    assert isinstance(douyin(endless, list_shows_pending=True).confirm(order(), None), Unknown)


def test_a_look_that_is_not_allowed_leaves_the_doubt_and_the_channel_alone(douyin: Make) -> None:
    assert isinstance(douyin({"data": {"error_code": 28001018}}).confirm(order(), "@1"), Unknown)
    refused = douyin({"data": {"error_code": 10010}}).confirm(order(), "@1")
    assert isinstance(refused, Rejected)
    assert "xuanfa channels login dy" in refused.findings[0].message


def test_looks_grow_apart_while_the_review_lasts(douyin: Make) -> None:
    adapter = douyin({"data": {"error_code": 0, "list": []}})
    waits = [
        getattr(adapter.confirm(order(started_at=NOW + timedelta(minutes=passed)), "@1"), "look_after", None)
        for passed in (1, 30, 6000)
    ]
    assert waits == [timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=6)]


@pytest.mark.parametrize(
    ("code", "found", "words"),
    [
        (0, [], ""),
        (28001018, [("douyin.no_list", "warn")], "要人核实"),
        (28001015, [("douyin.sign_in", "block")], "xuanfa channels login"),
        # Refreshed by itself when something is posted.
        (28001008, [], ""),
        (28001005, [("douyin.unreachable", "block")], "繁忙"),
        (99, [("douyin.unreachable", "block")], "99"),
    ],
)
def test_doctor_asks_for_the_list_and_tells_what_that_shows(
    douyin: Make, code: int, found: list[tuple[str, str]], words: str
) -> None:
    adapter = douyin({"data": {"error_code": code, "list": []}}, rehearsal=True)
    findings = adapter.diagnose()
    assert [(finding.code, finding.severity.value) for finding in findings] == found
    assert all(words in finding.message for finding in findings)
