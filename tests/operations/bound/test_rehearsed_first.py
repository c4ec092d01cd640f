"""What was rehearsed, once its channel is real: what goes out then, and what only a person may send."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.operations.bound.conftest import ANNA, LINKING, REHEARSED, WEBHOOK, WORDPRESS, Office, rehearsed_on_a_site
from tests.support import decisions as decide
from tests.support.decisions import retract
from tests.support.served_platform import ServedPlatform
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError, XuanfaError
from xuanfa.store.schema import receipts


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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_doubt_of_what_is_real_shows_nothing_of_the_drill_before_it(
    office: Office, serve: Callable[..., ServedPlatform], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUANFA_LANG", language)
    real = serve("webhook", "hook")
    settings = f'{WEBHOOK}url = "{real.url}/hook"\n'
    office.set(hook=f'{settings}{REHEARSED}rehearsal_fault = "silence"\n').post()
    office.run()
    office.set(hook=settings)
    decide.retry(office.desk(), 1, ANNA)
    real.lost = True
    office.run()
    assert (office.get().state, office.get().rehearsal, real.posted()) == (State.UNKNOWN, False, 1)
    (doubt,) = office.json("deliveries", "--state", "unknown")
    assert [each["outcome"] for each in doubt["sent"]] == ["unknown"]
    said = office.cli("deliveries", "--state", "unknown")[1]
    assert said.count("  发送：" if language == "zh" else "sent: ") == 1
    assert "演练" not in said
    assert "rehears" not in said
    if language == "zh":
        assert not re.search(r"[A-Za-z]+(Error|Timeout)", said)
    history = office.cli("show", "1" if language == "zh" else "one")[1]
    assert history.count("（演练）" if language == "zh" else " (rehearsal)") == 1
