"""The console's styles, script and pages use nothing that its oldest browser lacks: a Chromium 86, and where there is no secure context.

``make test-86`` opens every page in a real one."""

from pathlib import Path

import pytest

import xuanfa.console
from tests.support.oldest import CSS, HTML, JS, OLDEST, SECURE, Feature, awaits_at_the_top, bare_css, bare_js

CONSOLE = Path(xuanfa.console.__file__).parent
SCRIPTS = sorted((CONSOLE / "static" / "js").rglob("*.js"))
STYLES = sorted((CONSOLE / "static" / "css").rglob("*.css"))
PAGES = sorted((CONSOLE / "templates").rglob("*.html"))
#: What is asked for before it is used, and of which nothing is lost where it is missing. By file: what, and why.
MISSED_BY_NOBODY = {
    "copy.js": {"the clipboard": "asked for first; without it the old command copies"},
    "console.css": {"text-underline-offset": "the line stands closer to the letters"},
    "tokens.css": {"text-underline-offset": "the line stands closer to the letters"},
}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_read_by_the_oldest_browser(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert {each.name for each in (*JS, *SECURE) if each.found(bare_js(text))} == set(
        MISSED_BY_NOBODY.get(path.name, {})
    )
    assert not awaits_at_the_top(text)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_is_read_by_the_oldest_browser(path: Path) -> None:
    text = bare_css(path.read_text(encoding="utf-8"))
    assert {each.name for each in CSS if each.found(text)} == set(MISSED_BY_NOBODY.get(path.name, {}))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_has_nothing_newer(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [each.name for each in HTML if each.found(text)] == []


@pytest.mark.parametrize("feature", [*CSS, *JS, *SECURE, *HTML], ids=lambda feature: feature.name)
def test_each_is_found_where_it_is_used(feature: Feature) -> None:
    assert feature.found(feature.example)
    assert feature.since == 0 or feature.since > OLDEST


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("const a = await b();", True),
        ("async function f() { await b(); }", False),
        ("const f = async () => { await b(); };\nawait f();", True),
        ("/* await */ const a = 'await';", False),
        ("addEventListener(\"x\", async () => { if (a) { await b(); } });", False),
    ],
)  # fmt: skip
def test_a_module_that_waits_outside_of_functions_is_found(text: str, waits: bool) -> None:
    assert awaits_at_the_top(text) is waits


def test_there_is_something_to_look_at() -> None:
    assert (len(SCRIPTS) > 8, len(STYLES) > 8, len(PAGES) > 30) == (True, True, True)
