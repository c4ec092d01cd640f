"""The WeChat official account (微信公众号): an article as a draft, published, or sent to the followers.

To get credentials: mp.weixin.qq.com → 设置与开发 → 开发接口管理 → 基本配置: AppID, AppSecret, and this machine's public address on the IP
allow-list. ``docs/adapters/wechat.md`` tells the rest, with what is not confirmed about the platform.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from xuanfa.adapters.protocol import Kit, Tools, Traits
from xuanfa.adapters.shared.accounts import AccountName, place_of
from xuanfa.adapters.wechat.account import Account
from xuanfa.adapters.wechat.article import with_addresses
from xuanfa.adapters.wechat.checks import check_message, lengths_of
from xuanfa.adapters.wechat.config import WechatConfig
from xuanfa.adapters.wechat.diagnosing import Diagnosing
from xuanfa.adapters.wechat.drafts import Drafts
from xuanfa.adapters.wechat.looking import Looking
from xuanfa.adapters.wechat.past import Listing
from xuanfa.adapters.wechat.publishing import REPLAY, Publishing
from xuanfa.adapters.wechat.readers import AT_ONCE, Reading
from xuanfa.adapters.wechat.rendering import rendered
from xuanfa.adapters.wechat.retracting import Retracting
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.length import Length
from xuanfa.domain.outcome import Deferred, Evidence, Outcome, Rejected, Staging, Unknown, Unsent, Withdrawal
from xuanfa.domain.pacing import Limit
from xuanfa.domain.past import PastPage
from xuanfa.domain.post import Post
from xuanfa.domain.reader_marks import ReadersAsked, ReadersTold
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition

#: Mass sends of one account (platforms.md, WeChat mass sending).
MASS_RATE = Limit(60, timedelta(minutes=1))
_ADDRESS = re.compile(r"https?://mp\.weixin\.qq\.com/(?:s[/?]|mp/)\S+")


class WechatAdapter:
    """An official account bound to its settings."""

    kind = "wechat"
    Config = WechatConfig
    traits = Traits(
        label=("微信公众号", "WeChat official account"),
        title_max=32,
        public_page="text",
        confirms=True,
        draws=True,
        asks_for_ai=True,
        looks_max=60,
        console="https://mp.weixin.qq.com/",
    )

    def __init__(self, config: WechatConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        account = Account(config, tools)
        self._drafts = Drafts(config, tools, account)
        self._publishing = Publishing(config, tools, account)
        self._looking = Looking(account)
        self._listing = Listing(account)
        self._reading = Reading(account)
        self._retracting = Retracting(account, self._looking)
        self._diagnosing = Diagnosing(config, tools, account)
        is_mass = config.mode == "mass"
        self.traits = replace(
            type(self).traits,
            title_max=config.title_max,
            replay=REPLAY if is_mass else None,
            limits=(MASS_RATE,) if is_mass else (),
        )

    @property
    def budget(self) -> str:
        """The account's public id: two channels of one account share its token, its pictures and its pace."""
        return self._config.app_id or "rehearsal"

    @property
    def account(self) -> AccountName:
        """The platform and the AppID, which names the official account."""
        return AccountName(place=place_of(self._config.base_url), name=self._config.app_id)

    def render(self, post: Post, kit: Kit) -> Rendition:
        """The finished article, or a picture message."""
        return rendered(post, kit, self._config)

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """Size of the finished HTML, author, summary, and whatever WeChat would remove."""
        return check_message(rendition)

    def lengths(self, rendition: Rendition) -> Sequence[Length]:
        """Title and summary, and the finished HTML where it comes near what is taken."""
        return lengths_of(rendition, self.traits.title_max or 0)

    def stage(self, order: Order) -> Staging:
        """Upload the pictures and make the draft, or bring it up to date."""
        return self._drafts.stage(order)

    def publish(self, order: Order) -> Outcome:
        """Submit the draft or send it to the followers; in draft mode hand it to a person."""
        return self._publishing.publish(order)

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """Ask by the ticket, or look for our mark in the listing of what is published."""
        return self._looking.confirm(order, ticket)

    def retract(self, order: Order, receipt: Receipt) -> Withdrawal:
        """Delete it at WeChat."""
        return self._retracting.retract(order, receipt)

    @property
    def lists_out(self) -> bool:
        """The platform lists what is published."""
        return True

    def past(self, number: int) -> PastPage | Deferred | Rejected | Unknown | Unsent:
        """A page of what the account has published."""
        return self._listing.past(number)

    def sent_on(self, day: date) -> PastPage | Deferred | Rejected | Unknown | Unsent:
        """What it has sent to its followers on a day."""
        return self._listing.sent_on(day)

    @property
    def readers_at_once(self) -> int:
        """Articles of one question."""
        return AT_ONCE if self._config.readers else 0

    def readers(
        self, asked: Sequence[ReadersAsked], channel: str, now: datetime
    ) -> ReadersTold | Deferred | Rejected | Unknown | Unsent:
        """What WeChat counts of articles of one day."""
        return self._reading.readers(asked, channel, now)

    def diagnose(self) -> Sequence[Finding]:
        """Token, permission, quota, clock, address on the allow-list."""
        return self._diagnosing.diagnose()

    def address_problem(self, address: str) -> str:
        """Articles have addresses at mp.weixin.qq.com only."""
        if _ADDRESS.fullmatch(address.strip()):
            return ""
        return say(
            "不是公众号文章的网址，应以 https://mp.weixin.qq.com/s 开头；请在微信里打开文章，复制链接",
            "this is no article's address, which begins with https://mp.weixin.qq.com/s; open the article in WeChat and copy its link",
        )

    def preview(self, order: Order, folder: Path) -> Path:
        """A page as wide as a phone that shows title, account and article; the pictures lie beside it."""
        rendition = order.rendition
        for picture in rendition.pictures:
            shutil.copyfile(self._tools.picture(picture), folder / picture.filename)
        is_newspic = rendition.extra.get("type") == "newspic"
        names = {picture.filename: picture.filename for picture in rendition.pictures}
        body = rendition.body if is_newspic else with_addresses(rendition.body, names)
        page = self._tools.template(
            "preview.html",
            title=rendition.title,
            author=rendition.extra.get("author", ""),
            account=self._config.title or say("公众号", "official account"),
            published_at=f"{order.started_at:%Y-%m-%d %H:%M}",
            source=rendition.extra.get("source", ""),
            paragraphs=body.split("\n\n") if is_newspic else [],
            article="" if is_newspic else body,
            pictures=[picture.filename for picture in rendition.pictures] if is_newspic else [],
        )
        path = folder / "wechat.html"
        path.write_text(page, encoding="utf-8")
        return path
