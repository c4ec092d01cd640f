"""What was sent is bound to the account and the mode that it was sent to: it is looked for, withdrawn and repeated nowhere else."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.operations.bound.conftest import ANNA, LINKING, REHEARSED, WEBHOOK, WEIBO, WORDPRESS, Office
from tests.support import decisions as decide
from tests.support.decisions import retract, retracted_by_hand
from tests.support.served_platform import ServedPlatform
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.keeping.holding import Hold, hold_everything
from xuanfa.reports.listing import list_deliveries
from xuanfa.store.schema import attempts, receipts


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
    # There is nothing to retry either; it is said to be published, with both names, and nobody is sent to take it down for that.
    with pytest.raises(StateError, match=r"已发布，没有什么要重试.*（正式）.*（演练）") as refused:
        decide.retry(desk, 1, ANNA)
    assert "--done" not in str(refused.value)
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
    assert "formerly" in entries[0]["trouble"]
    # The same account in the other mode: a name of then would not help.
    office.set(hook=f'{WEBHOOK}url = "{first.url}/hook"\n{REHEARSED}')
    entries = [e for e in office.json("doctor") if name in e["what"]]
    assert "formerly" not in entries[0]["trouble"]
    assert "rehearsal" in entries[0]["trouble"]
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
    third = serve("webhook", "c")
    office.set(hook=f'{WEBHOOK}url = "{third.url}/hook"\n').run(minutes=70)
    assert office.get().reason.count("当时发往") == 1
    assert len(office.get().reason) < len(reason) + 20
    office.set(hook=f'{WEBHOOK}url = "{first.url}/hook"\n').run(minutes=70)
    assert "已改回当时的账号" in office.get().reason
    assert "现在是" not in office.get().reason


@pytest.mark.parametrize("was_tried", [False, True], ids=["only queued", "tried in vain"])
@pytest.mark.parametrize("what_a_person_sees", ["published", "absent", "published later elsewhere"])
def test_what_waited_for_one_account_when_the_memory_was_lost_may_have_gone_to_another(
    office: Office, what_a_person_sees: str, was_tried: bool
) -> None:
    """It was in the queue for B when the database was copied, in rehearsal or tried in vain; sent to A since, and the copy was put back."""
    at = f'{WEBHOOK}url = "http://127.0.0.1:9/'
    office.set(hook=f'{at}b"\n{"" if was_tried else REHEARSED}').post()
    desk = office.desk()
    queue(desk)
    if was_tried:
        office.run()
        assert (office.get().attempt, office.get().state) == (1, State.SCHEDULED)
    now = office.clock()
    office.clock.advance(minutes=2)
    with desk.store.write() as connection:
        hold_everything(connection, Hold(backup="", taken_at=now, now=office.clock(), actor="t", since="旧", why="旧"))
    office.set(hook=f'{at}a"\n')
    assert (office.get().state, office.get().rehearsal) == (State.UNKNOWN, not was_tried)
    office.run(passes=2, minutes=20)  # no look is owed to an account of which nobody knows that it was the one
    assert "当时发往" not in office.get().reason
    if what_a_person_sees == "absent":
        assert office.cli("resolve", "1", "--absent", "--why", "看过")[0] == 0
        assert (office.get().state, office.get().rehearsal, office.get().restored) == (State.SCHEDULED, False, False)
        return
    address = "https://www.example.gov.cn/1"
    assert office.cli("resolve", "1", "--published", address, "--why", "看过")[0] == 0
    entered = office.get()
    assert (entered.state, entered.rehearsal, entered.restored) == (State.PUBLISHED, False, False)
    assert entered.account == office.desk().channels["hook"].account
    if what_a_person_sees != "published":  # from then on it is bound, as everything else
        office.set(hook=f'{at}c"\n')
        code, said = office.cli("retract", "1", "--why", "有误")
        assert (code, "当时发往" in said) == (1, True)
    assert office.cli("verify")[0] == 0
