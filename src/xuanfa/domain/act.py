"""Acts (决定): what people decide, as data. Each names its verb and what it is about: a delivery, a channel, an account, or
the whole workspace.

Every act enters through ``operations/deciding/door``. One that is added here is added there and to ``reports/history_words``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from xuanfa.domain.act_lists import OfLists
from xuanfa.domain.act_outward import DropFactor, OfLinks, OfMessages, RecallReview, TryReceiver
from xuanfa.domain.act_public import OfFound, OfProof, OfReaders
from xuanfa.domain.act_settings import OfSettings
from xuanfa.domain.correction import Others
from xuanfa.domain.person import Person
from xuanfa.domain.sealed_month import SealMonth
from xuanfa.domain.solemn import OfSolemn
from xuanfa.domain.user import Role, Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfDelivery:
    delivery: int
    channel: ClassVar[None] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfChannel:
    channel: str | None = None
    delivery: ClassVar[None] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfPost:
    """About a post, by its slug."""

    post: str
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfWorkspace:
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfUser:
    """About an account; ``user`` is its login name as it is kept."""

    user: str
    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(_OfDelivery):
    """It is not to be published."""

    verb: ClassVar = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reschedule(_OfDelivery):
    """It is to be published at another time."""

    verb: ClassVar = "reschedule"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(_OfDelivery):
    """A held one may go after all."""

    verb: ClassVar = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry(_OfDelivery):
    """A failed or cancelled one is tried anew; what was only rehearsed is sent for real."""

    verb: ClassVar = "retry"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvePublished(_OfDelivery):
    """It was seen in public at ``address``, or, where that is empty, where the reason says; ``at`` is when it was published, where that is known."""

    verb: ClassVar = "resolve_published"
    address: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveAbsent(_OfDelivery):
    """It was looked for and is not there. With ``node_is_gone`` the person answers for the end of a sender that cannot be seen from here."""

    verb: ClassVar = "resolve_absent"
    node_is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveOnce(_OfDelivery):
    """Two proofs of publication are there, and one publication."""

    verb: ClassVar = "resolve_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retract(_OfDelivery):
    """It is taken back through the channel."""

    verb: ClassVar = "retract"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractDone(_OfDelivery):
    """It was taken down on the platform by hand."""

    verb: ClassVar = "retract_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(_OfPost):
    """It is taken down everywhere, and nothing of it is sent any more."""

    verb: ClassVar = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveWithdrawal(_OfPost):
    """Another person approves afterwards that it was taken down."""

    verb: ClassVar = "approve_withdrawal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(_OfPost):
    """What is out is changed to what its file says now; ``others`` is for channels that cannot change theirs. ``at_once``: nobody reviews it."""

    verb: ClassVar = "correct"
    others: Others = Others.LEAVE
    at_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFromShelf(_OfPost):
    """What lies on the shelf (保底稿) goes out: then, or at once where no time is named."""

    verb: ClassVar = "release_shelf"
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(_OfChannel):
    """Nothing is sent to the channel; to any, where none is named."""

    verb: ClassVar = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(_OfChannel):
    """The channel is sent to again; all are, where none is named."""

    verb: ClassVar = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The authorisation of a channel's account was given; ``code`` is as good as the account until it is traded, and is never shown."""

    verb: ClassVar = "sign_in"
    delivery: ClassVar[None] = None
    channel: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllPostsAreHere(_OfWorkspace):
    """After a restore: every newer post is in its place, and what is read from now on is new."""

    verb: ClassVar = "all_posts_are_here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopt(_OfWorkspace):
    """The database is this workspace's, whichever it belonged to."""

    verb: ClassVar = "adopt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore(_OfWorkspace):
    """A checked backup is put into a workspace that is yet to be; ``with_settings``: its settings are used where there are none."""

    verb: ClassVar = "restore"
    with_settings: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUser(_OfUser):
    """A new account, with its first ``password``."""

    verb: ClassVar = "add_user"
    display: str
    roles: frozenset[Role]
    staff: Staff = Staff.ESTABLISHED
    department: str = ""
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUser(_OfUser):
    """What is known of a person changes; what is ``None`` stays. ``name`` is refused: a login name stands in the history for ever."""

    verb: ClassVar = "change_user"
    display: str | None = None
    roles: frozenset[Role] | None = None
    staff: Staff | None = None
    department: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableUser(_OfUser):
    """The account can do nothing any more; what it has done stays in its name."""

    verb: ClassVar = "disable_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableUser(_OfUser):
    """A disabled account may be used again."""

    verb: ClassVar = "enable_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockUser(_OfUser):
    """An account that too many wrong passwords have locked may be used again."""

    verb: ClassVar = "unlock_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword(_OfUser):
    """Another password takes the place of the one before."""

    verb: ClassVar = "set_password"
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeToken(_OfUser):
    """A program may act in the person's name for so many days, within ``scopes``; ``None``: within all that the roles allow."""

    verb: ClassVar = "make_token"
    days: int
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeToken(_OfUser):
    """A token of the person, by its number, is worth nothing any more."""

    verb: ClassVar = "revoke_token"
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachScan(_OfPost):
    """The scan of a signed form, in ``file``, belongs to the post as it is now."""

    verb: ClassVar = "attach_scan"
    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePost(_OfPost):
    """Everything of a post goes into a package, ``target``, at the end of the chain."""

    verb: ClassVar = "archive"
    target: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRestricted(_OfPost):
    """An administrator reads a restricted post (限阅) once, for a reason that its author is told."""

    verb: ClassVar = "open_restricted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmAccess(_OfPost):
    """Those whom the file of a restricted post lets in besides may read it."""

    verb: ClassVar = "confirm_access"


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreFinding(_OfPost):
    """What a ``rule`` found in this ``text`` of the post is none."""

    verb: ClassVar = "ignore_finding"
    rule: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreForEver(_OfPost):
    """What a ``rule`` found in this ``text`` is none, in this post or any other."""

    verb: ClassVar = "ignore_for_ever"
    rule: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReview(_OfPost):
    """A post is to be reviewed as it is."""

    verb: ClassVar = "submit_review"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveReview(_OfPost):
    """The open step of a post's review is approved, every gate ticked. ``principal``: in whose name; ``digests``: what was read."""

    verb: ClassVar = "approve_review"
    step: int | None = None
    checks: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    principal: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReview(_OfPost):
    """The open step sends the post back. ``places`` are words of the text, each with what is to be done there."""

    verb: ClassVar = "return_review"
    step: int | None = None
    digests: tuple[str, ...] = ()
    principal: str = ""
    note: str = ""
    places: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneReview(_OfPost):
    """A leader has agreed by telephone to the open step."""

    verb: ClassVar = "phone_review"
    leader: str
    at: datetime
    number: str
    step: int | None = None
    checks: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReview(_OfPost):
    """The leader says himself that he has agreed."""

    verb: ClassVar = "confirm_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency(_OfPost):
    """It goes out before its review, which has to follow."""

    verb: ClassVar = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateReview(_OfWorkspace):
    """Somebody else decides in this person's name for a time."""

    verb: ClassVar = "delegate_review"
    to: str
    begins: datetime
    ends: datetime


OfReview = SubmitReview | ApproveReview | ReturnReview | PhoneReview | ConfirmReview | Emergency | RecallReview
OfDelivery = (
    Cancel | Reschedule | Release | Retry | ResolvePublished | ResolveAbsent | ResolveOnce | Retract | RetractDone
)
OfUser = (
    AddUser | ChangeUser | DisableUser | EnableUser | UnlockUser | SetPassword | MakeToken | RevokeToken | DropFactor
)
OfPost = Withdraw | ApproveWithdrawal | Correct | ReleaseFromShelf
OfPapers = AttachScan | ArchivePost
OfAccess = OpenRestricted | ConfirmAccess
OfChecks = IgnoreFinding | IgnoreForEver
OfDesk = (
    OfDelivery
    | OfPost
    | OfReview
    | DelegateReview
    | Pause
    | Resume
    | SignIn
    | AllPostsAreHere
    | Adopt
    | OfUser
    | OfPapers
    | OfAccess
    | OfChecks
    | OfLists
    | SealMonth
    | OfSettings
    | OfProof
    | OfFound
    | OfReaders
    | OfMessages
    | TryReceiver
    | OfSolemn
    | OfLinks
)
Act = OfDesk | Restore

#: The line of history of an act that was not carried out.
REFUSED = "refused"
#: The verb of showing who one is. It decides nothing, so that it is no act; its lines are those of one.
LOG_IN = "log_in"
#: Whether a person may do an act: empty where they may, else why not, in a sentence.
Rule = Callable[[Person, Act], str]


def may(_person: Person, _act: Act) -> str:
    """The rule of a workspace without users: every account of the machine that can use the workspace may do everything."""
    return ""
