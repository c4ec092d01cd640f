"""WeChat through the real core, on the practice account: silence never leads to a second post, and the evidence settles it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from xuanfa.bootstrap import open_desk, upgrade_database
from xuanfa.bootstrap import practice as practising
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.fault import Fault
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk
from xuanfa.rehearsal import journal_of
from xuanfa.rehearsal.journal import Journal
from xuanfa.rehearsal.wechat import WechatPlatform
from xuanfa.rehearsal.wechat_rules import Rules

SUBMIT, SENDALL, ADD = "/cgi-bin/freepublish/submit", "/cgi-bin/message/mass/sendall", "/cgi-bin/draft/add"


@dataclass
class Practice:
    """A workspace with one WeChat channel in rehearsal, a clock set by hand, and the practice account's switches."""

    folder: Path
    now: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    rules: Rules = field(default_factory=Rules)
    fault: Fault | None = None
    fault_path: str = ""
    stack: ExitStack = field(default_factory=ExitStack)
    desk: Desk | None = None

    def set_up(self, mode: str, *slugs: str, settings: str = "") -> "Practice":
        (self.folder / "posts").mkdir(parents=True)
        Image.new("RGB", (940, 400), "#9f1d22").save(self.folder / "posts" / "cover.png")
        for slug in slugs or ("a",):
            self.write(slug, "把法庭搬到田间地头。")
        (self.folder / "xuanfa.toml").write_text(
            '[organisation]\nname = "金昌市中级人民法院"\nsite_domain = "jinchang.example.gov.cn"\n'
            '[columns.action]\ntitle = "我们在行动"\nchannels = ["wechat"]\n'
            f'[channels.wechat]\nadapter = "wechat"\nrehearsal = true\nmode = "{mode}"\n{settings}\n',
            encoding="utf-8",
        )
        upgrade_database(self.folder)
        self.desk = self.stack.enter_context(open_desk(self.folder, lambda: self.now))
        return self

    def write(self, slug: str, body: str) -> None:
        head = f"---\ntitle: 巡回审判到田间 {slug}\ncolumn: action\npublish_at: now\nsummary: 田间地头。\ncover: cover.png\n---\n\n"
        (self.folder / "posts" / f"{slug}.md").write_text(head + body + "\n", encoding="utf-8")

    def platform(self, kind: str, folder: Path, channel: str, clock: Callable[[], datetime]) -> WechatPlatform:
        made = _Switched(journal_of(folder, channel), clock)
        made.practice = self
        return made

    def run(self, *, minutes: float = 0) -> State:
        """Let time pass, make one pass, and tell the state of the only delivery."""
        self.now += timedelta(minutes=minutes)
        assert self.desk is not None
        one_pass(self.desk)
        return self.delivery.state

    def run_until_settled(self, most: int = 40) -> State:
        for _ in range(most):
            if self.run(minutes=5) is State.PUBLISHED:
                break
        return self.delivery.state

    @property
    def delivery(self) -> Delivery:
        return next(iter(self.deliveries.values()))

    @property
    def deliveries(self) -> dict[int, Delivery]:
        from xuanfa.store import deliveries  # noqa: PLC0415 - only to look

        assert self.desk is not None
        with self.desk.store.read() as connection:
            numbers = [row[0] for row in connection.exec_driver_sql("SELECT id FROM deliveries ORDER BY id")]
            return deliveries.get(connection, numbers)

    @property
    def journal(self) -> Journal:
        return journal_of(self.folder / "var" / "rehearsal", "wechat")

    def asked(self, path: str) -> int:
        """How often a path was asked."""
        return sum(received.path.partition("?")[0] == path for received in self.journal.received())

    def held(self, beginning: str) -> list[Any]:
        """What the account holds: ``article:``, ``mass:``, ``draft:``."""
        with self.journal.turn() as turn:
            return list(turn.things(beginning).values())

    def everything_kept(self) -> str:
        with closing(sqlite3.connect(self.folder / "var" / "xuanfa.db")) as database:
            return "\n".join(database.iterdump())


class _Switched(WechatPlatform):
    """Takes its switches from the test for each request: adapters are bound once for each thread."""

    practice: Practice

    def handle_request(self, request: Any) -> Any:
        self.rules, self.fault, self.fault_path = self.practice.rules, self.practice.fault, self.practice.fault_path
        return super().handle_request(request)


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    made = Practice(tmp_path / "office")
    monkeypatch.setattr(practising, "platform_for", made.platform)
    with made.stack:
        yield made


AFTER_ACCEPTANCE = [Fault.SILENCE, Fault.RESET, Fault.SERVER_ERROR, Fault.HALF_AN_ANSWER, Fault.WRONG_JSON]


@pytest.mark.parametrize("fault", AFTER_ACCEPTANCE)
def test_a_lost_answer_to_a_submission_is_settled_by_the_listing_and_never_submitted_again(
    practice: Practice, fault: Fault
) -> None:
    practice.set_up("publish")
    practice.fault, practice.fault_path = fault, SUBMIT
    assert practice.run() is State.UNKNOWN
    practice.fault = None
    assert practice.run_until_settled() is State.PUBLISHED
    assert practice.asked(SUBMIT) == 1
    assert len(practice.held("article:")) == 1


@pytest.mark.parametrize("fault", AFTER_ACCEPTANCE)
def test_a_lost_answer_to_a_mass_send_is_repeated_under_its_id_and_sent_once(practice: Practice, fault: Fault) -> None:
    practice.set_up("mass")
    practice.fault, practice.fault_path = fault, SENDALL
    assert practice.run() is State.SCHEDULED
    practice.fault = None
    assert practice.run_until_settled() is State.PUBLISHED
    assert practice.asked(SENDALL) > 1
    assert len(practice.held("mass:")) == 1


def test_a_mass_send_that_is_repeated_within_a_minute_waits(practice: Practice) -> None:
    practice.set_up("mass")
    practice.fault, practice.fault_path = Fault.SILENCE, SENDALL
    practice.run()
    practice.fault = None
    for _ in range(20):
        practice.run(minutes=0.25)
    assert practice.delivery.state in {State.ACCEPTED, State.PUBLISHED}
    assert len(practice.held("mass:")) == 1


@pytest.mark.parametrize("path", [SUBMIT, SENDALL])
def test_a_submission_that_never_left_is_sent_again(practice: Practice, path: str) -> None:
    practice.set_up("publish" if path == SUBMIT else "mass")
    practice.fault, practice.fault_path = Fault.UNREACHABLE, path
    assert practice.run() is State.SCHEDULED
    practice.fault = None
    assert practice.run_until_settled() is State.PUBLISHED
    assert practice.asked(path) == 1


def test_a_busy_platform_leaves_a_doubt_that_a_person_settles(practice: Practice) -> None:
    practice.set_up("publish")
    practice.rules.codes[SUBMIT] = -1
    assert practice.run() is State.UNKNOWN
    practice.rules.codes.clear()
    for _ in range(10):
        practice.run(minutes=30)
    assert practice.delivery.state is State.UNKNOWN
    assert practice.asked(SUBMIT) == 1


@pytest.mark.parametrize("fault", AFTER_ACCEPTANCE)
def test_a_lost_answer_to_a_draft_adds_no_second_one(practice: Practice, fault: Fault) -> None:
    practice.set_up("publish")
    practice.fault, practice.fault_path = fault, ADD
    assert practice.run() is State.SCHEDULED
    practice.fault = None
    assert practice.run_until_settled() is State.PUBLISHED
    assert practice.asked(ADD) == 1


def test_publishing_takes_its_time_and_then_has_an_address(practice: Practice) -> None:
    practice.set_up("publish")
    practice.rules.takes = timedelta(minutes=20)
    assert practice.run() is State.ACCEPTED
    assert practice.run(minutes=1) is State.ACCEPTED
    assert practice.run_until_settled() is State.PUBLISHED
    assert "https://mp.weixin.qq.com/s/" in practice.everything_kept()


@pytest.mark.parametrize("verdict", [2, 3, 4])
def test_what_the_platforms_review_refuses_goes_back_to_the_author(practice: Practice, verdict: int) -> None:
    practice.set_up("publish")
    practice.rules.verdict = verdict
    practice.run()
    assert practice.run(minutes=5) is State.REJECTED
    assert "公众平台" in practice.delivery.reason


def test_without_permission_drafts_are_kept_and_found_when_a_person_has_published_them(practice: Practice) -> None:
    practice.set_up("publish")
    practice.rules.codes[SUBMIT] = 48001
    practice.run()
    practice.write("b", "第二篇。")
    practice.run(minutes=1)
    assert {one.state for one in practice.deliveries.values()} == {State.ACCEPTED}
    assert practice.asked(SUBMIT) == 1
    assert len(practice.held("draft:")) == 2
    practice.rules.person_publishes_after = timedelta(minutes=30)
    practice.run_until_settled()
    assert {one.state for one in practice.deliveries.values()} == {State.PUBLISHED}


def test_a_draft_waits_for_days_and_is_asked_for_ever_more_rarely(practice: Practice) -> None:
    practice.set_up("draft")
    for _ in range(72):
        practice.run(minutes=60)
    assert practice.delivery.state is State.ACCEPTED
    assert practice.asked("/cgi-bin/freepublish/batchget") < 25


def test_a_changed_post_updates_its_draft_and_makes_no_second_one(practice: Practice) -> None:
    practice.set_up("publish")
    practice.rules.codes[SUBMIT] = 53503  # the check before publishing: the author must mend it
    assert practice.run() is State.REJECTED
    practice.rules.codes.clear()
    practice.write("a", "把法庭搬到田间地头，改过的文字。")
    assert practice.run(minutes=1) is State.ACCEPTED
    assert practice.run_until_settled() is State.PUBLISHED
    assert practice.asked(ADD) == 1
    (article,) = practice.held("article:")
    assert "改过的文字" in article["articles"][0]["content"]


@pytest.mark.parametrize(
    ("switch", "words"),
    [
        ({"on_allow_list": False}, "203.0.113.7"),
        ({"secret": "another"}, "AppSecret"),
    ],
)
def test_what_every_post_would_meet_pauses_the_channel(practice: Practice, switch: dict[str, Any], words: str) -> None:
    practice.set_up("publish", "a", "b")
    for name, value in switch.items():
        setattr(practice.rules, name, value)
    practice.run()
    assert {one.state for one in practice.deliveries.values()} == {State.SCHEDULED}
    assert words in practice.everything_kept()
    assert practice.asked(ADD) == 0


def test_a_used_up_day_waits_for_the_next_one(practice: Practice) -> None:
    practice.set_up("mass", "a", "b")
    practice.run()
    for _ in range(4):
        practice.run(minutes=10)
    assert sorted(one.state for one in practice.deliveries.values()) == [State.PUBLISHED, State.SCHEDULED]
    practice.run(minutes=14.5 * 60)  # ten minutes past midnight in Beijing
    practice.run(minutes=10)
    assert {one.state for one in practice.deliveries.values()} == {State.PUBLISHED}
    assert len(practice.held("mass:")) == 2


def test_an_expired_token_is_renewed_in_the_middle_of_the_work(practice: Practice) -> None:
    practice.set_up("publish")
    practice.run()
    with practice.journal.turn() as turn:
        turn.put("tokens:/cgi-bin/stable_token", [])  # somebody reset the secret
    practice.write("b", "第二篇。")
    practice.run(minutes=10)
    practice.run(minutes=10)
    assert {one.state for one in practice.deliveries.values()} == {State.PUBLISHED}
    assert practice.asked("/cgi-bin/stable_token") == 2


def test_a_retracted_article_is_deleted_at_wechat(practice: Practice) -> None:
    from tests.support.decisions import retract  # noqa: PLC0415 - as above
    from xuanfa.domain.person import Person  # noqa: PLC0415 - for this test only

    practice.set_up("publish")
    practice.run()
    practice.run_until_settled()
    assert practice.desk is not None
    done = retract(practice.desk, practice.delivery.id, Person(name="张某", why="数字有误"))
    assert done.state is State.RETRACTED
    assert practice.held("article:")[0]["articles"][0]["is_deleted"] is True


def test_neither_token_nor_secret_is_kept_with_the_deliveries(
    practice: Practice, caplog: pytest.LogCaptureFixture
) -> None:
    practice.set_up("publish", settings='app_id = "wx1"\napp_secret = "hunter2-hunter2"')
    with caplog.at_level("DEBUG"):
        practice.run()
        practice.run_until_settled()
    kept = [line for line in practice.everything_kept().splitlines() if "channel_values" not in line]
    tokens = [line for line in kept if "rehearsal-" in line and "INSERT INTO" in line]
    assert "hunter2" not in practice.everything_kept() + caplog.text
    assert all("token" in line.split("VALUES")[1] for line in tokens)  # only where tokens are kept
    assert "access_token=rehearsal-" not in practice.everything_kept() + caplog.text
