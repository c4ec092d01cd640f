"""Weibo bound to one account: renders, sends once, and looks into the account's own timeline after a doubt."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx

from xuanfa.adapters.protocol import Kit, Tools, Traits
from xuanfa.adapters.shared.accounts import AccountName, place_of
from xuanfa.adapters.shared.addresses import reach
from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.shared.oauth import SignedIn
from xuanfa.adapters.shared.sendable import unready
from xuanfa.adapters.weibo import compose
from xuanfa.adapters.weibo.answers import WEIBO, Refusal, error_code, meaning_of, refusal
from xuanfa.adapters.weibo.checks import (
    CONTENT_MAX,
    TITLE_MAX,
    check_article,
    check_short_post,
    lengths_of_article,
    lengths_of_short_post,
    outside_domain,
)
from xuanfa.adapters.weibo.config import WeiboConfig
from xuanfa.adapters.weibo.past import as_past
from xuanfa.adapters.weibo.readers import AT_ONCE, ask
from xuanfa.adapters.weibo.sending import (
    article_request,
    is_article,
    judge_article,
    judge_share,
    receipt,
    share_request,
)
from xuanfa.adapters.weibo.session import Grant, Session
from xuanfa.adapters.weibo.timeline import Listing, Status, look, newest
from xuanfa.adapters.weibo.withdrawing import withdraw
from xuanfa.domain.attempt import Order
from xuanfa.domain.errors import StoreError
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.length import Length
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Blame,
    Deferred,
    Evidence,
    Outcome,
    Published,
    Rejected,
    Staged,
    Staging,
    Unknown,
    Unsent,
    Withdrawal,
)
from xuanfa.domain.pacing import Limit
from xuanfa.domain.past import PastPage
from xuanfa.domain.post import Post
from xuanfa.domain.reader_marks import ReadersAsked, ReadersTold
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rendition import Rendition

#: 30 posts an hour are the platform's; of 100 requests a day, ten are left for looking and signing in (platforms.md, Weibo limits).
LIMITS = (Limit(30, timedelta(hours=1)), Limit(90, timedelta(days=1)))
#: Code 20032 says that a post shows one or two minutes late.
SHOWN_AFTER = timedelta(minutes=2)
#: How far the platform's clock and ours may differ, and a post still be one that was sent just now.
SKEW = timedelta(minutes=10)
#: How long it is remembered that the platform knows a text which its list does not show. Longer than any doubt is left open.
HIDDEN_FOR = timedelta(days=30)
_LABEL = ("微博", "Weibo")
_HOSTS = frozenset({"weibo.com", "www.weibo.com", "m.weibo.cn", "weibo.cn", "share.api.weibo.cn"})


#: Where an account's owner sees what was posted.
CONSOLE = "https://weibo.com/"


class WeiboAdapter(SignedIn):
    """One account."""

    kind = "weibo"
    Config = WeiboConfig
    traits = Traits(
        label=_LABEL,
        limits=LIMITS,
        confirms=True,
        looks_max=3,
        console=CONSOLE,
        public_page="script",
        asks_for_ai=True,
    )

    def __init__(self, config: WeiboConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._session = Session(config, tools)
        super().__init__(
            self._session, redirect_uri=config.redirect_uri, application=config.app_key, account=config.account
        )
        if config.mode == "article":
            self.traits = replace(type(self).traits, title_max=TITLE_MAX, body_max=CONTENT_MAX)

    @property
    def account(self) -> AccountName:
        """The platform, the application, and the user where the settings name one."""
        return AccountName(place=place_of(self._config.base_url), name=self._signed_in_to)

    def address_problem(self, address: str) -> str:
        """Whether it may be a post's page."""
        if (urlsplit(address).hostname or "") in _HOSTS:
            return ""
        return say("不是微博的地址（weibo.com 或 m.weibo.cn）", "not an address of Weibo (weibo.com or m.weibo.cn)")

    def render(self, post: Post, kit: Kit) -> Rendition:
        """A short post, or an article."""
        made = compose.article if self._config.mode == "article" else compose.short_post
        return made(post, kit, self._config)

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """Length, address, picture, cover."""
        check = check_article if is_article(rendition) else check_short_post
        return check(rendition, self._config.safe_domain)

    def lengths(self, rendition: Rendition) -> Sequence[Length]:
        """As the platform counts, on the safe side."""
        return (lengths_of_article if is_article(rendition) else lengths_of_short_post)(rendition)

    def stage(self, order: Order) -> Staging:
        """Remember the newest post before ours, so that a later look knows where to begin."""
        grant = self._session.grant()
        if grant is None:
            return WEIBO.sign_in_needed(order.channel, self._session.lack)
        if outside := outside_domain(order.rendition, self._config.safe_domain):
            return Rejected(findings=(outside,), blame=Blame.CHANNEL)
        # A later look gets the rendition with its address still open, so the address is remembered here.
        memory = {"address": order.rendition.extra.get("link", "")}
        since_id = order.staged.get("since_id") or self._tools.recall("newest")
        if since_id is not None:
            return Staged(memory=memory | {"since_id": since_id})
        found = self._look(order, grant, "")
        match found:
            case Listing(statuses=statuses):
                newest = max((int(status.id) for status in statuses), default=0)
                self._tools.keep("newest", str(newest), None)
                return Staged(memory=memory | {"since_id": str(newest)})
            case Rejected(blame=Blame.CHANNEL, findings=findings) if findings[0].code != "weibo.sign_in":
                # Without the right to list, posting still works; only a doubt is then a person's to settle.
                return Staged(memory=memory | {"since_id": ""})
            case Unknown(evidence=evidence):
                return Unsent(evidence=evidence)
            case Deferred() | Unsent() | Rejected():
                return found

    def publish(self, order: Order) -> Outcome:
        """Send it. A refusal for being there already is looked into, not believed blindly."""
        rendition = order.rendition
        refused = unready(order, self.check)
        if refused is not None:
            return refused
        grant = self._session.grant()
        if grant is None:
            return WEIBO.sign_in_needed(order.channel, self._session.lack)
        answer = self._send(rendition, grant)
        if not isinstance(answer, Answer):
            return answer
        self._session.mind(grant, answer)
        outcome = self._judge(order, grant, answer)
        return self._noted(outcome) if isinstance(outcome, Published) else outcome

    def _send(self, rendition: Rendition, grant: Grant) -> Answer | Unsent | Unknown:
        # The request stands or falls by what was approved, not by what the settings say by now.
        rip = self._config.rip or "211.156.0.1"
        path, request = (
            ("proxy/article/publish.json", article_request(rendition, grant.token, rip))
            if is_article(rendition)
            else ("2/statuses/share.json", share_request(rendition, self._tools, grant.token, rip))
        )
        url = f"{self._config.base_url}/{path}"
        return send_once(self._tools.http, "POST", url, secrets=self._session.secrets, **request)

    def _judge(self, order: Order, grant: Grant, answer: Answer) -> Outcome:
        if is_article(order.rendition):
            return judge_article(answer, order)
        match meaning_of(answer):
            case Meaning.SAME:
                return self._already_there(order, grant, answer)
            case Meaning.DELAYED:
                text = say("微博已发出，一两分钟后显示（20032）", "posted; Weibo shows it in a minute or two (20032)")
                return Accepted(look_after=SHOWN_AFTER, evidence=text)
            case _:
                return judge_share(answer, order, uid=grant.uid if self._config.permalinks else "")

    def _already_there(self, order: Order, grant: Grant, answer: Answer) -> Outcome:
        """The same text was posted before: where the timeline shows it, that is our post; else a refusal of a first try is believed."""
        found = self._look(order, grant, "")
        if isinstance(found, Listing):
            mine = self._mine(order, found)
            if mine is not None:
                return self._found(mine, grant)
            refused = refusal(answer, channel=order.channel, now=order.started_at, writes=True)
            if refused is not None and order.attempt <= _FIRST_TRY:
                return refused
            # The list hides it, so from now on no list proves that it is absent.
            self._tools.keep(f"hidden:{order.key}", "1", HIDDEN_FOR)
        return Unknown(
            evidence=say(
                "微博说相同内容已经发过（{code}），但在账号的列表里没有看到。请到微博核实，再登记结果（{resolve}）",
                "Weibo says that the same text was posted ({code}), but the account's list does not show it. Look on Weibo, then settle it with "
                "{resolve}",
                code=error_code(answer),
                resolve=Remedy("resolve"),
            )
        )

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """Look for it in the account's timeline since the post before it. Never absent without a whole list that begins there."""
        grant = self._session.grant()
        if grant is None:
            return WEIBO.sign_in_needed(order.channel, self._session.lack)
        since_id = order.staged.get("since_id", "")
        found = self._look(order, grant, since_id)
        match found:
            case Listing():
                mine = self._mine(order, found, anytime=bool(since_id))
                if mine is not None:
                    return self._found(mine, grant)
                hidden = self._tools.recall(f"hidden:{order.key}") is not None
                return _not_found(order, whole=found.whole and bool(since_id) and not hidden)
            case Rejected(findings=findings) if findings[0].code == "weibo.sign_in":
                return found
            case Rejected(findings=findings):
                return Unknown(evidence=findings[0].message)
            case Deferred(reason=text) | Unsent(evidence=text) | Unknown(evidence=text):
                return Unknown(evidence=text)

    def retract(self, order: Order, receipt: Receipt) -> Withdrawal:
        """Delete it. Whether the interface is open to an application is not confirmed, so a refusal never blames the channel."""
        return withdraw(self._tools.http, self._config.base_url, self._session, order, receipt)

    @property
    def lists_out(self) -> bool:
        """The account's own timeline is one."""
        return True

    def past(self, number: int) -> PastPage | Refusal:
        """The latest posts: there is one page, and each look is one of the day's requests."""
        channel = say("加本渠道的名称", "with this channel's id")
        grant = self._session.grant()
        if grant is None:
            return WEIBO.sign_in_needed(channel, self._session.lack)
        client, base_url, secrets = self._tools.http, self._config.base_url, self._session.secrets
        found = newest(client, base_url, token=grant.token, secrets=secrets, channel=channel, now=datetime.now(UTC))
        return as_past(found, grant.uid) if isinstance(found, Listing) else found

    @property
    def readers_at_once(self) -> int:
        """Posts of one question, which is one of the account's 100 requests a day."""
        return AT_ONCE if self._config.readers else 0

    def readers(self, asked: Sequence[ReadersAsked], channel: str, now: datetime) -> ReadersTold | Refusal:
        """Forwards, comments and likes as they stand now; how often a post was read is not told."""
        grant = self._session.grant()
        if grant is None:
            return WEIBO.sign_in_needed(channel, self._session.lack)
        client, base_url, secrets = self._tools.http, self._config.base_url, self._session.secrets
        found = ask(client, base_url, token=grant.token, secrets=secrets, asked=asked, channel=channel, now=now)
        if isinstance(found, Rejected) and found.findings[0].code == "weibo.sign_in":
            self._session.drop(grant)
        return found

    def diagnose(self) -> Sequence[Finding]:
        """Whether the platform can be reached, and whether the authorisation holds and for how long."""
        if not self._config.rehearsal:
            unreached = reach(self._tools.http, httpx.URL(self._config.base_url), allow_private=True)
            if unreached:
                return unreached
        grant = self._session.grant()
        return () if self._config.rehearsal and grant and not grant.kept else self._session.examine()

    def _look(self, order: Order, grant: Grant, since_id: str) -> Listing | Refusal:
        found = look(
            self._tools.http,
            self._config.base_url,
            token=grant.token,
            secrets=self._session.secrets,
            since_id=since_id,
            channel=order.channel,
            now=order.started_at,
        )
        if isinstance(found, Rejected) and found.findings[0].code == "weibo.sign_in":
            self._session.drop(grant)
        return found

    def _mine(self, order: Order, found: Listing, *, anytime: bool = True) -> Status | None:
        """Our post in the list; where the list has no beginning, only one made since the first request left."""
        text = order.rendition.extra.get("text", "") if is_article(order.rendition) else order.rendition.body
        since = order.first_sent_at
        for status in found.statuses:
            recent = status.created_at is not None and since is not None and status.created_at >= since - SKEW
            if status.shows(text, order.staged.get("address", "")) and (anytime or recent):
                return status
        return None

    def _found(self, status: Status, grant: Grant) -> Published:
        uid = grant.uid if self._config.permalinks else ""
        evidence = say("在账号的列表里找到：{id}", "found in the account's list: {id}", id=status.id)
        return self._noted(Published(receipt=receipt(status, uid, evidence)))

    def _noted(self, outcome: Published) -> Published:
        """The outcome with a word about an authorisation that ends soon; its number is where the next look begins."""
        number = outcome.receipt.remote_id
        if number and number.isdecimal():
            with contextlib.suppress(StoreError):  # it only saves a request; the outcome must not be lost for it
                self._tools.keep("newest", number, None)
        warning = self._session.warning
        if not warning:
            return outcome
        old = outcome.receipt
        evidence = say("{said}（{warning}）", "{said} ({warning})", said=old.evidence, warning=warning)
        return Published(
            receipt=Receipt(
                remote_id=old.remote_id, address=old.address, published_at=old.published_at, evidence=evidence
            )
        )


#: Staging is the first recorded attempt of a delivery, the request the second.
_FIRST_TRY = 2


def _not_found(order: Order, *, whole: bool) -> Absent | Unknown:
    if whole and not is_article(order.rendition):
        return Absent(evidence=say("账号的列表里没有这条微博", "the account's list does not show it"))
    return Unknown(
        evidence=say(
            "账号的列表里没有看到，但不能断定没有发出。请到微博核实，再登记结果（{resolve}）",
            "the account's list does not show it, which proves nothing here. Look on Weibo, then settle it with {resolve}",
            resolve=Remedy("resolve"),
        )
    )
