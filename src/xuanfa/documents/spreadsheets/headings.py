"""The headings of a list: by which names a column is known, and where it stands."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from xuanfa.documents.spreadsheets.table import letters
from xuanfa.domain.errors import ContentError, HeadingError, Place
from xuanfa.domain.language import say

#: So many rows are looked at for the headings: lists have a title and remarks above them.
LOOKED_AT: Final = 50
_MARKS: Final = re.compile(r"\s|[*:]|\((?:必填|选填|必填项)\)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that is wanted: the key by which programs know it, the names by which people do (the first is ours), and whether a list
    without it is none. Names are compared without blanks, width, case, ``*`` and ``(必填)``."""

    key: str
    names: tuple[str, ...]
    required: bool = False

    @property
    def name(self) -> str:
        """What people read where it is missing."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Column:
    """Where a heading stands, and as what."""

    number: int
    name: str


def mapped(headings: Sequence[Heading], pairs: Sequence[str]) -> list[Heading]:
    """The headings with names of the office's own, written as ``表头=key``, several with commas between; our own name of a column does for its key.

    A column that is mapped goes by that name alone, and has to be there. Raises ContentError for what is no such pair.
    """
    own: dict[str, str] = {}
    for pair in (each.strip() for text in pairs for each in re.split("[,，]", text) if each.strip()):
        name, _, key = (
            (part.strip() for part in re.split("([=＝])", pair, maxsplit=1))
            if re.search("[=＝]", pair)
            else ("", "", "")
        )
        known = next(
            (each.key for each in headings if _plain(key) in {_plain(each.key), *map(_plain, each.names)}), None
        )
        if not name or known is None:
            raise ContentError(
                say(
                    "“{pair}”看不懂。请写成“表头=名称”，名称可以是：{all}。",
                    "Cannot read {pair!r}. Write HEADING=KEY, where KEY is one of: {all}.",
                    pair=pair,
                    all=say("、", ", ").join(f"{each.key}（{each.name}）" for each in headings),
                )
            )
        if known in own:
            raise ContentError(
                say(
                    "“{key}”对应了两个表头：“{one}”和“{two}”。请只留一个。",
                    "{key!r} is given two headings, {one!r} and {two!r}. Leave one.",
                    key=key,
                    one=own[known],
                    two=name,
                )
            )
        own[known] = name
    return [replace(each, names=(own[each.key],), required=True) if each.key in own else each for each in headings]


def columns_in(texts: Mapping[int, str], headings: Sequence[Heading]) -> dict[str, list[Column]]:
    """By key, the columns of a row of headings; several for a name that stands there twice. Of several names of one heading the first counts."""
    plain = {number: _plain(text) for number, text in texts.items()}
    found: dict[str, list[Column]] = {}
    for heading in headings:
        for name in heading.names:
            same = [Column(number, texts[number].strip()) for number, text in plain.items() if text == _plain(name)]
            if same:
                found[heading.key] = same
                break
    return found


def require_one_each(found: Mapping[str, Sequence[Column]], row: int, shown_as: str) -> dict[str, Column]:
    """The column of each key. Raises ContentError for a heading that stands there twice."""
    for same in found.values():
        if len(same) > 1:
            raise ContentError(
                say(
                    "第 {row} 行有两个表头“{name}”：{one} 列和 {two} 列。请删去或改名其中一个。",
                    "Row {row} has the heading {name!r} twice, in columns {one} and {two}. Remove or rename one.",
                    row=row,
                    name=same[0].name,
                    one=letters(same[0].number),
                    two=letters(same[1].number),
                ),
                Place(shown_as),
            )
    return {key: same[0] for key, same in found.items()}


def missing(found: Mapping[str, object], headings: Sequence[Heading]) -> list[Heading]:
    """The headings that a list cannot do without and that this one does not have."""
    return [each for each in headings if each.required and each.key not in found]


def no_such_heading(lacking: Sequence[Heading], seen: Sequence[str], sheet: str, shown_as: str) -> HeadingError:
    """That a list has no column of these headings; ``seen`` is what stands there instead."""
    where = say("工作表“{sheet}”", "the sheet {sheet!r}", sheet=sheet) if sheet else say("文件", "the file")
    names = say("、", ", ").join(f"“{each.name}”" for each in lacking)
    there = say("、", ", ").join(seen[:20]) or say("没有文字", "no text")
    return HeadingError(
        say(
            "{where}的前 {most} 行里没有表头{names}。找到的是：{there}。请改表头。",
            "The first {most} rows of {where} have no heading {names}. There is: {there}. Change the headings.",
            where=where,
            most=LOOKED_AT,
            names=names,
            there=there,
        ),
        Place(shown_as),
    )


def _plain(name: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", name)).casefold()
