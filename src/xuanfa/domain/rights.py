"""Rights (权限): which role may do what, as one table over the acts. Pure: who the person is, and what a token allows, comes in.

An act of review is also bound to the role of its step, which ``domain/review`` knows.
"""

from dataclasses import dataclass
from typing import Final

from xuanfa.domain.act import Act, Correct
from xuanfa.domain.language import say
from xuanfa.domain.user import Role, Staff, User

#: What a token may be bounded to. Reading is what needs no decision at all; ``draft`` is writing and submitting, and all else that an author does.
SCOPES: Final = ("read", "write", "submit", "draft", "review", "publish", "admin")
#: The scopes that do as well.
_WIDER: Final = {"write": "draft", "submit": "draft"}


@dataclass(frozen=True, slots=True)
class Right:
    """What an act asks for: the scope of a token (``or_scope`` does as well), and any of these roles. ``of_oneself``: everybody may do it to
    their own account. ``decides``: it decides something, so that no outsourced person may do it."""

    scope: str
    roles: frozenset[Role]
    of_oneself: bool = False
    decides: bool = True
    or_scope: str = ""


_SENDING = Right("publish", frozenset({Role.PUBLISHER, Role.APPROVER, Role.ADMIN}))
_LEADING = Right("publish", frozenset({Role.APPROVER, Role.ADMIN}))
_KEEPING = Right("admin", frozenset({Role.ADMIN}))
#: Whoever takes part may hand in what was signed, and put away what is done: both change nothing of what is sent.
_PAPERS = Right("draft", frozenset(Role), decides=False)
_OWN = Right("admin", frozenset({Role.ADMIN}), of_oneself=True)
_REVIEWING = Right("review", frozenset(Role))
#: Whoever sees every post may show one to a leader.
_SHOWING = frozenset(
    {Role.EDITOR, Role.PROOFREADER, Role.SECRECY, Role.REVIEWER, Role.APPROVER, Role.PUBLISHER, Role.ADMIN}
)
#: By the verb of the act.
RIGHTS: Final[dict[str, Right]] = {
    "cancel": _SENDING,
    "reschedule": _SENDING,
    "release": _SENDING,
    "retry": _SENDING,
    "resolve_published": _SENDING,
    "resolve_absent": _SENDING,
    "resolve_once": _SENDING,
    "retract": _SENDING,
    "retract_done": _SENDING,
    "withdraw": _SENDING,
    "release_shelf": _SENDING,
    # Whoever finds the mistake says so, mostly its author: its review decides, as after ``submit_review``.
    "correct": Right("draft", frozenset(Role), decides=False, or_scope="publish"),
    "approve_withdrawal": Right("review", frozenset({Role.APPROVER, Role.ADMIN})),
    "pause": _SENDING,
    "resume": _SENDING,
    "sign_in": _KEEPING,
    "all_posts_are_here": _KEEPING,
    "adopt": _KEEPING,
    "import_workdays": Right("admin", frozenset({Role.ADMIN, Role.PUBLISHER, Role.APPROVER}), or_scope="publish"),
    # A leader sets and ends it at once (``domain/solemn``).
    "set_solemn": _LEADING,
    "end_solemn": _LEADING,
    "restore": _KEEPING,
    "add_user": _KEEPING,
    "change_user": _KEEPING,
    "disable_user": _KEEPING,
    "enable_user": _KEEPING,
    "unlock_user": _KEEPING,
    "set_password": _OWN,
    "make_token": _OWN,
    "revoke_token": _OWN,
    "drop_factor": _KEEPING,
    # Who shows a post to a leader, says so; nothing is decided by it.
    "make_link": Right("publish", _SHOWING),
    "revoke_link": Right("publish", _SHOWING),
    "attach_scan": _PAPERS,
    "archive": _PAPERS,
    "add_proof": _PAPERS,
    "set_readers": _PAPERS,
    "import_readers": _PAPERS,
    # Whoever says so answers for what readers see.
    "accept_page": _SENDING,
    "accept_stranger": _SENDING,
    "accept_link": _SENDING,
    "open_restricted": _KEEPING,
    "change_settings": _KEEPING,
    "resend_messages": _KEEPING,
    "drop_messages": _KEEPING,
    "try_receiver": _KEEPING,
    "change_template": _KEEPING,
    "change_rules": _KEEPING,
    # A veto, too, is ignored only by whoever may do it for ever.
    "ignore_finding": _SENDING,
    "ignore_for_ever": _KEEPING,
    # What is counted, and with that what superiors are told.
    "import_ledger": _SENDING,
    "seal_month": _SENDING,
    "undo_import": _SENDING,
    "import_schedule": _SENDING,
    # Who may do it for a post, its list says.
    "confirm_access": _REVIEWING,
    "submit_review": Right("submit", frozenset(Role), decides=False, or_scope="draft"),
    # Which role, the open step says.
    "approve_review": _REVIEWING,
    "return_review": _REVIEWING,
    "phone_review": _REVIEWING,
    "confirm_review": _REVIEWING,
    # Whoever has approved it, or an administrator.
    "recall_review": _REVIEWING,
    "delegate_review": _REVIEWING,
    "emergency": _REVIEWING,
}


def right_of(act: Act) -> Right:
    """What an act asks for. What readers see is changed without anybody's review by those alone who may send."""
    return _SENDING if isinstance(act, Correct) and act.at_once else RIGHTS[act.verb]


def objection(user: User, act: Act) -> str:
    """Why this user may not do the act; empty where they may."""
    right = right_of(act)
    if user.disabled:
        return say(
            "用户 {who} 已停用，不能操作。请找管理员。",
            "The user {who} is disabled. Ask an administrator.",
            who=user.name,
        )
    if right.of_oneself and getattr(act, "user", None) == user.name:
        return ""
    if right.decides and user.staff is Staff.OUTSOURCED:
        return say(
            "{display}是外包人员，可以写稿和提交，不能作决定。请找在编或聘用的同事。",
            "{display} is outsourced and may draft and submit, but not decide. Ask somebody who is employed.",
            display=user.display,
        )
    if not right.roles & user.roles:
        return say(
            "{display}的角色是{own}，这件事要{needed}才能做。请找这样的同事，或由管理员改角色。",
            "{display} is {own}; this needs {needed}. Ask such a person, or have an administrator change the roles.",
            display=user.display,
            own=listed(user.roles),
            needed=say("、或", " or ").join(role.label for role in Role if role in right.roles),
        )
    return ""


def beyond(scopes: frozenset[str] | None, act: Act) -> str:
    """Why a token with these scopes does not do for the act; empty where it does."""
    right = right_of(act)
    if scopes is None or scopes & {right.scope, right.or_scope}:
        return ""
    return say(
        "这个令牌只能用于 {own}，这件事要 {needed}。请另做一个令牌，或用密码。",
        "This token is for {own} only; this needs {needed}. Make another token, or use the password.",
        own=", ".join(sorted(scopes)),
        needed=right.scope,
    )


def suffices(scopes: frozenset[str] | None, scope: str) -> bool:
    """Whether a token with these scopes does for something that is no act, such as reading or writing."""
    return scopes is None or bool(scopes & {scope, _WIDER.get(scope, scope)})


def listed(roles: frozenset[Role]) -> str:
    """Roles for people, in their order."""
    return say("、", ", ").join(role.label for role in Role if role in roles)
