"""A post as WordPress keeps it: its address name, the marker that says that it is ours, and finding it again.

The **slug** is made of the post's own slug and nothing else: the same on every day and in every revision, so that a retry finds what an
earlier try made. The **marker** stands in the comment of a Custom HTML block, which readers never see and which also keeps WordPress
from rewriting the HTML (``wpautop``). It names the delivery and the digest: ``<identity>.<key>``.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.wordpress.answers import Trouble, code_of, listed, of_step, unreadable, unrightful
from xuanfa.adapters.wordpress.api import Api, is_id, text_of
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say, together
from xuanfa.domain.moments import from_iso
from xuanfa.domain.outcome import Accepted, Blame, Published, Rejected, Unsent
from xuanfa.domain.receipt import Receipt

#: What is read of a post.
FIELDS = "id,slug,status,link,modified_gmt,content.raw"
#: All states that a post can be in, but the trash, where its slug is another one.
_STATES = "publish,future,draft,pending,private"
_MARKER = re.compile(r'<!-- wp:html \{"xuanfa":"(?P<identity>[0-9a-f]{16})\.(?P<key>[^"]+)"\} -->')
#: WordPress drops the ending that would make a slug longer than this. Characters.
_SLUG_MAX = 200
#: How often to see whether a person has published a draft.
LOOK_AFTER = timedelta(minutes=30)


def slug_of(post: str) -> str:
    """The name in the address. Chinese and numbers alone become a hash: WordPress would percent-encode the first and may alter the second."""
    slug = re.sub(r"-+", "-", post.lower()).strip("-")
    if re.fullmatch(r"[a-z0-9_-]+", slug) and re.search(r"[a-z]", slug) and len(slug) <= _SLUG_MAX:
        return slug
    return f"post-{hashlib.sha256(post.encode()).hexdigest()[:12]}"


def identity(order: Order) -> str:
    """Names the delivery's post and channel, whatever its revision."""
    return hashlib.sha256(f"{order.channel}\n{order.post}".encode()).hexdigest()[:16]


def marked(order: Order, html: str) -> str:
    """The content that is sent."""
    return f'<!-- wp:html {{"xuanfa":"{identity(order)}.{order.key}"}} -->\n{html}\n<!-- /wp:html -->'


@dataclass(frozen=True, slots=True)
class Found:
    """A post on the site."""

    id: int
    slug: str
    status: str
    link: str
    modified: datetime | None
    content: str

    def is_of(self, order: Order) -> bool:
        """Whether it carries this delivery's marker, of any revision."""
        marker = _MARKER.search(self.content)
        return marker is not None and marker["identity"] == identity(order)

    def is_exactly(self, order: Order) -> bool:
        """Whether it carries this delivery's marker of just these words."""
        marker = _MARKER.search(self.content)
        return self.is_of(order) and marker is not None and marker["key"] == order.key

    def receipt(self, evidence: str) -> Receipt:
        """The evidence that it is there."""
        address = self.link if self.link.startswith(("https://", "http://")) else None
        return Receipt(remote_id=str(self.id), address=address, published_at=self.modified, evidence=evidence)


def found_in(row: dict[str, Any]) -> Found | None:
    """A post from an answer; ``None`` where it is none."""
    number, slug, status = row.get("id"), row.get("slug"), row.get("status")
    if not is_id(number) or not isinstance(slug, str) or not isinstance(status, str):
        return None
    return Found(
        id=int(str(number)),
        slug=slug,
        status=status,
        link=str(row.get("link", "")),
        modified=_moment(row.get("modified_gmt")),
        content=text_of(row.get("content")),
    )


def look_up(api: Api, order: Order, *, trashed: bool = False) -> Sequence[Found] | Trouble:
    """The posts under the slug, and under those that WordPress makes of it when it is taken (``-2``) or, if asked, thrown away."""
    slug = slug_of(order.post)
    slugs = [slug, f"{slug}-2", f"{slug}-3", *([f"{slug}__trashed"] if trashed else [])]
    states = f"{_STATES},trash" if trashed else _STATES
    params = {"slug": ",".join(slugs), "status": states, "context": "edit", "per_page": "20", "_fields": FIELDS}
    answer = api.send("GET", "posts", params=params)
    if isinstance(answer, Answer) and code_of(answer) == "rest_invalid_param":
        return _not_let_in(api, answer)
    found = listed(answer)
    if not isinstance(found, list):
        return found
    return [post for row in found if (post := found_in(row)) is not None]


def _not_let_in(api: Api, answer: Answer) -> Trouble:
    """Whoever may not see drafts is told that ``status`` is no such value, before the sign-in is looked at (tried with 6.1): ask who we are."""
    me = api.step("GET", "users/me", params={"context": "edit", "_fields": "id"})
    return unrightful(answer) if isinstance(me, Answer) else me


def before(api: Api, order: Order) -> Found | Trouble | None:
    """Our own post under the slug, to be updated; ``None`` where the name is free. Somebody else's is never touched."""
    found = look_up(api, order)
    if not isinstance(found, Sequence):
        return found
    ours = [post for post in found if post.is_of(order)]
    if len(ours) > 1:
        message = say(
            "网站上这篇稿件有 {n} 份（编号 {ids}），请在 WordPress 后台只留一份。",
            "The site has this post {n} times (numbers {ids}). Leave one of them, on the site itself.",
            n=len(ours),
            ids=say("、", ", ").join(str(post.id) for post in ours),
        )
        return Rejected(findings=(Finding(code="wordpress.twice", message=message),), blame=Blame.CONTENT)
    taken = [post for post in found if post.slug == slug_of(order.post)]
    if taken and not ours:
        message = say(
            "网站上已有别的文章用了地址名“{slug}”（编号 {id}）。请给稿件换一个 slug。",
            "Another post of the site has the address name {slug!r} (number {id}). Give the post another slug.",
            slug=taken[0].slug,
            id=taken[0].id,
        )
        return Rejected(findings=(Finding(code="wordpress.slug_taken", message=message),), blame=Blame.CONTENT)
    return ours[0] if ours else None


def by_number(api: Api, number: str) -> Found | Trouble | None:
    """The post with this number; ``None`` where there is none."""
    answer = api.send("GET", f"posts/{number}", params={"context": "edit", "_fields": FIELDS})
    if isinstance(answer, Answer) and code_of(answer) == "rest_post_invalid_id":
        return None
    trouble = of_step(answer)
    if trouble is not None or not isinstance(answer, Answer):
        return trouble or Unsent(evidence="")
    return found_in(answer.fields) or unreadable(answer)


def standing(post: Found, remarks: Sequence[str]) -> Published | Accepted:
    """How a post of ours stands: public, or waiting for a person on the site."""
    evidence = together([f"id {post.id}, {post.status}", *remarks])
    if post.status == "publish":
        return Published(receipt=post.receipt(evidence))
    waiting = say(
        "文章在网站上是“{status}”状态，等待网站人员发布（编号 {id}）",
        "the post is on the site as {status}, waiting for its staff to publish it (number {id})",
        status=post.status,
        id=post.id,
    )
    return Accepted(ticket=str(post.id), look_after=LOOK_AFTER, evidence=together([waiting, *remarks]))


def remarks(post: Found, order: Order, sent: str) -> list[str]:
    """What is not as it was sent, for the receipt: somebody should look. ``sent`` is empty where it is not known any more."""
    found = _left_out(order)
    slug = slug_of(order.post)
    if post.slug != slug:
        found.append(
            say(
                "注意：网站把地址名“{slug}”改成了“{became}”，可能已有同名内容，请核对",
                "note: the site changed the address name {slug!r} to {became!r}; look for something of the same name",
                slug=slug,
                became=post.slug,
            )
        )
    if not post.is_of(order):
        found.append(
            say(
                "注意：网站去掉了本程序的标记，今后有疑问时无法自动查证",
                "note: the site removed our mark; a doubt cannot be settled by looking",
            )
        )
    if sent and "".join(post.content.split()) != "".join(sent.split()):
        found.append(
            say(
                "注意：网站过滤后的正文与审定稿不同，请打开核对",
                "note: the site filtered the text, which is not the approved one any more; open it and compare",
            )
        )
    return found


def _left_out(order: Order) -> list[str]:
    """The keywords that the site did not take as tags."""
    names = json.loads(order.staged.get("left_out", "[]"))
    if not names:
        return []
    return [
        say(
            "注意：网站不收关键词{names}，已略去，其余照发",
            "note: the site refuses the keywords {names}, which were left out",
            names=say("、", ", ").join(say("“{name}”", "{name!r}", name=name) for name in names),
        )
    ]


def _moment(text: object) -> datetime | None:
    """UTC without an offset, as WordPress writes it."""
    return from_iso(text, UTC)
