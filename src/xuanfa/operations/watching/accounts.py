"""What ``doctor`` says of the people: whether there are users, and what nobody is there for."""

from collections.abc import Iterator

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.user import Role, User
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.examined import Examined
from xuanfa.store import users


def examine_people(desk: Desk) -> Iterator[Examined]:
    """Users, what is missing among them, and accounts that cannot be used."""
    with desk.store.read() as connection:
        there_are, everybody = users.exist(connection), users.all(connection)
        altered = list(users.altered(connection))
    if not there_are:
        note = say(
            "还没有建。凡能用这个工作区的机器账户都可以作决定，历史里只记机器账户。需要记名时：{add}",
            "none so far. Every account of the machine that can use this workspace decides, and the history names no more. For names: {add}",
            add=Remedy("add_user"),
        )
        yield Examined(what=say("用户", "users"), note=note)
        return
    active = [user for user in everybody if not user.disabled]
    note = say("{n} 人，作决定要用 --as", "{n}; decisions are made with --as", n=len(active))
    yield Examined(what=say("用户", "users"), note=note)
    for trouble in _missing(active):
        yield Examined(what=say("用户", "users"), trouble=trouble, fatal=False)
    for user in active:
        yield from _examine(user)
    for name in altered:
        yield Examined(
            what=say("用户 {name}", "the user {name}", name=name),
            trouble=say(
                "账号被人绕过程序改过，已不能用：请用 {verify} 查明，再从备份恢复",
                "the account was changed past the program and cannot be used: find out with {verify}, then restore a backup",
                verify=Remedy("audit_verify"),
            ),
        )


def _missing(active: list[User]) -> Iterator[str]:
    administrators = [user for user in active if user.administers]
    if len(administrators) == 1:
        yield say(
            "只有一个管理员（{name}）：他不在时没有人能管账号，建议再设一个（{add}）",
            "there is one administrator ({name}): without that one nobody keeps the accounts; better make another ({add})",
            name=administrators[0].name,
            add=Remedy("add_user"),
        )
    if not any(Role.APPROVER in user.roles and user.may_decide for user in active):
        yield say(
            "没有人能签发：没有在编或聘用的用户有签发（approver）角色",
            "nobody can approve: no user who is not outsourced has the role approver",
        )


def _examine(user: User) -> Iterator[Examined]:
    what = say("用户 {name}", "the user {name}", name=user.name)
    if user.locked:
        trouble = say(
            "密码连续输错，已锁定：核实后用 {unlock}",
            "locked after too many wrong passwords: find out why, then run {unlock}",
            unlock=Remedy("unlock_user", user.name),
        )
        yield Examined(what=what, trouble=trouble, fatal=False)
    if user.name in set(Role):
        trouble = say(
            "登录名与角色 {role} 同名：名单里写它，指的是所有有这个角色的人",
            "the login name is also that of the role {role}: where a list names it, all who have the role are meant",
            role=user.name,
        )
        yield Examined(what=what, trouble=trouble, fatal=False)
