"""Readers' figures of Weibo: a hundred posts in one of the day's requests; how often a post was read is not known."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.adapting import NOW
from tests.unit.weibo.conftest import Account, Make
from xuanfa.adapters.weibo import WeiboAdapter, WeiboConfig
from xuanfa.domain.outcome import Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.reader_marks import ReadersAsked, ReadersTold
from xuanfa.rehearsal.journal import Journal
from xuanfa.rehearsal.weibo import WeiboPlatform


def asked(delivery: int, remote_id: str) -> ReadersAsked:
    return ReadersAsked(
        delivery=delivery,
        remote_id=remote_id,
        address="",
        title="",
        published_at=NOW - timedelta(days=1),
        since=NOW - timedelta(hours=1),
    )


def test_figures_are_those_of_now_and_reads_are_not_known(weibo: Make) -> None:
    rows = [{"id": 11, "reposts": 3, "comments": "2", "attitudes": 0}, {"id": "12", "likes": 4}, {"id": 99}, "x"]
    found = weibo(body=json.dumps(rows)).readers(
        [asked(1, "11"), asked(2, "12"), asked(3, "13"), asked(4, "")], "wb", NOW
    )
    assert isinstance(found, ReadersTold)
    first, second = found.figures
    assert (first.at, first.known) == (NOW, {"likes": 0, "forwards": 3, "comments": 2})
    assert second.known == {"likes": 4}
    assert "可能已被删除" in found.missing[3]
    assert "没有登记微博的编号" in found.missing[4]


def test_one_request_asks_for_all_of_them(weibo: Make) -> None:
    adapter = weibo(body="[]")
    adapter.readers([asked(number, str(number)) for number in range(1, 101)], "wb", NOW)
    (request,) = adapter._tools.asked  # type: ignore[attr-defined]
    assert request.url.path == "/2/statuses/count.json"
    assert len(request.url.params["ids"].split(",")) == adapter.readers_at_once == 100


def test_nothing_is_asked_where_no_number_is_known(weibo: Make) -> None:
    adapter = weibo()
    assert isinstance(adapter.readers([asked(1, "")], "wb", NOW), ReadersTold)
    assert adapter._tools.asked == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, {"error_code": "10023", "error": "out of limit"}, Deferred),
        (403, {"error_code": "10014", "error": "Insufficient app permissions!"}, Rejected),
        (400, {"error_code": "21327", "error": "token expired"}, Rejected),
        (502, "<html>", Unknown),
        (200, {"surprise": 1}, Unsent),
    ],
)
def test_a_platform_that_refuses_is_told_as_it_is(weibo: Make, status: int, body: Any, kind: type) -> None:
    assert isinstance(weibo(status, body).readers([asked(1, "11")], "wb", NOW), kind)


def test_the_practice_platform_counts_what_is_there(tmp_path: Any) -> None:
    platform = WeiboPlatform(Journal(tmp_path / "j.db"), lambda: NOW)
    platform.counts = (5, 6, 7)
    with httpx.Client(transport=platform) as client:
        form = {"access_token": "t", "status": "看 https://a.example/1", "rip": "211.156.0.1"}
        number = client.post("https://api.weibo.com/2/statuses/share.json", data=form).json()["idstr"]
        config = WeiboConfig.model_validate({"adapter": "weibo", "rehearsal": True})
        adapter = WeiboAdapter(config, Account(folder=tmp_path, http=client))
        found = adapter.readers([asked(1, number), asked(2, "404")], "wb", NOW)
        assert isinstance(found, ReadersTold)
        assert found.figures[0].known == {"likes": 7, "forwards": 5, "comments": 6}
        assert list(found.missing) == [2]
        client.post("https://api.weibo.com/2/statuses/destroy.json", data={"access_token": "t", "id": number})
        gone = adapter.readers([asked(1, number)], "wb", NOW)
        assert isinstance(gone, ReadersTold)
        assert list(gone.missing) == [1]
