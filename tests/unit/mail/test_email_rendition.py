"""Email: what a message is made of, its settings, and its rehearsal."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from tests.support import adapting
from tests.support.adapting import NOW, Tools, nobody
from xuanfa.adapters.email import EmailAdapter
from xuanfa.adapters.email.config import EmailConfig
from xuanfa.bootstrap.practice import platform_for
from xuanfa.domain.fault import Fault
from xuanfa.domain.outcome import Published, Unknown, Unsent
from xuanfa.domain.post import Override, Post, Source
from xuanfa.domain.rendition import Rendition
from xuanfa.rehearsal import Platform

PASSWORD = "Sunny-Harbour-42"
POST = Post(
    slug="a", title="巡回<审判>", column="action", body="正文**第一段**。", summary="摘要。", department="民一庭"
)
REAL = {
    "adapter": "email",
    "host": "smtp.example.gov.cn",
    "sender": "column@example.gov.cn",
    "recipients": ["a@example.gov.cn"],
}


def bind_mail(client: httpx.Client | None = None, **settings: Any) -> EmailAdapter:
    config = EmailConfig.model_validate({"adapter": "email", "rehearsal": True} | settings)
    return EmailAdapter(config, Tools(folder=Path(), http=client or nobody()))


def render(post: Post = POST, *channels: str, **settings: Any) -> Rendition:
    return adapting.render(bind_mail(**settings), post, *channels, channel="mail")


order = partial(adapting.order, channel="mail", site="https://www.example.gov.cn/a/?x=1&y=2")


def codes(rendition: Rendition, **settings: Any) -> list[str]:
    return adapting.codes(bind_mail(**settings), rendition)


def test_both_texts_tell_title_office_text_and_address() -> None:
    rendition = order(render(POST, "site")).rendition
    assert "<h1" in rendition.body
    assert "巡回&lt;审判&gt;</h1>" in rendition.body
    assert "<p>正文<strong>第一段</strong>。</p>" in rendition.body
    assert 'href="https://www.example.gov.cn/a/?x=1&amp;y=2"' in rendition.body
    assert rendition.extra["text"] == (
        "巡回<审判>\n\n某院 民一庭\n\n正文第一段。\n\n网页版：https://www.example.gov.cn/a/?x=1&y=2\n"
    )
    assert rendition.extra["subject"] == "【我们在行动】巡回<审判>"


def test_a_post_that_does_not_go_to_the_site_has_no_address() -> None:
    rendition = render()
    assert rendition.needs == ()
    assert "在网站上阅读" not in rendition.body
    assert "网页版" not in rendition.extra["text"]


def test_a_reposted_text_names_its_source_and_a_text_of_the_channels_own_counts() -> None:
    post = replace(POST, source=Source(name="人民法院报", url="https://example.com/"))
    assert "来源：人民法院报 https://example.com/" in render(post).extra["text"]
    own = replace(POST, channels={"mail": Override(text="**本周**要点")})
    assert "<strong>本周</strong>要点" in render(own).body
    assert "第一段" not in render(own).body


def test_tables_keep_their_alignment_without_a_stylesheet() -> None:
    assert '<td style="text-align:right">1</td>' in render(replace(POST, body="|a|\n|--:|\n|1|\n")).body


def test_a_picture_that_readers_would_not_see_is_stopped() -> None:
    assert codes(render(replace(POST, body="![庭审](images/court.png)"))) == ["email.local_picture"]
    assert codes(render(replace(POST, body="![庭审](https://www.example.gov.cn/court.png)"))) == []


def test_a_message_that_is_too_large_is_stopped_before_it_leaves() -> None:
    rendition = render(replace(POST, body="法" * 200_000))
    assert codes(rendition, size_max_mb=1) == ["email.too_long"]
    assert codes(rendition, size_max_mb=2) == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"host": ""}, "host"),
        ({"recipients": []}, "recipients"),
        ({"sender": "nobody"}, "name@example.gov.cn"),
        ({"recipients": ["a@example.gov.cn", "法院@例子.中国"]}, "name@example.gov.cn"),
        ({"recipients": ["a@example.gov.cn\r\nBcc: b@example.gov.cn"]}, "name@example.gov.cn"),
        ({"recipients": [f"{n}@example.gov.cn" for n in range(101)]}, "100"),
        ({"unsubscribe": "mailto:a@b>\r\nX: y"}, "https://"),
        ({"username": "u", "password": PASSWORD, "security": "none"}, "starttls"),
        ({"username": "u", "password": PASSWORD + "，"}, "全角"),
        ({"security": "ssl"}, "starttls"),
        ({"port": 0}, "1"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_the_remedy(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        EmailConfig.model_validate(REAL | settings)
    assert PASSWORD not in str(caught.value)


def test_each_security_has_its_usual_port_and_names_are_taken_from_the_sender() -> None:
    assert [
        EmailConfig.model_validate(REAL | {"security": security}).endpoint[1]
        for security in ("starttls", "tls", "none")
    ] == [587, 465, 25]
    named = EmailConfig.model_validate(REAL | {"sender": "宣传科 <a@example.gov.cn>"})
    assert named.mailbox == "a@example.gov.cn"
    assert named.sender_named("某院").display_name == "宣传科"


def test_an_account_has_one_budget_whatever_the_recipients() -> None:
    one, other = bind_mail(**REAL), bind_mail(**REAL | {"recipients": ["b@example.gov.cn"]})
    assert one.budget == other.budget
    assert one.budget != bind_mail(**REAL | {"host": "mx.example.gov.cn"}).budget
    assert bind_mail(limit_per_minute=30).traits.limits[0].count == 30


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return platform_for("email", tmp_path, "mail", lambda: NOW)


def test_a_rehearsal_keeps_the_message_and_reaches_no_mail_server(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smtplib.SMTP", None)
    with httpx.Client(transport=platform) as client:
        outcome = bind_mail(client, **REAL, rehearsal=True).publish(order(render()))
    assert isinstance(outcome, Published)
    [received] = platform.journal.received()
    assert "Subject: 【我们在行动】巡回<审判>" in received.body
    assert "正文第一段。" in received.body
    assert received.message == f"<{'k' * 32}@example.gov.cn>"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.UNREACHABLE, Unsent),
        (Fault.SILENCE, Unknown),
        (Fault.HALF_AN_ANSWER, Unknown),
        (Fault.WRONG_JSON, Unknown),
    ],
)
def test_a_rehearsal_can_go_wrong_too(platform: Platform, fault: Fault, expected: type) -> None:
    platform.fault = fault
    with httpx.Client(transport=platform) as client:
        assert type(bind_mail(client).publish(order(render()))) is expected


def test_the_practice_server_refuses_what_is_no_message(platform: Platform) -> None:
    with httpx.Client(transport=platform) as client:
        assert client.post("https://rehearsal.invalid/smtp", content=b"hello").json()["code"] == 554


def test_a_wide_table_scrolls_in_a_box_of_its_own_and_widens_nothing_else() -> None:
    table = "| 一 | 二 |\n|---|---|\n| 1 | 2 |"
    body = render(replace(POST, body=f"{table}\n\n文字。\n\n{table}")).body
    assert body.count("overflow-x:auto") == 2
    assert body.count("<table>") == 2
    for before, after in (
        (piece[-130:], rest) for piece, rest in zip(body.split("<table>"), body.split("<table>")[1:], strict=False)
    ):
        assert before.rstrip().endswith(">")
        assert "overflow-x:auto" in before
        assert after.index("</table></div>") == after.index("</table>")
    # The tables that hold the letter are as wide as the window, whatever is in them.
    assert body.count('role="presentation"') == body.count("table-layout:fixed") == 2
