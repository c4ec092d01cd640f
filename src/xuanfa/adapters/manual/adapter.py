"""The manual channel: what it promises to the core.

Its pack is private, so making it again harms nobody; whether the post is public only a person can tell.
"""

import errno
import os
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from xuanfa.adapters.manual import contents
from xuanfa.adapters.manual.config import ManualConfig
from xuanfa.adapters.manual.pack import find_pack, make_pack, packs_of, write_pack
from xuanfa.adapters.protocol import Carrying, Kit, Remembered, Tools, Traits
from xuanfa.adapters.shared.accounts import AccountName, folder_of, place_of
from xuanfa.adapters.shared.sendable import unready
from xuanfa.domain.attempt import Order
from xuanfa.domain.errors import ContentError, PictureGoneError, TemplateError, machine_words
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Absent, Accepted, Blame, Evidence, Outcome, Rejected, Unsent
from xuanfa.domain.post import Post
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rendition import Rendition

#: All tags but pictures: a post may be pictures alone.
_TAGS = re.compile(r"<(?!img\b)[^>]*>")


class ManualAdapter:
    """A place where a person publishes. A rehearsed one packs into a folder beside it, whose name ends in ``.rehearsal``."""

    kind = "manual"
    Config = ManualConfig
    carries_attachments: ClassVar[Carrying] = "message"
    #: The same key makes the same pack, so that making it again is harmless for ever.
    traits = Traits(
        label=("人工发布", "by hand"), confirms=True, draws=True, own_pages=True, replay=timedelta(days=36500)
    )

    def __init__(self, config: ManualConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        root = tools.folder / config.directory
        self._root = root.with_name(root.name + ".rehearsal") if config.rehearsal else root

    @property
    def kept_in(self) -> Path:
        """The folder that it writes into."""
        return self._root

    @property
    def budget(self) -> str:
        """The folder."""
        return f"manual:{self._root}"

    @property
    def account(self) -> AccountName:
        """The folder, and where the person publishes. Several places may share a folder: packs name their channel."""
        where = place_of(self._config.base_url) if self._config.base_url else self._config.address_domain
        return AccountName(place=folder_of(self._tools.folder, self._config.directory), name=where)

    def render(self, post: Post, kit: Kit) -> Rendition:
        """The article, its pictures and covers."""
        return contents.render(post, kit, self._config)

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        """Whether there is a title and something to read."""
        if rendition.title.strip() and _TAGS.sub("", rendition.body).strip():
            return _without_style(rendition.body)
        text = say(
            "没有标题或正文，无法发布。请补全稿件。", "There is no title or no text to publish. Complete the post."
        )
        return (Finding(code="manual.empty", message=text, place="body"),)

    def publish(self, order: Order) -> Outcome:
        """Make the pack. From there on it is a person's turn."""
        refused = unready(order, self.check)
        if refused is not None:
            return refused
        try:
            pack = find_pack(self._root, order) or make_pack(self._root, order, self._tools, self._place)
        except PictureGoneError:
            raise  # nobody has the pack yet: the core holds it
        except TemplateError as error:
            finding = Finding(code="manual.template", message=str(error), place="body")
            return Rejected(findings=(finding,), blame=Blame.CHANNEL)
        except ContentError as error:
            finding = Finding(code="manual.template", message=error.message, place="body")
            return Rejected(findings=(finding,), blame=Blame.CONTENT)
        except OSError as error:
            return Unsent(evidence=_in_words(error, self._root))
        return self._handed_over(pack)

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """Whether the pack is there."""
        pack = find_pack(self._root, order)
        if pack is not None:
            return self._handed_over(pack)
        return Absent(
            evidence=say("{folder} 里没有这份交接包", "there is no pack of it in {folder}", folder=self._root)
        )

    def remembered(self, channel: str) -> Sequence[Remembered]:
        """What was handed over in packs that are still there."""
        return [Remembered(post=post, at=at) for post, at in packs_of(self._root, channel)]

    def preview(self, order: Order, folder: Path) -> Path:
        """The pack, in ``folder``."""
        return write_pack(folder, order, self._tools, self._place)

    def address_problem(self, address: str) -> str:
        """Whether it lies on the configured domain or below it."""
        domain = self._config.address_domain
        host = (urlsplit(address).hostname or "").lower()
        if not domain or host == domain or host.endswith(f".{domain}"):
            return ""
        return say(
            "这个地址在 {host}，不在本渠道的域名 {domain} 下。请粘贴文章在该网站上的公开地址。",
            "This address is on {host}, not on this channel's domain {domain}. Paste the article's public address there.",
            host=host or "?",
            domain=domain,
        )

    def steps_of_takedown(self) -> Sequence[str]:
        """What a person does: there is no interface for it."""
        return [
            say(
                "请接手的人停下；已经上传的，请他在那个平台删除",
                "ask whoever took the pack to stop, and to delete on the platform what was put there",
            )
        ]

    def diagnose(self) -> Sequence[Finding]:
        """Whether packs can be written."""
        nearest = next(folder for folder in (self._root, *self._root.parents) if folder.exists())
        if not nearest.is_dir():
            return (_unusable(nearest, machine_words(OSError(errno.ENOTDIR, ""))),)
        return (
            ()
            if os.access(nearest, os.W_OK | os.X_OK)
            else (_unusable(nearest, machine_words(OSError(errno.EACCES, ""))),)
        )

    @property
    def _place(self) -> dict[str, str]:
        name = self._config.title or type(self).traits.name
        return {"name": name, "domain": self._config.address_domain, "address": self._config.base_url}

    def _handed_over(self, pack: Path) -> Accepted:
        return Accepted(
            ticket=pack.name,
            look_after=None,
            evidence=say(
                "交接包已备好：{pack}。请打开其中的 index.html，按步骤人工发布，再登记公开地址（{resolve}）",
                "the pack is ready: {pack}. Open its index.html, publish by hand, then enter the address with {resolve_it}",
                pack=folder_of(self._tools.folder, pack),
                resolve=Remedy("resolve", published=None),
                resolve_it=Remedy("resolve"),
            ),
        )


def _without_style(body: str) -> list[Finding]:
    """A word about styles that the Word file of the pack does not have: a box is a plain paragraph there."""
    lost = [f"{{.{name}}}" for name in ("note", "wide") if re.search(rf'class="(?:[^"]* )?{name}[ "]', body)]
    if not lost:
        return []
    text = say(
        "样式 {names} 在交接包的 Word 稿里没有，只显示文字。需要突出的请改用加粗或引用（>）。",
        "The Word file of the pack has no style {names}, and shows the text alone. Use bold type or a quotation (>) to set it off.",
        names=say("、", ", ").join(lost),
    )
    return [Finding(code="manual.style", message=text, place="body", severity=Severity.WARN, about=lost[0])]


def _in_words(error: OSError, folder: Path) -> str:
    return say(
        "写不进交接文件夹 {folder}：{reason}。请检查磁盘空间和写入权限",
        "cannot write the folder of packs {folder}: {reason}. Check disk space and permissions",
        folder=folder,
        reason=machine_words(error),
    )


def _unusable(path: Path, reason: str) -> Finding:
    text = say(
        "交接包写不进 {path}：{reason}。请改正设置 directory 或文件夹权限。",
        "Packs cannot be written to {path}: {reason}. Mend the setting directory or the folder's permissions.",
        path=path,
        reason=reason,
    )
    return Finding(code="manual.folder", message=text, place="directory")
