"""Text that means itself, in Markdown and in HTML."""

import re
from typing import Final

#: What ends or begins something in the middle of a line.
_MARKS: Final = re.compile(r"[\\`*_\[\]~{]")
#: ``&`` that would begin a reference.
_REFERENCE: Final = re.compile(r"&(?=#?\w{1,32};)")
#: ``<`` that would begin a tag, an address or a comment; before Chinese it is only a sign.
_TAG: Final = re.compile(r"<(?=[A-Za-z/!?]|$)")
#: What means something at the beginning of a line.
_FIRST: Final = re.compile(r"(?P<mark>[#>+=-])|(?P<digits>\d{1,9})(?P<end>[.)])(?=\s|$)")
_WIDE_SPACES: Final = re.compile(r"[\u2028\u2029\x0b\x0c\r\n]")


def markdown(text: str) -> str:
    """The text as it stands within a line of Markdown."""
    text = _MARKS.sub(lambda mark: f"\\{mark[0]}", _WIDE_SPACES.sub(" ", text))
    return _TAG.sub("&lt;", _REFERENCE.sub("&amp;", text))


def first(line: str) -> str:
    """A line of Markdown whose beginning means nothing."""
    match = _FIRST.match(line)
    if match is None:
        return line
    if match["mark"]:
        return f"\\{line}"
    return f"{match['digits']}\\{line[match.start('end') :]}"


def html(text: str) -> str:
    """The text as the content of an element, or as an attribute in double quotes."""
    text = _WIDE_SPACES.sub(" ", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def address(url: str) -> str:
    """An address between ``<`` and ``>``."""
    return re.sub(r"[\s<>\\]", lambda bad: "".join(f"%{byte:02X}" for byte in bad[0].encode()), url.strip())
