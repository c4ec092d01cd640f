"""设置 · 人员: accounts, by the acts of the door. Each of them is grave: the administrator shows again who they are."""

from collections.abc import Callable
from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.act import AddUser, ChangeUser, DisableUser, EnableUser, OfUser, SetPassword, UnlockUser
from xuanfa.domain.act_outward import DropFactor
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.user import Role, Staff, checked_name, login_name
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.people import sessions
from xuanfa.reports.people import list_accounts, show_user


def show(visit: Visit) -> Response:
    """Everybody."""
    return page(visit, "people", rows=list_accounts(visit.desk.store, visit.now), done=visit.query("done"))


def show_new(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """The form for a new account."""
    typed = {name: visit.field(name) for name in ("name", "display", "department", "staff")}
    return page(
        visit,
        "person_new",
        status=status,
        fault=fault,
        typed=typed,
        chosen=visit.fields("role"),
        roles=list(Role),
        staff=list(Staff),
    )


def add(visit: Visit) -> Response:
    """A new account."""
    try:
        require_again(visit)
        act = AddUser(
            user=checked_name(visit.field("name")),
            display=visit.field("display"),
            roles=_roles(visit),
            staff=_staff(visit),
            department=visit.field("department"),
            password=_typed(visit, "password"),
        )
        return once(visit, "add_user", lambda: _done(visit, act, "added"))
    except StateError as error:
        return show_new(visit, str(error), 422)


def show_one(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """One account, and what an administrator may do with it."""
    user, tokens = show_user(visit.desk.store, visit.names["name"])
    row = next(each for each in list_accounts(visit.desk.store, visit.now) if each.user.name == user.name)
    return page(
        visit,
        "person",
        status=status,
        fault=fault,
        row=row,
        tokens=[token for token in tokens if token.is_good(visit.now)],
        roles=list(Role),
        staff=list(Staff),
        done=visit.query("done"),
        why=visit.field("why"),
    )


def change(visit: Visit) -> Response:
    """Roles, how they are employed, how they are called."""
    return _carried(
        visit,
        lambda user: ChangeUser(
            user=user,
            display=visit.field("display"),
            roles=_roles(visit),
            staff=_staff(visit),
            department=visit.field("department"),
        ),
        "changed",
    )


def disable(visit: Visit) -> Response:
    """Nothing more can be done by this account; whoever is signed in by it is out at once."""
    return _carried(visit, lambda user: DisableUser(user=user), "disabled")


def enable(visit: Visit) -> Response:
    """It may be used again."""
    return _carried(visit, lambda user: EnableUser(user=user), "enabled")


def unlock(visit: Visit) -> Response:
    """Too many wrong passwords are forgotten."""
    return _carried(visit, lambda user: UnlockUser(user=user), "unlocked")


def drop_factor(visit: Visit) -> Response:
    """The phone is lost; whoever has it is out, and the person is told."""
    return _carried(visit, lambda user: DropFactor(user=user), "factor")


def set_password(visit: Visit) -> Response:
    """Another password; whoever is signed in by the old one is signed out."""
    return _carried(visit, lambda user: SetPassword(user=user, password=_typed(visit, "password")), "password")


def _carried(visit: Visit, act: Callable[[str], OfUser], done: str) -> Response:
    """Carry it out for the account that the address names; what is refused stands on its page."""
    user, _ = show_user(visit.desk.store, login_name(visit.names["name"]))
    try:
        require_again(visit)
        made = act(user.name)
        return once(visit, made.verb, lambda: _done(visit, made, done))
    except StateError as error:
        return show_one(visit, str(error), 422)


def _done(visit: Visit, act: OfUser, done: str) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    if isinstance(act, SetPassword):
        sessions.sign_out_everywhere(visit.desk, act.user, but=visit.me if act.user == visit.me.user.name else None)
    return f"/settings/people/{quote(act.user)}?done={done}"


def _roles(visit: Visit) -> frozenset[Role]:
    known = {role.value: role for role in Role}
    found = frozenset(known[value] for value in visit.fields("role") if value in known)
    if not found:
        raise StateError(say("请至少勾一个角色。", "Tick one role at least."))
    return found


def _staff(visit: Visit) -> Staff:
    known = {staff.value: staff for staff in Staff}
    if visit.field("staff") not in known:
        raise StateError(say("请选用工性质。", "Say how the person is employed."))
    return known[visit.field("staff")]


def _typed(visit: Visit, name: str) -> str:
    """A password is taken as it was typed."""
    value = visit.form.get(name, "")
    return value if isinstance(value, str) else ""


WAYS = (
    get("/settings/people", show, ADMINISTRATORS),
    get("/settings/people/new", show_new, ADMINISTRATORS),
    post("/settings/people/new", add, ADMINISTRATORS),
    get("/settings/people/{name}", show_one, ADMINISTRATORS),
    post("/settings/people/{name}/change", change, ADMINISTRATORS),
    post("/settings/people/{name}/disable", disable, ADMINISTRATORS),
    post("/settings/people/{name}/enable", enable, ADMINISTRATORS),
    post("/settings/people/{name}/unlock", unlock, ADMINISTRATORS),
    post("/settings/people/{name}/password", set_password, ADMINISTRATORS),
    post("/settings/people/{name}/digits", drop_factor, ADMINISTRATORS),
)
