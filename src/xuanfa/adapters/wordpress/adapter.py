"""WordPress: staged pictures and terms, then one request that creates or updates the post.

WordPress knows no idempotency key, but it can be asked: the slug is ours and the same in every try, and the content carries a marker (see
``posts``). So a doubt is settled by looking, and a changed text updates the post that is there. Facts: ``docs/adapters/wordpress.md``.
"""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import ClassVar

from xuanfa.adapters.protocol import Carrying, Kit, Tools, Traits
from xuanfa.adapters.shared.accounts import AccountName, place_of
from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.shared.inline import SafeHtml, located, unlocated, with_pictures
from xuanfa.adapters.shared.public import SCROLLED
from xuanfa.adapters.shared.sendable import unready
from xuanfa.adapters.wordpress.answers import Trouble, code_of, refusal
from xuanfa.adapters.wordpress.api import Api
from xuanfa.adapters.wordpress.config import WordpressConfig
from xuanfa.adapters.wordpress.doctor import examined
from xuanfa.adapters.wordpress.library import Library, Tags
from xuanfa.adapters.wordpress.past import page
from xuanfa.adapters.wordpress.posts import (
    FIELDS,
    Found,
    before,
    by_number,
    found_in,
    look_up,
    marked,
    remarks,
    slug_of,
    standing,
)
from xuanfa.domain.attachment import attached
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding, Severity, in_words
from xuanfa.domain.language import say
from xuanfa.domain.outcome import (
    Absent,
    Blame,
    Deferred,
    Evidence,
    Outcome,
    Rejected,
    Retracted,
    Staged,
    Staging,
    Unknown,
    Unsent,
    Withdrawal,
)
from xuanfa.domain.past import PastPage
from xuanfa.domain.post import Picture, PictureRule, Post
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition, needed_channels

log = logging.getLogger(__name__)

#: WordPress scales what is larger and keeps both (its "big image" threshold). Pixels.
SIDE_MAX = 2560
_MEDIA_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")


class WordpressAdapter:
    """A site and an account on it."""

    kind = "wordpress"
    Config = WordpressConfig
    carries_attachments: ClassVar[Carrying] = "page"
    traits = Traits(label=("WordPress", "WordPress"), confirms=True, draws=True, public_page="text")

    def __init__(self, config: WordpressConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._api = Api(config, tools)
        self._library = Library(self._api, tools)
        self.traits = replace(self.traits, console=f"{config.root}/wp-admin/edit.php")

    @property
    def budget(self) -> str:
        """Site and account: what the site counts, and whose pictures are remembered."""
        return f"{self._config.root} {self._config.username}"

    @property
    def account(self) -> AccountName:
        """Site and user, whose name is the same in large letters and small ones."""
        return AccountName(place=place_of(self._config.base_url), name=self._config.username.casefold())

    def render(self, post: Post, kit: Kit) -> Rendition:
        """The content, its pictures, and what WordPress keeps beside it."""
        rule = PictureRule(
            media_types=_MEDIA_TYPES,
            bytes_max=self._config.picture_kb_max * 1000,
            side_max=SIDE_MAX,
            animated=True,
            width_min=SCROLLED,
        )
        article, pictures = with_pictures(kit.html, post.pictures, kit, rule)
        address = kit.link(self._config.link) if self._config.link and kit.linked(self._config.link) else ""
        body = (
            kit.template("article.html", article=SafeHtml(article), address=address).strip() if article.strip() else ""
        )
        featured = _featured(self._config.featured, post, kit, rule)
        return Rendition(
            title=post.title,
            summary=kit.summary,
            body=body,
            media_type="text/html",
            pictures=tuple(dict.fromkeys([*pictures, *([featured] if featured else [])])),
            needs=needed_channels([body]),
            extra={
                "tags": json.dumps(list(post.keywords) if self._config.tags else [], ensure_ascii=False),
                "featured": featured.sha256 if featured else "",
            },
        )

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """Whether there is a title and a text, and every picture can be seen."""
        if not rendition.title.strip() or not rendition.body.strip():
            text = say("没有标题或正文。请补写 title 和正文。", "The title or the text is missing. Write them.")
            return [Finding(code="wordpress.empty", message=text, place="title")]
        hole = unlocated(rendition.body, rendition.pictures, "wordpress.local_picture")
        return [*hole, *_empty_keywords(json.loads(rendition.extra.get("tags", "[]")))]

    def stage(self, order: Order) -> Staging:
        """Look for the post, and bring pictures, categories and tags to the site. All of it may be repeated; nothing is public."""
        trouble = self._api.find_root()
        if trouble is not None:
            return trouble
        earlier = before(self._api, order)
        if earlier is not None and not isinstance(earlier, Found):
            return earlier
        uploads = self._library.pictures([*order.rendition.pictures, *attached(order.rendition.extra)])
        if not isinstance(uploads, dict):
            return uploads
        create = self._config.create_terms
        categories = self._library.categories(self._config.categories, create=create)
        if not isinstance(categories, list):
            return categories
        tags = self._library.tags(json.loads(order.rendition.extra["tags"]), create=create)
        if not isinstance(tags, Tags):
            return tags
        if tags.left_out:
            log.warning(
                "%s",
                say(
                    "渠道 {channel}：网站不收关键词 {names}，已略去",
                    "channel {channel}: the site refuses the keywords {names}; left out",
                    channel=order.channel,
                    names=say("、", ", ").join(tags.left_out),
                ),
            )
        return Staged(
            memory={
                "post": str(earlier.id) if earlier else "",
                "pictures": json.dumps({sha256: [upload.id, upload.url] for sha256, upload in uploads.items()}),
                "categories": json.dumps(categories),
                "tags": json.dumps(tags.numbers),
                "left_out": json.dumps(tags.left_out, ensure_ascii=False),
            }
        )

    def publish(self, order: Order) -> Outcome:
        """Create the post, or update the one that staging found: one request."""
        not_ready = unready(order, self.check)
        if not_ready is not None:
            return not_ready
        content = _content(order)
        if content is None:
            return Unsent(evidence=say("图片还没有上传", "the pictures are not uploaded yet"))
        earlier = order.staged.get("post", "")
        answer = self._api.send(
            "POST",
            f"posts/{earlier}" if earlier else "posts",
            params={"_fields": FIELDS},
            content=json.dumps(
                _fields(order, content, self._config), ensure_ascii=False, separators=(",", ":")
            ).encode(),
            headers={"Content-Type": "application/json"},
        )
        if not isinstance(answer, Answer):
            return answer
        refused = refusal(answer)
        if refused is not None:
            return refused
        post = found_in(answer.fields)
        return _unreadable(answer) if post is None else standing(post, remarks(post, order, content))

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """Look for the marker under the slug, in every state, the trash too."""
        if ticket:
            return self._ask_for(order, ticket)
        found = look_up(self._api, order, trashed=True)
        if not isinstance(found, Sequence):
            return Unknown(evidence=_why(found))
        exact = [post for post in found if post.is_exactly(order)]
        public = [post for post in exact if post.status != "trash"]
        if public:
            return standing(public[0], remarks(public[0], order, ""))
        if exact:
            return Unknown(
                evidence=say(
                    "文章在网站回收站里（编号 {id}），请人工确认",
                    "the post is in the site's trash (number {id}): a person must say",
                    id=exact[0].id,
                )
            )
        if any(post.slug == slug_of(order.post) and not post.is_of(order) for post in found):
            return Unknown(
                evidence=say(
                    "这个地址名下有一篇没有本程序标记的文章，请到网站上核实",
                    "under this address name is a post without our mark: check on the site itself",
                )
            )
        return Absent(evidence=say("网站上没有这篇稿件", "the site does not have this post"))

    def _ask_for(self, order: Order, number: str) -> Evidence:
        """A draft that a person on the site is to publish: it may have another slug by now, so it is asked for by its number."""
        post = by_number(self._api, number)
        if isinstance(post, Found) and post.is_of(order) and post.status != "trash":
            return standing(post, [])
        if post is None or isinstance(post, Found):
            # Deleted by a person: making it again would be against their will.
            text = say("网站人员删除了这篇文章（编号 {n}）", "the site's staff deleted the post (number {n})", n=number)
            return Unknown(evidence=text)
        return Unknown(evidence=_why(post))

    def retract(self, order: Order, receipt: Receipt) -> Withdrawal:
        """Move it to the site's trash, from which the site's own staff can take it back."""
        number = receipt.remote_id
        if number is None:
            found = look_up(self._api, order)
            ours = [post for post in found if post.is_of(order)] if isinstance(found, Sequence) else []
            if len(ours) != 1:
                return Unsent(
                    evidence=say(
                        "不知道文章编号，请在 WordPress 后台撤下",
                        "the post's number is not known; withdraw it on the site itself",
                    )
                )
            number = str(ours[0].id)
        answer = self._api.send("DELETE", f"posts/{number}", params={"_fields": "id,status"})
        if not isinstance(answer, Answer):
            return answer
        if code_of(answer) in {"rest_already_trashed", "rest_post_invalid_id"}:
            return Retracted(evidence=code_of(answer))
        refused = refusal(answer)
        if refused is not None:
            return refused
        if answer.fields.get("status") != "trash":
            return _unreadable(answer)
        trouble = self._library.withdrawn(attached(order.rendition.extra))
        if trouble is not None:
            return Unknown(
                evidence=say(
                    "文章已撤下，附件还在网站上，请到媒体库删除：{why}",
                    "the post is withdrawn, and its attachments are still on the site; delete them from its library: {why}",
                    why=_why(trouble),
                )
            )
        return Retracted(evidence=answer.excerpt)

    def corrected(self, rendition: Rendition) -> Rendition:
        """As it is: WordPress says itself when a post was modified."""
        return rendition

    def correct(self, order: Order, receipt: Receipt) -> Outcome:
        """Update the post of this number; where the site does not have it any more, nothing is made anew."""
        staged = self.stage(order)
        if not isinstance(staged, Staged):
            return staged
        if not staged.memory["post"] or staged.memory["post"] != receipt.remote_id:
            return _not_there(receipt)
        return self.publish(replace(order, staged=staged.memory))

    @property
    def lists_out(self) -> bool:
        """The site lists what it has published."""
        return True

    def past(self, number: int) -> PastPage | Deferred | Rejected | Unknown | Unsent:
        """A page of what the site has published, whoever has written it."""
        return page(self._api, number)

    def diagnose(self) -> Sequence[Finding]:
        """Whether the site answers, lets us in, and gives the account what it needs. Only questions are asked."""
        return () if self._config.rehearsal else examined(self._api, self._config)


def _not_there(receipt: Receipt) -> Rejected:
    message = say(
        "网站上找不到当时发的那篇文章（编号 {id}），没有更正。请到 WordPress 后台查看。",
        "The site does not have the post of then (number {id}), and nothing was corrected. Look on the site itself.",
        id=receipt.remote_id or "?",
    )
    return Rejected(findings=(Finding(code="wordpress.not_there", message=message),), blame=Blame.CONTENT)


def _empty_keywords(names: Sequence[str]) -> list[Finding]:
    """A word about keywords of which nothing is left when WordPress cleans them."""
    empty = [name for name in names if not re.sub(r"<[^<>]*>", "", name).strip()]
    if not empty:
        return []
    text = say(
        "关键词{names}里只有尖括号标记，WordPress 不收，会略去；要保留请去掉 < 和 >。",
        "The keywords {names} are nothing but marks in angle brackets: WordPress refuses them, and they are left out. Remove < and >.",
        names=say("、", ", ").join(say("“{name}”", "{name!r}", name=name) for name in empty),
    )
    return [Finding(code="wordpress.keyword", message=text, place="keywords", severity=Severity.WARN)]


def _featured(which: str, post: Post, kit: Kit, rule: PictureRule) -> Picture | None:
    if which == "always":
        return kit.cover(rule)
    return kit.fitted(post.cover, rule) if which == "cover" and post.cover else None


def _content(order: Order) -> str | None:
    """The content with every picture where it was uploaded; ``None`` where one has no place yet."""
    uploads = _uploads(order)
    pictures = order.rendition.pictures
    if any(picture.sha256 not in uploads for picture in pictures):
        return None
    places = {picture.filename: str(uploads[picture.sha256][1]) for picture in pictures}
    attachments = attached(order.rendition.extra)
    if any(each.sha256 not in uploads for each in attachments):
        return None
    listed = "".join(
        f'<li><a href="{escape(str(uploads[each.sha256][1]))}">{escape(each.title)}</a>（{each.kind}，{each.weight}）</li>'
        for each in attachments
    )
    below = f"\n<h2>附件</h2>\n<ul>{listed}</ul>" if listed else ""
    return marked(order, located(order.rendition.body, places) + below)


def _uploads(order: Order) -> dict[str, list[object]]:
    """What staging remembered: number and address by a picture's hash."""
    uploads: dict[str, list[object]] = json.loads(order.staged.get("pictures", "{}"))
    return uploads


def _fields(order: Order, content: str, config: WordpressConfig) -> dict[str, object]:
    """The post as WordPress takes it."""
    rendition, staged = order.rendition, order.staged
    fields: dict[str, object] = {
        "title": escape(rendition.title, quote=False),
        "content": content,
        "excerpt": escape(rendition.summary, quote=False),
        "comment_status": "open" if config.comments else "closed",
        "tags": json.loads(staged.get("tags", "[]")),
    }
    if config.categories:
        fields["categories"] = json.loads(staged.get("categories", "[]"))
    if featured := rendition.extra.get("featured"):
        fields["featured_media"] = _uploads(order)[featured][0]
    if not staged.get("post"):
        fields["slug"] = slug_of(order.post)
    if not staged.get("post") or config.status == "publish":
        # An update never takes back what a person on the site has published.
        fields["status"] = config.status
    return fields


def _unreadable(answer: Answer) -> Unknown:
    return Unknown(evidence=say("看不懂的回答：{said}", "unreadable answer: {said}", said=answer.excerpt))


def _why(trouble: Trouble) -> str:
    match trouble:
        case Rejected(findings=findings):
            why = in_words(findings)
        case Deferred(reason=text) | Unsent(evidence=text):
            why = text
    return say("暂时查不到：{why}", "could not look: {why}", why=why)
