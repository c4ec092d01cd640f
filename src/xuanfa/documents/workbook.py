"""Workbooks (.xlsx): a table with a head that stays, and nothing that a spreadsheet would carry out."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from xuanfa.domain.shown import printable

#: What no cell may hold (ECMA-376), once controls have been written out.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: The most of a cell. Characters.
_CELL_MAX: Final = 32_000
Value = str | int | datetime | None


def workbook(
    title: str, head: Sequence[tuple[str, float]], rows: Iterable[Sequence[Value]], *, made_at: datetime
) -> bytes:
    """A workbook of one sheet. ``head`` are the names of the columns with their widths in characters; times are shown as they are given,
    without their zone."""
    from openpyxl import Workbook  # noqa: PLC0415 - heavy, and needed once a year
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.title = title
    for at, (name, width) in enumerate(head, 1):
        cell = sheet.cell(1, at, name)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F2F2F2")
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(at)].width = width
    for row, values in enumerate(rows, 2):
        for at, value in enumerate(values, 1):
            place = sheet.cell(row, at)
            if isinstance(value, str):
                place.value = _FORBIDDEN.sub("", printable(value))[:_CELL_MAX]
                place.data_type = "s"  # never a formula, whatever it begins with
            elif isinstance(value, datetime):
                place.value, place.number_format = value.replace(tzinfo=None), "yyyy-mm-dd hh:mm"
            else:
                place.value = value
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    book.properties.creator, book.properties.created = "xuanfa", made_at.replace(tzinfo=None)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
