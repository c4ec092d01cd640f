"""What the style of an element says: whether it is seen, how its letters look, and what it is in Word's own words (``mso-…``)."""

import re
from dataclasses import dataclass, replace
from typing import Final

from bs4 import Tag

from xuanfa.content.reading.word.spans import Span
from xuanfa.content.reading.word.styles import Label
from xuanfa.content.text.links import is_dead

_LISTED: Final = re.compile(r"(l\d+)\s+level(\d)", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(\d{1,6})\s*[.、．)）]?")
_TYPED: Final = re.compile(r"(?:[-•●▪◆■]|(?P<number>[1-9]\d?)\.)\s+(?=\S)")
_HEADING: Final = re.compile(r"(?:mso-?heading|heading|标题)[\s-]*([1-6])", re.IGNORECASE)
_NOTE: Final = re.compile(r"#(?:_((?:ftn|edn)\d{1,6})|sd((?:foot|end)note\d{1,6})sym)")
_BACK: Final = re.compile(r"#(?:_(?:ftn|edn)ref\d|sd(?:foot|end)note\d{1,6}anc)")
_NOTED: Final = re.compile(r"(?:sd)?((?:ftn|edn|footnote|endnote)\d{1,6})")


@dataclass(frozen=True, slots=True)
class Look:
    """What letters have of the elements around them."""

    bold: bool = False
    strike: bool = False
    script: str = ""
    link: str = ""
    font: str = ""
    heading: int = 0
    #: Whether a line that ends is only parted, because it is within an item of a list.
    in_item: bool = False

    def within(self, tag: Tag, style: dict[str, str], outlines: dict[str, int]) -> "Look":
        """The same within this element."""
        name = tag.name
        href = str(tag.get("href") or "")
        face = style.get("font-family", "") or str(tag.get("face") or "")
        lined = style.get("text-decoration", "") + style.get("text-decoration-line", "")
        side = style.get("vertical-align", "")
        return replace(
            self,
            bold=_is_bold(name, style.get("font-weight", ""), self.bold),
            strike=self.strike or name in {"s", "strike", "del"} or "line-through" in lined,
            script=name if name in {"sub", "sup"} else side if side in {"sub", "super"} else self.script,
            link=href if name == "a" and href and not is_dead(href) else self.link,
            font=face or self.font,
            heading=level_of(tag, style, outlines) or self.heading,
        )


def _is_bold(name: str, weight: str, around: bool) -> bool:
    if weight in {"bold", "bolder"} or (weight.isdecimal() and int(weight[:4]) >= 600):  # noqa: PLR2004 - from semibold on
        return True
    if weight in {"normal", "lighter"} or weight.isdecimal():
        return False
    return around or name in {"b", "strong"}


def style_of(tag: Tag) -> dict[str, str]:
    """The style of an element: properties with their values, in small letters but for the names of typefaces."""
    found = {}
    for each in str(tag.get("style") or "").split(";"):
        name, colon, value = each.partition(":")
        if colon:
            key = name.strip().lower()
            found[key] = value.strip() if key == "font-family" else value.strip().lower()
    return found


def level_of(tag: Tag, style: dict[str, str], outlines: dict[str, int]) -> int:
    """The level of a heading, from 1 (a title too); 0 for what is none."""
    if re.fullmatch("h[1-6]", tag.name):
        return int(tag.name[1])
    outline = style.get("mso-outline-level", "")
    if outline.isdecimal():
        return int(outline[0])
    classes = [str(each) for each in tag.get("class") or ()]
    named = _HEADING.search(" ".join(classes)) if tag.name in {"p", "div"} else None
    if named:
        return int(named[1])
    if "MsoTitle" in classes:
        return 1
    return next((outlines[each] for each in classes if each in outlines), 0)


def unseen(tag: Tag, style: dict[str, str]) -> str:
    """Why nothing of an element is taken: ``change``, ``comment``, ``hidden``; nothing where it is seen."""
    classes = set(tag.get("class") or ())
    if tag.name == "del" and (tag.get("datetime") or tag.get("cite")):
        return "change"
    if style.get("mso-element", "").startswith("comment") or classes & {"MsoCommentReference", "msocomanchor"}:
        return "comment"
    is_gone = style.get("display") == "none" or style.get("mso-hide") == "all" or style.get("visibility") == "hidden"
    return "hidden" if is_gone else ""


def refers_to(tag: Tag) -> str:
    """The note that a link leads to; nothing for any other."""
    match = _NOTE.fullmatch(str(tag.get("href") or "")) if tag.name == "a" else None
    return (match[1] or match[2]) if match else ""


def leads_back(tag: Tag) -> bool:
    """Whether it leads from a note back to its place."""
    return tag.name == "a" and bool(_BACK.match(str(tag.get("href") or "")))


def notes(tag: Tag, style: dict[str, str]) -> str:
    """The note that an element is; nothing for any other."""
    match = _NOTED.fullmatch(str(tag.get("id") or ""))
    is_note = style.get("mso-element", "") in {"footnote", "endnote"} or str(tag.get("id") or "").startswith("sd")
    return match[1] if match and is_note else ""


def label_of(tag: Tag, style: dict[str, str]) -> Label | None:
    """What Word and WPS draw before a paragraph of a list; it is taken out of the paragraph. Numbers of official documents (一、（一）) stay as they
    are drawn; digits become those of a list."""
    match = _LISTED.search(style.get("mso-list", ""))
    if match is None:
        return None
    sign = next(
        (each for each in tag.find_all("span") if style_of(each).get("mso-list", "").startswith("ignore")), None
    )
    if sign is None:
        return None
    text = " ".join(sign.get_text().split())
    sign.decompose()
    level = int(match[2]) - 1
    number = _NUMBERED.fullmatch(text)
    if number:
        return Label(level, text, number=int(number[1]), list=match[1])
    is_bullet = len(text) < 2 and not _is_counting(text)  # noqa: PLR2004 - one sign of Wingdings, or a picture
    return Label(level, "" if is_bullet else text, is_bullet=is_bullet, list=match[1])


def typed_label(spans: list[Span]) -> tuple[Label | None, list[Span]]:
    """What somebody has typed before a paragraph as lists have it, and the rest of the paragraph."""
    match = _TYPED.match(spans[0].text) if spans else None
    if match is None:
        return None, spans
    rest = [replace(spans[0], text=spans[0].text[match.end() :]), *spans[1:]]
    number = match["number"]
    return Label(
        0, f"{number}." if number else "", is_bullet=not number, number=int(number or 0) or None, list="typed"
    ), rest


def _is_counting(sign: str) -> bool:
    """Whether one sign counts by itself: 一, ①, Ⅳ."""
    return bool(sign) and not sign.isascii() and sign.isnumeric()
