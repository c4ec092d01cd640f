"""``xuanfa users``: the accounts of those who decide."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from xuanfa.cli.person import as_option, line_of_input, person
from xuanfa.cli.shared import (
    desk,
    group_of_workspace,
    json_option,
    looking,
    print_json,
    shown_time,
    why_option,
    workspace_of_group_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.domain.access import role_called
from xuanfa.domain.act import (
    AddUser,
    ChangeUser,
    DisableUser,
    EnableUser,
    MakeToken,
    RevokeToken,
    SetPassword,
    UnlockUser,
)
from xuanfa.domain.act_outward import DropFactor
from xuanfa.domain.language import say
from xuanfa.domain.rights import SCOPES, listed
from xuanfa.domain.shown import printable
from xuanfa.domain.user import Role, Staff, Token, User, login_name

if TYPE_CHECKING:
    from xuanfa.operations.desk import Desk
F = TypeVar("F", bound=Callable[..., Any])


class LoginName(click.ParamType[str]):
    """A login name, as it is kept."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """From what was typed."""
        return login_name(value)


#: How long a token lasts where nobody says. Days.
_DAYS: Final = 90

name_argument = click.argument("name", type=LoginName())
_DISPLAY = say("打印在审核表上的姓名", "The name as it is printed")
role_option = click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help=say("角色，可写多次", "A role; may be given several times"),
)
department_option = click.option("--department", help=say("部门", "The department"))


def staff_option(default: str | None) -> Callable[[F], F]:
    """``--staff``."""
    text = say(
        "在编、聘用或外包；外包人员可以写稿，不能作决定", "Employment; who is outsourced may draft, and never decides"
    )
    return click.option("--staff", type=click.Choice([staff.value for staff in Staff]), default=default, help=text)


command = group_of_workspace()


@command.command(
    "add", help=say("新建用户（第一个必须是管理员）", "Make an account; the first one is an administrator's")
)
@name_argument
@click.option("--display", required=True, help=_DISPLAY)
@role_option
@staff_option(Staff.ESTABLISHED.value)
@department_option
@as_option
@workspace_of_group_option
@json_option
def add_command(
    *,
    name: str,
    display: str,
    roles: Sequence[str],
    staff: str,
    department: str | None,
    workspace: Path | None,
    as_json: bool,
) -> None:
    with desk(workspace) as opened:
        by = person(opened, "")
        act = AddUser(
            user=name,
            display=display,
            roles=frozenset(map(Role, roles)),
            staff=Staff(staff),
            department=department or "",
            password=_new_password(name),
        )
        user = _carried_out(opened, act, by)
    if role_called(user.name) is not None:
        click.echo(
            say(
                "提示：“{name}”也是角色的名称。限阅名单里写 {name} 指的是这个角色，要指这个人请写 @{name}。",
                "Note: {name!r} is the name of a role too. On a list of readers {name} means the role; write @{name} for this person.",
                name=user.name,
            ),
            err=True,
        )
    _tell(user, say("已新建用户 {name}。", "The user {name} was made.", name=user.name), as_json=as_json)


@command.command("list", help=say("列出用户", "List users"))
@workspace_of_group_option
@json_option
def list_command(workspace: Path | None, *, as_json: bool) -> None:
    from xuanfa.reports.people import list_users  # noqa: PLC0415

    with looking(workspace) as opened:
        users = list_users(opened.store)
    if as_json:
        print_json([_as_json(user) for user in users])
        return
    if not users:
        click.echo(
            say(
                "没有用户：凡能用这个工作区的机器账户都可以作决定。新建：xuanfa users add",
                "There are no users: every account of the machine that can use this workspace decides. To make one: xuanfa users add",
            )
        )
        return
    head = (
        say("登录名", "Name"),
        say("姓名", "Printed as"),
        say("角色", "Roles"),
        say("编制", "Staff"),
        say("部门", "Department"),
        say("情况", "Standing"),
    )
    rows = [
        (user.name, user.display, listed(user.roles), user.staff.label, user.department, _standing(user))
        for user in users
    ]
    print_table(head, rows, soft=(2, 1, 4))


@command.command("show", help=say("查看一个用户和他的令牌", "Show a user and their tokens"))
@name_argument
@workspace_of_group_option
@json_option
def show_command(name: str, workspace: Path | None, *, as_json: bool) -> None:
    from xuanfa.reports.people import show_user  # noqa: PLC0415

    with looking(workspace) as opened:
        user, tokens = show_user(opened.store, name)
        now, zone = opened.clock(), opened.zone
    if as_json:
        more = {"department": user.department, "locked": user.locked}
        print_json(_as_json(user) | more | {"tokens": [_token_as_json(token) for token in tokens]})
        return
    click.echo(
        say(
            "{name}（{display}）：{roles}；{staff}{department}；{standing}",
            "{name} ({display}): {roles}; {staff}{department}; {standing}",
            name=user.name,
            display=user.display,
            roles=listed(user.roles),
            staff=user.staff.label,
            department=say("，{d}", ", {d}", d=user.department) if user.department else "",
            standing=_standing(user),
        )
    )
    for token in tokens:
        line = say(
            "  令牌 {n}：{good}，到 {until} 止，用途 {scopes}",
            "  token {n}: {good}, until {until}, for {scopes}",
            n=token.id,
            good=say("有效", "good") if token.is_good(now) else say("已作废", "void"),
            until=shown_time(token.expires_at, zone),
            scopes=", ".join(sorted(token.scopes)) if token.scopes else say("不限", "everything"),
        )
        click.echo(line)


@command.command("change", help=say("改姓名、角色、部门或编制", "Change name, roles, department or employment"))
@name_argument
@click.option("--display", help=_DISPLAY)
@role_option
@staff_option(None)
@department_option
@click.option("--name", "new_name", help=say("（登录名不能改，会被拒绝）", "(refused: a login name never changes)"))
@as_option
@workspace_of_group_option
@json_option
def change_command(
    *,
    name: str,
    display: str | None,
    roles: Sequence[str],
    staff: str | None,
    department: str | None,
    new_name: str | None,
    workspace: Path | None,
    as_json: bool,
) -> None:
    if not (roles or any(value is not None for value in (display, staff, department, new_name))):
        raise click.UsageError(say("请写明要改什么。", "say what is to be changed."))
    act = ChangeUser(
        user=name,
        display=display,
        roles=frozenset(map(Role, roles)) or None,
        staff=Staff(staff) if staff else None,
        department=department,
        name=new_name,
    )
    with desk(workspace) as opened:
        user = _carried_out(opened, act, person(opened, ""))
    _tell(user, say("已修改用户 {name}。", "The user {name} was changed.", name=user.name), as_json=as_json)


@command.command("disable", help=say("停用：不能再作任何决定", "Disable: nothing is decided in this name any more"))
@name_argument
@as_option
@why_option(required=False)
@workspace_of_group_option
@json_option
def disable_command(name: str, why: str, workspace: Path | None, *, as_json: bool) -> None:
    with desk(workspace) as opened:
        user = _carried_out(opened, DisableUser(user=name), person(opened, why))
    _tell(user, say("用户 {name} 已停用。", "The user {name} is disabled.", name=user.name), as_json=as_json)


@command.command("enable", help=say("启用停用的用户", "Enable a disabled account"))
@name_argument
@as_option
@why_option(required=False)
@workspace_of_group_option
@json_option
def enable_command(name: str, why: str, workspace: Path | None, *, as_json: bool) -> None:
    with desk(workspace) as opened:
        user = _carried_out(opened, EnableUser(user=name), person(opened, why))
    _tell(user, say("用户 {name} 已启用。", "The user {name} is enabled.", name=user.name), as_json=as_json)


@command.command("unlock", help=say("解锁：密码连续错五次之后", "Unlock, after five wrong passwords"))
@name_argument
@as_option
@why_option(required=False)
@workspace_of_group_option
@json_option
def unlock_command(name: str, why: str, workspace: Path | None, *, as_json: bool) -> None:
    with desk(workspace) as opened:
        user = _carried_out(opened, UnlockUser(user=name), person(opened, why))
    _tell(user, say("用户 {name} 已解锁。", "The user {name} is unlocked.", name=user.name), as_json=as_json)


@command.command(
    "digits", help=say("去掉动态码：手机丢了，核实本人之后", "Take away the six digits, where the phone is lost")
)
@name_argument
@as_option
@why_option(required=True)
@workspace_of_group_option
@json_option
def drop_digits_command(name: str, why: str, workspace: Path | None, *, as_json: bool) -> None:
    with desk(workspace) as opened:
        user = _carried_out(opened, DropFactor(user=name), person(opened, why))
    text = say(
        "用户 {name} 的动态码已去掉，登录着的都已退出；下次登录会告诉本人。",
        "The six digits of {name} are off, whoever was signed in is out, and the person is told at the next sign-in.",
        name=user.name,
    )
    _tell(user, text, as_json=as_json)


@command.command(
    "passwd", help=say("改密码：自己的，管理员可改别人的", "Set a password: one's own, or as an administrator")
)
@name_argument
@as_option
@workspace_of_group_option
@json_option
def passwd_command(name: str, workspace: Path | None, *, as_json: bool) -> None:
    with desk(workspace) as opened:
        by = person(opened, "")
        user = _carried_out(opened, SetPassword(user=name, password=_new_password(name)), by)
    text = say("用户 {name} 的密码已改。", "The password of {name} was set.", name=user.name)
    if user.locked:
        text += say(
            "账号仍锁定，解锁：xuanfa users unlock {name}", " Still locked: xuanfa users unlock {name}", name=user.name
        )
    _tell(user, text, as_json=as_json)


@command.command(
    "token", help=say("制作令牌，供程序代替密码；只显示一次", "Make a token for programs; it is shown once")
)
@name_argument
@click.option(
    "--days",
    type=int,
    help=say("有效几天（最多 366；缺省 90）", "For how many days (366 at most; 90 where it is not said)"),
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help=say(
        "只能用于这些事，可写多次；缺省：角色允许的都行", "Only for this, may be given several times (default: all)"
    ),
)
@click.option("--revoke", type=int, metavar="N", help=say("作废编号为 N 的令牌", "Revoke the token with this number"))
@as_option
@workspace_of_group_option
def token_command(
    name: str, days: int | None, scopes: Sequence[str], revoke: int | None, workspace: Path | None
) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415

    if days is not None and revoke is not None:
        raise click.UsageError(say("--days 和 --revoke 只能写一个。", "give --days N or --revoke N, not both."))
    with desk(workspace) as opened:
        by, zone = person(opened, ""), opened.zone
        if revoke is not None:
            carry_out(opened, RevokeToken(user=name, token=revoke), by)
            click.echo(say("令牌 {n} 已作废。", "The token {n} is revoked.", n=revoke), err=True)
            return
        made = carry_out(
            opened, MakeToken(user=name, days=_DAYS if days is None else days, scopes=frozenset(scopes) or None), by
        )
    # Alone on standard output, so that it can be put where it is needed without being seen.
    click.echo(made.secret)
    text = say(
        "令牌只显示这一次，到 {until} 止。请存进权限为 600 的文件，用环境变量 XUANFA_TOKEN 交给程序。",
        "The token is shown this once and lasts until {until}. Keep it in a file of mode 600, and give it to programs as XUANFA_TOKEN.",
        until=shown_time(made.expires_at, zone),
    )
    click.echo(text, err=True)


def _carried_out(opened: "Desk", act: Any, by: Any) -> User:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    user: User = carry_out(opened, act, by)
    return user


def _new_password(name: str) -> str:
    """From a terminal, twice, or one line of standard input."""
    if not sys.stdin.isatty():
        return line_of_input(say("新密码", "the new password"))
    asked = say("{name} 的新密码", "New password of {name}", name=printable(name))
    again = say("再输一次", "Once more")
    return str(click.prompt(asked, hide_input=True, confirmation_prompt=again, err=True))


def _tell(user: User, text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(user))
    else:
        click.echo(text)


def _as_json(user: User) -> dict[str, Any]:
    """The contract for programs."""
    return {
        "name": user.name,
        "display": user.display,
        "roles": [role.value for role in Role if role in user.roles],
        "staff": user.staff.value,
        "disabled": user.disabled,
    }


def _token_as_json(token: Token) -> dict[str, Any]:
    """What may be shown of a token."""
    return {
        "number": token.id,
        "scopes": None if token.scopes is None else sorted(token.scopes),
        "made_at": token.made_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }


def _standing(user: User) -> str:
    if user.disabled:
        return say("停用", "disabled")
    return say("锁定", "locked") if user.locked else say("正常", "in use")
