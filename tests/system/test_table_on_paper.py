"""A long table on paper: its head stands on every page, with the line above it, on the website's pages and in a pack's article."""

from pathlib import Path

import pypdfium2
import pytest
from PIL import ImageOps
from playwright.sync_api import Browser

from xuanfa.adapters.site.markup import fit
from xuanfa.content.text.markdown import to_html

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("table-on-paper")]

TEMPLATES = Path(__file__).parents[2] / "templates"
COLUMNS = ("县区", "首场日期", "巡回审判", "当庭宣判", "调解率", "旁听人次", "联系电话", "时间", "备注")
ROWS = "".join(f"<tr>{''.join(f'<td>{name}{row}</td>' for name in COLUMNS)}</tr>" for row in range(120))
HEAD = "".join(f"<th>{name}</th>" for name in COLUMNS)
#: With its head written as one, and as it is pasted, in a row of the body.
TABLES = {
    "head": f"<table><thead><tr>{HEAD}</tr></thead><tbody>{ROWS}</tbody></table>",
    "pasted": f"<table><caption>一览</caption><tr>{HEAD}</tr>{ROWS}</table>",
}


def _page(kind: str, table: str) -> str:
    html = to_html(table)
    if kind == "site":
        style = (TEMPLATES / "site/site.css").read_text(encoding="utf-8")
        return f"<!doctype html><style>{style}</style><main><div class=prose>{fit(html, {}, '')[0]}</div></main>"
    style = (TEMPLATES / "manual/pack.css").read_text(encoding="utf-8")
    screen = "table{display:block;overflow-x:auto}"
    return f"<!doctype html><style>{screen}</style><style>{style}</style><body class=plain><main class=article>{html}</main>"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", ["site", "pack"])
def test_the_head_has_its_upper_line_on_every_page(browser: Browser, kind: str, table: str) -> None:
    page = browser.new_page()
    page.set_content(_page(kind, TABLES[table]))
    margin = dict.fromkeys(("top", "right", "bottom", "left"), "18mm")
    printed = pypdfium2.PdfDocument(page.pdf(format="A4", margin=margin))
    page.close()
    assert len(printed) > 2  # the last one may hold nothing but the end of the page
    for number in range(1, len(printed) - 1):
        sheet = printed[number]
        assert COLUMNS[5] in sheet.get_textpage().get_text_range()
        ink = ImageOps.invert(sheet.render(scale=3).to_pil().convert("L"))
        left, top, right, _ = ink.getbbox() or (0, 0, 0, 0)
        line = [max(ink.getpixel((x, y)) for y in range(top, top + 4)) for x in range(left + 4, right - 4)]
        assert sum(shade > 20 for shade in line) > 0.98 * len(line)
