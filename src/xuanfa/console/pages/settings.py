"""设置: the pages that there are, for whoever may enter them."""

from dataclasses import dataclass

from starlette.responses import Response

from xuanfa.console.render import page
from xuanfa.console.visit import ADMINISTRATORS, EDITORS, Visit, get
from xuanfa.domain.language import say
from xuanfa.operations.watching.taken_up import running


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the settings."""

    href: str
    icon: str
    name: str
    about: str


def entries() -> tuple[Entry, ...]:
    """All that there might be, in their order."""
    return (*_publishing(), *_keeping())


def _publishing() -> tuple[Entry, ...]:
    """About what is published, and how."""
    return (
        Entry(
            "/settings/organisation",
            "i-desk",
            say("单位", "Organisation"),
            say("名称、网站名称、标识码", "names and codes"),
        ),
        Entry(
            "/settings/publishing",
            "i-send",
            say("发布和告警", "Publishing and alarms"),
            say("时区、快慢、出了事告诉谁", "zone, pace, who is told"),
        ),
        Entry(
            "/settings/columns",
            "i-post",
            say("专栏和时段", "Columns"),
            say("每个专栏发到哪里、几点发", "where each goes, and when"),
        ),
        Entry(
            "/settings/channels",
            "i-channel",
            say("渠道设置", "Channels"),
            say("账号、密钥、频次", "accounts, keys, rates"),
        ),
        Entry("/settings/templates", "i-image", say("版式", "Templates"), say("成稿长什么样", "how renditions look")),
        Entry(
            "/settings/reviews",
            "i-seal",
            say("审核流程", "Reviews"),
            say("几审几校、谁来审、多久审完", "steps, roles, hours"),
        ),
        Entry("/settings/rules", "i-warn", say("检查规则", "Rules"), say("本单位自己的词表", "the office’s own lists")),
    )


def _keeping() -> tuple[Entry, ...]:
    """About people, and what is kept."""
    return (
        Entry(
            "/settings/people",
            "i-people",
            say("人员", "People"),
            say("账号、角色、停用和解锁", "accounts, roles, disabling"),
        ),
        Entry(
            "/settings/delegations",
            "i-user",
            say("委托", "Delegation"),
            say("出差、休假时请人代审", "who stands in for whom"),
        ),
        *_of_the_machine(),
    )


def _of_the_machine() -> tuple[Entry, ...]:
    """What is kept, and what leaves for other programs."""
    return (
        Entry(
            "/settings/audit",
            "i-book",
            say("审计", "Audit"),
            say("谁在什么时候办了什么，谁看过哪一页", "who did what, who opened what"),
        ),
        Entry(
            "/settings/workdays",
            "i-cal",
            say("工作日", "Working days"),
            say("放假和调休，审核时限按它算", "days off; deadlines go by them"),
        ),
        Entry(
            "/settings/webhooks",
            "i-send",
            say("回调", "Webhooks"),
            say("告诉别的系统，没送到的重发", "what other programs are told"),
        ),
        Entry("/settings/backup", "i-down-load", say("备份", "Backup"), say("最近一次备份", "the newest backup")),
    )


def show(visit: Visit) -> Response:
    """Only pages that exist, and that this person may enter."""
    known = visit.house.open_to
    mine = [each for each in entries() if each.href in known and visit.may(known[each.href] or frozenset())]
    processes = running(visit.desk) if visit.may(ADMINISTRATORS) else ()
    return page(visit, "settings", entries=mine, processes=processes)


WAYS = (get("/settings", show, EDITORS | ADMINISTRATORS),)
