"""A tour of the console: an office that has something of everything, and each page of it, in each state in which somebody may come upon it.

``Stop.way`` is the route of ``console.app.WAYS`` that answers; a test compares the tour with the table, so that no page is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.conftest import Clock, Workspace
from tests.console.conftest import settle_people
from tests.support.browsing import PASSWORD, Somebody
from tests.support.reviewed_console import SETTINGS, TEXT, approve, by, submit
from tests.support.stocked import put
from xuanfa.console.cookies import SESSION
from xuanfa.domain.act import ResolvePublished, ReturnReview, Withdraw
from xuanfa.domain.delivery import State
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.people import sessions
from xuanfa.reports.listing import list_deliveries

#: As long as titles of a court's posts become.
LONG: Final = (
    "“三抓三促”进行时丨清晨六点出发，集中执行兑现胜诉权益：永昌县人民法院开展“雷霆2026”专项执行行动纪实（附图）"
)
#: A column whose posts need no review, beside the one of ``reviewed_console``; a silent period; and a timetable with free slots.
_MORE: Final = """
[columns.plain]
title = "公告通知"
review = "none"
channels = ["hook"]
timetable = ["周一 9:00", "周四 16:00"]

[webhooks.oa]
url = "https://oa.example.gov.cn/hook"
secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5"

[pace.office]
limits = ["30/minute"]

[[silent]]
from = 2026-03-28
until = 2026-03-29
reason = "高考期间"
"""
_TABLE: Final = (
    "\n\n## 小标题\n\n| 法庭 | 案件 | 标的 |\n| --- | --- | --- |\n| 红山窑 | 12 | 30万元 |\n\n- 一\n- 二\n\n[官网](https://www.example.gov.cn/"
    + "a" * 90
    + ")\n"
)
#: A reason as a platform gives it: without a place to break.
_REASON: Final = "没有等到回答：https://www.example.gov.cn/" + "x" * 80
#: An address that is not opened, in the form of a site's past.
_CLOSED: Final = "document.getElementById('f-address').value = 'http://127.0.0.1:9/'; document.getElementById('s-channel').value = 'hook'"


@dataclass(frozen=True, slots=True)
class Stop:
    """One page. ``who`` looks (nobody: not signed in). ``does`` is script that brings it into its state; ``press`` is a button whose answer it is,
    whatever stands in its fields; ``status`` is what the address answers, before anything is pressed."""

    way: str
    who: str
    path: str
    does: str = ""
    press: str = ""
    status: int = 200


@dataclass
class Office:
    """The desk, and the numbers and names of what lies on it."""

    desk: Desk
    numbers: dict[State, int] = field(default_factory=dict)
    draft: str = ""
    link: str = ""

    def token(self, who: str) -> str:
        """Somebody's sign-in, without going through its page."""
        return sessions.sign_in(self.desk, who, PASSWORD, place="test", agent="tour").token


#: The cookie that holds it.
COOKIE: Final = SESSION


def furnished(workspace: Workspace, clock: Clock) -> Office:
    """Something of everything."""
    workspace.settle_in("hook", "wall", settings=SETTINGS + _MORE)
    office = Office(workspace.desk(clock))
    settle_people(office.desk)
    for slug in ("one", "two", "three"):
        workspace.post(
            slug, f"{TEXT}这是 {slug}。{_TABLE}", title=f"{LONG}之{slug}", author="wang", publish_at="2026-03-05 09:00"
        )
    queue(office.desk)
    for slug in ("one", "two", "three"):
        submit(office.desk, slug)
    carry_out(office.desk, ReturnReview(post="two"), by("zhou", "第二段的日期和协议上的不一样，请核对。"))
    approve(office.desk, "zhou", "three")
    approve(office.desk, "jiao", "three")
    workspace.post(
        "evergreen",
        f"{TEXT}长期有效。",
        title=f"{LONG}之常备",
        column="plain",
        publish_at="",
        shelf="true",
        review_on="2026-06-30",
    )
    queue(office.desk)
    for state in _STATES:
        office.numbers[state] = _delivery(workspace, office.desk, state)
    carry_out(office.desk, Withdraw(post="withdrawn"), by("zhou", "当事人来信"))
    return office


_STATES: Final = (
    *(State.SCHEDULED, State.UNKNOWN, State.HELD, State.REJECTED, State.FAILED, State.ACCEPTED, State.CANCELLED),
    *(State.PUBLISHED, State.RETRACTING),
)


def _delivery(workspace: Workspace, desk: Desk, state: State) -> int:
    """A post of its own whose delivery stands there."""
    slug = "withdrawn" if state is State.RETRACTING else state.value
    workspace.post(
        slug, f"{TEXT}这是 {slug}。{_TABLE}", title=f"{LONG}之{slug}", column="plain", publish_at="2026-03-05 09:00"
    )
    queue(desk)
    number = max(row.id for row in list_deliveries(desk.store))
    if state in {State.PUBLISHED, State.RETRACTING}:
        put(desk, number, State.UNKNOWN, attempt=1, reason=_REASON)
        carry_out(desk, ResolvePublished(delivery=number, address=f"https://www.example.gov.cn/{slug}"), by("zhou"))
    elif state is not State.SCHEDULED:
        put(desk, number, state, attempt=1, reason=_REASON)
    return number


def fill_by_hand(office: Office, address: str) -> None:
    """What only the pages make: a draft with everything in it, a link for a leader, a token, somebody who stands in."""
    with Somebody(address) as one:
        one.sign_in("wang").go("/posts")
        one.press("写一篇")
        office.draft = one.page.url.path.split("/")[2]
        for number, said in enumerate(("被告张某于11月31日被判处有期徒刑。", "被告张某于11月31日被判处拘役。"), 1):
            one.press("存为一版", column="action", title=LONG[:60], text=said + _TABLE)
            assert f"saved={number}" in str(one.page.url), one.page.url
    with Somebody(address) as one:
        one.sign_in("zhou").go("/reviews/one/links")
        office.link = "/l/" + one.press("做链接").partition("/l/")[2].partition("<")[0]


def stops(office: Office) -> Iterator[Stop]:
    """All of them."""
    yield from _open_to_all(office)
    yield from _own(office)
    yield from _writing(office)
    yield from _reviewing()
    yield from _sending(office)
    yield from _counting()
    yield from _settings(office)


def _open_to_all(office: Office) -> Iterator[Stop]:
    yield Stop("/sign-in", "", "/sign-in")
    yield Stop("/sign-in", "", "/sign-in", press="登录")  # with neither a name nor a password
    yield Stop("/l/{signed}", "", office.link)
    yield Stop("/l/{signed}", "", f"{office.link}?large=1")
    yield Stop("/l/{signed}", "", "/l/1.none", status=404)


def _own(office: Office) -> Iterator[Stop]:
    for who in ("zhou", "wang", "lina", "zhao"):
        yield Stop("/", who, "/")
    yield Stop("/", "zhou", "/nothing", status=404)
    yield Stop("/more", "zhou", "/more")
    yield Stop("/keys", "wang", "/keys")
    yield Stop("/me", "wang", "/me")
    yield Stop("/me/digits", "wang", "/me", press="设动态码")
    yield Stop("/me/password", "wang", "/me/password")
    yield Stop("/me/password", "wang", "/me/password", press="改密码")
    yield Stop("/me/tokens", "wang", "/me/tokens")
    yield Stop("/stop", "zhou", "/stop")
    yield Stop("/stop", "zhou", "/stop", press="停发全部")  # without a reason
    yield Stop("/stop", "wang", "/stop", status=403)
    yield Stop("/resume", "zhou", "/resume")
    yield Stop("/solemn", "zhou", "/solemn")
    yield Stop("/solemn", "zhou", "/solemn", press="现在生效")  # without a reason


def _writing(office: Office) -> Iterator[Stop]:
    yield Stop("/posts", "wang", "/posts")
    for query in ("tab=all", "tab=out", "q=没有这样的稿子", "tab=all&q=执行"):
        yield Stop("/posts", "zhou", f"/posts?{query}")
    yield Stop("/posts/bulk", "zhou", "/posts/bulk?deed=cancel&post=one&post=published")
    # What was called off stays so in any column: the other stops find it as it was.
    moving = "/posts/bulk?deed=column&column=action&post=cancelled&post=published"
    yield Stop("/posts/bulk/done", "zhou", moving, press="篇改到")
    draft = f"/posts/{office.draft}"
    yield Stop("/posts/{slug}/write", "wang", f"{draft}/write")
    yield Stop("/posts/{slug}/write", "wang", f"{draft}/write?saved=2")
    yield Stop("/posts/{slug}/write", "wang", "/posts/two/write")
    yield Stop("/posts/{slug}/write", "zhou", "/posts/one/write")
    for name in ("link", "picture", "table", "note", "ended"):
        yield Stop(
            "/posts/{slug}/write", "wang", f"{draft}/write", does=f"document.getElementById('d-{name}').showModal()"
        )
    for tab in ("head", "own", "revisions"):
        yield Stop(
            "/posts/{slug}/write",
            "wang",
            f"{draft}/write",
            does=f"document.querySelector('#minds a[href=\"#{tab}\"]').click()",
        )
    yield Stop("/posts/{slug}/picture", "wang", f"{draft}/picture")
    yield Stop("/posts/{slug}/revisions", "wang", f"{draft}/revisions")
    yield Stop("/posts/{slug}/revisions/{number}", "wang", f"{draft}/revisions/2?against=1")
    yield Stop("/posts/{slug}/preview", "wang", f"{draft}/preview")
    yield Stop("/posts/{slug}/submit", "wang", f"{draft}/submit")
    yield Stop("/posts/{slug}/clash", "wang", f"{draft}/clash")


def _reviewing() -> Iterator[Stop]:
    for who in ("zhou", "jiao", "zhao", "wang"):
        yield Stop("/reviews", who, "/reviews")
    yield Stop("/reviews/{slug}", "zhou", "/reviews/one")
    yield Stop("/reviews/{slug}", "zhou", "/reviews/one?view=changes")
    yield Stop("/reviews/{slug}", "zhou", "/reviews/one?large=1")
    yield Stop("/reviews/{slug}", "zhao", "/reviews/three")
    yield Stop("/reviews/{slug}", "wang", "/reviews/two")
    for what in ("return", "phone", "form", "links"):
        yield Stop(f"/reviews/{{slug}}/{what}", "zhou", f"/reviews/one/{what}")
    yield Stop("/reviews/{slug}/return", "zhou", "/reviews/one/return", press="退回修改")  # without a word


def _sending(office: Office) -> Iterator[Stop]:
    for state in ("unknown", "queued", "held", "published", "all"):
        yield Stop("/deliveries", "zhou", f"/deliveries?state={state}")
    yield Stop("/deliveries", "zhou", "/deliveries?state=all&q=没有这样的")
    for number in office.numbers.values():
        yield Stop("/deliveries/{id}", "zhou", f"/deliveries/{number}")
    planned, doubt = office.numbers[State.SCHEDULED], office.numbers[State.UNKNOWN]
    yield Stop("/deliveries/{id}/time", "zhou", f"/deliveries/{planned}/time")
    yield Stop("/deliveries/{id}/time", "zhou", f"/deliveries/{planned}/time", press="改时间")  # with no time at all
    yield Stop("/deliveries/{id}/doubt", "zhou", f"/deliveries/{doubt}/doubt")
    yield Stop(
        "/deliveries/{id}/doubt", "zhou", f"/deliveries/{doubt}/doubt", press="登记为已发布"
    )  # without an address
    yield Stop("/posts/{slug}/withdraw", "zhou", "/posts/published/withdraw")
    yield Stop("/posts/{slug}/withdraw", "zhou", "/posts/withdrawn/withdraw")
    yield Stop("/posts/{slug}/correct", "zhou", "/posts/published/correct")
    yield Stop("/shelf", "zhou", "/shelf")
    yield Stop("/shelf/{slug}", "zhou", "/shelf/evergreen")
    for span in ("2026-03", "2026-W10", "list", "2026-05"):
        yield Stop("/calendar/{span}", "zhou", f"/calendar/{span}")
    yield Stop("/calendar", "wang", "/calendar")
    yield Stop("/channels", "lina", "/channels")
    yield Stop("/channels/{id}", "zhou", "/channels/hook")


def _counting() -> Iterator[Stop]:
    yield Stop("/counts", "zhou", "/counts?since=2026-03-01&until=2026-03-31")
    yield Stop("/counts", "zhou", "/counts?since=2025-01-01&until=2025-01-31")
    yield Stop("/counts", "zhou", "/counts?since=nonsense")
    yield Stop("/ledger", "zhou", "/ledger?since=2026-03-01&until=2026-03-31")
    yield Stop("/ledger", "zhou", "/ledger?since=2025-01-01&until=2025-01-31")
    yield Stop("/counts/freshness", "zhou", "/counts/freshness")
    yield Stop("/counts/reports", "zhou", "/counts/reports")
    yield Stop("/ledger/import", "zhou", "/ledger/import")
    yield Stop("/ledger/import", "zhou", "/ledger/import", press="先试一遍")  # with no file
    yield Stop("/ledger/import", "zhou", "/ledger/import", press="开始读")  # from nowhere
    yield Stop("/ledger/import/source", "zhou", "/ledger/import", does=_CLOSED, press="开始读")
    yield Stop("/calendar/import", "zhou", "/calendar/import")
    yield Stop("/calendar/import", "zhou", "/calendar/import", press="先试一遍")  # with no file
    yield Stop("/readers/import", "zhou", "/readers/import")
    yield Stop("/readers/import", "zhou", "/readers/import", press="先试一遍")  # with neither a file nor rows


def _settings(office: Office) -> Iterator[Stop]:
    for path in (
        *(
            "organisation",
            "publishing",
            "columns",
            "columns/new",
            "silences/new",
            "channels",
            "workdays",
            "webhooks",
            "pace/new",
            "receivers/new",
        ),
        *("templates", "rules", "reviews", "backup", "people", "people/new", "delegations", "audit", "audit/visits"),
    ):
        yield Stop(f"/settings/{path}", "lina", f"/settings/{path}")
    yield Stop("/settings", "lina", "/settings")
    yield Stop("/settings/channels/new", "lina", "/settings/channels/new?kind=weibo")
    yield Stop("/settings/rules-file", "lina", "/settings/rules-file?name=own.toml")
    yield Stop("/settings/columns/{id}", "lina", "/settings/columns/plain")
    yield Stop("/settings/pace/{id}", "lina", "/settings/pace/office")
    yield Stop("/settings/receivers/{id}", "lina", "/settings/receivers/oa")
    yield Stop("/settings/silences/{number}", "lina", "/settings/silences/0")
    yield Stop("/settings/channels/{id}", "lina", "/settings/channels/hook")
    yield Stop("/settings/templates/{name:path}", "lina", "/settings/templates/webhook/plain.json")
    yield Stop("/settings/rules/{name}", "lina", "/settings/rules/own.toml")
    yield Stop("/settings/reviews/{id}", "lina", "/settings/reviews/three")
    yield Stop("/settings/people/{name}", "lina", "/settings/people/wang")
    yield Stop("/settings/people/new", "lina", "/settings/people/new", press="加上")
    yield Stop("/settings/columns/new", "lina", "/settings/columns/new", press="加上")
