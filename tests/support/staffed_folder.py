"""A folder of posts as its staff know it, beside the real one: what they have written, and what each file says by now.

It knows nothing of the program. A file says something when it is whole, has a text, names a column that there is and pictures that are there;
and since people cannot see whether a copy has come to its end, when it has been still for some seconds.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

#: As the contract has it: a file is read when it has been still for so long.
STILL = timedelta(seconds=5)
#: So long what is due waits for its own file.
PATIENCE = timedelta(seconds=10)
ZONE = ZoneInfo("Asia/Shanghai")
COLOURS = ("red", "green", "blue", "white", "black", "yellow", "purple", "orange")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a file holds. ``due`` is ``None`` for "now"; ``flaw`` is what is wrong with it as it stands."""

    title: str
    text: str
    column: str = "action"
    due: datetime | None = None
    picture: str = ""
    cover: str = ""
    slug: str = ""
    flaw: str = ""
    #: When it was saved.
    saved: datetime
    #: What it is to become once the copy has come to its end.
    whole: "Sheet | None" = None

    def written(self) -> str:
        """As it lies in the folder."""
        match self.flaw:
            case "empty":
                return ""
            case "broken":
                return f"---\ntitle: {self.title}\n{self.text}\n"
            case _:
                pass
        due = "now" if self.due is None else self.due.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
        matter = {"title": self.title, "column": self.column, "publish_at": due, "slug": self.slug, "cover": self.cover}
        head = "\n".join(f"{name}: {value}" for name, value in matter.items() if value)
        shown = f"\n\n![图](images/{self.picture})" if self.picture else ""
        body = "" if self.flaw == "draft" else f"{self.text}{shown}"
        return f"---\n{head}\n---\n\n{body}\n"


@dataclass
class Folder:
    """``posts/``, and what is in it. Names are relative to it. Every change of a file counts, so that it is known what is older."""

    real: Path
    sheets: dict[str, Sheet] = field(default_factory=dict)
    #: Colours of pictures, by name; and when each was saved.
    pictures: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    #: How often anything was done to a name, and to any.
    versions: dict[str, int] = field(default_factory=dict)
    #: Since when a name has not been settled, whatever was done to it in between.
    unsettled: dict[str, datetime] = field(default_factory=dict)
    is_away: bool = False
    still: timedelta = STILL

    def write(self, name: str, sheet: Sheet) -> None:
        path = self.real / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sheet.written(), encoding="utf-8")
        _date(path, sheet.saved)
        self.sheets[name] = sheet
        self.touched(name, sheet.saved)

    def write_half(self, name: str, sheet: Sheet) -> None:
        """The first half of it: a copy that has just begun."""
        half = replace(sheet, text=sheet.text[: len(sheet.text) // 2], picture="", whole=sheet)
        self.write(name, half)

    def rename(self, name: str, now_called: str) -> None:
        """As ``mv`` does: the time of change stays."""
        target = self.real / now_called
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.real / name).rename(target)
        sheet = self.sheets.pop(name)
        self.sheets[now_called] = sheet
        for each in (name, now_called):
            self.versions[each] = self.versions.get(each, 0) + 1
        self.unsettled.pop(name, None)

    def copy(self, name: str, other: str, now: datetime) -> None:
        self.write(other, replace(self.sheets[name], saved=now))

    def delete(self, name: str) -> None:
        (self.real / name).unlink()
        del self.sheets[name]
        self.versions[name] = self.versions.get(name, 0) + 1
        self.unsettled.pop(name, None)

    def paint(self, picture: str, colour: str, now: datetime) -> None:
        path = self.real / "images" / picture
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 30), colour).save(path)
        _date(path, now)
        self.pictures[picture] = colour, now
        for name, sheet in self.sheets.items():
            if picture in {sheet.picture, sheet.cover.removeprefix("images/")}:
                self.touched(name, now)

    def touched(self, name: str, now: datetime) -> None:
        self.versions[name] = self.versions.get(name, 0) + 1
        self.unsettled.setdefault(name, now)

    def take_away(self) -> None:
        self.real.rename(self.real.with_name("away"))
        self.is_away = True

    def bring_back(self) -> None:
        self.real.with_name("away").rename(self.real)
        self.is_away = False

    # What it says.

    def is_listed(self, name: str) -> bool:
        """Names that begin with ``_`` are not read."""
        return not any(part.startswith("_") for part in Path(name).parts)

    def is_settled(self, name: str, now: datetime) -> bool:
        """Whether it and its pictures have been still for long enough."""
        sheet = self.sheets[name]
        times = [sheet.saved, *(self.pictures[each][1] for each in self.shown(sheet) if each in self.pictures)]
        return all(now - each >= self.still or each > now for each in times)

    def is_good(self, name: str, columns: dict[str, list[str]]) -> bool:
        """Whether it can be read as a post. Pictures are looked for beside it."""
        sheet = self.sheets[name]
        beside = "/" not in name
        return (
            not sheet.flaw
            and sheet.column in columns
            and all(beside and each in self.pictures for each in self.shown(sheet))
        )

    def shown(self, sheet: Sheet) -> list[str]:
        """The pictures that it names."""
        return [name for name in (sheet.picture, sheet.cover.removeprefix("images/")) if name]

    def colours(self, sheet: Sheet) -> tuple[str, str]:
        """Of its picture and its cover."""
        found = [
            self.pictures[name][0] if name in self.pictures else ""
            for name in (sheet.picture, sheet.cover.removeprefix("images/"))
        ]
        return found[0], found[1]

    def said(self, now: datetime, columns: dict[str, list[str]]) -> Iterator[tuple[str, Sheet]]:
        """The files that say something now, by name."""
        for name, sheet in self.sheets.items():
            if self.is_listed(name) and self.is_settled(name, now) and self.is_good(name, columns):
                yield name, sheet


def _date(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))


def is_alike(one: str, other: str) -> bool:
    """Whether two texts differ in at most 2 % of their characters (Levenshtein 1965)."""
    most = max(len(one), len(other)) // 50
    if abs(len(one) - len(other)) > most:
        return False
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, its in enumerate(other, start=1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != its)))
        above = line
    return above[-1] <= most
