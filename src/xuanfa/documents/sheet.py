"""Lists that people have in a spreadsheet: the texts of the first columns, and nothing carried out."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Final

from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say

#: A workbook that unpacks to more is none that we read. Bytes.
_UNPACKED_MAX: Final = 400_000_000
_OLD: Final = b"\xd0\xcf\x11\xe0"


def rows_of_workbook(source: bytes, shown_as: str, most: int) -> tuple[list[tuple[str, str]], int]:
    """The first two columns of each row of all sheets that are shown, and how many formulas were left out. Raises ContentError."""
    if source.startswith(_OLD):
        raise ContentError(
            say(
                "文件加了密码，或是旧版 .xls。请去掉密码，另存为 .xlsx。",
                "The file has a password, or is an old .xls. Take the password off and save it as .xlsx.",
            ),
            Place(shown_as),
        )
    _require_small(source, shown_as)
    from openpyxl import load_workbook  # noqa: PLC0415 - heavy
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    rows: list[tuple[str, str]] = []
    formulas = 0
    try:
        book = load_workbook(io.BytesIO(source), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            for cells in sheet.iter_rows(max_col=2, values_only=True):
                texts = ["" if value is None else str(value).strip() for value in cells]
                formulas += sum(text.startswith("=") for text in texts)
                one, two = (*("" if text.startswith("=") else text for text in texts), "", "")[:2]
                if one:
                    rows.append((one, two))
                if len(rows) > most:
                    raise too_many(shown_as, most)
    except (
        KeyError,
        ValueError,
        TypeError,
        OSError,
        EOFError,
        zipfile.BadZipFile,
        InvalidFileException,
        SyntaxError,
    ) as error:
        raise ContentError(
            say("不是可用的 .xlsx 文件。请重新另存一份。", "This is no .xlsx that can be read. Save it anew."),
            Place(shown_as),
        ) from error
    return rows, formulas


def _require_small(source: bytes, shown_as: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise ContentError(
            say("不是可用的 .xlsx 文件。请重新另存一份。", "This is no .xlsx that can be read. Save it anew."),
            Place(shown_as),
        ) from error
    if sum(entry.file_size for entry in entries) > _UNPACKED_MAX or any(
        entry.file_size > 200 * max(entry.compress_size, 50_000) for entry in entries
    ):
        raise ContentError(
            say(
                "解开之后太大，不像一份清单，没有导入。", "It unpacks to far too much for a list, and was not imported."
            ),
            Place(shown_as),
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise ContentError(
            say("文件加了密码。请去掉密码再导入。", "The file has a password. Take it off."), Place(shown_as)
        )


def rows_of_csv(text: str, shown_as: str, most: int) -> list[tuple[str, str]]:
    """The first two columns of a CSV. Raises ContentError."""
    rows: list[tuple[str, str]] = []
    try:
        for cells in csv.reader(io.StringIO(text)):
            one, two = (*(cell.strip() for cell in cells), "", "")[:2]
            if one:
                rows.append((one, two))
            if len(rows) > most:
                raise too_many(shown_as, most)
    except csv.Error as error:
        raise ContentError(
            say("不是可用的 .csv 文件：{why}。", "This is no .csv that can be read: {why}.", why=str(error)),
            Place(shown_as),
        ) from error
    return rows


def rows_of_text(text: str, shown_as: str, most: int) -> Iterator[tuple[str, str]]:
    """One word on each line; behind a tab what should stand there. Raises ContentError."""
    count = 0
    for line in text.splitlines():
        one, _, two = line.strip().partition("\t")
        if one and not one.startswith("#"):
            count += 1
            if count > most:
                raise too_many(shown_as, most)
            yield one.strip(), two.strip()


def too_many(shown_as: str, most: int) -> ContentError:
    """That a list is longer than is taken."""
    return ContentError(
        say(
            "清单超过 {most} 行，没有导入。请拆分或删去不用的行。",
            "The list has more than {most} rows and was not imported. Part it, or take out what is not needed.",
            most=most,
        ),
        Place(shown_as),
    )
