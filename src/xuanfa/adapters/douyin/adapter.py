"""Douyin bound to one account: uploads ahead, creates once, and looks into the account's own list."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from xuanfa.adapters.douyin.answers import DOUYIN, Refusal, data_of, error_code, meaning_of, refusal
from xuanfa.adapters.douyin.config import DouyinConfig
from xuanfa.adapters.douyin.handover import find_pack, hand_over, handed_over
from xuanfa.adapters.douyin.listing import Listing, look
from xuanfa.adapters.douyin.readers import AT_ONCE, ask
from xuanfa.adapters.douyin.rules import CAPTION_GOOD, CAPTION_MAX, IMAGE, check
from xuanfa.adapters.douyin.session import Access, Session
from xuanfa.adapters.douyin.slideshow import lacking
from xuanfa.adapters.douyin.staging import nothing_public, stage_images, stage_video
from xuanfa.adapters.douyin.uploading import Uploader
from xuanfa.adapters.protocol import Kit, Tools, Traits
from xuanfa.adapters.shared.accounts import AccountName, folder_of, place_of
from xuanfa.adapters.shared.addresses import reach
from xuanfa.adapters.shared.clock import clock_off
from xuanfa.adapters.shared.codes import Meaning
from xuanfa.adapters.shared.http import Answer, send_once
from xuanfa.adapters.shared.oauth import SignedIn, sign_in_again
from xuanfa.adapters.shared.sendable import unready
from xuanfa.domain.ai_label import BEFORE, GENERATED
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Deferred,
    Evidence,
    Outcome,
    Published,
    Rejected,
    Staged,
    Staging,
    Unknown,
    Unsent,
)
from xuanfa.domain.past import PastItem, PastPage
from xuanfa.domain.post import Post
from xuanfa.domain.reader_marks import ReadersAsked, ReadersTold
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rendition import Rendition, needed_channels

#: Looks after a review: the first after ten minutes, each next one when twice the time has passed, at most six hours apart.
_FIRST_LOOK, _LONGEST_LOOK = timedelta(minutes=10), timedelta(hours=6)
_LABEL = ("抖音", "Douyin")
_HOSTS = ("douyin.com", "iesdouyin.com")


#: Where an account's owner sees and manages what was posted.
CONSOLE = "https://creator.douyin.com/"


class DouyinAdapter(SignedIn):
    """One account."""

    kind = "douyin"
    Config = DouyinConfig
    traits = Traits(
        label=_LABEL,
        body_max=CAPTION_MAX,
        confirms=True,
        draws=True,
        asks_for_ai=True,
        looks_max=20,
        console=CONSOLE,
        public_page="script",
    )

    def __init__(self, config: DouyinConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._session = Session(config, tools)
        super().__init__(
            self._session, redirect_uri=config.redirect_uri, application=config.client_key, account=config.account
        )
        if config.mode == "manual":
            # The same key makes the same pack, so that making it again is harmless for ever.
            self.traits = replace(self.traits, replay=timedelta(days=36500), looks_max=40)
        self.traits = replace(self.traits, body_max=config.caption_max)
        root = tools.folder / config.directory
        self._packs = root.with_name(f"{root.name}.rehearsal") if config.rehearsal else root

    @property
    def kept_in(self) -> Path:
        """The folder that it writes into."""
        return self._packs

    @property
    def account(self) -> AccountName:
        """The platform, the application, and the user where the settings name one; the folder where a person posts by hand."""
        by_hand = self._config.mode == "manual"
        place = folder_of(self._tools.folder, self._config.directory) if by_hand else place_of(self._config.base_url)
        return AccountName(place=place, name=self._signed_in_to)

    def address_problem(self, address: str) -> str:
        """Whether it may be a post's page."""
        host = urlsplit(address).hostname or ""
        if any(host == known or host.endswith(f".{known}") for known in _HOSTS):
            return ""
        return say("不是抖音的地址（douyin.com）", "not an address of Douyin (douyin.com)")

    def render(self, post: Post, kit: Kit) -> Rendition:
        """Text cards first, then the post's own pictures, and the caption. A post of pictures alone has no cards, and its title for caption."""
        # A cover of the post's own is one of its pictures as a rule, and is not shown twice.
        shown = {p.sha256: p for p in ((post.cover,) if post.cover else ()) + post.pictures}
        pictures = tuple(kit.fitted(picture, IMAGE) for picture in shown.values())
        has_text = bool(post.title.strip() and (kit.text or kit.summary).strip())
        cards = kit.cards(theme=self._config.theme) if has_text else ()
        body = _caption(post, kit) if post.title.strip() and (has_text or pictures) else ""
        return Rendition(
            title=post.title,
            summary=kit.summary,
            body=body,
            media_type="text/plain",
            pictures=(*cards, *pictures),
            needs=needed_channels([body]),
            extra={"mode": self._config.mode, "cards": str(len(cards))}
            | ({"ai": "declared"} if post.ai == GENERATED or post.ai_pictures else {}),
        )

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """Caption, number of pictures, their bytes, the video's length."""
        return check(rendition, self._config.seconds, self._config.caption_max)

    def stage(self, order: Order) -> Staging:
        """Upload what the post consists of. Handles are remembered for the account for half a day, so that a restart uploads nothing twice."""
        if _mode(order) == "manual":
            return Staged(memory={})
        access = self._session.access(order.channel)
        if not isinstance(access, Access):
            return nothing_public(access)
        self._session.renew()
        uploader = Uploader(
            client=self._tools.http,
            base_url=self._config.base_url,
            session=self._session,
            access=access,
            channel=order.channel,
            now=order.started_at,
            first_part=self._config.first_part,
        )
        if _mode(order) == "video":
            return stage_video(order, self._tools, uploader, self._config.seconds)
        return stage_images(order, self._tools, uploader)

    def publish(self, order: Order) -> Outcome:
        """Create the post, once. What is taken is under review: only its author sees it until that is over."""
        not_ready = unready(order, self.check)
        if not_ready is not None:
            return not_ready
        if _mode(order) == "manual":
            return hand_over(order, self._tools, self._packs)
        access = self._session.access(order.channel)
        if not isinstance(access, Access):
            return access
        request = self._request(order)
        if request is None:
            return Unsent(evidence=say("素材还没有上传", "nothing has been uploaded yet"))
        path, body = request
        answer = send_once(
            self._tools.http,
            "POST",
            f"{self._config.base_url}/api/douyin/v1/video/{path}/",
            params={"open_id": access.open_id},
            headers={"access-token": access.token},
            json=body,
            secrets=self._session.secrets,
        )
        if not isinstance(answer, Answer):
            return answer
        self._session.mind(access, answer)
        refused = refusal(answer, channel=order.channel, now=order.started_at, writes=True)
        return refused if refused is not None else self._accepted(answer)

    def _request(self, order: Order) -> tuple[str, dict[str, Any]] | None:
        settings = {"private_status": self._config.private_status, "download_type": self._config.download_type}
        chosen = {name: value for name, value in settings.items() if value is not None}
        if _mode(order) == "video":
            video = order.staged.get("video")
            return ("create_video", {"video_id": video, "text": order.rendition.body} | chosen) if video else None
        images = order.staged.get("images")
        if not images:
            return None
        return "create_image_text", {"image_list": json.loads(images), "text": order.rendition.body} | chosen

    def _accepted(self, answer: Answer) -> Outcome:
        number = data_of(answer).get("item_id")
        if not isinstance(number, str | int) or not number:
            return Unknown(evidence=say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt))
        text = say(
            "已提交，等待抖音审核；审核通过前只有作者自己可见",
            "submitted; only its author sees it until Douyin has reviewed it",
        )
        for finding in self._session.warnings():
            text += say("（{text}）", " ({text})", text=finding.message)
        return Accepted(ticket=str(number), look_after=_FIRST_LOOK, evidence=text)

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """Look into the account's list: by the id, or by text and time. Whether the list shows what is under review is not confirmed."""
        if _mode(order) == "manual":
            pack = find_pack(order, self._packs)
            if pack is not None:
                return handed_over(order, pack, self._tools.folder)
            return Absent(evidence=say("{folder} 里没有发布包", "there is no pack in {folder}", folder=self._packs))
        access = self._session.access(order.channel)
        found = access if not isinstance(access, Access) else self._look(order, access)
        match found:
            case Listing():
                return self._seen(order, found, ticket or "")
            case Rejected(findings=findings) if findings[0].code == "douyin.sign_in":
                return found
            case Rejected(findings=findings):
                return Unknown(evidence=findings[0].message)
            case Deferred(reason=text) | Unsent(evidence=text) | Unknown(evidence=text):
                return Unknown(evidence=text)

    def _look(self, order: Order, access: Access) -> Listing | Refusal:
        return look(
            self._tools.http,
            self._config.base_url,
            session=self._session,
            access=access,
            since=order.first_sent_at,
            channel=order.channel,
            now=order.started_at,
        )

    def _seen(self, order: Order, found: Listing, ticket: str) -> Evidence:
        item = found.find(ticket, order.staged.get("text", order.rendition.body), order.first_sent_at)
        if item is not None:
            evidence = say("在账号的作品列表里：{id}", "in the account's list: {id}", id=item.id)
            receipt = Receipt(remote_id=item.id, address=item.address, published_at=item.created_at, evidence=evidence)
            return Published(receipt=receipt)
        if ticket:
            passed = order.started_at - order.first_sent_at if order.first_sent_at else _FIRST_LOOK
            text = say(
                "抖音仍在审核，或审核未通过；作品列表里还没有",
                "under review at Douyin, or refused; not in the list yet",
            )
            return Accepted(ticket=ticket, look_after=min(max(passed, _FIRST_LOOK), _LONGEST_LOOK), evidence=text)
        if found.whole and self._config.list_shows_pending:
            return Absent(evidence=say("账号的作品列表里没有", "the account's list does not show it"))
        text = say(
            "作品列表里没有，但审核中的作品可能不列出。请在抖音“我的作品”里核实，再登记结果（{resolve}）",
            "not in the list, which may leave out what is under review. Look into the account's works, then settle it with {resolve}",
            resolve=Remedy("resolve"),
        )
        return Unknown(evidence=text)

    @property
    def lists_out(self) -> bool:
        """The account's works, where an application asks for them."""
        return self._config.mode != "manual"

    def past(self, number: int) -> PastPage | Refusal:
        """The latest works: what one look shows, in one page. A work without a time counts as one of now."""
        now = datetime.now(UTC)
        access = self._session.access(say("加本渠道的名称", "with this channel's id"))
        if not isinstance(access, Access):
            return access
        found = look(
            self._tools.http,
            self._config.base_url,
            session=self._session,
            access=access,
            since=now,
            channel="",
            now=now,
        )
        if not isinstance(found, Listing):
            return found
        return PastPage(
            items=tuple(
                PastItem(title=each.title, address=each.address or "", at=each.created_at or now, remote_id=each.id)
                for each in found.items
            )
        )

    @property
    def readers_at_once(self) -> int:
        """Works of one question; none where a person posts by hand, since no number of a work is known then."""
        return AT_ONCE if self._config.readers and self._config.mode != "manual" else 0

    def readers(self, asked: Sequence[ReadersAsked], channel: str, now: datetime) -> ReadersTold | Refusal:
        """Plays, likes, forwards and comments as they stand now."""
        access = self._session.access(channel)
        if not isinstance(access, Access):
            return access
        client, base_url = self._tools.http, self._config.base_url
        return ask(client, base_url, session=self._session, access=access, asked=asked, channel=channel, now=now)

    def steps_of_takedown(self) -> Sequence[str]:
        """What a person does: there is no interface for it."""
        return [
            say(
                "还没有发布的，不要再点发布；已经发布的，在作品管理里删除",
                "do not publish it where that is still to be done; where it is out, delete it among the works",
            )
        ]

    def diagnose(self) -> Sequence[Finding]:
        """Whether the platform is reached, the authorisation holds, and ffmpeg is there for videos."""
        if self._config.mode == "manual":
            return ()
        findings = [missing] if self._config.mode == "video" and (missing := lacking()) else []
        if not self._config.rehearsal:
            unreached = reach(self._tools.http, httpx.URL(self._config.base_url), allow_private=True)
            if unreached:
                return [*findings, *unreached]
        access = self._session.access(say("加本渠道的名称", "with this channel's id"))
        if not isinstance(access, Access):
            return [*findings, *_as_findings(access)]
        self._session.renew()
        listed = self._listed(access) if access.kept else ()  # a rehearsal without a sign-in has nothing to ask about
        return [*findings, *listed, *self._session.warnings()]

    def _listed(self, access: Access) -> Sequence[Finding]:
        """The one harmless question: whether the token is taken, and whether what becomes of a post can be looked up."""
        answer = send_once(
            self._tools.http,
            "GET",
            f"{self._config.base_url}/api/douyin/v1/video/video_list/",
            params={"open_id": access.open_id, "cursor": "0", "count": "1"},
            headers={"access-token": access.token},
            secrets=self._session.secrets,
        )
        if not isinstance(answer, Answer):
            return [Finding(code="douyin.unreachable", message=answer.evidence)]
        self._session.mind(access, answer)
        clock = clock_off(answer.headers, "douyin")
        refused = refusal(answer, channel="", now=datetime.now(UTC), writes=False)
        if isinstance(refused, Rejected) and meaning_of(answer) is Meaning.CHANNEL:
            message = say(
                "查不到账号的作品列表，发出后的结果要人核实。{why}",
                "The account's list cannot be read, so a person must see what becomes of posts. {why}",
                why=refused.findings[0].message,
            )
            return [*clock, Finding(code="douyin.no_list", message=message, severity=Severity.WARN)]
        if isinstance(refused, Rejected) and meaning_of(answer) is Meaning.SIGN_IN:
            return [
                *clock,
                Finding(code="douyin.sign_in", message=sign_in_again(DOUYIN.why(error_code(answer), answer))),
            ]
        return [*clock, *([] if refused is None or meaning_of(answer) is Meaning.EXPIRED else _as_findings(refused))]


def _mode(order: Order) -> str:
    """What was approved decides, not what the settings say by now."""
    return order.rendition.extra.get("mode", "manual")


def _caption(post: Post, kit: Kit) -> str:
    """The author's own words for this channel; else title and summary, or the title alone where both would be too long: cards tell the rest."""
    if post.override(kit.channel).text is not None:
        return kit.template("caption.txt", words=kit.text).strip()
    whole = kit.template("caption.txt", words=kit.summary).strip()
    least = BEFORE if kit.summary.startswith(BEFORE) else ""
    return whole if len(whole) <= CAPTION_GOOD else kit.template("caption.txt", words=least).strip()


def _as_findings(refused: Refusal) -> Sequence[Finding]:
    match refused:
        case Rejected(findings=findings):
            return findings
        case Deferred(reason=text) | Unsent(evidence=text) | Unknown(evidence=text):
            return [Finding(code="douyin.unreachable", message=text)]
