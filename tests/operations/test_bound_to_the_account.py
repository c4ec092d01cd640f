"""What was sent is bound to the account and the mode that it was sent to, whatever the settings say afterwards. Real requests, on loopback."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.served_platform import ServedPlatform
from xuanfa.bootstrap import open_desk
from xuanfa.cli import main
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.errors import StateError, XuanfaError
from xuanfa.engine.once import one_pass
from xuanfa.operations import decide
from xuanfa.operations.desk import Desk
from xuanfa.operations.retract import retract, retracted_by_hand
from xuanfa.reports.listing import list_deliveries
from xuanfa.store import deliveries
from xuanfa.store.schema import attempts, receipts

ANNA = decide.Person(name="anna", why="看过")
WEIBO = 'adapter = "weibo"\napp_key = "2045"\napp_secret = "s"\nrip = "211.156.0.1"\naccess_token = "rehearsal"\nlink = ""\n'
WORDPRESS = 'adapter = "wordpress"\nusername = "xuanfa"\napplication_password = "abcd efgh"\n'
WEBHOOK = 'adapter = "webhook"\nallow_private = true\nremote_id = "id"\naddress = "url"\n'
REHEARSED = "rehearsal = true\n"


@dataclass
class Office:
    """A workspace whose settings are written anew as often as a test likes; a desk is that of a process started just then."""

    folder: Path
    clock: Any
    database: str
    stack: ExitStack = field(default_factory=ExitStack)

    def set(self, **channels: str) -> "Office":
        """Write ``xuanfa.toml`` with one column that goes to these channels."""
        tables = "".join(f"[channels.{name}]\n{text}\n" for name, text in channels.items())
        listed = ", ".join(f'"{name}"' for name in channels)
        head = f'database_url = "{self.database}"\n[columns.action]\ntitle = "我们在行动"\nchannels = [{listed}]\n'
        (self.folder / "posts").mkdir(parents=True, exist_ok=True)
        (self.folder / "xuanfa.toml").write_text(head + tables, encoding="utf-8")
        return self

    def post(self, slug: str = "one", body: str = "把法庭搬到田间地头。", **matter: str) -> None:
        lines = {"title": f"“{slug}”", "column": "action", "publish_at": "now"} | matter
        head = "\n".join(f"{name}: {value}" for name, value in lines.items())
        (self.folder / "posts" / f"{slug}.md").write_text(f"---\n{head}\n---\n\n{body}\n", encoding="utf-8")

    def desk(self) -> Desk:
        return self.stack.enter_context(open_desk(self.folder, self.clock))

    def run(self, passes: int = 1, minutes: float = 0) -> Desk:
        """Passes of a process that is started now; between them so much time goes by."""
        desk = self.desk()
        for _ in range(passes):
            one_pass(desk)
            self.clock.advance(minutes=minutes)
        return desk

    def get(self, number: int = 1) -> Delivery:
        with self.desk().store.read() as connection:
            return deliveries.get(connection, [number])[number]

    def cli(self, *arguments: str) -> tuple[int, str]:
        """A command of a person: its exit code, and all that it says."""
        said, told = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(told):
            code = main([*arguments, "-w", str(self.folder)])
        return code, said.getvalue() + told.getvalue()

    def json(self, *arguments: str) -> Any:
        return json.loads(self.cli(*arguments, "--json")[1])


@pytest.fixture
def office(tmp_path: Path, clock: Any, database: str) -> Iterator[Office]:
    made = Office(tmp_path / "office", clock, database)
    with made.stack:
        yield made


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., ServedPlatform]]:
    with ExitStack() as stack:

        def start(kind: str, name: str = "real") -> ServedPlatform:
            server = ServedPlatform(kind, tmp_path / "platforms", name)
            stack.callback(server.close)
            return server

        yield start


def test_a_doubt_of_the_real_platform_is_not_looked_for_on_the_practice_one(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    real = serve("weibo")
    settings = f'{WEIBO}base_url = "{real.url}"\n'
    office.set(weibo=settings).post(summary="全文见 https://www.example.gov.cn/one 。")
    real.lost = True
    office.run()
    assert office.get().state is State.UNKNOWN
    office.set(weibo=settings + REHEARSED).run(passes=6, minutes=5)
    office.run(passes=3, minutes=90)
    stands = office.get()
    assert stands.state is State.UNKNOWN
    assert "（正式）" in stands.reason
    assert "（演练）" in stands.reason
    assert f"weibo {real.place} 2045" in stands.reason
    # The channel is real again: the look that was put off settles it, and it was sent once.
    real.lost = False
    office.set(weibo=settings).run(passes=3, minutes=61)
    assert office.get().state is State.PUBLISHED
    assert real.posted("share.json") == 1


def rehearsed_on_a_site(office: Office, serve: Callable[..., ServedPlatform]) -> tuple[ServedPlatform, str]:
    """A post whose practice platform calls it 1, as the real site calls a page of its own; then the channel becomes real."""
    site = serve("wordpress")
    settings = f'{WORDPRESS}base_url = "{site.url}"\n'
    office.set(site=settings + REHEARSED).post()
    office.run()
    assert office.get().state is State.PUBLISHED
    office.set(site=settings)
    return site, settings


def test_what_was_rehearsed_is_not_withdrawn_from_the_real_site(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    site, _ = rehearsed_on_a_site(office, serve)
    with pytest.raises(StateError, match=rf"{site.place} xuanfa（演练）.*{site.place} xuanfa（正式）.*xuanfa retry 1"):
        retract(office.desk(), 1, ANNA)
    assert site.asked == []
    assert office.get().state is State.PUBLISHED


def test_what_was_rehearsed_goes_out_for_real_as_its_file_is_now(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    """Corrected after the rehearsal; nothing of the rehearsal is carried over: neither text nor what was prepared."""
    site, _ = rehearsed_on_a_site(office, serve)
    rehearsed = office.get()
    assert rehearsed.staged
    office.post(body="更正：庭审改在周五上午。")
    decide.retry(office.run(), 1, ANNA)
    queued = office.get()
    assert (queued.state, queued.revision, queued.staged, queued.ticket) == (State.SCHEDULED, 2, {}, "")
    assert queued.digest != rehearsed.digest
    assert (queued.rehearsal, queued.tries, queued.first_sent_at) == (False, 0, None)
    office.run()
    assert office.get().state is State.PUBLISHED
    page = next(received for received in reversed(site.platform.journal.received()) if received.method == "POST")
    assert "更正：庭审改在周五上午" in page.body
    assert "田间地头" not in page.body
    with office.desk().store.read() as connection:
        row = connection.execute(sa.select(receipts)).one()
    assert (row.rehearsal, row.account) == (False, f"wordpress {site.place} xuanfa")


@pytest.mark.parametrize("trouble", ["gone", "bad", "refused", "another", "elsewhere"])
def test_what_cannot_be_rendered_anew_stays_rehearsed(
    office: Office, serve: Callable[..., ServedPlatform], trouble: str
) -> None:
    site, settings = rehearsed_on_a_site(office, serve)
    before, path = office.get(), office.folder / "posts" / "one.md"
    match trouble:
        case "gone":
            path.unlink()
        case "bad":
            path.write_text("没有题头", encoding="utf-8")
        case "refused":
            office.post(title='""')
        case "another":
            office.post(slug="one", body="另一篇。")
            path.write_text(path.read_text(encoding="utf-8").replace("title:", "slug: other\ntitle:"), encoding="utf-8")
        case _:
            office.set(site=settings, other=f'{WEBHOOK}url = "https://x.example"\n{REHEARSED}').post(channels="[other]")
    with pytest.raises(XuanfaError):
        decide.retry(office.desk(), 1, ANNA)
    assert office.get() == before
    assert site.asked == []


def test_what_was_sent_for_real_is_not_withdrawn_on_the_practice_platform(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    site = serve("wordpress")
    settings = f'{WORDPRESS}base_url = "{site.url}"\n'
    office.set(site=settings).post()
    office.run()
    asked = list(site.asked)
    desk = office.set(site=settings + REHEARSED).desk()
    with pytest.raises(StateError, match=r"（正式）.*（演练）.*--done"):
        retract(desk, 1, ANNA)
    assert office.get().state is State.PUBLISHED
    assert site.asked == asked
    # A person who has deleted it by hand may say so.
    retracted_by_hand(desk, 1, ANNA)
    assert office.get().state is State.RETRACTED


def test_a_doubt_at_one_receiver_is_not_repeated_to_another(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    """The first one honours our key, so that it would be sent again by itself."""
    first, second = serve("webhook", "a"), serve("webhook", "b")
    settings = f"{WEBHOOK}replay_hours = 24\n"
    first.lost = True
    office.set(hook=f'{settings}url = "{first.url}/hook"\n').post()
    office.run()
    assert office.get().may_be_public
    office.set(hook=f'{settings}url = "{second.url}/hook"\n').run(passes=3, minutes=5)
    stands = office.get()
    assert stands.state is State.UNKNOWN
    assert f"当时发往 webhook {first.place}" in stands.reason
    assert f"现在是 webhook {second.place}" in stands.reason
    assert (first.posted(), second.posted()) == (1, 0)
    for verb in (("--published", "https://www.example.gov.cn/1"), ("--absent", "--why", "看过")):
        code, said = office.cli("resolve", "1", *verb)
        assert code == 1
        assert first.place in said
        assert second.place in said
    assert office.cli("retry", "1")[0] == 1
    assert second.posted() == 0
    # Back at the first one a person may say what is true.
    office.set(hook=f'{settings}url = "{first.url}/hook"\n')
    first.lost = False
    decide.resolve_absent(office.desk(), 1, ANNA)
    office.run()
    assert office.get().state is State.PUBLISHED
    assert (first.posted(), second.posted()) == (2, 0)


@pytest.mark.parametrize("fault", ["silence", "unreachable", "reset", "server_error", "half_an_answer"])
@pytest.mark.parametrize("replay", [0, 24])
def test_no_drill_goes_out_for_real_by_itself(
    office: Office, serve: Callable[..., ServedPlatform], fault: str, replay: int
) -> None:
    real = serve("webhook", "hook")
    settings = f'{WEBHOOK}replay_hours = {replay}\nurl = "{real.url}/hook"\n'
    office.set(hook=f'{settings}{REHEARSED}rehearsal_fault = "{fault}"\n').post()
    office.run()
    office.set(hook=settings).run(passes=4, minutes=5)
    stands = office.get()
    assert stands.state in {State.UNKNOWN, State.HELD}
    assert "（演练）" in stands.reason
    assert "xuanfa retry 1" in stands.reason
    assert real.asked == []
    # On a person's word it does.
    decide.retry(office.desk(), 1, ANNA)
    office.run()
    assert office.get().state is State.PUBLISHED
    assert real.posted() == 1


def test_a_held_drill_is_not_released_but_retried(office: Office, serve: Callable[..., ServedPlatform]) -> None:
    real = serve("webhook", "hook")
    settings = f'{WEBHOOK}url = "{real.url}/hook"\n'
    office.set(hook=f'{settings}{REHEARSED}rehearsal_fault = "unreachable"\n').post()
    office.run()
    desk = office.set(hook=settings).run(passes=2, minutes=5)
    assert office.get().state is State.HELD
    with pytest.raises(StateError, match="xuanfa retry 1"):
        decide.release(desk, 1, ANNA)
    assert office.get().state is State.HELD


def test_what_was_planned_in_a_rehearsal_and_never_tried_goes_out_once_its_channel_is_real(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    real = serve("webhook", "hook")
    settings = f'{WEBHOOK}url = "{real.url}/hook"\n'
    office.set(hook=settings + REHEARSED).post(publish_at="2026-03-02T12:00:00+08:00")
    office.run()
    office.clock.advance(hours=3)
    office.set(hook=settings).run()
    assert office.get().state is State.PUBLISHED
    assert real.posted() == 1


def test_a_corrected_address_is_sent_to_by_itself_where_nothing_has_left(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    """Proved unsent at a wrong address: that is no doubt, and the mended settings are what it waits for."""
    real = serve("webhook", "hook")
    office.set(hook=f'{WEBHOOK}url = "http://127.0.0.1:1/hook"\n').post()
    office.run()
    assert office.get().state is State.SCHEDULED
    office.set(hook=f'{WEBHOOK}url = "{real.url}/hook"\n').run(passes=2, minutes=2)
    assert office.get().state is State.PUBLISHED


LINKING = '{"title": {{ post.title | tojson }}, "address": {{ address | tojson }}}'


def test_no_real_channel_leads_readers_to_a_rehearsal(office: Office, serve: Callable[..., ServedPlatform]) -> None:
    """The linked site was rehearsed; its practice address is nobody's, and the real message waits for the real one."""
    site, real = serve("wordpress"), serve("webhook", "hook")
    folder = office.folder / "templates" / "webhook"
    folder.mkdir(parents=True)
    (folder / "default.json").write_text(LINKING, encoding="utf-8")
    page = f'{WORDPRESS}base_url = "{site.url}"\n'
    hook = f'{WEBHOOK}link = "site"\nurl = "{real.url}/hook"\n'
    office.set(site=page + REHEARSED, hook=hook).post()
    office.run(passes=2, minutes=5)
    assert office.get(1).state is State.PUBLISHED
    assert office.get(2).waiting
    assert "site 还在演练" in office.get(2).reason
    assert real.asked == []
    desk = office.set(site=page, hook=hook).run()
    assert office.get(2).waiting
    decide.retry(desk, 1, ANNA)
    office.run(passes=2)
    assert office.get(2).state is State.PUBLISHED
    [message] = [received.body for received in real.platform.journal.received() if received.method == "POST"]
    assert site.place in message
    assert "rehearsal.invalid" not in message


def test_a_link_to_an_address_on_a_former_account_is_not_followed(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    old, new, real = serve("wordpress", "old"), serve("wordpress", "new"), serve("webhook", "hook")
    folder = office.folder / "templates" / "webhook"
    folder.mkdir(parents=True)
    (folder / "default.json").write_text(LINKING, encoding="utf-8")
    hook = f'{WEBHOOK}link = "site"\nurl = "{real.url}/hook"\n'
    office.set(site=f'{WORDPRESS}base_url = "{old.url}"\n', hook=hook).post()
    desk = office.desk()
    decide.pause(desk, "hook", ANNA)
    office.run()
    assert office.get(1).state is State.PUBLISHED
    desk = office.set(site=f'{WORDPRESS}base_url = "{new.url}"\n', hook=hook).desk()
    decide.resume(desk, "hook", ANNA)
    office.run()
    assert office.get(2).waiting
    office.clock.advance(hours=3)
    office.run()
    assert office.get(2).state is State.HELD
    assert real.asked == []


def test_attempts_and_receipts_say_to_whom_and_in_which_mode(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    real = serve("webhook", "hook")
    office.set(hook=f'{WEBHOOK}url = "{real.url}/hook"\n').post(department="宣传科", author="王五")
    office.run()
    name = office.get().account
    with office.desk().store.read() as connection:
        tried = connection.execute(sa.select(attempts.c.rehearsal, attempts.c.account)).all()
        row = connection.execute(sa.select(receipts)).one()
    assert name.startswith(f"webhook {real.place} #")
    assert [tuple(each) for each in tried] == [(False, name)]
    assert (row.rehearsal, row.account, row.title) == (False, name, "“one”")
    assert (row.column_id, row.department, row.author) == ("action", "宣传科", "王五")


def test_figures_stay_what_they_were_when_the_post_is_edited(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    real = serve("webhook", "hook")
    office.set(hook=f'{WEBHOOK}url = "{real.url}/hook"\n').post(department="宣传科")
    office.run()
    before = office.json("count", "--by", "department")
    office.post(department="办公室", title="改过的标题")
    office.run()
    assert office.json("count", "--by", "department") == before
    [shown] = office.json("show", "one")
    assert (shown["title"], shown["title_now"]) == ("“one”", "改过的标题")


def test_the_doctor_names_what_hangs_on_a_former_account(office: Office, serve: Callable[..., ServedPlatform]) -> None:
    first, second = serve("webhook", "a"), serve("webhook", "b")
    office.set(hook=f'{WEBHOOK}url = "{first.url}/hook"\n')
    office.post("one")
    office.run()
    first.lost = True
    office.post("two", body="第二篇讲的是别的事情。")
    office.run()
    name = office.get(1).account
    office.set(hook=f'{WEBHOOK}url = "{second.url}/hook"\n').run()
    entries = [e for e in office.json("doctor") if name in e["what"]]
    assert [entry["ok"] for entry in entries] == [False]
    assert "还有 2 条投递" in entries[0]["trouble"]
    assert "首条是 1" in entries[0]["trouble"]
    # The same account under another address: a person says so.
    office.set(hook=f'{WEBHOOK}url = "{second.url}/hook"\nformerly = ["{name}"]\n')
    assert not [e for e in office.json("doctor") if name in e["what"]]
    decide.resolve_published(office.desk(), 2, "https://www.example.gov.cn/2", ANNA)
    assert office.get(2).state is State.PUBLISHED


def test_what_an_older_program_sent_is_taken_to_have_gone_where_the_channel_leads(
    office: Office, serve: Callable[..., ServedPlatform]
) -> None:
    real = serve("webhook", "hook")
    office.set(hook=f'{WEBHOOK}url = "{real.url}/hook"\n').post()
    desk = office.run()
    name = office.get().account
    with desk.store.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET account = ''"))
    assert office.get().account == name


def test_what_is_handed_over_is_in_doubt_when_its_place_changes(office: Office) -> None:
    office.set(pack='adapter = "manual"\naddress_domain = "a.example.gov.cn"\n').post()
    office.run()
    assert office.get().state is State.ACCEPTED
    office.set(pack='adapter = "manual"\naddress_domain = "b.example.gov.cn"\n').run()
    stands = office.get()
    assert stands.state is State.UNKNOWN
    assert "a.example.gov.cn" in stands.reason
    assert "b.example.gov.cn" in stands.reason
    assert not list((office.folder / "var" / "handover").glob("*-b*"))


def test_the_reason_is_told_once(office: Office, serve: Callable[..., ServedPlatform]) -> None:
    first, second = serve("webhook", "a"), serve("webhook", "b")
    first.lost = True
    office.set(hook=f'{WEBHOOK}url = "{first.url}/hook"\n').post()
    office.run()
    office.set(hook=f'{WEBHOOK}url = "{second.url}/hook"\n').run(passes=3, minutes=70)
    reason = office.get().reason
    assert reason.count("当时发往") == 1
    assert [row.reason for row in list_deliveries(office.desk().store)] == [reason]
    assert reason in office.cli("deliveries", "--state", "unknown")[1]
