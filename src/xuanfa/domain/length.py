"""How long a text counts where it is sent, beside how long it may be there: for whoever is still writing it."""

from dataclasses import dataclass
from typing import Final

from xuanfa.domain.language import say
from xuanfa.domain.rendition import Unit

#: From this share of a bound on it is told that it comes near.
_NEAR: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """One part of a rendition (``what``: 标题; empty for the text itself) in the unit that its platform counts in."""

    what: str
    n: int
    most: int
    unit: Unit = "characters"

    @property
    def mark(self) -> str:
        """``over`` where it is too long, ``near`` from nine tenths on, else empty."""
        return "over" if self.n > self.most else "near" if self.n >= self.most * _NEAR else ""

    def words(self, channel: str) -> str:
        """For a reader: 微博 153/140，多 13 字."""
        unit = say("字节", "bytes") if self.unit == "bytes" else say("字", "characters")
        counted = say(
            "{channel}{what} {n}/{most}",
            "{channel} {what} {n}/{most}",
            channel=channel,
            what=self.what,
            n=self.n,
            most=self.most,
        )
        if self.n > self.most:
            return counted + say("，多 {n} {unit}", ", {n} {unit} too long", n=self.n - self.most, unit=unit)
        return counted + (say(" 字节", " bytes") if self.unit == "bytes" else "")
