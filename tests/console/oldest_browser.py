"""Every page in a real Chromium 86: opened, wide and narrow, with no error of its script, and the field of 写稿 as it is painted.

``make test-86`` runs this; it is no part of ``make test``, since the browser comes from npm. ``tests/unit/test_oldest_browser.py`` is.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import served
from tests.support.old_chromium import OldChromium, old_chromium
from tests.support.painting import asking, otherwise, texts
from tests.support.touring import COOKIE, Office, Stop, fill_by_hand, furnished, stops

_PRESS: Final = """(() => {{ const button = Array.from(document.querySelectorAll('main button, form button'))
    .find(each => each.textContent.includes({words!r})); button.form.noValidate = true; button.click(); }})()"""


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
    office, those = furnished(workspace, clock), texts(seed)
    with served(office.desk) as address:
        fill_by_hand(office, address)
        old.sign_in(address, COOKIE, office.token("wang"))
        for width in (1440, 390):
            old.size(width)
            old.go(f"{address}/posts/{office.draft}/write")
            assert not list(otherwise(those, old.run(asking(those)))), width
        assert old.forget() == []
