"""Attachments for channels that cannot carry them: a line that names them, and the address of the page that has them."""

from collections.abc import Mapping
from dataclasses import replace

from xuanfa.domain.post import Override, Post
from xuanfa.domain.rendition import Rendition

#: Stands for the address of the page until the rendition is made; it never resolves (RFC 2606).
_PLACE = "https://attachments-of-this-post.invalid/"


def with_note(post: Post, channel: str) -> Post:
    """The post with a paragraph on its attachments at the end of what ``channel`` gets."""
    each = "、".join(f"《{_plain(one.title)}》（{one.kind}，{one.weight}）" for one in post.attachments)
    note = f"\n\n附件：{each}，[在网站本文页面下载]({_PLACE})\n"
    own = post.override(channel)
    if own.text is None:
        return replace(post, body=f"{post.body.rstrip()}{note}")
    channels: Mapping[str, Override] = {
        **(post.channels or {}),
        channel: replace(own, text=f"{own.text.rstrip()}{note}"),
    }
    return replace(post, channels=channels)


def with_address(rendition: Rendition, address: str) -> Rendition:
    """The rendition with the page's address in its place."""

    def put(text: str) -> str:
        return text.replace(_PLACE, address)

    return replace(
        rendition,
        body=put(rendition.body),
        summary=put(rendition.summary),
        extra={name: put(text) for name, text in rendition.extra.items()},
    )


def _plain(title: str) -> str:
    """A title in which no sign of Markdown means anything."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>{}~!" else letter for letter in title)
