"""What is told of characters that nobody sees and that go when a file is read: the line and the code point of each."""

import re
from collections.abc import Callable, Iterator, Sequence

from xuanfa.content.text.bounds import CONTROLS
from xuanfa.content.text.unseen import turns, unseen_in
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say

#: So many places are told one by one.
_TOLD = 10
_CONTROL = re.compile(f"[{re.escape(''.join(map(chr, CONTROLS)))}]")


def of_controls(text: str, shown_as: str) -> Iterator[ContentError]:
    """What is said of control characters, each kind once in a line."""
    lines = enumerate(text.split("\n"), start=1) if _CONTROL.search(text) else ()
    found = [(ord(letter), number) for number, line in lines for letter in dict.fromkeys(_CONTROL.findall(line))]
    yield from _told(found, shown_as, _control, _more_controls)


def of_unseen(text: str, shown_as: str) -> Iterator[ContentError]:
    """The same of characters without width and of those that turn the direction of writing."""
    found: dict[tuple[int, int], None] = {}
    line, begin = 1, 0
    for at, code in unseen_in(text):
        line, begin = line + text.count("\n", begin, at), at
        found[code, line] = None
    yield from _told(list(found), shown_as, _unseen, _more_unseen)


def _told(
    found: Sequence[tuple[int, int]], shown_as: str, words: Callable[[int], str], more: Callable[[int], str]
) -> Iterator[ContentError]:
    for code, line in found[:_TOLD]:
        yield ContentError(words(code), Place(shown_as, line))
    if len(found) > _TOLD:
        yield ContentError(more(len(found) - _TOLD), Place(shown_as, found[_TOLD][1]))


def _control(code: int) -> str:
    return say(
        "这一行有看不见的控制字符 U+{code:04X}，{done}。请看看前后的字有没有少。",
        "This line holds the control character U+{code:04X}, which nobody sees; it {done}. See that nothing is missing beside it.",
        code=code,
        done=say("已换成空格", "became a space") if CONTROLS[code] else say("已去掉", "was left out"),
    )


def _more_controls(n: int) -> str:
    return say(
        "后面还有 {n} 处看不见的控制字符，也已去掉或换成空格。请把文字粘贴成纯文本后再保存。",
        "{n} more places hold control characters, which were left out or became spaces, too. Paste the text as plain text and save it again.",
        n=n,
    )


def _unseen(code: int) -> str:
    if turns(code):
        return say(
            "这一行有改变文字方向的控制符 U+{code:04X}，看到的顺序可能和实际不同，已去掉。请逐字核对这一行，尤其是数字和网址。",
            "This line holds U+{code:04X}, which turns the direction of writing, so that it may look other than it is; it was left out. Read the "
            "line word by word, figures and addresses above all.",
            code=code,
        )
    return say(
        "这一行有看不见的字符 U+{code:04X}，已去掉。请看看前后的字对不对。",
        "This line holds the character U+{code:04X}, which nobody sees; it was left out. See whether the text beside it is right.",
        code=code,
    )


def _more_unseen(n: int) -> str:
    return say(
        "后面还有 {n} 处看不见的字符，也已去掉。请把文字粘贴成纯文本后再保存。",
        "{n} more places hold characters that nobody sees, which were left out, too. Paste the text as plain text and save it again.",
        n=n,
    )
