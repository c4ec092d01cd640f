"""What is asked for of public pages: public machines and the office's own website, and never a neighbour of this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.public_site import PublicSite, public_site
from xuanfa.bootstrap import open_desk
from xuanfa.domain.page import Page, Seen, seen_on
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.reach import Reach, reach_of


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PublicSite]:
    (tmp_path / "own").mkdir()
    with public_site(tmp_path / "own") as made:
        yield made


@pytest.fixture
def neighbour(tmp_path: Path) -> Iterator[PublicSite]:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.html").write_text("<h1>巡回审判</h1>", encoding="utf-8")
    with public_site(tmp_path / "other") as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path, site: PublicSite) -> Iterator[Desk]:
    folder = tmp_path / "office"
    (folder / "posts").mkdir(parents=True)
    lines = ['[columns.action]\ntitle = "我们在行动"\nchannels = ["site", "cms", "practice"]']
    lines.append(f'[channels.site]\nadapter = "site"\ndirectory = "public"\nbase_url = "{site.url}/"')
    lines.append('[channels.cms]\nadapter = "webhook"\nurl = "https://cms.example.gov.cn/hook"\nlink = "site"')
    lines.append('[channels.practice]\nadapter = "webhook"\nrehearsal = true\nurl = "https://cms.example.gov.cn/x"')
    (folder / "xuanfa.toml").write_text("\n".join(lines), encoding="utf-8")
    with open_desk(folder) as opened:
        yield opened


def test_the_offices_own_website_is_asked_wherever_it_is(desk: Desk, site: PublicSite) -> None:
    (site.folder / "a.html").write_text("<h1>巡回审判</h1>", encoding="utf-8")
    page = desk.pages("site", f"{site.url}/a.html")
    assert page is not None
    assert (page.status, seen_on(page, "巡回审判")) == (200, Seen.THERE)
    assert desk.pages("site", f"{site.url}/b.html") == Page(404, "<title>404</title>")
    assert reach_of(desk, "site", f"{site.url}/a.html") is Reach.OPEN
    assert reach_of(desk, "site", f"{site.url}/b.html") is Reach.GONE


@pytest.mark.parametrize("channel", ["site", "cms", "practice", "no_more"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_no_neighbour_is_asked_through_any_channel(desk: Desk, neighbour: PublicSite, channel: str, host: str) -> None:
    assert neighbour.server is not None
    address = f"http://{host}:{neighbour.server.server_address[1]}/a.html"
    assert desk.pages(channel, address) is None
    assert reach_of(desk, channel, address) is Reach.UNTOLD
    assert neighbour.asked == []


def test_where_the_own_site_leads_is_not_asked(desk: Desk, site: PublicSite, neighbour: PublicSite) -> None:
    site.does = lambda _path, _said: (302, {"Location": f"{neighbour.url}/a.html"}, b"")
    page = desk.pages("site", f"{site.url}/a.html")
    assert page == Page(302, "")
    assert seen_on(page, "巡回审判") is Seen.UNKNOWN
    assert neighbour.asked == []
