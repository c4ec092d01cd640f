"""WordPress: what each answer proves, its settings, and a practised life of a post through the real core."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from pydantic import ValidationError

from tests.support.decisions import retract
from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.wordpress.answers import CHANNEL, CONTENT, GONE, listed, of_step, refusal
from xuanfa.adapters.wordpress.config import WordpressConfig
from xuanfa.adapters.wordpress.posts import slug_of
from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import State
from xuanfa.domain.fault import Fault
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk
from xuanfa.rehearsal import Platform, journal_of
from xuanfa.reports.listing import list_deliveries

PASSWORD = "ZrjdtKtf tUwh2oSf NhpFRz9a Q1w2"
REAL = {
    "adapter": "wordpress",
    "base_url": "https://blog.example.gov.cn/",
    "username": "column",
    "application_password": PASSWORD,
}


def answer(status: int, body: str, **headers: str) -> Answer:
    return Answer(
        status, httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()}), body.encode()
    )


def coded(status: int, code: str) -> Answer:
    return answer(status, json.dumps({"code": code, "message": "原话", "data": {"status": status}}))


@pytest.mark.parametrize("code", sorted(CHANNEL))
def test_what_every_post_would_meet_is_the_operators(code: str) -> None:
    found = refusal(coded(403, code))
    assert isinstance(found, Rejected)
    assert (found.blame, found.findings[0].code) == (Blame.CHANNEL, f"wordpress.{code}")
    assert "原话" in found.findings[0].message
    assert "请" in found.findings[0].message


@pytest.mark.parametrize("code", sorted(CONTENT))
@pytest.mark.parametrize("status", [400, 500])
def test_what_this_post_meets_is_the_authors(code: str, status: int) -> None:
    found = refusal(coded(status, code))
    assert isinstance(found, Rejected)
    assert found.blame is Blame.CONTENT


@pytest.mark.parametrize("code", sorted(GONE))
def test_what_staging_prepared_and_is_gone_is_prepared_anew(code: str) -> None:
    assert isinstance(refusal(coded(404, code)), Unsent)


@pytest.mark.parametrize(
    ("given", "publishing", "repeatable"),
    [
        (answer(409, "", retry_after="30"), Deferred, Deferred),
        (answer(429, ""), Deferred, Deferred),
        (answer(503, "", retry_after="600"), Unknown, Deferred),
        (answer(500, "<html>"), Unknown, Unsent),
        (coded(500, "db_insert_error"), Unknown, Unsent),
        (answer(502, ""), Unknown, Unsent),
        (answer(504, ""), Unknown, Unsent),
        (answer(404, "<html>"), Rejected, Rejected),
        (answer(301, ""), Rejected, Rejected),
    ],
)
def test_doubt_about_publishing_is_only_a_failed_try_about_staging(
    given: Answer, publishing: type, repeatable: type
) -> None:
    assert type(refusal(given)) is publishing
    assert type(of_step(given)) is repeatable


def test_a_site_under_maintenance_is_left_alone_as_long_as_it_asks() -> None:
    found = of_step(answer(503, "", retry_after="600"))
    assert isinstance(found, Deferred)
    assert found.after == timedelta(seconds=600)


@pytest.mark.parametrize("body", ["{}", "", "[", "null", '"x"'])
def test_only_a_list_proves_that_something_is_not_there(body: str) -> None:
    assert isinstance(listed(answer(200, body)), Unsent)
    assert listed(answer(200, '[{"id": 1}, 7]')) == [{"id": 1}]


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("2026-11-xunhui-shenpan", "2026-11-xunhui-shenpan"),
        ("Case_7--a", "case_7-a"),
        ("巡回审判", r"post-[0-9a-f]{12}"),
        ("2026", r"post-[0-9a-f]{12}"),
        ("-", r"post-[0-9a-f]{12}"),
    ],
)
def test_a_post_has_one_name_that_the_site_leaves_alone(slug: str, name: str) -> None:
    assert re.fullmatch(name, slug_of(slug))
    assert slug_of(slug) == slug_of(slug)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"base_url": ""}, "base_url"),
        ({"application_password": ""}, "应用程序密码"),
        ({"base_url": "blog.example.gov.cn"}, "https://"),
        ({"base_url": "https://blog.example.gov.cn/?p=1"}, "https://"),
        ({"status": "private"}, "draft"),
        ({"picture_kb_max": 1}, "50"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_the_remedy(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        WordpressConfig.model_validate(REAL | settings)
    assert PASSWORD not in str(caught.value)


def test_every_form_of_the_password_is_hidden() -> None:
    hidden = WordpressConfig.model_validate(REAL).hidden
    assert PASSWORD in hidden
    assert PASSWORD.replace(" ", "") in hidden
    assert httpx.BasicAuth("column", PASSWORD)._auth_header.removeprefix("Basic ") in hidden


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "posts" / "images").mkdir(parents=True)
    Image.new("RGB", (800, 450), "#0b57a8").save(tmp_path / "posts" / "images" / "court.png")
    write(tmp_path)
    (tmp_path / "xuanfa.toml").write_text(
        '[columns.action]\ntitle = "我们在行动"\nchannels = ["blog"]\n\n[channels.blog]\nadapter = "wordpress"\n'
        'rehearsal = true\ncategories = ["行动"]\n',
        encoding="utf-8",
    )
    return tmp_path


def write(office: Path, text: str = "正文。") -> None:
    head = "title: 巡回审判\ncolumn: action\npublish_at: now\nkeywords: [法治]"
    text = f"---\n{head}\n---\n\n{text}\n\n![庭审](images/court.png)\n"
    (office / "posts" / "silent.md").write_text(text, encoding="utf-8")


def state(desk: Desk) -> State:
    [row] = list_deliveries(desk.store)
    return row.state


def requests(office: Path, method: str, path: str) -> int:
    return sum(
        r.method == method and r.path == path for r in journal_of(office / "var" / "rehearsal", "blog").received()
    )


@pytest.mark.parametrize(
    "fault", [Fault.SILENCE, Fault.RESET, Fault.SERVER_ERROR, Fault.HALF_AN_ANSWER, Fault.WRONG_JSON]
)
def test_a_lost_answer_never_leads_to_a_second_post(
    office: Path, clock: Any, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = Platform.handle_request

    def strike(platform: Platform, request: httpx.Request) -> httpx.Response:
        creates = request.method == "POST" and request.url.params.get("rest_route") == "/wp/v2/posts"
        platform.fault = fault if creates else None
        return decide(platform, request)

    monkeypatch.setattr(Platform, "handle_request", strike)
    with open_desk(office, clock) as desk:
        one_pass(desk)
        assert state(desk) is State.UNKNOWN
        for _ in range(4):
            clock.advance(minutes=2)
            one_pass(desk)
        assert state(desk) is State.PUBLISHED
    assert requests(office, "POST", "/wp/v2/posts") == 1
    assert requests(office, "POST", "/wp/v2/media") == 1


def test_a_request_that_never_arrived_is_sent_again_after_the_site_has_shown_that_it_has_nothing(
    office: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide, lost = Platform.handle_request, [1]

    def strike(platform: Platform, request: httpx.Request) -> httpx.Response:
        if lost and request.method == "POST" and request.url.params.get("rest_route") == "/wp/v2/posts":
            lost.clear()
            raise httpx.ReadError("lost on the way", request=request)
        return decide(platform, request)

    monkeypatch.setattr(Platform, "handle_request", strike)
    with open_desk(office, clock) as desk:
        one_pass(desk)
        assert state(desk) is State.UNKNOWN
        for _ in range(6):
            clock.advance(minutes=3)
            one_pass(desk)
        assert state(desk) is State.PUBLISHED
    assert requests(office, "POST", "/wp/v2/posts") == 1


def test_a_post_is_withdrawn_into_the_trash(office: Path, clock: Any) -> None:
    with open_desk(office, clock) as desk:
        one_pass(desk)
        ended = retract(desk, 1, Person(name="王", why="重复"))
    assert ended.state is State.RETRACTED
    assert requests(office, "DELETE", "/wp/v2/posts/1") == 1
