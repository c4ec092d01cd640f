"""What a cell of a spreadsheet says: a text, a number, a date, or why it says nothing that can be taken."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from xuanfa.domain.language import say
from xuanfa.domain.receipt import seen
from xuanfa.domain.times import TimeProblem, of_wall_clock, parse_day_or_time, require_year

#: Days are counted from here (ECMA-376 18.17.4.1): in most workbooks, and in those that old Excel for Mac has made.
EPOCH_1900, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a wall clock, as workbooks have it
#: Numbers that are taken for days where a date is wanted: those of the years 1950 to 2150 or so, and eight digits.
_SERIAL_MIN, _SERIAL_MAX = 18_000, 92_000
_EIGHT_MIN, _EIGHT_MAX = 19_000_101, 21_991_231
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that shows something and says nothing that can be taken; ``why`` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, which is never carried out: what the spreadsheet program stored as its result when it last did; ``None`` where it stored none."""

    stored: "str | int | float | bool | datetime | time | Unread | None"


Value = str | int | float | bool | datetime | time
Cell = Value | Unread | Formula | None


class CellProblem(ValueError):  # noqa: N818 - it says what is wrong with a cell
    """A cell that does not hold what is wanted; the text is a sentence."""


def serial(value: float, epoch: datetime) -> datetime:
    """The wall clock that a workbook means by a number of days, to the second. Raises OverflowError outside of what there is."""
    days, part = divmod(value, 1)
    return epoch + timedelta(days=days, seconds=round(part * _DAY))


def text_in(cell: Cell) -> str:
    """The text, on one line, without what nobody sees; empty for an empty cell. Raises CellProblem."""
    match read(cell):
        case None:
            return ""
        case bool() as truth:
            return "TRUE" if truth else "FALSE"
        case float() as number if number.is_integer():
            return str(int(number))
        case datetime() as wall:
            return f"{wall:%Y-%m-%d %H:%M}" if wall.time() != time() else f"{wall:%Y-%m-%d}"
        case time() as clock:
            return f"{clock:%H:%M}"
        case value:
            return seen(" ".join(str(value).split()))


def when_in(cell: Cell, zone: tzinfo, epoch: datetime) -> date | datetime | None:
    """The day, or where a time of the day stands there too the moment in UTC, of a date, of a text that names one, or of a number of days
    since ``epoch``; ``None`` for an empty cell. Raises CellProblem."""
    try:
        match read(cell):
            case None:
                return None
            case datetime() as wall:
                return _of_wall(wall, zone)
            case bool() | time():
                pass
            case int() | float() as number:
                return _of_number(number, zone, epoch)
            case str() as text:
                return _of_text(text, zone, epoch)
    except TimeProblem as problem:
        raise CellProblem(problem.args[0]) from problem
    raise CellProblem(
        say(
            "“{text}”不是日期。请写成 2026-12-01 这样。",
            "{text!r} is no date. Write it as 2026-12-01.",
            text=text_in(cell),
        )
    )


def whole_in(cell: Cell) -> int | None:
    """A whole number; ``None`` for an empty cell, which is not 0. Raises CellProblem for anything else, such as 1.2万."""
    value = read(cell)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        plain = seen(value).replace(",", "").replace("，", "")
        if not plain:
            return None
        if plain.removeprefix("-").isascii() and plain.removeprefix("-").isdigit():
            return int(plain)
    raise CellProblem(
        say(
            "“{text}”不是整数。请写成 12000 这样的数字。",
            "{text!r} is no whole number. Write it as 12000.",
            text=text_in(cell),
        )
    )


def read(cell: Cell) -> Value | None:
    """What a cell holds. Raises CellProblem where it holds nothing that can be taken."""
    if isinstance(cell, Formula):
        if cell.stored is None:
            raise CellProblem(
                say(
                    "是公式，文件里没有存下结果。请在表格里把它复制、选择性粘贴为数值。",
                    "a formula of which the file has no result. Copy it in the spreadsheet and paste its value.",
                )
            )
        cell = cell.stored
    if isinstance(cell, Unread):
        raise CellProblem(cell.why)
    return cell


def _of_text(text: str, zone: tzinfo, epoch: datetime) -> date | datetime | None:
    plain = seen(" ".join(text.split()))
    if not plain:
        return None
    number = _number(plain)
    if number is not None and _SERIAL_MIN <= number <= _SERIAL_MAX:
        return _of_number(number, zone, epoch)
    return parse_day_or_time(plain, zone)


def _of_number(number: float, zone: tzinfo, epoch: datetime) -> date | datetime:
    if _SERIAL_MIN <= number <= _SERIAL_MAX:
        return _of_wall(serial(number, epoch), zone)
    if _EIGHT_MIN <= number <= _EIGHT_MAX and number == int(number):
        return parse_day_or_time(str(int(number)), zone)
    raise CellProblem(
        say(
            "数字 {number} 不是日期。请把这一格设成日期格式，或写成 2026-12-01 这样。",
            "The number {number} is no date. Give the cell the format of a date, or write it as 2026-12-01.",
            number=number,
        )
    )


def _of_wall(wall: datetime, zone: tzinfo) -> date | datetime:
    text = text_in(wall)
    require_year(wall.year, text)
    return wall.date() if wall.time() == time() else of_wall_clock(wall, zone, text).astimezone(UTC)


def _number(text: str) -> float | None:
    try:
        return float(text) if text.isascii() and text[:1].isdigit() else None
    except ValueError:
        return None
