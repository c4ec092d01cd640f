"""What somebody pastes as Markdown: headings, bold, lists, tables and links of Word, WPS, Excel and web pages; letters, colours and layout go.

Word writes a list as paragraphs with a drawn sign before each (``mso-list``): they become items.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from xuanfa.content.text.bounds import CONTROLS
from xuanfa.content.text.sanitising import sanitise
from xuanfa.content.text.unseen import without_unseen

_CONDITION: Final = re.compile(
    r"<!\[(?:if|endif)[^>]*\]>|<!--.*?-->|<\?xml[^>]*>|</?o:p[^>]*>", re.DOTALL | re.IGNORECASE
)
_BOLD: Final = re.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)", re.IGNORECASE)
_LIGHT: Final = re.compile(r"font-weight\s*:\s*(?:normal|400)", re.IGNORECASE)
_LISTED: Final = re.compile(r"mso-list\s*:\s*l\d+\s+level(\d)", re.IGNORECASE)
_IGNORED: Final = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"^[\s(（]*[\da-zA-Z一二三四五六七八九十]{1,3}\s*[.、．)）]")
_HEADING: Final = re.compile(r"(?:mso-?heading|heading|标题)\s*([1-6])", re.IGNORECASE)
_GAPS: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """The Markdown, and how much of what it kept; ``pictures`` did not come along."""

    text: str
    headings: int = 0
    tables: int = 0
    lists: int = 0
    pictures: int = 0


def pasted(html: str) -> Pasted:
    """What the clipboard holds as HTML."""
    soup = BeautifulSoup(_CONDITION.sub("", html.translate(CONTROLS)), "html.parser")
    for each in soup.find_all(["style", "script", "title", "meta", "link", "head"]):
        each.decompose()
    pictures = len(soup.find_all("img"))
    for each in soup.find_all("img"):
        each.decompose()
    _name_bold(soup)
    _name_headings(soup)
    _make_lists(soup)
    clean = BeautifulSoup(sanitise(str(soup)), "html.parser")
    made = _Converter(
        heading_style="atx", bullets="-", strong_em_symbol="*", escape_misc=False, table_infer_header=True
    ).convert_soup(clean)
    text = _GAPS.sub(
        "\n\n", "\n".join(line.rstrip() for line in without_unseen(made).replace("\xa0", " ").split("\n"))
    ).strip()
    return Pasted(
        text=text,
        headings=len(clean.find_all(re.compile(r"h[2-6]"))),
        tables=len(clean.find_all("table")),
        lists=len([each for each in clean.find_all(["ul", "ol"]) if each.find_parent(["ul", "ol"]) is None]),
        pictures=pictures,
    )


class _Converter(MarkdownConverter):
    """Without what readers would not see as such: underlining and the like stay words."""

    def convert_em(self, el: Any, text: str, parent_tags: Any) -> str:
        """Slanted letters are none of Chinese."""
        return text

    convert_i = convert_em


def _name_bold(soup: BeautifulSoup) -> None:
    for each in soup.find_all(["b", "strong"], style=_LIGHT):
        each.unwrap()
    for each in soup.find_all("span", style=_BOLD):
        if each.find_parent(["h1", "h2", "h3", "h4", "h5", "h6", "strong", "b"]) is None:
            each.name = "strong"
            each.attrs = {}


def _name_headings(soup: BeautifulSoup) -> None:
    """The highest heading of a post is that of a section; a paragraph whose style is called a heading is one."""
    for each in soup.find_all("p", class_=True):
        match = _HEADING.search(" ".join(each.get("class") or []))
        if match:
            each.name = f"h{match[1]}"
    levels = sorted({int(each.name[1]) for each in soup.find_all(re.compile(r"^h[1-6]$"))})
    for each in soup.find_all(re.compile(r"^h[1-6]$")):
        each.name = f"h{min(2 + levels.index(int(each.name[1])), 6)}"
        for bold in each.find_all(["b", "strong"]):
            bold.unwrap()


def _make_lists(soup: BeautifulSoup) -> None:
    """Word's paragraphs with a sign before them as lists, one within the other as their levels say."""
    open_: list[Tag] = []
    last: Tag | None = None
    for each in soup.find_all("p", style=_LISTED):
        match = _LISTED.search(str(each.get("style")))
        level = int(match[1]) if match else 1
        sign = each.find("span", style=_IGNORED)
        is_numbered = bool(sign is not None and _NUMBERED.match(sign.get_text()))
        if sign is not None:
            sign.decompose()
        if last is None or _before(each) is not last:
            open_ = []
            last = None
        del open_[level:]
        if len(open_) == level and open_[-1].name != ("ol" if is_numbered else "ul"):
            open_.pop()
        while len(open_) < level:
            new = soup.new_tag("ol" if is_numbered else "ul")
            if open_:
                items = open_[-1].find_all("li", recursive=False)
                (items[-1] if items else open_[-1]).append(new)
            else:
                each.insert_before(new)
                last = new
            open_.append(new)
        item = soup.new_tag("li")
        for child in list(each.contents):
            item.append(child.extract())
        open_[-1].append(item)
        last = last or open_[0]
        each.decompose()


def _before(tag: Tag) -> Tag | None:
    found = tag.find_previous_sibling()
    return found if isinstance(found, Tag) else None
