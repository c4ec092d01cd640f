"""The colours of drawn covers and cards: three themes, by their Chinese or English name."""

from dataclasses import dataclass
from typing import Final

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say


@dataclass(frozen=True, slots=True)
class Theme:
    """``ground`` runs from its first colour (top) to its second; ``ink`` is text on it, ``accent`` rules and the column's title.

    ``paper``, ``text`` and ``mark`` are those of a card's inner pages.
    """

    name: str
    ground: tuple[str, str]
    ink: str
    soft: str
    accent: str
    line: str
    paper: str
    text: str
    mark: str


RED: Final = Theme(
    "法院红", ("#9f1d22", "#7d1317"), "#fffaf3", "#f3dcd2", "#ecc98f", "#b2393b", "#fdfaf5", "#2b2422", "#9f1d22"
)
BLUE: Final = Theme(
    "政务蓝", ("#1a4f8f", "#11386b"), "#ffffff", "#d9e6f5", "#a9cdf3", "#3367a6", "#f8fafd", "#1f2733", "#1a4f8f"
)
PLAIN: Final = Theme(
    "素雅", ("#f8f6f1", "#efece4"), "#26282b", "#5a5c5f", "#7d6a4f", "#dcd6c8", "#fbfaf7", "#2a2b2d", "#7d6a4f"
)

_NAMES: Final = {
    **dict.fromkeys(("", "法院红", "红", "red", "court", "court-red"), RED),
    **dict.fromkeys(("政务蓝", "蓝", "blue", "gov", "gov-blue"), BLUE),
    **dict.fromkeys(("素雅", "素", "plain", "simple"), PLAIN),
}


def theme(name: str) -> Theme:
    """The theme called ``name``; empty is 法院红. Raises ConfigError for a name that none has."""
    known = _NAMES.get(name.strip().lower())
    if known is None:
        raise ConfigError(
            say(
                "没有名为“{name}”的主题。可用：政务蓝（blue）、法院红（red）、素雅（plain）。",
                "There is no theme {name!r}. There are 政务蓝 (blue), 法院红 (red) and 素雅 (plain).",
                name=name,
            )
        )
    return known
