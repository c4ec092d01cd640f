"""What is wrong with the rows of a list, told as a whole: people mend a list once, not row by row."""

from dataclasses import dataclass, field

from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import in_lines, say
from xuanfa.domain.shown import clipped, printable

#: So many are told; how many more there are is said. One of them has so many characters at most.
TOLD_MAX, _LINE_MAX = 50, 300


class BadRowsError(ContentError):
    """Rows of a list that cannot be used, and nothing of it was taken. ``lines`` are sentences, ``count`` is how many there are in all."""

    def __init__(self, lines: list[str], count: int, shown_as: str) -> None:
        super().__init__(
            say(
                "{count} 处不对，没有导入任何一行。请改好后重新导入。",
                "{count} things are wrong, and no row was imported. Mend them and import the file again.",
                count=count,
            ),
            Place(shown_as),
        )
        self.lines, self.count = lines, count

    def __str__(self) -> str:
        """With all that is told."""
        more = self.count - len(self.lines)
        rest = [say("另有 {more} 处没有列出。", "{more} more are not listed.", more=more)] if more else []
        return in_lines([super().__str__(), *self.lines, *rest])


@dataclass(slots=True)
class BadRows:
    """Gathers what is wrong with the rows of a list."""

    shown_as: str
    lines: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, where: str, heading: str, why: str) -> None:
        """Note what is wrong: ``where`` is a row in words (``Row.where``), ``heading`` the name of the column, empty where it is the row as a
        whole, ``why`` a sentence."""
        self.count += 1
        if len(self.lines) < TOLD_MAX:
            line = (
                say("{where}“{heading}”：{why}", "{where}, {heading!r}: {why}", where=where, heading=heading, why=why)
                if heading
                else say("{where}：{why}", "{where}: {why}", where=where, why=why)
            )
            self.lines.append(clipped(printable(line), _LINE_MAX))

    def take(self, others: "BadRows") -> None:
        """Those of another look at the same list, behind these."""
        self.count += others.count
        self.lines.extend(others.lines[: max(TOLD_MAX - len(self.lines), 0)])

    def require_none(self) -> None:
        """Raise BadRowsError where anything is wrong."""
        if self.count:
            raise BadRowsError(self.lines, self.count, self.shown_as)
