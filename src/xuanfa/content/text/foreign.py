"""Marks of other programs and platforms that mean nothing here: tags of Obsidian, ids of its blocks, headings without a space."""

import re
from collections.abc import Iterator

from xuanfa.content.text.chinese import masks

#: Marks of Markdown, of its dialects and of Obsidian that no rule here understands.
_MARKS = re.compile(
    r"\*\*|~~|\[\[|\]\]|==|%%|\$\$|\[!\w*\]|\[[ xX]\]|\] ?\(|\] ?（|\[\^[^\]\n]{1,40}\]|\[TOC\]|^:{3,}|\{[^{}\n]{0,200}\}|</?\w{1,20}:\w{1,20} ?/?>"
    # Full-width brackets are no mark by themselves; before an address, which may be a piece of its own, they were meant as a link.
    r"|\uff3d ?[(\uff08](?:$|(?=\s*(?:https?:|www\.|mailto:|tel:|[^()\uff08\uff09\s]{1,100}\.md\b)))"
    r"|__[^_\s][^_\n]{0,60}[：，。！？；、）》”]__|(?<=\w)\^[\w+-]{1,10}\^|(?<=[a-zA-Z])~\w{1,4}~(?!~)|^[\w\u4e00-\u9fff]{1,20}::(?=\s)",
    re.IGNORECASE,
)
#: A topic as Weibo and Douyin write it: it is meant to be read.
_TOPIC = re.compile(r"#[^#\s](?:[^#\n]{0,60}[^#\s])?#")
_TAG = re.compile(r"(?<!\S)#{1,6}(?=[^\s#])[^\s#]+")
#: Numbers are no tags (案例 #1), but numbered headings may lack their space (#1、做法).
_NUMBER = re.compile(r"#\d+(?![\d、.．])")
_BLOCK_ID = re.compile(r"(?:^|(?<=\s))\^[A-Za-z0-9-]{1,64}\s*$")
#: So much of a tag is shown. Characters.
_SHOWN = 20


def marks_of(text: str) -> Iterator[str]:
    """Marks in a piece of a parsed text, in which masks and what was escaped are pieces of their own."""
    for match in _MARKS.finditer(text):
        if match[0] != "]]":
            yield "[ ]" if match[0] in {"[x]", "[X]"} else match[0]


def marks_of_plain(text: str) -> Iterator[str]:
    """Marks in a line that is never parsed (a title, a caption): asterisks of a mask are none."""
    hidden = masks(text)
    yield from marks_of(re.sub(r"\*+", lambda run: "＊" * len(run[0]) if run.start() in hidden else run[0], text))


def tags_of(text: str, *, begins: bool, ends: bool) -> Iterator[str]:
    """Tags and ids of blocks in a piece of text that may begin and end a line."""
    told = _TOPIC.sub(lambda topic: "＃" * len(topic[0]), text) if "#" in text else text
    for tag in _TAG.finditer(told):
        if (begins or tag.start()) and not _NUMBER.match(tag[0]):
            yield tag[0][:_SHOWN]
    if ends and (found := _BLOCK_ID.search(text)) and (begins or found.start()):
        yield found[0].strip()
