"""The pack for a person who posts by hand: numbered pictures, the caption, and the steps. The default, since few accounts may post by API."""

import shutil
import tempfile
from pathlib import Path

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.shared.accounts import folder_of
from xuanfa.domain.attempt import Order
from xuanfa.domain.errors import machine_words
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Accepted, Outcome, Unsent
from xuanfa.domain.remedy import Remedy


def hand_over(order: Order, tools: Tools, root: Path) -> Outcome:
    """Write the pack, whole or not at all; one of the same key that is there already stays. A person settles it with the public address."""
    found = find_pack(order, root)
    if found is not None:
        return handed_over(order, found, tools.folder)
    target = root / f"{order.started_at:%Y-%m-%d}-{order.post}-{order.key[:8]}"
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix=".new-") as scraps:
            made = Path(scraps) / "pack"
            made.mkdir()
            _write(order, tools, made)
            made.rename(target)
    except OSError as error:
        return Unsent(
            evidence=say(
                "发布包写不进 {folder}：{why}。请检查权限和磁盘空间",
                "the pack cannot be written to {folder}: {why}. Check permissions and disk space",
                folder=root,
                why=machine_words(error),
            )
        )
    return handed_over(order, target, tools.folder)


def find_pack(order: Order, root: Path) -> Path | None:
    """The finished pack of this key."""
    return next(root.glob(f"[!.]*-{order.key[:8]}"), None)


def handed_over(order: Order, pack: Path, workspace: Path) -> Accepted:
    """It is a person's turn."""
    return Accepted(
        ticket=pack.name,
        evidence=say(
            "发布包已备好：{pack}。请按其中的步骤在抖音发布，再用 {resolve}",
            "the pack is ready: {pack}. Follow its steps, then run {resolve}",
            pack=folder_of(workspace, pack),
            resolve=Remedy("resolve", order.delivery, published=None),
        ),
    )


def _write(order: Order, tools: Tools, folder: Path) -> None:
    for number, picture in enumerate(order.rendition.pictures, 1):
        shutil.copyfile(tools.picture(picture), folder / f"{number:02}{picture.suffix}")
    # A path takes plain text only, which a slice of a sentence is.
    (folder / say("文案.txt", "caption.txt")[:]).write_text(order.rendition.body, encoding="utf-8")
    (folder / say("步骤.txt", "steps.txt")[:]).write_text(_steps(order), encoding="utf-8")


def _steps(order: Order) -> str:
    declared = (
        say(
            "本稿有人工智能生成的内容：发布时在平台的声明里勾选“内容由AI生成”。图上的标识不要裁掉。\n",
            "An AI made some of it: declare that when posting. Do not cut off the labels of the pictures.\n",
        )
        if order.rendition.extra.get("ai")
        else ""
    )
    return declared + say(
        "1. 把本文件夹的 {count} 张图片传到手机（或在电脑打开 creator.douyin.com），顺序按编号。\n2. 用本单位账号发布图文：依次选择图片，"
        "第 01 张作封面。\n3. 复制“文案.txt”全文作为作品描述。\n4. 发布后等审核通过，在作品页点分享，复制链接。\n5. 在服务器运行：{resolve}\n",
        "1. Bring the {count} pictures of this folder to the phone (or open creator.douyin.com), in the order of their numbers.\n2. Post "
        "them with the office's account; 01 is the cover.\n3. Copy the whole of caption.txt as the description.\n4. When the review is "
        "over, copy the link from the post's share menu.\n5. On the server: {resolve}\n",
        count=len(order.rendition.pictures),
        resolve=Remedy("resolve", order.delivery, published=None),
    )
