"""The door: whatever a person decides enters here, whoever asks for it: the command line, a page, a program.

It asks who may, has the act carried out in its transaction, signed by the person, and records a refusal, always in the same way.
"""

import logging
from typing import TYPE_CHECKING, assert_never, overload

from xuanfa.domain import act as acts
from xuanfa.domain import act_outward as outward
from xuanfa.domain import act_public as public
from xuanfa.domain.act_lists import ImportLedger, ImportSchedule, ImportWorkdays, OfLists, UndoImport
from xuanfa.domain.act_settings import ChangeRules, ChangeSettings, ChangeTemplate, OfSettings
from xuanfa.domain.correction import Correction
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import (
    AlteredError,
    ConfigError,
    ContentError,
    MachineError,
    StateError,
    StoreError,
    TakenError,
    XuanfaError,
)
from xuanfa.domain.person import Person
from xuanfa.domain.sealed_month import SealedMonth, SealMonth
from xuanfa.domain.shelf import OffShelf
from xuanfa.domain.solemn import EndSolemn, OfSolemn, SetSolemn, Solemn
from xuanfa.domain.user import User
from xuanfa.domain.withdrawal_order import WithdrawalOrder
from xuanfa.operations.deciding import decide
from xuanfa.operations.deciding.adopt import adopt
from xuanfa.operations.deciding.refusal import record_refusal
from xuanfa.operations.deciding.retract import retract, retracted_by_hand
from xuanfa.operations.deciding.sealing import seal_month
from xuanfa.operations.deciding.shelf import release_from_shelf
from xuanfa.operations.deciding.stops import of_stops
from xuanfa.operations.desk import Desk
from xuanfa.operations.importing import acts as importing
from xuanfa.operations.people import accounts
from xuanfa.operations.people.accounts import MadeToken
from xuanfa.operations.restricting import acts as restricting
from xuanfa.operations.restricting.links import carry_out_link
from xuanfa.operations.reviewing import acts as reviewing

if TYPE_CHECKING:
    from xuanfa.domain.access import Restriction
    from xuanfa.domain.bulk import Scheduled
    from xuanfa.domain.imported import Import
    from xuanfa.domain.page_proof import PageProof
    from xuanfa.domain.reviewing import Delegation
    from xuanfa.domain.webhook import Answer
    from xuanfa.domain.working_days import Plan
    from xuanfa.operations.configuring.acts import Changed
    from xuanfa.operations.configuring.rules import RulesFile
    from xuanfa.operations.configuring.templates import TemplateText
    from xuanfa.operations.deciding.ignoring import Ignored
    from xuanfa.operations.deciding.signed_in import SignedIn
    from xuanfa.operations.intake.queue import QueueReport
    from xuanfa.operations.keeping.restore import Restored, Where
    from xuanfa.operations.proving.explaining import Explained
    from xuanfa.operations.reviewing.docket import Decided
    from xuanfa.store.leader_links import LeaderLink
    from xuanfa.store.papers import KeptScan, Package

log = logging.getLogger(__name__)

#: Refusals: nothing was changed, and somebody has to do something else. Trouble of the machine or the database is none.
_REFUSALS = (StateError, ContentError, ConfigError, AlteredError, TakenError)


@overload
def carry_out(desk: Desk, act: acts.OfDelivery, person: Person) -> Delivery: ...
@overload
def carry_out(desk: Desk, act: acts.OfReview, person: Person) -> "Decided": ...
@overload
def carry_out(desk: Desk, act: acts.DelegateReview, person: Person) -> "Delegation": ...
@overload
def carry_out(desk: Desk, act: acts.Pause, person: Person) -> str | None: ...
@overload
def carry_out(desk: Desk, act: acts.Resume, person: Person) -> None: ...
@overload
def carry_out(desk: Desk, act: acts.SignIn, person: Person) -> "SignedIn": ...
@overload
def carry_out(desk: Desk, act: acts.Withdraw | acts.ApproveWithdrawal, person: Person) -> WithdrawalOrder: ...
@overload
def carry_out(desk: Desk, act: acts.Correct, person: Person) -> list[Correction]: ...
@overload
def carry_out(desk: Desk, act: acts.ReleaseFromShelf, person: Person) -> OffShelf: ...
@overload
def carry_out(desk: Desk, act: acts.AllPostsAreHere, person: Person) -> "QueueReport": ...
@overload
def carry_out(desk: Desk, act: acts.Adopt, person: Person) -> bool: ...
@overload
def carry_out(desk: Desk, act: acts.MakeToken, person: Person) -> MadeToken: ...
@overload
def carry_out(
    desk: Desk,
    act: acts.AddUser
    | acts.ChangeUser
    | acts.DisableUser
    | acts.EnableUser
    | acts.UnlockUser
    | acts.SetPassword
    | acts.RevokeToken
    | outward.DropFactor,
    person: Person,
) -> User: ...
@overload
def carry_out(desk: Desk, act: acts.AttachScan, person: Person) -> "KeptScan": ...
@overload
def carry_out(desk: Desk, act: acts.ArchivePost, person: Person) -> "Package": ...
@overload
def carry_out(desk: Desk, act: acts.OfAccess, person: Person) -> "Restriction | None": ...
@overload
def carry_out(desk: Desk, act: acts.OfChecks, person: Person) -> "Ignored": ...
@overload
def carry_out(desk: Desk, act: SealMonth, person: Person) -> SealedMonth: ...
@overload
def carry_out(desk: Desk, act: OfSolemn, person: Person) -> Solemn: ...
@overload
def carry_out(desk: Desk, act: ImportLedger | UndoImport, person: Person) -> "Import": ...
@overload
def carry_out(desk: Desk, act: ChangeSettings, person: Person) -> "Changed": ...
@overload
def carry_out(desk: Desk, act: ChangeTemplate, person: Person) -> "TemplateText": ...
@overload
def carry_out(desk: Desk, act: ChangeRules, person: Person) -> "RulesFile": ...
@overload
def carry_out(desk: Desk, act: ImportSchedule, person: Person) -> "Scheduled": ...
@overload
def carry_out(desk: Desk, act: ImportWorkdays, person: Person) -> "Plan": ...
@overload
def carry_out(desk: Desk, act: public.OfProof, person: Person) -> "PageProof": ...
@overload
def carry_out(desk: Desk, act: public.OfFound, person: Person) -> "Explained": ...
@overload
def carry_out(desk: Desk, act: public.OfReaders | outward.OfMessages, person: Person) -> int: ...
@overload
def carry_out(desk: Desk, act: outward.TryReceiver, person: Person) -> "Answer": ...
@overload
def carry_out(desk: Desk, act: outward.OfLinks, person: Person) -> "LeaderLink": ...
@overload
def carry_out(desk: "Where", act: acts.Restore, person: Person) -> "Restored": ...
def carry_out(desk: "Desk | Where", act: acts.Act, person: Person) -> object:
    """Carry out what a person has decided; what comes of it is told by each act's own function.

    Raises StateError where the person may not, and what those functions raise. A refusal has changed nothing, and is one line of history.
    """
    try:
        _require_right(desk, act, person)
        return _carried_out(desk, act, person)
    except MachineError:
        raise
    except _REFUSALS as error:
        _record(desk, act, person, error)
        raise


def _require_right(desk: "Desk | Where", act: acts.Act, person: Person) -> None:
    objection = desk.may(person, act)
    if objection:
        raise StateError(objection)


def _carried_out(desk: "Desk | Where", act: acts.Act, person: Person) -> object:
    if isinstance(desk, Desk) and not isinstance(act, acts.Restore):
        return _at_desk(desk, act, person)
    if isinstance(act, acts.Restore) and not isinstance(desk, Desk):
        from xuanfa.operations.keeping.restore import restore  # noqa: PLC0415 - for this act alone

        return restore(desk, act, person)
    raise TypeError(act)


def _at_desk(desk: Desk, act: acts.OfDesk, person: Person) -> object:
    if isinstance(act, acts.OfUser):
        return _of_user(desk, act, person)
    if isinstance(act, acts.OfReview):
        return _of_review(desk, act, person)
    match act:
        case acts.Pause() | acts.Resume() | SetSolemn() | EndSolemn():
            return of_stops(desk, act, person)
        case acts.SignIn():
            from xuanfa.operations.deciding.signed_in import finish_sign_in  # noqa: PLC0415 - has a server

            return finish_sign_in(desk, act, person)
        case acts.AllPostsAreHere() | acts.Adopt() | ChangeSettings() | ChangeTemplate() | ChangeRules():
            return _of_workspace(desk, act, person)
        case acts.Withdraw() | acts.ApproveWithdrawal() | acts.Correct() | acts.ReleaseFromShelf():
            return _of_post(desk, act, person)
        case (
            acts.AttachScan()
            | acts.ArchivePost()
            | acts.OpenRestricted()
            | acts.ConfirmAccess()
            | public.AddProof()
            | public.AcceptPage()
            | outward.MakeLink()
            | outward.RevokeLink()
        ):
            return _of_papers(desk, act, person)
        case (
            public.SetReaders()
            | public.ImportReaders()
            | outward.ResendMessages()
            | outward.DropMessages()
            | outward.TryReceiver()
            | public.AcceptStranger()
            | public.AcceptLink()
        ):
            return _of_outside(desk, act, person)
        case acts.IgnoreFinding() | acts.IgnoreForEver():
            from xuanfa.operations.deciding.ignoring import ignore  # noqa: PLC0415 - renders, which is heavy

            return ignore(desk, act, person)
        case ImportLedger() | UndoImport() | ImportSchedule() | ImportWorkdays() | SealMonth():
            return _of_import(desk, act, person)
        case acts.DelegateReview():
            return reviewing.delegate_review(desk, act, person)
        case _:
            return _of_delivery(desk, act, person)


def _of_import(desk: Desk, act: OfLists | SealMonth, person: Person) -> "Import | Scheduled | Plan | SealedMonth":
    match act:
        case SealMonth():
            return seal_month(desk, act, person)
        case ImportWorkdays():
            from xuanfa.operations.working_days.bringing import bring_in_days  # noqa: PLC0415 - reads lists

            return bring_in_days(desk, act, person)
        case ImportSchedule():
            from xuanfa.operations.deciding.scheduling import import_schedule  # noqa: PLC0415 - reads lists

            return import_schedule(desk, act, person)
        case ImportLedger():
            return importing.import_ledger(desk, act, person)
        case UndoImport():
            return importing.undo_import(desk, act, person)
        case _:
            assert_never(act)


def _of_outside(
    desk: Desk, act: public.OfReaders | outward.OfMessages | outward.TryReceiver | public.OfFound, person: Person
) -> "int | Answer | Explained":
    from xuanfa.operations.announcing import acts as announcing  # noqa: PLC0415 - for these acts alone
    from xuanfa.operations.readers import acts as readers  # noqa: PLC0415 - as above

    match act:
        case public.SetReaders():
            return readers.set_readers(desk, act, person)
        case public.ImportReaders():
            return readers.import_readers(desk, act, person)
        case outward.ResendMessages():
            return announcing.resend_messages(desk, act, person)
        case outward.DropMessages():
            return announcing.drop_messages(desk, act, person)
        case outward.TryReceiver():
            return announcing.try_receiver(desk, act, person)
        case public.AcceptStranger() | public.AcceptLink():
            from xuanfa.operations.proving.explaining import explain  # noqa: PLC0415 - as above

            return explain(desk, act, person)
        case _:
            assert_never(act)


def _of_workspace(desk: Desk, act: acts.AllPostsAreHere | acts.Adopt | OfSettings, person: Person) -> object:
    match act:
        case acts.AllPostsAreHere():
            from xuanfa.operations.deciding.restored import all_posts_are_here  # noqa: PLC0415 - renders, which is heavy

            return all_posts_are_here(desk, act, person)
        case acts.Adopt():
            return adopt(desk, act, person)
        case ChangeSettings():
            from xuanfa.operations.configuring.acts import change_settings  # noqa: PLC0415 - for this act alone

            return change_settings(desk, act, person)
        case ChangeTemplate():
            from xuanfa.operations.configuring.templates import change_template  # noqa: PLC0415 - for this act alone

            return change_template(desk, act, person)
        case ChangeRules():
            from xuanfa.operations.configuring.rules import change_rules  # noqa: PLC0415 - reads all tables

            return change_rules(desk, act, person)
        case _:
            assert_never(act)


def _of_user(desk: Desk, act: acts.OfUser, person: Person) -> User | MadeToken:
    match act:
        case acts.AddUser():
            return accounts.add_user(desk, act, person)
        case acts.ChangeUser():
            return accounts.change_user(desk, act, person)
        case acts.DisableUser():
            return accounts.disable_user(desk, act, person)
        case acts.EnableUser():
            return accounts.enable_user(desk, act, person)
        case acts.UnlockUser():
            return accounts.unlock_user(desk, act, person)
        case acts.SetPassword():
            return accounts.set_password(desk, act, person)
        case acts.MakeToken():
            return accounts.make_token(desk, act, person)
        case acts.RevokeToken():
            return accounts.revoke_token(desk, act, person)
        case outward.DropFactor():
            return accounts.drop_factor(desk, act, person)
        case _:
            assert_never(act)


def _of_papers(
    desk: Desk, act: acts.OfPapers | acts.OfAccess | public.OfProof | outward.OfLinks, person: Person
) -> "KeptScan | LeaderLink | Package | PageProof | Restriction | None":
    match act:
        case acts.AttachScan():
            from xuanfa.operations.papers.scan import attach_scan  # noqa: PLC0415 - for this act alone

            return attach_scan(desk, act, person)
        case acts.ArchivePost():
            from xuanfa.operations.papers.package import archive_post  # noqa: PLC0415 - for this act alone

            return archive_post(desk, act, person)
        case outward.MakeLink() | outward.RevokeLink():
            return carry_out_link(desk, act, person)
        case acts.OpenRestricted():
            return restricting.open_restricted(desk, act, person)
        case acts.ConfirmAccess():
            return restricting.confirm_access(desk, act, person)
        case public.AddProof() | public.AcceptPage():
            from xuanfa.operations.proving.acts import accept_page, add_proof  # noqa: PLC0415 - for these acts alone

            return add_proof(desk, act, person) if isinstance(act, public.AddProof) else accept_page(desk, act, person)
        case _:
            assert_never(act)


def _of_post(desk: Desk, act: acts.OfPost, person: Person) -> WithdrawalOrder | list[Correction] | OffShelf:
    from xuanfa.operations.withdrawing import correcting, order  # noqa: PLC0415 - the first renders, which is heavy

    match act:
        case acts.Withdraw():
            return order.withdraw(desk, act, person)
        case acts.ApproveWithdrawal():
            return order.approve_withdrawal(desk, act, person)
        case acts.Correct():
            return correcting.correct(desk, act, person)
        case acts.ReleaseFromShelf():
            return release_from_shelf(desk, act, person)
        case _:
            assert_never(act)


def _of_review(desk: Desk, act: acts.OfReview, person: Person) -> "Decided":
    match act:
        case acts.SubmitReview():
            return reviewing.submit_review(desk, act, person)
        case acts.ApproveReview():
            return reviewing.approve_review(desk, act, person)
        case acts.ReturnReview():
            return reviewing.return_review(desk, act, person)
        case acts.PhoneReview():
            return reviewing.phone_review(desk, act, person)
        case acts.ConfirmReview():
            return reviewing.confirm_review(desk, act, person)
        case acts.Emergency():
            return reviewing.emergency(desk, act, person)
        case outward.RecallReview():
            return reviewing.recall_review(desk, act, person)
        case _:
            assert_never(act)


def _of_delivery(desk: Desk, act: acts.OfDelivery, person: Person) -> Delivery:
    match act:
        case acts.Cancel():
            return decide.cancel(desk, act, person)
        case acts.Reschedule():
            return decide.reschedule(desk, act, person)
        case acts.Release():
            return decide.release(desk, act, person)
        case acts.Retry():
            return decide.retry(desk, act, person)
        case acts.ResolvePublished():
            return decide.resolve_published(desk, act, person)
        case acts.ResolveAbsent():
            return decide.resolve_absent(desk, act, person)
        case acts.ResolveOnce():
            return decide.resolve_once(desk, act, person)
        case acts.Retract():
            return retract(desk, act, person)
        case acts.RetractDone():
            return retracted_by_hand(desk, act, person)
        case _:
            assert_never(act)


def _record(desk: "Desk | Where", act: acts.Act, person: Person, refusal: XuanfaError) -> None:
    """The line of history. Where it cannot be written, that is logged: the person gets to know of the refusal all the same."""
    if isinstance(act, acts.Restore) and not isinstance(refusal, TakenError):
        log.warning("%s", refusal)  # the database is empty, and has to be for a backup: there is no history yet
        return
    try:
        with desk.store.write() as connection:
            record_refusal(connection, act, person, str(refusal), desk.clock())
    except StoreError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it
