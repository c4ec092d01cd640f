"""Stage: pictures and the draft, each once. Nothing here is public, so everything may be repeated, and a draft is looked for before
another one is added."""

from datetime import timedelta
from typing import Any

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.wechat.account import Account, Said, Trouble, trouble_of
from xuanfa.adapters.wechat.article import with_addresses
from xuanfa.adapters.wechat.config import WechatConfig
from xuanfa.adapters.wechat.marks import marked, marker, shows
from xuanfa.domain.attempt import Order
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Staged, Staging, Unknown, Unsent
from xuanfa.domain.post import Picture
from xuanfa.domain.remedy import Remedy

#: How long it is remembered which draft an order made; afterwards nobody repeats it.
REMEMBERED = timedelta(days=30)
#: The centre of a 2.35 : 1 cover as the square that is shown where the article is shared.
_SQUARE = "0.287234_0_0.712766_1"
GONE, NO_COMMENTS = 40007, 88000


class _StoppedError(Exception):
    """Carries why an upload ended through ``remember``."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.trouble = trouble


class Drafts:
    """The drafts of one account."""

    def __init__(self, config: WechatConfig, tools: Tools, account: Account) -> None:
        self._config = config
        self._tools = tools
        self._account = account

    def stage(self, order: Order) -> Staging:
        """The draft of this order, made or brought up to date; ``media_id`` and ``source`` are remembered with the delivery."""
        if order.first_sent_at is not None and "media_id" in order.staged:
            return Staged(memory=order.staged)  # it may be public already: only the very same request may follow
        try:
            return self._staged(order)
        except _StoppedError as error:
            return _as_staging(error.trouble)

    def _staged(self, order: Order) -> Staging:
        if not order.rendition.is_bound:
            return Unsent(evidence=say("成稿里的地址还没有填上", "an address in the rendition is not filled in yet"))
        known = order.staged.get("media_id") or self._known(order)
        ended = self._update(order, known) if known else self._add(order)
        if not isinstance(ended, str):
            return _as_staging(ended)
        return Staged(memory={"media_id": ended, "source": _source(order), "title": order.rendition.title})

    def _known(self, order: Order) -> str:
        """The draft that an earlier try made without being able to say so: remembered, or found by its mark."""
        kept = self._tools.recall(_name(order))
        if kept is None or kept.startswith("media:"):
            return (kept or "").removeprefix("media:")
        found = self._look(order)
        if found:
            self._tools.keep(_name(order), f"media:{found}", REMEMBERED)
        return found

    def _look(self, order: Order) -> str:
        """The ``media_id`` of a draft with our mark among the latest twenty; empty where there is none."""
        said = self._told(
            self._account.call("/cgi-bin/draft/batchget", {"offset": 0, "count": 20, "no_content": 1}), order
        )
        return next((str(item["media_id"]) for item in said.rows("item") if shows(item, marker(order.key))), "")

    def _add(self, order: Order) -> str | Trouble:
        article = self._article(order)
        # Written down before the request: a draft whose answer is lost is looked for and not made again.
        self._tools.keep(_name(order), "asked", REMEMBERED)
        said = self._account.call("/cgi-bin/draft/add", {"articles": [article]})
        if isinstance(said, Said) and said.code == NO_COMMENTS:
            said = self._account.call("/cgi-bin/draft/add", {"articles": [_without_comments(article)]})
        if isinstance(said, Said) and said.code == GONE:
            self._forget_materials(order)
            said = self._account.call("/cgi-bin/draft/add", {"articles": [self._article(order)]})
        said = self._told(said, order)
        media_id = said.text("media_id") or next((str(row.get("media_id", "")) for row in said.rows("item")), "")
        if not media_id:
            return Unsent(evidence=say("新建草稿的回答里没有 media_id", "the answer names no draft"))
        self._tools.keep(_name(order), f"media:{media_id}", REMEMBERED)
        return media_id

    def _update(self, order: Order, media_id: str) -> str | Trouble:
        article = self._article(order)
        said = self._account.call("/cgi-bin/draft/update", {"media_id": media_id, "index": 0, "articles": article})
        if isinstance(said, Said) and said.code == NO_COMMENTS:
            again = {"media_id": media_id, "index": 0, "articles": _without_comments(article)}
            said = self._account.call("/cgi-bin/draft/update", again)
        if isinstance(said, Said) and said.code == GONE:
            return self._vanished(order, media_id)
        self._told(said, order)
        self._tools.keep(_name(order), f"media:{media_id}", REMEMBERED)
        return media_id

    def _vanished(self, order: Order, media_id: str) -> str | Trouble:
        """The draft has left the draft box: published or deleted. A second one is made only when a person has asked for it again."""
        asked = f"gone:{media_id}"
        if self._tools.recall(asked) is None:
            self._tools.keep(asked, "told", REMEMBERED)
            message = say(
                "这篇草稿已不在公众平台的草稿箱里，可能已经发表或被删除。请先到公众平台核对：已发表就登记网址（{resolve}）；"
                "确实没有发表，再用 {retry}，"
                "会重新建一份草稿。",
                "The draft has left WeChat's draft box: published or deleted. Look into the console first. If it is published, settle it with "
                "{resolve_it}; if it is not, {retry} makes a new draft.",
                resolve=Remedy("resolve", published=None),
                retry=Remedy("retry"),
                resolve_it=Remedy("resolve"),
            )
            return Rejected(findings=(Finding(code="wechat.draft_gone", message=message),), blame=Blame.CONTENT)
        return self._add(order)

    def _article(self, order: Order) -> dict[str, Any]:
        rendition = order.rendition
        by_name = {picture.filename: picture for picture in rendition.pictures}
        common: dict[str, Any] = {
            "title": rendition.title,
            "author": rendition.extra.get("author", ""),
            "content_source_url": _source(order),
            "need_open_comment": int(self._config.open_comments),
            "only_fans_can_comment": int(self._config.fans_only_comments),
        }
        if rendition.extra["type"] == "newspic":
            images = [{"image_media_id": self._material(order, picture)} for picture in rendition.pictures]
            return {
                "article_type": "newspic",
                **common,
                "content": rendition.body,
                "image_info": {"image_list": images},
            }
        cover = rendition.extra["cover"]
        addresses = {name: self._address(order, picture) for name, picture in by_name.items() if name in rendition.body}
        return {
            "article_type": "news",
            **common,
            "digest": rendition.summary,
            "content": with_addresses(rendition.body, addresses),
            "thumb_media_id": self._material(order, by_name[cover]),
            "pic_crop_235_1": "0_0_1_1",
            "pic_crop_1_1": _SQUARE,
        }

    def _address(self, order: Order, picture: Picture) -> str:
        """The picture's address at WeChat's host, uploaded once for the account. It uses no quota of the library."""

        def upload() -> tuple[str, None]:
            said = self._told(
                self._account.call("/cgi-bin/media/uploadimg", picture=self._tools.picture(picture)), order
            )
            return self._named(said, "url"), None

        return self._tools.remember(f"media:{picture.sha256}", upload)

    def _material(self, order: Order, picture: Picture) -> str:
        """The picture's ``media_id`` in the account's library, uploaded once."""

        def upload() -> tuple[str, None]:
            file = self._tools.picture(picture)
            said = self._told(self._account.call("/cgi-bin/material/add_material", picture=file, type="image"), order)
            return self._named(said, "media_id"), None

        return self._tools.remember(f"material:{picture.sha256}", upload)

    def _forget_materials(self, order: Order) -> None:
        """Somebody has removed a picture from the library: it is uploaded again."""
        for picture in order.rendition.pictures:
            name = f"material:{picture.sha256}"
            kept = self._tools.recall(name)
            if kept is not None:
                self._tools.forget(name, kept)

    def _told(self, said: Said | Trouble, order: Order) -> Said:
        """An answer that says it is done; anything else ends the stage."""
        if not isinstance(said, Said):
            raise _StoppedError(said)
        if not said.ok:
            raise _StoppedError(trouble_of(said, order.started_at))
        return said

    @staticmethod
    def _named(said: Said, name: str) -> str:
        value = said.text(name)
        if not value:
            raise _StoppedError(Unsent(evidence=say("上传图片的回答看不懂", "the answer to an upload is unreadable")))
        return value


def _as_staging(trouble: Trouble) -> Deferred | Unsent | Rejected:
    """A lost answer about a picture or a draft harms nobody: it is looked for, or made again."""
    return Unsent(evidence=trouble.evidence) if isinstance(trouble, Unknown) else trouble


def _name(order: Order) -> str:
    return f"draft:{order.key}"


def _source(order: Order) -> str:
    return marked(order.rendition.extra.get("source", ""), order.key)


def _without_comments(article: dict[str, Any]) -> dict[str, Any]:
    """For an account that has no comments (88000)."""
    return {
        name: value for name, value in article.items() if name not in {"need_open_comment", "only_fans_can_comment"}
    }
