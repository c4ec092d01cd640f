"""Readers' figures of WeChat: by days, of the article that is meant, and nothing that is not told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.adapting import NOW
from tests.unit.wechat.conftest import Wire, code
from xuanfa.domain.outcome import Deferred, Rejected, Unsent
from xuanfa.domain.reader_marks import ReadersAsked, ReadersTold

PATH = "/datacube/getarticletotaldetail"
OUT = NOW  # 2026-03-02 09:00 in Beijing
MORNING = NOW + timedelta(days=2)


def asked(**more: Any) -> ReadersAsked:
    usual: dict[str, Any] = {
        "delivery": 1,
        "remote_id": "article:A1",
        "address": "https://mp.weixin.qq.com/s/x",
        "title": "巡回审判到田间",
        "published_at": OUT,
        "since": OUT + timedelta(days=1),
    }
    return ReadersAsked(**usual | more)


def row(*readers: int, **more: Any) -> dict[str, Any]:
    days = [
        {"stat_date": f"2026-03-{2 + number:02}", "read_user": count, "share_user": 2, "like_user": 0}
        for number, count in enumerate(readers)
    ]
    return {"ref_date": "2026-03-02", "title": "巡回审判到田间", "detail_list": days} | more


def told(found: Any) -> ReadersTold:
    assert isinstance(found, ReadersTold), found
    return found


def test_the_first_day_that_ends_behind_the_mark_is_taken_with_its_true_time(wire: Wire) -> None:
    adapter = wire.says(PATH, {"list": [row(100, 150, 160)], "is_delay": False}).adapter()
    found = told(adapter.readers([asked()], "wx", MORNING + timedelta(days=3)))
    (figures,) = found.figures
    assert figures.at == datetime(2026, 3, 3, 16, tzinfo=UTC)  # midnight behind the second day
    assert figures.known == {"reads": 150, "likes": 0, "forwards": 2}
    assert wire.asked[-1] == (PATH, {"begin_date": "2026-03-02", "end_date": "2026-03-02"})
    week = told(adapter.readers([asked(since=OUT + timedelta(days=2))], "wx", MORNING + timedelta(days=3)))
    assert week.figures[0].reads == 160


def test_the_end_of_a_month_is_the_end_of_its_last_day(wire: Wire) -> None:
    adapter = wire.says(PATH, {"list": [row(100, 150)]}).adapter()
    (figures,) = told(adapter.readers([asked(since=datetime(2026, 3, 2, 16, tzinfo=UTC))], "wx", MORNING)).figures
    assert (figures.reads, figures.at) == (100, datetime(2026, 3, 2, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("answer", "now", "why"),
    [
        ({"list": [row(100)]}, MORNING, "次日上午才有"),
        ({"list": [row(100, 150)], "is_delay": True}, MORNING, "次日上午才有"),
        ({"list": []}, MORNING, "没有这一篇"),
        ({"list": [row(1, 2, title="别的")]}, MORNING, "没有这一篇"),
        ({"list": [row(1, 2), row(3, 4)]}, MORNING, "分不清"),
        ({"list": [row(1, 2, detail_list="x")]}, MORNING, "没有给出每天的数"),
        ({"list": [row(1, 2, detail_list=[{"stat_date": "2026-03-03"}])]}, MORNING, "没有数"),
        ({"list": [row(1, 2, detail_list=[{"stat_date": "2026-03-03", "read_user": "9"}])]}, MORNING, "没有数"),
    ],
)
def test_what_is_not_told_is_missing_and_not_nought(wire: Wire, answer: Any, now: datetime, why: str) -> None:
    found = told(wire.says(PATH, answer).adapter().readers([asked()], "wx", now))
    assert (found.figures, why in found.missing[1]) == ((), True), found.missing


def test_on_the_day_itself_nothing_is_asked(wire: Wire) -> None:
    found = told(wire.adapter().readers([asked(since=OUT)], "wx", OUT + timedelta(hours=5)))
    assert (found.figures, wire.asked) == ((), [])
    assert "次日" in found.missing[1]


def test_an_article_is_known_by_its_page_before_its_title(wire: Wire) -> None:
    rows = [row(1, 2), row(8, 9, title="标题被改过", content_url="http://mp.weixin.qq.com/s/x#rd")]
    (figures,) = told(wire.says(PATH, {"list": rows}).adapter().readers([asked()], "wx", MORNING)).figures
    assert figures.reads == 9


def test_one_question_is_about_one_day_and_the_rest_is_left_for_the_next(wire: Wire) -> None:
    later = asked(delivery=2, published_at=OUT + timedelta(days=1), since=OUT + timedelta(days=2))
    found = told(wire.says(PATH, {"list": [row(1, 2)]}).adapter().readers([asked(), later], "wx", MORNING))
    assert [each.delivery for each in found.figures] == [1]
    assert 2 not in found.missing


def test_an_account_that_may_not_ask_is_told_so_with_the_way_out(wire: Wire) -> None:
    found = wire.says(PATH, code(48001)).adapter().readers([asked()], "wx", MORNING)
    assert isinstance(found, Rejected)
    assert "readers = false" in found.findings[0].message
    assert "草稿" not in found.findings[0].message


@pytest.mark.parametrize(("answer", "kind"), [(code(45009), Deferred), (code(-1), Unsent)])
def test_what_may_be_asked_again_is_no_refusal(wire: Wire, answer: Any, kind: type) -> None:
    assert isinstance(wire.says(PATH, answer).adapter().readers([asked()], "wx", MORNING), kind)


def test_it_is_not_asked_where_the_channel_says_so(wire: Wire) -> None:
    assert wire.adapter(readers=False).readers_at_once == 0
    assert wire.adapter().readers_at_once > 0
