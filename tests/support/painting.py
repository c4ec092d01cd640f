"""Texts as people put them together, and whether the layer that paints them wraps as the field does that holds them."""

import json
import random
from collections.abc import Iterator
from typing import Final

#: Marks that are whole and half, wide and narrow letters, what does not break.
_BITS: Final = (
    *("## ", "- ", "1. ", "**", "*", "`", "[", "](https://www.example.gov.cn/", ")", "![", "|", " | ", "\n", "\n\n", "> ", "<!-- ", " -->"),
    *("法官", "巡回审判，", "“三抓三促”", "。", "、", "court", "2026年12月", "100%", " ", "　", "𠮷", "é", "——", "……", "a" * 45),
)  # fmt: skip
#: The field's text, and the layer behind it that paints it: both as high, letter by letter the same, and not given up.
_PAINTED: Final = """(texts => texts.map(text => { const area = document.getElementById('f-text'); area.value = text;
    area.dispatchEvent(new Event('input', {bubbles: true}));
    const layer = document.querySelector('#box .letters'), was = area.style.height;
    area.style.height = area.style.minHeight = '0'; const high = area.scrollHeight; area.style.height = was; area.style.minHeight = '';
    return [high, layer.scrollHeight, layer.textContent.replace(/\\u200b/g, '').trimEnd() === text.trimEnd(),
        document.getElementById('box').classList.contains('plain')]; }))"""


def texts(seed: int, count: int = 40) -> list[str]:
    """So many, the same for a seed."""
    dice = random.Random(seed)  # noqa: S311 - texts, no secrets
    return ["".join(dice.choice(_BITS) for _ in range(dice.randrange(1, 90))) for _ in range(count)]


def asking(those: list[str]) -> str:
    """What a browser at 写稿 is to work out."""
    return f"({_PAINTED})({json.dumps(those)})"


def otherwise(those: list[str], answers: list[tuple[int, int, bool, bool]]) -> Iterator[tuple[str, int, int]]:
    """Texts that are painted otherwise than the field has them."""
    for text, (high, painted, is_same, is_plain) in zip(those, answers, strict=True):
        if not is_same or is_plain or abs(high - painted) >= 2:
            yield text, high, painted
