"""Restricted posts (限阅), as far as somebody has to be told: an administrator has opened one, a longer list waits, a step that nobody can hold."""

from collections.abc import Iterator

import sqlalchemy as sa

from xuanfa.domain.access import Restriction, Viewer
from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.taking import wish_in_words
from xuanfa.operations.restricting.told import concerned
from xuanfa.operations.watching.examined import Examined
from xuanfa.store import access, users


def of_restricted(connection: sa.Connection) -> Iterator[Cause]:
    """Each a cause that names its post, and no word of it: the reason of an administrator is told to those whom it concerns alone."""
    for opening in access.unseen(connection):
        names = say("、", ", ").join(sorted(concerned(connection, opening))) or say("作者", "its author")
        words = say(
            "限阅稿件 {slug} 被管理员 {who} 打开看过：请 {names} 查看事由",
            "the restricted post {slug} was opened by the administrator {who}: {names} should look why",
            slug=opening.slug,
            who=opening.actor,
            names=names,
        )
        yield Cause(name=f"opened:{opening.slug}:{opening.id}", words=words, look=_look("show", opening.slug))
    for each in access.standing(connection):
        if each.wish is not None:
            words = say("稿件 {slug}：{words}", "the post {slug}: {words}", slug=each.slug, words=wish_in_words(each))
            yield Cause(name=f"access:{each.slug}", words=words, look=_look("access", each.slug))


def _look(verb: str, slug: str) -> str:
    return where_to_look(Remedy(verb, slug))


def examine_restricted(desk: Desk) -> Iterator[Examined]:
    """Every restricted post: whether anybody can read it, what its list waits for, and who has opened it."""
    with desk.store.read() as connection:
        found, openings = access.standing(connection), access.unseen(connection)
        able = [Viewer(user.name, user.roles) for user in users.all(connection) if not user.disabled]
        told = [(each, concerned(connection, each)) for each in openings]
    for each in found:
        what = say("限阅稿件 {slug}", "restricted post {slug}", slug=each.slug)
        yield Examined(what=what, trouble=_trouble(each, able), note=each.access.shown(), fatal=False, waits=True)
    for opening, names in told:
        yield Examined(
            what=say("限阅稿件 {slug}", "restricted post {slug}", slug=opening.slug),
            trouble=say(
                "被管理员 {who} 打开看过，{names} 还没有看到事由：{show}",
                "opened by the administrator {who}; {names} have not seen why: {show}",
                who=opening.actor,
                names=say("、", ", ").join(sorted(names)) or "-",
                show=Remedy("show", opening.slug),
            ),
            fatal=False,
            waits=True,
        )


def _trouble(it: Restriction, able: list[Viewer]) -> str:
    if not any(it.opens_to(viewer) for viewer in able):
        return say(
            "名单上现在没有人能看（停用了，或没有人有这样的角色）：请管理员安排人员（{users}）",
            "nobody on its list can read it now (disabled, or nobody has such a role): have an administrator see to it ({users})",
            users=Remedy("users"),
        )
    return "" if it.wish is None else wish_in_words(it)
