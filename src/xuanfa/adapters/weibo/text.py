"""The text of a short post: how long it counts, and what of it survives the platform's rewriting."""

import html
import re

#: Code points of one short post, each address counted as a short link (platforms.md, Weibo posts; the weights are not confirmed).
TEXT_MAX = 140
ADDRESS_COUNT = 11

#: Addresses are ASCII, so that a Chinese full stop after one ends it.
ADDRESS = re.compile(r"https?://[!-~]+")
#: Spaces of every kind and the zero-width characters that the platform appends.
_BLANK = re.compile(r"[\s\u200b\u200c\u200d\ufeff]+")


def counted(text: str) -> int:
    """How long the platform counts the text, on the safe side: code points, with 11 for each address."""
    return len(ADDRESS.sub("x" * ADDRESS_COUNT, text))


def without_topics(text: str) -> str:
    """The text with 【topic】 for ``#topic#``, which ``statuses/share`` refuses. Addresses keep their fragments."""
    parts = re.split(f"({ADDRESS.pattern})", text)
    words = "\0".join(parts[::2])  # a topic may not reach across an address, so the joint is no letter of one
    words = re.sub(r"#([^#\n\0]+)#", r"【\1】", words)
    if words.count("#") > 1:
        words = words.replace("#", "＃")
    kept = words.split("\0")
    return "".join(word + address for word, address in zip(kept, [*parts[1::2], ""], strict=True))


def essence(text: str) -> str:
    """What is left to compare: without addresses (the platform rewrites them), blanks and markup."""
    return _BLANK.sub("", ADDRESS.sub("", re.sub(r"<[^<>]+>", "", html.unescape(text))))


def addresses(text: str) -> tuple[str, ...]:
    """The addresses in a text, in order."""
    return tuple(ADDRESS.findall(text))
