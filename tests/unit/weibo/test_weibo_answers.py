"""What Weibo's answers prove: to a post, to an article, to taking one back, and to a look."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.weibo.conftest import TOKEN, Make, order, render
from xuanfa.domain.outcome import Accepted, Blame, Deferred, Published, Rejected, Retracted, Unknown, Unsent
from xuanfa.domain.receipt import Receipt

ERRORS: list[tuple[int, type, object]] = [
    *[(code, Unknown, None) for code in (10001, 10002, 10003, 10009, 10010, 10011)],
    *[(code, Rejected, Blame.CHANNEL) for code in (10004, 10005, 10014, 10012, 10013, 10020, 10021, 20031, 21321)],
    *[(code, Rejected, Blame.CONTENT) for code in (10006, 10008, 10016, 10017, 10018)],
    (10022, Deferred, timedelta(hours=1)),
    (10023, Deferred, timedelta(hours=12)),
    (10024, Deferred, timedelta(hours=1)),
    *[(code, Rejected, Blame.CONTENT) for code in (20005, 20006, 20007, 20008, 20012, 20013, 20018, 20020, 20021)],
    (20016, Deferred, timedelta(hours=1)),
    (20032, Accepted, None),
    (20033, Rejected, Blame.CHANNEL),
    *[(code, Rejected, Blame.CHANNEL) for code in (21314, 21315, 21316, 21317, 21319, 21327, 21332)],
    *[(code, Rejected, Blame.CHANNEL) for code in (21324, 21325)],
    # The list of this platform shows nothing readable, so that "the same text" stays a doubt.
    *[(code, Unknown, None) for code in (20017, 20019, 20111)],
    (99999, Rejected, Blame.CONTENT),
]


@pytest.mark.parametrize(("code", "expected", "detail"), ERRORS)
def test_what_each_code_proves(weibo: Make, tmp_path: Path, code: int, expected: type, detail: object) -> None:
    # The platform writes codes as text in its documents and as numbers in its answers.
    written: object = str(code) if code % 2 else code
    body = {"request": "/2/statuses/share.json", "error_code": written, "error": f"no {TOKEN}"}
    adapter = weibo(400, body)
    outcome = adapter.publish(order(render(adapter, tmp_path)))
    assert type(outcome) is expected
    assert getattr(outcome, "blame", getattr(outcome, "after", None)) in (detail, timedelta(minutes=2))
    assert TOKEN not in repr(outcome)
    posted = [one for one in adapter._tools.asked if one.method == "POST"]  # type: ignore[attr-defined]
    assert len(posted) == 1


@pytest.mark.parametrize(
    ("said", "links", "blame", "remedy"),
    [
        ("appkey not bind domain", True, Blame.CHANNEL, "safe_domain"),
        ("appkey not bind domain", False, Blame.CHANNEL, "safe_domain"),
        # Every post carries the site's address, so the next one would be refused too.
        ("text not find domain!", True, Blame.CHANNEL, "safe_domain"),
        ("text not find domain!", False, Blame.CONTENT, "text 里写上网址"),
        ("text can not contain topic!", True, Blame.CONTENT, "请检查稿件"),
    ],
)
def test_a_domain_that_is_not_bound_is_the_operators_and_a_text_without_one_the_authors(
    weibo: Make, tmp_path: Path, *, said: str, links: bool, blame: Blame, remedy: str
) -> None:
    adapter = weibo(400, {"error_code": 10017, "error": said})
    rendition = render(adapter, tmp_path)
    assert rendition.extra["link"] in rendition.body
    if not links:
        rendition = replace(rendition, extra={})
    outcome = adapter.publish(order(rendition))
    assert isinstance(outcome, Rejected)
    assert outcome.blame is blame
    assert remedy in outcome.findings[0].message
    assert said in outcome.findings[0].message


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, '{"idstr":"7","mid":"7"}', Published),
        (200, '{"id":7}', Published),
        (200, '{"id":true}', Unknown),
        (200, '{"error_code":10006}', Rejected),
        (200, '{"error_code":99999}', Unknown),
        (200, '{"error_code":"x"}', Unknown),
        (500, '{"error_code":10001}', Unknown),
        (503, '{"error_code":20019}', Unknown),
        (403, "forbidden", Rejected),
        (200, "[]", Unknown),
    ],
)
def test_only_a_status_object_is_success(weibo: Make, tmp_path: Path, status: int, body: str, expected: type) -> None:
    adapter = weibo(status, body)
    assert type(adapter.publish(order(render(adapter, tmp_path)))) is expected


@pytest.mark.parametrize(
    ("body", "expected", "detail"),
    [
        ({"code": 100000, "data": {"mid": "1", "url": "https://weibo.com/ttarticle/p/show?id=1"}}, Published, None),
        ({"code": "100000", "data": None}, Published, None),
        ({"code": "10001", "msg": "system"}, Unknown, None),
        ({"code": "10008", "msg": "param"}, Rejected, Blame.CONTENT),
        ({"code": "11001", "msg": "often"}, Deferred, timedelta(hours=1)),
        ({"code": "11002", "msg": "short"}, Unknown, None),
        ({"code": "11003", "msg": "bind"}, Unknown, None),
        ({"code": "1", "msg": "new"}, Unknown, None),
        ({"error_code": "10014", "error": "no"}, Rejected, Blame.CHANNEL),
        ({"error_code": "21327", "error": "no"}, Rejected, Blame.CHANNEL),
        ({"msg": "?"}, Unknown, None),
    ],
)
def test_what_each_answer_to_an_article_proves(
    weibo: Make, tmp_path: Path, body: dict[str, Any], expected: type, detail: object
) -> None:
    adapter = weibo(200, body, mode="article", cover="https://www.court.example/c.jpg")
    outcome = adapter.publish(order(render(adapter, tmp_path)))
    assert type(outcome) is expected
    assert getattr(outcome, "blame", getattr(outcome, "after", None)) == detail
    if body.get("code") in {"11002", "11003"}:
        assert "删去多余" in outcome.evidence


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, '{"idstr":"7"}', Retracted),
        (400, '{"error_code":20101}', Retracted),
        (400, '{"error_code":20102}', Rejected),
        (403, '{"error_code":10014}', Rejected),
        (400, '{"error_code":21327}', Rejected),
        (400, '{"error_code":10023}', Deferred),
        (200, '{"idstr":"8"}', Unknown),
        (500, "", Unknown),
    ],
)
def test_a_refused_withdrawal_tells_a_person_and_never_blames_the_channel(
    weibo: Make, tmp_path: Path, status: int, body: str, expected: type
) -> None:
    adapter = weibo(status, body)
    ended = adapter.retract(order(render(adapter, tmp_path)), Receipt(remote_id="7"))
    assert type(ended) is expected
    if isinstance(ended, Rejected):
        assert ended.blame is Blame.CONTENT
        assert "手工删除" in ended.findings[0].message


def test_a_long_list_that_does_not_begin_at_the_post_proves_nothing(weibo: Make, tmp_path: Path) -> None:
    rows = [
        {"idstr": str(100 + n), "text": f"别的{n}", "created_at": "Mon Mar 02 09:00:00 +0800 2026"} for n in range(50)
    ]
    adapter = weibo(200, {"statuses": rows})
    evidence = adapter.confirm(order(render(adapter, tmp_path), staged={"since_id": "50"}), None)
    assert isinstance(evidence, Unknown)


def test_a_look_that_cannot_be_read_before_sending_means_that_nothing_was_sent(weibo: Make, tmp_path: Path) -> None:
    adapter = weibo(200, "<html>")
    assert isinstance(adapter.stage(order(render(adapter, tmp_path))), Unsent)
