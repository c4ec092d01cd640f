"""Every page in a real Chromium 86: opened, wide and narrow, with no error of its script, and the field of 写稿 as it is painted.

``make test-86`` runs this; it is no part of ``make test``, since the browser comes from npm. ``tests/unit/test_oldest_browser.py`` is.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import served
from tests.support.old_chromium import OldChromium, old_chromium
from tests.support.touring import COOKIE, Office, Stop, fill_by_hand, furnished, stops

#: Bits of text as people put them together: marks that are whole and half, wide and narrow letters, what does not break.
_BITS: Final = (
    *("## ", "- ", "1. ", "**", "*", "`", "[", "](https://www.example.gov.cn/", ")", "![", "|", " | ", "\n", "\n\n", "> ", "<!-- ", " -->"),
    *("法官", "巡回审判，", "“三抓三促”", "。", "、", "court", "2026年12月", "100%", " ", "　", "𠮷", "é", "——", "……", "a" * 45),
)  # fmt: skip
_PRESS: Final = """(() => {{ const button = Array.from(document.querySelectorAll('main button, form button'))
    .find(each => each.textContent.includes({words!r})); button.form.noValidate = true; button.click(); }})()"""
#: The field's text, and the layer behind it that paints it: both as high, letter by letter the same.
_PAINTED: Final = """(text => { const area = document.getElementById('f-text'); area.value = text;
    area.dispatchEvent(new Event('input', {bubbles: true}));
    const layer = document.querySelector('#box .letters'), was = area.style.height;
    area.style.height = area.style.minHeight = '0'; const high = area.scrollHeight; area.style.height = was; area.style.minHeight = '';
    return [high, layer.scrollHeight, layer.textContent.replace(/\\u200b/g, '').trimEnd() === text.trimEnd()]; })"""


@pytest.fixture
def old(tmp_path: Path) -> Iterator[OldChromium]:
    with old_chromium(tmp_path / "profile") as opened:
        yield opened


def test_it_is_that_old(old: OldChromium) -> None:
    assert old.version().startswith("HeadlessChrome/86.")


def test_every_page_opens_and_its_script_runs(old: OldChromium, workspace: Workspace, clock: Clock) -> None:
    office, wrong = furnished(workspace, clock), list[str]()
    with served(office.desk) as address:
        fill_by_hand(office, address)
        held = ""
        for stop in stops(office):
            if stop.who != held or not held:
                held = stop.who
                old.sign_in(address, COOKIE, office.token(held) if held else "")
            wrong += [f"{stop}: {each}" for each in _wrong(old, office, stop, address)]
    assert not wrong, "\n".join(wrong)


def _wrong(old: OldChromium, office: Office, stop: Stop, address: str) -> Iterator[str]:
    old.size(1440)
    old.go(address + stop.path)
    if stop.does:
        old.run(stop.does)
    if stop.press:
        old.after(_PRESS.format(words=stop.press))
    meant = {str(stop.status)} if stop.status != 200 else {"403", "409", "422"} if stop.press else set()
    yield from (
        each
        for each in old.forget()
        if not any(f"status of {code}" in each for code in meant) and "sandboxed" not in each
    )
    for width in (1440, 768, 390):
        old.size(width)
        wide = old.run("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{wide} wide at {width}"


@pytest.mark.parametrize("seed", range(4))
def test_the_painted_text_wraps_as_the_field_does(
    old: OldChromium, workspace: Workspace, clock: Clock, seed: int
) -> None:
    office, dice = furnished(workspace, clock), random.Random(seed)  # noqa: S311 - texts, no secrets
    texts = ["".join(dice.choice(_BITS) for _ in range(dice.randrange(1, 90))) for _ in range(40)]
    with served(office.desk) as address:
        fill_by_hand(office, address)
        old.sign_in(address, COOKIE, office.token("wang"))
        for width in (1440, 390):
            old.size(width)
            old.go(f"{address}/posts/{office.draft}/write")
            for text in texts:
                high, painted, same = old.run(f"({_PAINTED})({_quoted(text)})")
                assert same, text
                assert abs(high - painted) < 2, (width, high, painted, text)
        assert old.forget() == []


def _quoted(text: str) -> str:
    import json  # noqa: PLC0415

    return json.dumps(text)
