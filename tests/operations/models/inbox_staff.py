"""Staff who change the folder, and an operator who changes settings and templates."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.operations.models.inbox_judging import Judging
from tests.support.staffed_folder import COLOURS


class Staff(Judging):
    """Writes, renames, copies, spoils and loses files; changes templates, channels and columns."""

    @rule(
        number=st.integers(0, 9),
        minutes=st.sampled_from([None, None, 3, 30, 90]),
        picture=st.sampled_from(["", "", "a.png", "b.png"]),
        cover=st.sampled_from([False, False, True]),
        column=st.sampled_from(["action", "action", "news"]),
        slug=st.booleans(),
        half=st.sampled_from([False, False, True]),
    )
    @precondition(Judging.is_here)
    def write(  # noqa: PLR0917 - Hypothesis names them
        self, number: int, minutes: int | None, picture: str, cover: bool, column: str, slug: bool, half: bool
    ) -> None:
        sheet = self.new_sheet(minutes, picture, cover, column, slug)
        (self.folder.write_half if half else self.folder.write)(self.free_name(number), sheet)

    @rule(
        number=st.integers(0, 9),
        how=st.sampled_from(["little", "little", "much", "title", "due", "past"]),
        half=st.booleans(),
    )
    @precondition(Judging.has_files)
    def edit(self, number: int, how: str, half: bool) -> None:
        name = self.name(number)
        sheet = replace(self.folder.sheets[name], saved=self.clock(), whole=None, flaw="")
        text = sheet.text if len(sheet.text) == 120 else self.new_sheet(None, "", False, "", False).text
        match how:
            case "little":
                at = self.chance.randrange(len(text))
                sheet = replace(sheet, text=f"{text[:at]}{chr(self.chance.randrange(0x4E00, 0x9000))}{text[at + 1 :]}")
            case "much":
                sheet = replace(sheet, text="".join(self.chance.sample(text, len(text))))
            case "title":
                self.number += 1
                sheet = replace(sheet, text=text, title=f"第{self.number}件事")
            case "due":
                sheet = replace(sheet, text=text, due=self.due(self.chance.choice([3, 40, 100])))
            case _:
                sheet = replace(sheet, text=text, due=self.due(-self.chance.choice([200, 600_000])))
        (self.folder.write_half if half else self.folder.write)(name, sheet)

    @rule()
    @precondition(lambda self: self.is_here() and any(sheet.whole for sheet in self.folder.sheets.values()))
    def finish(self) -> None:
        """Copies come to their end."""
        for name, sheet in list(self.folder.sheets.items()):
            if sheet.whole is not None:
                self.folder.write(name, replace(sheet.whole, saved=self.clock()))

    @rule(number=st.integers(0, 9), to=st.integers(0, 9))
    @precondition(Judging.has_files)
    def rename(self, number: int, to: int) -> None:
        self.folder.rename(self.name(number), self.free_name(to))

    @rule(number=st.integers(0, 9), to=st.integers(0, 9))
    @precondition(Judging.has_files)
    def copy(self, number: int, to: int) -> None:
        self.folder.copy(self.name(number), self.free_name(to), self.clock())

    @rule(number=st.integers(0, 9))
    @precondition(Judging.has_files)
    def delete(self, number: int) -> None:
        self.folder.delete(self.name(number))

    @rule(number=st.integers(0, 9))
    @precondition(Judging.has_files)
    def take_back_or_put_back(self, number: int) -> None:
        """``_`` in front of the name, or away with it."""
        name = Path(self.name(number))
        other = name.name.removeprefix("_") if name.name.startswith("_") else f"_{name.name}"
        if str(name.with_name(other)) not in self.folder.sheets:
            self.folder.rename(str(name), str(name.with_name(other)))

    @rule(number=st.integers(0, 9), flaw=st.sampled_from(["broken", "empty", "draft", ""]))
    @precondition(Judging.has_files)
    def spoil(self, number: int, flaw: str) -> None:
        name = self.name(number)
        self.folder.write(name, replace(self.folder.sheets[name], flaw=flaw, saved=self.clock(), whole=None))

    @rule(number=st.integers(0, 9), column=st.sampled_from(["action", "news", "nowhere"]))
    @precondition(Judging.has_files)
    def other_column(self, number: int, column: str) -> None:
        name = self.name(number)
        self.folder.write(name, replace(self.folder.sheets[name], column=column, saved=self.clock(), whole=None))

    @rule(picture=st.sampled_from(["a.png", "b.png"]), colour=st.sampled_from(COLOURS), fresh=st.booleans())
    @precondition(Judging.is_here)
    def paint(self, picture: str, colour: str, fresh: bool) -> None:
        """A picture or a cover is put there or replaced, just now or by an older one."""
        saved = self.clock() if fresh else self.clock() - timedelta(days=1, seconds=self.chance.randrange(10_000))
        self.folder.paint(picture, colour, saved)

    @rule()
    def folder_gone_or_back(self) -> None:
        if self.folder.is_away:
            self.folder.bring_back()
        else:
            self.folder.take_away()

    @rule(what=st.sampled_from(["template", "office", "add", "remove", "rename", "column"]))
    def change_settings(self, what: str) -> None:
        match what:
            case "template":
                self.template += 1
            case "office":
                self.office = "乙法院" if self.office == "甲法院" else "甲法院"
            case "add" if "more" not in self.channels:
                self.channels["more"] = "more"
                self.columns["action"] = [*self.columns["action"], "more"]
            case "remove" if "more" in self.channels:
                del self.channels["more"]
                self.columns = {name: [c for c in listed if c != "more"] for name, listed in self.columns.items()}
            case "rename":
                old, new = ("hook", "crochet") if "hook" in self.channels else ("crochet", "hook")
                self.channels[new] = self.channels.pop(old)
                self.columns = {n: [new if c == old else c for c in listed] for n, listed in self.columns.items()}
            case "column":
                self.columns["action"] = self.columns["action"][::-1]
        self.settle_in()
