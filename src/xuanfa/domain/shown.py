"""Text from outside as it may be shown: nothing that a terminal obeys, and no more of it than a person reads."""

import re
from collections.abc import Sequence
from typing import Final

#: Of one message. Characters.
MESSAGE_MAX: Final = 600
#: What a terminal or a reader's software obeys instead of showing: controls but the line break, separators of lines, what turns the
#: direction of writing, and halves of characters, which no encoding takes.
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with whatever a terminal would obey written out (``\\x1b``)."""
    return _OBEYED.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def escaped(text: str) -> str:
    """The text with the same written out as JSON has it (``\\u001b``), so that JSON stays JSON; a tab stays, which only makes room."""
    return _OBEYED.sub(lambda match: match[0] if match[0] == "\t" else f"\\u{ord(match[0]):04x}", text)


def masked(text: str, secrets: Sequence[str]) -> str:
    """The text with every secret replaced, the longest first, so that no half of one is left standing."""
    for secret in sorted({secret for secret in secrets if secret}, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def clipped(text: str, most: int = MESSAGE_MAX) -> str:
    """The text, its middle left out where it is longer than ``most``: what is wrong stands at its beginning, what to do at its end."""
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end - 3]} … {text[-end:]}"
