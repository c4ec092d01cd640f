"""Characters that nobody sees and that change what is read or found: they go, and their place is told.

Overrides of the direction of writing show a text in another order than it has (CVE-2021-42574, "Trojan Source"); characters without width hide
in names and addresses, so that no search finds them. Where a script needs them (joiners within emoji and within Arabic or Indic letters, marks
of direction in a line that is written from the right) they stay. Sources: Unicode Standard, 23.2 and 23.9; UAX #9; UTS #51.
"""

import re
from collections.abc import Iterator
from typing import Final

#: They turn the direction of what follows, in any line.
_TURNS: Final = "\u202a-\u202e\u2066-\u2069"
#: Marks of direction and joiners, which some scripts need.
_HELPS: Final = "\u200c-\u200f\u061c"
#: Without width or ink anywhere: zero-width space, word joiner, soft hyphen, fillers of Hangul, invisible operators, marks of annotations.
_NOTHING: Final = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a"
#: Letters written a second time as tags, which nobody sees. They end the flags of some regions, behind a black flag.
_TAGS: Final = "\U000e0000-\U000e007f"
#: They choose a form of the character before; a second one chooses nothing.
_FORMS: Final = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_FLAG: Final = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
_ANY: Final = re.compile(
    f"[{_TURNS}{_HELPS}{_NOTHING}{_TAGS}]|(?<=[{_FORMS}])[{_FORMS}]+|(?:^|(?<=\\s))[{_FORMS}]+", re.MULTILINE
)
#: Scripts that are written from the right, or whose letters are joined.
_RIGHT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")
_JOINED: Final = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb1d-\ufdff\ufe70-\ufefe]")
#: What pictures of characters are made of (UTS #51): a joiner between two of them makes one.
_PICTURES: Final = re.compile("[\u00a9\u00ae\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\u20e3\U0001f000-\U0001faff]")


def turns(code: int) -> bool:
    """Whether a character turns the direction of what follows."""
    return re.match(f"[{_TURNS}]", chr(code)) is not None


def unseen_in(text: str) -> Iterator[tuple[int, int]]:
    """Where in ``text`` such characters stand, and which they are (code points), in order."""
    if text.isascii():
        return
    flags = [flag.span() for flag in _FLAG.finditer(text)]
    for found in _ANY.finditer(text):
        for at in range(found.start(), found.end()):
            if not _is_needed(text, at) and not any(begin <= at < end for begin, end in flags):
                yield at, ord(text[at])


def without_unseen(text: str) -> str:
    """The text without them."""
    places = [at for at, _ in unseen_in(text)]
    if not places:
        return text
    parts, begin = [], 0
    for at in places:
        parts.append(text[begin:at])
        begin = at + 1
    return "".join((*parts, text[begin:]))


def _is_needed(text: str, at: int) -> bool:
    letter = text[at]
    if not re.match(f"[{_HELPS}]", letter):
        return False
    if letter in "\u200c\u200d":
        beside = text[at - 1 : at] + text[at + 1 : at + 2]
        return len(beside) == 2 and (  # noqa: PLR2004 - both neighbours
            bool(_JOINED.match(beside)) or all(_PICTURES.match(each) for each in beside)
        )
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return bool(_RIGHT.search(text, begin, end if end >= 0 else len(text)))
