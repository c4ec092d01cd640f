"""The website channel: what it promises to the core."""

import errno
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import ClassVar

from xuanfa.adapters.protocol import Carrying, Kit, Remembered, Tools, Traits
from xuanfa.adapters.shared.accounts import AccountName, folder_of, place_of
from xuanfa.adapters.site import article as articles
from xuanfa.adapters.site.address import Addresses, article_path
from xuanfa.adapters.site.checks import check
from xuanfa.adapters.site.config import SiteConfig
from xuanfa.adapters.site.folder import Folder
from xuanfa.adapters.site.opening import opened
from xuanfa.adapters.site.past import unknown_pages
from xuanfa.adapters.site.records import Article
from xuanfa.adapters.site.session import Session, session
from xuanfa.adapters.site.trouble import TROUBLES, in_words, judged
from xuanfa.domain.attachment import attached
from xuanfa.domain.attempt import Order
from xuanfa.domain.errors import ConfigError, PictureGoneError
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Blame,
    Evidence,
    Outcome,
    Published,
    Rejected,
    Retracted,
    Unknown,
    Unsent,
    Withdrawal,
)
from xuanfa.domain.past import PastPage
from xuanfa.domain.post import Post
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition

#: Nothing but this program's own files takes part: a page that waits for its lists is looked at again this soon.
_LOOK_AGAIN = timedelta(minutes=1)


class SiteAdapter:
    """A static website in a folder. A rehearsed one is written into a folder beside it, whose name ends in ``.rehearsal``."""

    kind = "site"
    Config = SiteConfig
    carries_attachments: ClassVar[Carrying] = "page"
    #: The same key writes the same bytes to the same path, so that sending again is harmless for ever.
    traits = Traits(
        label=("网站", "website"),
        confirms=True,
        own_pages=True,
        replay=timedelta(days=36500),
        public_page="text",
    )

    def __init__(self, config: SiteConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self.traits = replace(self.traits, console=config.base_url)
        root = tools.folder / config.directory
        self._folder = Folder(root.with_name(root.name + ".rehearsal") if config.rehearsal else root)

    @property
    def kept_in(self) -> Path:
        """The folder that it writes into."""
        return self._folder.root

    @property
    def budget(self) -> str:
        """The folder: two channels that write into one share its pace."""
        return f"site:{self._folder.root}"

    @property
    def account(self) -> AccountName:
        """The address that readers know, and the folder behind it."""
        return AccountName(
            place=place_of(self._config.base_url), name=folder_of(self._tools.folder, self._config.directory)
        )

    def render(self, post: Post, kit: Kit) -> Rendition:
        """The finished page; its time is filled in when it is published."""
        return articles.render(post, kit, self._config)

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """Whether the page has a name, a title and a text, and loads nothing from elsewhere."""
        return check(rendition, self._config)

    def publish(self, order: Order) -> Outcome:
        """Put the article, its pictures and all lists in place. The same key again answers what it answered the first time."""
        try:
            with session(self._config, self._tools, self._folder) as current:
                return self._publish(current, order)
        except PictureGoneError:
            raise  # nothing is public: the core holds it
        except TROUBLES as error:
            return judged(error, self._folder.root)

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """Look at catalogue and page. What a crash has left unfinished is finished first; no new article can appear by that."""
        try:
            with session(self._config, self._tools, self._folder) as current:
                return self._found(current, order)
        except TROUBLES as error:
            return Unknown(evidence=in_words(error, self._folder.root))

    def retract(self, order: Order, receipt: Receipt) -> Withdrawal:
        """Put the plain page in its place and take it out of lists, feeds and sitemap."""
        try:
            with session(self._config, self._tools, self._folder) as current:
                return self._retract(current, order)
        except TROUBLES as error:
            return judged(error, self._folder.root)

    def corrected(self, rendition: Rendition) -> Rendition:
        """As it is: the page of the same address says itself since when it is as it is."""
        return rendition

    def correct(self, order: Order, receipt: Receipt) -> Outcome:
        """Put the corrected page in the place of the one that is there; nothing is made anew where that is gone."""
        try:
            with session(self._config, self._tools, self._folder) as current:
                known = current.catalogue.find(order.post)
                if known is None or known.retracted:
                    return _nothing_there()
                return self._publish(current, order)
        except PictureGoneError:
            raise  # nothing has changed: the core keeps it
        except TROUBLES as error:
            return judged(error, self._folder.root)

    def preview(self, order: Order, folder: Path) -> Path:
        """A small website of this one article in ``folder``: the page with its style and pictures, as readers will see it."""
        with session(self._config, self._tools, Folder(folder)) as current:
            current.publish(order)
            current.settle()
        return folder / article_path(order.column, order.post)

    def turn_grey(self, *, on: bool) -> str:
        """By its style alone: one file, so that a site of any size is grey at once, and no page changes."""
        try:
            if not self._folder.catalogue.exists():
                return ""
            with session(self._config, self._tools, self._folder) as current:
                current.turn_grey(on=on)
        except TROUBLES as error:
            return in_words(error, self._folder.root)
        return ""

    def remembered(self, channel: str) -> Sequence[Remembered]:
        """What stands in the catalogue."""
        try:
            if not self._folder.catalogue.exists():
                return ()
            with self._folder.locked(), opened(self._folder.catalogue) as catalogue:
                return [Remembered(post=slug, at=at) for slug, at in catalogue.given()]
        except PermissionError as error:  # an account that only looks
            raise ConfigError(
                say(
                    "渠道 {channel}：这个账户读不了网站的记录 {path}，没有问它记得什么。请用运行本程序的账户再看一遍。",
                    "{channel}: this account may not read the website's catalogue {path}, which was not asked what it remembers. Look once more "
                    "as the account that runs the program.",
                    channel=channel,
                    path=self._folder.catalogue,
                )
            ) from error
        except TROUBLES as error:
            raise ConfigError(in_words(error, self._folder.root)) from error

    @property
    def lists_out(self) -> bool:
        """Its folder, with the catalogue beside it."""
        return True

    def past(self, number: int) -> PastPage | Unsent:
        """Pages in the folder that this program has not put there. What the catalogue knows needs no telling, however much that is."""
        if not self._folder.catalogue.exists():
            return PastPage(items=())
        try:
            with self._folder.locked(), opened(self._folder.catalogue) as catalogue:
                found = unknown_pages(self._folder.root, catalogue, Addresses(self._config.base_url))
        except TROUBLES as error:
            return Unsent(evidence=in_words(error, self._folder.root))
        return PastPage(items=tuple(found))

    def diagnose(self) -> Sequence[Finding]:
        """Whether the folder can be written and the catalogue read; nothing is written but a file without a name."""
        try:
            _require_writable(self._folder.root)
            if not self._folder.catalogue.exists():
                return []
            with self._folder.locked(), opened(self._folder.catalogue) as catalogue:
                sound, unfinished = catalogue.is_sound(), catalogue.chores()
                missing = set(self._config.columns) - {section.id for section in catalogue.sections()}
        except TROUBLES as error:
            return [Finding(code="site.folder", message=in_words(error, self._folder.root), place="directory")]
        if not sound:
            return [self._damaged()]
        found = [_unfinished(len(unfinished))] if unfinished else []
        return [*found, *(_not_there(name) for name in sorted(missing))]

    def _publish(self, current: Session, order: Order) -> Outcome:
        known = current.catalogue.find(order.post)
        if known is not None and known.key == order.key:
            if known.retracted:
                return _refused_retracted()
            if current.is_public(known):
                return Published(receipt=self._receipt(known))
        for picture in order.rendition.pictures:
            self._tools.picture(picture)
        for attachment in attached(order.rendition.extra):
            self._tools.attachment(attachment)
        article = current.publish(order)
        try:
            current.settle()
        except TROUBLES as error:
            # Committed: from here on it is never "nothing happened". Whoever comes next finishes it.
            return Accepted(look_after=_LOOK_AGAIN, evidence=in_words(error, self._folder.root))
        return Published(receipt=self._receipt(article))

    def _found(self, current: Session, order: Order) -> Evidence:
        known = current.catalogue.find(order.post)
        if known is None:
            return Absent(evidence=say("网站目录里没有这篇文章", "the website's catalogue does not have it"))
        if known.retracted:
            return Absent(evidence=say("网站上的这篇文章已撤回", "it has been retracted from the website"))
        if known.key != order.key:
            return Absent(evidence=say("网站上是这篇稿件的另一版", "the website has another version of this post"))
        if not current.is_public(known):
            return Absent(
                evidence=say(
                    "页面文件不见了，或与发布时不一致；重新发布会恢复它",
                    "the page's file is gone or differs from what was published; publishing again restores it",
                )
            )
        return Published(receipt=self._receipt(known))

    def _retract(self, current: Session, order: Order) -> Withdrawal:
        known = current.catalogue.find(order.post)
        path = article_path(order.column, order.post)
        if known is None and self._folder.read(path) is None:
            return Retracted(evidence=say("网站上没有这篇文章", "the website does not have it"))
        if known is None:
            return Rejected(findings=(_not_ours(self._folder.root / path),), blame=Blame.CHANNEL)
        if not known.retracted:
            current.retract(known)
        try:
            current.settle()
        except TROUBLES as error:
            return Unknown(evidence=in_words(error, self._folder.root))
        return Retracted(
            evidence=say(
                "页面已换成撤回说明，列表、订阅和站点地图已去除", "replaced by a notice and taken out of every list"
            )
        )

    def _receipt(self, article: Article) -> Receipt:
        path = article_path(article.section, article.slug)
        return Receipt(
            remote_id=f"{article.section}/{article.slug}",
            address=Addresses(self._config.base_url).of(path),
            published_at=article.published_at,
            evidence=f"{path} sha256:{article.page_digest}",
        )

    def _damaged(self) -> Finding:
        message = say(
            "网站目录文件 {path} 已损坏。请从备份恢复该文件。",
            "The website's catalogue {path} is damaged. Restore the file from a backup.",
            path=self._folder.catalogue,
        )
        return Finding(code="site.catalogue", message=message, place="directory")


def _nothing_there() -> Rejected:
    message = say(
        "网站上已没有这篇文章，没有可更正的。",
        "The website does not have this article any more: nothing can be corrected.",
    )
    return Rejected(findings=(Finding(code="site.not_there", message=message),), blame=Blame.CONTENT)


def _refused_retracted() -> Rejected:
    message = say(
        "这篇文章已从网站撤回，不会以同一份成稿再次公开。如需重新发布，请修改稿件后再发。",
        "This article has been retracted and does not become public again as it was. Change the post to publish it anew.",
    )
    return Rejected(findings=(Finding(code="site.retracted", message=message),), blame=Blame.CONTENT)


def _unfinished(count: int) -> Finding:
    message = say(
        "网站上次写到一半中断了，还有 {count} 项未写完；下次向网站发布或核实时自动补齐。",
        "The website was interrupted and has {count} things left to write; the next publication or confirmation finishes them.",
        count=count,
    )
    return Finding(code="site.unfinished", message=message, place="directory", severity=Severity.WARN)


def _not_there(column: str) -> Finding:
    message = say(
        "设置 columns 里的“{column}”在网站上还没有文章，菜单里也就没有它；如果是写错了，请改正。",
        "The column {column!r} of the setting columns has no article on the website yet, so the menu does not show it; mend it if it is misspelt.",
        column=column,
    )
    return Finding(code="site.column_missing", message=message, place="columns", severity=Severity.WARN)


def _not_ours(path: Path) -> Finding:
    message = say(
        "网站目录里没有这篇文章的记录，但文件 {path} 还在。请人工删除该文件。",
        "The catalogue does not know this article, yet the file {path} is there. Delete the file by hand.",
        path=path,
    )
    return Finding(code="site.not_ours", message=message, place="directory")


def _require_writable(root: Path) -> None:
    """Raise OSError unless files can be made in the folder, or the folder in the nearest one that exists."""
    if root.is_dir():
        with TemporaryFile(dir=root):
            return
    nearest = next(parent for parent in root.parents if parent.exists())
    if root.exists() or not nearest.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
