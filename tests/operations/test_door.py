"""The one door: every act is signed, every refusal is one line of history and nothing else, whatever the act and whoever is in the way."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.operations.test_races import at_once
from xuanfa.domain import act_outward as outward
from xuanfa.domain.act import (
    Act,
    AddUser,
    Adopt,
    AllPostsAreHere,
    ApproveReview,
    ApproveWithdrawal,
    ArchivePost,
    AttachScan,
    Cancel,
    ChangeUser,
    ConfirmAccess,
    ConfirmReview,
    Correct,
    DelegateReview,
    DisableUser,
    Emergency,
    EnableUser,
    IgnoreFinding,
    IgnoreForEver,
    MakeToken,
    OfAccess,
    OfDelivery,
    OfDesk,
    OfReview,
    OpenRestricted,
    Pause,
    PhoneReview,
    Release,
    ReleaseFromShelf,
    Reschedule,
    ResolveAbsent,
    ResolveOnce,
    ResolvePublished,
    Resume,
    Retract,
    RetractDone,
    Retry,
    ReturnReview,
    RevokeToken,
    SetPassword,
    SignIn,
    SubmitReview,
    UnlockUser,
    Withdraw,
    may,
)
from xuanfa.domain.act_lists import ImportLedger, ImportSchedule, ImportWorkdays, UndoImport
from xuanfa.domain.act_public import (
    AcceptLink,
    AcceptPage,
    AcceptStranger,
    AddProof,
    ImportReaders,
    OfProof,
    SetReaders,
)
from xuanfa.domain.act_settings import ChangeRules, ChangeSettings, ChangeTemplate, OfSettings
from xuanfa.domain.bulk import PostMove
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ConfigError, MachineError, StateError, StoreError, XuanfaError
from xuanfa.domain.imported import Past, page_key
from xuanfa.domain.outcome import Retracted
from xuanfa.domain.person import Person
from xuanfa.domain.readers import Figures
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.sealed_month import SealMonth
from xuanfa.domain.shown import printable
from xuanfa.domain.solemn import EndSolemn, SetSolemn
from xuanfa.domain.user import Role, User
from xuanfa.domain.working_days import DayKind, Marked
from xuanfa.operations.deciding import decide
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.keeping.verify import verify
from xuanfa.reports.listing import history
from xuanfa.store import chain, ledger, users
from xuanfa.store.schema import events, metadata

ANNA = Person(name="安娜", why="看过了", how="token", place="anna@desk")
ADDRESS = "https://www.example.gov.cn/by-hand"
PAST = Past(
    title="旧稿", address=ADDRESS, published_at=datetime(2019, 5, 6, tzinfo=UTC), column="", column_title="", channel="a",
    channel_title="甲", key=page_key(ADDRESS),
)  # fmt: skip
SIGNED = ("安娜", "token", "anna@desk")


def lines(bench: Any) -> list[Any]:
    """What people have caused, in order."""
    with bench.desk.store.read() as connection:
        query = sa.select(events).where(events.c.act.is_not(None)).order_by(events.c.id)
        return list(connection.execute(query))


def contents(bench: Any) -> dict[str, list[Any]]:
    """Every row of the database but those of the history."""
    with bench.desk.store.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in metadata.sorted_tables
            if table is not events
        }


def acts(bench: Any) -> dict[type, tuple[State, Any]]:
    """One of each sort, and where a delivery has to stand for it."""
    later = bench.clock() + timedelta(hours=1)
    return {
        Cancel: (State.SCHEDULED, Cancel(delivery=1)),
        Reschedule: (State.SCHEDULED, Reschedule(delivery=1, at=later)),
        Release: (State.HELD, Release(delivery=1)),
        Retry: (State.FAILED, Retry(delivery=1)),
        ResolvePublished: (State.UNKNOWN, ResolvePublished(delivery=1, address=ADDRESS)),
        ResolveAbsent: (State.UNKNOWN, ResolveAbsent(delivery=1)),
        ResolveOnce: (State.SCHEDULED, ResolveOnce(delivery=1)),
        Retract: (State.PUBLISHED, Retract(delivery=1)),
        RetractDone: (State.PUBLISHED, RetractDone(delivery=1)),
        Pause: (State.SCHEDULED, Pause(channel="a")),
        Resume: (State.SCHEDULED, Resume()),
        AllPostsAreHere: (State.SCHEDULED, AllPostsAreHere()),
        Adopt: (State.SCHEDULED, Adopt()),
        SignIn: (State.SCHEDULED, SignIn(channel="a", code="secret-code")),
        AttachScan: (State.SCHEDULED, AttachScan(post="one", file=bench.folder / "nowhere.pdf")),
        ArchivePost: (State.SCHEDULED, ArchivePost(post="one", target=bench.folder / "a.zip")),
        AddUser: (State.SCHEDULED, AddUser(user="new", display="新来", roles=frozenset({Role.AUTHOR}), password=WORD)),
        ChangeUser: (State.SCHEDULED, ChangeUser(user="wang", department="宣传科")),
        DisableUser: (State.SCHEDULED, DisableUser(user="wang")),
        EnableUser: (State.SCHEDULED, EnableUser(user="gone")),
        UnlockUser: (State.SCHEDULED, UnlockUser(user="gone")),
        SetPassword: (State.SCHEDULED, SetPassword(user="wang", password=WORD)),
        MakeToken: (State.SCHEDULED, MakeToken(user="wang", days=1)),
        RevokeToken: (State.SCHEDULED, RevokeToken(user="wang", token=1)),
        Withdraw: (State.PUBLISHED, Withdraw(post="one")),
        ApproveWithdrawal: (State.PUBLISHED, ApproveWithdrawal(post="one")),
        Correct: (State.PUBLISHED, Correct(post="one")),
        SubmitReview: (State.SCHEDULED, SubmitReview(post="one")),
        ApproveReview: (State.SCHEDULED, ApproveReview(post="one")),
        ReturnReview: (State.SCHEDULED, ReturnReview(post="one", note="改标题")),
        PhoneReview: (State.SCHEDULED, PhoneReview(post="one", leader="wang", at=bench.clock(), number="8210")),
        ConfirmReview: (State.SCHEDULED, ConfirmReview(post="one")),
        Emergency: (State.SCHEDULED, Emergency(post="one")),
        OpenRestricted: (State.SCHEDULED, OpenRestricted(post="one")),
        ConfirmAccess: (State.SCHEDULED, ConfirmAccess(post="one")),
        IgnoreFinding: (State.SCHEDULED, IgnoreFinding(post="one", rule="privacy.mobile", text="13893512345")),
        IgnoreForEver: (State.SCHEDULED, IgnoreForEver(post="one", rule="privacy.mobile", text="13893512345")),
        ImportLedger: (State.SCHEDULED, ImportLedger(origin="import:a.xlsx", rows=[PAST])),
        ImportSchedule: (
            State.SCHEDULED,
            ImportSchedule(origin="s.xlsx", moves=[PostMove(where="", post="one", at=later)]),
        ),
        UndoImport: (State.SCHEDULED, UndoImport(number=1)),
        SetReaders: (State.PUBLISHED, SetReaders(delivery=1, figures=READ)),
        ImportReaders: (State.PUBLISHED, ImportReaders(origin="import:a.xlsx", rows=[READ])),
        ImportWorkdays: (State.SCHEDULED, ImportWorkdays(origin="2027.csv", days=(NEW_YEAR,))),
        ReleaseFromShelf: (State.SHELVED, ReleaseFromShelf(post="one")),
        DelegateReview: (State.SCHEDULED, DelegateReview(to="wang", begins=bench.clock(), ends=later)),
        SetSolemn: (State.SCHEDULED, SetSolemn(begins=bench.clock(), ends=later, reason="公祭")),
        EndSolemn: (State.SCHEDULED, EndSolemn(number=1)),
        SealMonth: (State.SCHEDULED, SealMonth(month=f"{bench.clock() - timedelta(days=40):%Y-%m}")),
        ChangeSettings: (State.SCHEDULED, ChangeSettings(base="", area="organisation")),
        ChangeTemplate: (State.SCHEDULED, ChangeTemplate(template="site/article.html", text=None, base="")),
        ChangeRules: (State.SCHEDULED, ChangeRules(file="own.toml", text=None, base="")),
        AddProof: (State.PUBLISHED, AddProof(delivery=1, file=picture(bench.folder / "page.png"))),
        AcceptPage: (State.PUBLISHED, AcceptPage(delivery=1)),
        AcceptLink: (State.PUBLISHED, AcceptLink(number=1)),
        AcceptStranger: (State.PUBLISHED, AcceptStranger(number=1)),
        outward.MakeLink: (State.SCHEDULED, outward.MakeLink(post="one", lasts=timedelta(hours=1))),
        outward.RevokeLink: (State.SCHEDULED, outward.RevokeLink(post="one", link=1)),
        outward.DropFactor: (State.SCHEDULED, outward.DropFactor(user="wang")),
        outward.RecallReview: (State.SCHEDULED, outward.RecallReview(post="one")),
        outward.ResendMessages: (State.SCHEDULED, outward.ResendMessages(messages=(1,))),
        outward.DropMessages: (State.SCHEDULED, outward.DropMessages(messages=(1,))),
        outward.TryReceiver: (State.SCHEDULED, outward.TryReceiver(receiver="oa")),
    }


def picture(path: Path) -> Path:
    """A picture of a page, as somebody took it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (60, 40), "white").save(path)
    return path


#: Not possible at this bench: no second proof, the database is its own, a channel that nobody signs in to, no signed form, nothing withdrawn,
#: no page that can be changed, no column that is reviewed, nothing restricted (see test_restricted), nothing found (see test_checks_decide),
#: nothing imported (see test_importing), no receiver of webhooks, no file of settings (see tests/console/test_settings), no page that differs
#: and no stranger (see proving), no solemn period (see test_solemn).
NOT_HERE = {
    UndoImport,
    IgnoreFinding,
    IgnoreForEver,
    ResolveOnce,
    Adopt,
    SignIn,
    AttachScan,
    ApproveWithdrawal,
    Correct,
    *get_args(OfReview),
    *get_args(OfAccess),
    DelegateReview,
    *get_args(OfSettings),
    AcceptPage,
    AcceptStranger,
    AcceptLink,
    EndSolemn,
    *get_args(outward.OfMessages),
    outward.TryReceiver,
    outward.RevokeLink,
    outward.DropFactor,
}
AT_DESK = get_args(OfDesk)
READ = Figures(delivery=1, at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC), reads=120)
NEW_YEAR = Marked(day=date(2027, 1, 1), kind=DayKind.OFF, name="元旦")
WORD = "correct horse"


def stand(bench: Any, state: State) -> None:
    """A delivery in ``state``, with a receipt where it has been public."""
    bench.channel(retracts=True, confirms=True).retract.append(Retracted(evidence="gone"))
    bench.queue("one")
    bench.put(state)
    with bench.desk.store.write() as connection:
        for name, roles in (("chief", {Role.ADMIN}), ("wang", {Role.APPROVER}), ("gone", {Role.AUTHOR})):
            user = User(name=name, display=name, roles=frozenset(roles), disabled=name == "gone")
            users.insert(connection, user, "none", bench.clock())
            if name == "gone":
                users.set_lock(connection, name, bench.clock())
            if name == "wang":
                until = bench.clock() + timedelta(days=1)
                users.add_token(connection, name, "hash", scopes=None, now=bench.clock(), expires_at=until)
            users.vouch(connection, name, now=bench.clock(), after="user_added", actor="test", why="")
    if state is State.PUBLISHED:
        with bench.desk.store.write() as connection:
            ledger.add_receipts(connection, [(1, Receipt(address=ADDRESS))], bench.clock())


@pytest.mark.parametrize("sort", [sort for sort in AT_DESK if sort not in NOT_HERE])
def test_an_act_is_carried_out_and_signed(bench: Any, sort: type) -> None:
    state, act = acts(bench)[sort]
    stand(bench, state)
    done = carry_out(bench.desk, act, ANNA)
    if act.delivery is not None and sort not in {*get_args(OfProof), SetReaders}:
        assert done == bench.get()
    signed = lines(bench)
    assert signed
    assert {(line.actor, line.how, line.place) for line in signed} == {SIGNED}
    # A withdrawal takes back each delivery, and a bulk schedule moves each.
    within = {Withdraw: {"retract"}, ImportSchedule: {"reschedule"}}.get(sort, set())
    assert {line.act for line in signed} == {act.verb} | within
    assert "refused" not in {line.after for line in signed}


@pytest.mark.parametrize("sort", AT_DESK)
def test_who_may_not_is_refused_with_one_line_and_nothing_else(bench: Any, sort: type) -> None:
    state, act = acts(bench)[sort]
    stand(bench, state)
    asked: list[tuple[Person, Act]] = []

    def nobody(person: Person, wanted: Act) -> str:
        asked.append((person, wanted))
        return "只有签发人可以"

    before = contents(bench)
    with pytest.raises(StateError, match="只有签发人可以"):
        carry_out(replace(bench.desk, may=nobody), act, ANNA)
    assert asked == [(ANNA, act)]
    assert contents(bench) == before
    [line] = lines(bench)
    assert (line.after, line.act, line.why) == ("refused", act.verb, "只有签发人可以")
    assert (line.actor, line.how, line.place) == SIGNED
    assert (line.delivery_id, line.channel) == (act.delivery, act.channel)
    assert line.subject == getattr(act, "user", None)
    assert WORD not in repr(line)
    assert WORD not in repr(act)
    assert line.before is None


@pytest.mark.parametrize("sort", [*get_args(OfDelivery), SignIn])
def test_what_cannot_be_is_refused_in_the_same_way(bench: Any, sort: type) -> None:
    _, act = acts(bench)[sort]
    stand(bench, State.RETRACTED)
    before = contents(bench)
    with pytest.raises((StateError, ConfigError)) as caught:
        carry_out(bench.desk, act, ANNA)
    assert contents(bench) == before
    [line] = lines(bench)
    assert (line.after, line.act, line.why) == ("refused", act.verb, str(caught.value))
    assert "secret-code" not in repr(line)
    assert "secret-code" not in repr(act)


@pytest.mark.parametrize(
    "act",
    [
        Cancel(delivery=404),
        Retract(delivery=2**31 - 1),
        Pause(channel="nowhere"),
        Resume(channel="无" * 300),
        SignIn(channel="nowhere", code="1"),
        Pause(channel="*"),
        Pause(channel="typed\udcff\0"),
    ],
    ids=ascii,
)
def test_what_is_not_there_is_refused_and_named_in_the_reason(bench: Any, act: Any) -> None:
    stand(bench, State.SCHEDULED)
    with pytest.raises(XuanfaError) as caught:
        carry_out(bench.desk, act, ANNA)
    [line] = lines(bench)
    assert (line.after, line.why, line.delivery_id) == ("refused", printable(str(caught.value)), None)
    assert printable(str(act.channel or act.delivery)) in line.why


def test_trouble_of_the_machine_or_the_database_is_no_refusal(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stand(bench, State.SCHEDULED)
    for trouble in (MachineError("磁盘已满"), StoreError("数据库忙")):
        monkeypatch.setattr(decide, "cancel", lambda *_, trouble=trouble: (_ for _ in ()).throw(trouble))
        with pytest.raises(type(trouble)):
            carry_out(bench.desk, Cancel(delivery=1), ANNA)
    assert lines(bench) == []


def test_a_refusal_that_cannot_be_recorded_is_still_told_and_logged(
    bench: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stand(bench, State.RETRACTED)

    def broken(*_: object) -> None:
        raise StoreError("数据库忙")

    monkeypatch.setattr("xuanfa.operations.deciding.door.record_refusal", broken)
    with pytest.raises(StateError):
        carry_out(bench.desk, Cancel(delivery=1), ANNA)
    assert "数据库忙" in caplog.text


def test_of_two_who_decide_at_once_one_is_refused(bench: Any) -> None:
    stand(bench, State.SCHEDULED)
    bench.desk.store.close()

    def decide_at_once(number: int, barrier: Any) -> str:
        desk = bench.another()
        barrier.wait(30)
        try:
            return carry_out(desk, Cancel(delivery=1), replace(ANNA, name=f"clerk {number}")).state.value
        except StateError:
            return "refused"

    assert sorted(at_once(4, decide_at_once)) == ["cancelled", "refused", "refused", "refused"]
    told = lines(bench)
    assert sorted(line.after for line in told) == ["cancelled", "refused", "refused", "refused"]
    assert len({line.actor for line in told}) == 4
    assert bench.get().state is State.CANCELLED


def test_a_refusal_is_shown_and_the_history_still_verifies(bench: Any) -> None:
    stand(bench, State.SCHEDULED)
    carry_out(bench.desk, Cancel(delivery=1), ANNA)
    with pytest.raises(StateError):
        carry_out(bench.desk, Release(delivery=1), ANNA)
    done, refused = history(bench.desk.store, 1)[-2:]
    assert (done.what, refused.what) == ("scheduled → cancelled", "release: refused")
    assert done.as_json() | {"act": "cancel", "how": "token", "where": "anna@desk"} == done.as_json()
    assert all(not check.trouble for check in verify(bench.desk))


def test_the_rule_of_today_lets_everybody_do_everything() -> None:
    assert may(ANNA, Cancel(delivery=1)) == ""


def test_lines_of_before_are_hashed_as_they_were() -> None:
    width = len(chain._HASHED)
    first, vouching = tuple(range(width)), (None, None, "proof")
    assert chain._line((*first, None, None, None, None, None, None, None)) == first
    assert chain._line((*first, *vouching, None, None, None, None)) == (*first, *vouching)
    signed = (*first, None, None, None, "cancel", "machine", "")
    assert chain._line((*signed, None)) == signed
    about = (*signed, "wang")
    assert chain._line(about) == about


def test_verbs_are_one_for_each_act_and_fit_the_history() -> None:
    verbs = [sort.verb for sort in get_args(Act)]
    assert len(set(verbs)) == len(verbs)
    assert max(map(len, verbs)) <= events.c.act.type.length
