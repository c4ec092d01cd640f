"""A headline with 「——」 is a title and a subtitle, as newspapers set them. The words stay as they were written."""

import re
from dataclasses import dataclass

#: What is typed for the two-em dash: by input methods, copied from tables of signs, or with hyphens.
_DASH = re.compile(r"[—―─]{2,}|⸺|-{2,}")
_OPENING, _CLOSING = "《〈「『（(【〔“‘[", "》〉」』）)】〕”’]"


@dataclass(frozen=True, slots=True)
class Headline:
    """``title`` and ``subtitle`` together are the whole; the subtitle keeps its dash, and is empty where there is none."""

    title: str
    subtitle: str = ""

    @property
    def opening(self) -> str:
        """The subtitle's dash with the sign behind it: no line is to end between the two."""
        dash = _DASH.match(self.subtitle)
        return self.subtitle[: dash.end() + 1] if dash else ""


def headline(whole: str) -> Headline:
    """The two parts. One dash parts them; two set words apart within a sentence, and one inside brackets or between years parts nothing."""
    dashes = list(_DASH.finditer(whole))
    if len(dashes) != 1:
        return Headline(whole)
    title, subtitle = whole[: dashes[0].start()], whole[dashes[0].start() :]
    rest = whole[dashes[0].end() :]
    if not title.strip() or not rest.strip() or _is_open(title) or (title[-1].isdigit() and rest[0].isdigit()):
        return Headline(whole)
    return Headline(title, subtitle)


def _is_open(text: str) -> bool:
    """Whether a bracket or quotation mark is still open at its end."""
    return sum((sign in _OPENING) - (sign in _CLOSING) for sign in text) > 0
