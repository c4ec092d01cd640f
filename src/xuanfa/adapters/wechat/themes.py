"""The three looks of an article. Colours are written as ``#rrggbb``: WeChat's dark mode converts those and loses others."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one look; each text colour has a contrast of at least 4.5 : 1 on white and on ``tint`` (WCAG 2.1, 1.4.3)."""

    theme: str
    name: str
    accent: str
    strong: str
    tint: str
    line: str
    ink: str = "#333333"
    quiet: str = "#5f6670"

    def colours(self) -> dict[str, str]:
        """By name, for the stylesheet."""
        return asdict(self)


THEMES: Mapping[str, Theme] = {
    theme.theme: theme
    for theme in (
        Theme("government", "政务蓝", accent="#1f5fa8", strong="#17467d", tint="#eef4fb", line="#c9d8ea"),
        Theme("court", "法院红", accent="#a3201d", strong="#8a1a17", tint="#faf3f0", line="#e6cfc8"),
        Theme("plain", "素雅", accent="#38424c", strong="#1f262d", tint="#f5f6f7", line="#d9dde1"),
    )
}
