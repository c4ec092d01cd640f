"""Slugs: what a post is called for ever, and what is said of a name that cannot be one."""

import re

from xuanfa.content.text.unseen import unseen_in
from xuanfa.domain.language import say

SLUG_MAX = 100
#: A slug becomes a file's and a folder's name, whose names hold 255 bytes.
SLUG_BYTES = 240


def wrong_slug(slug: str, *, named: bool, ending: str) -> str:
    """What is said of a slug that cannot be one, with one that could."""
    safe = re.sub(r"[^\w-]+", "-", slug)[:SLUG_MAX].encode()[:SLUG_BYTES].decode(errors="ignore")
    repaired = safe.strip("-") or "post"
    if named:
        return say(
            "slug“{slug}”不能用：只能有文字、数字、- 和 _，最多 100 个字。可以写成：{repaired}。",
            "The slug {slug!r} cannot be used: letters, digits, - and _ only, 100 at most. Possible: {repaired}.",
            slug=_legible(slug),
            repaired=repaired,
        )
    return say(
        "文件名“{slug}”不能当作稿件编号：只能有文字、数字、- 和 _，最多 100 个字。"
        "请把文件改名为 {repaired}{ending}，或在稿头写 slug: {repaired}。",
        "The file name {slug!r} cannot be the slug: letters, digits, - and _ only, 100 at most. "
        "Rename the file to {repaired}{ending}, or write slug: {repaired}.",
        slug=_legible(slug),
        repaired=repaired,
        ending=ending,
    )


def _legible(slug: str) -> str:
    """With the characters that nobody sees written out: else what is wrong with it could not be seen."""
    shown = list(slug)
    for at, code in unseen_in(slug):
        shown[at] = f"<U+{code:04X}>"
    return "".join(shown)
