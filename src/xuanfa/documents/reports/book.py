"""A report as a spreadsheet: a first sheet with its tables and charts that the program itself draws, then the publications, row after row."""

from datetime import datetime, tzinfo
from typing import IO, Any, Final

from xuanfa.documents.spreadsheets.writing import Workbook, cell_text
from xuanfa.domain.report import Blank, Chart, Grid, Point, Report, Share, Value

#: The columns of the first sheet: names, then figures. Characters.
_FIRST, _OTHER, _COLUMNS = 26.0, 11.5, 9
#: So many Chinese characters stand in a line that goes over all columns, and how high it is. Points.
_IN_LINE, _LINE = 58, 17.0
_CHART_WIDTH, _CHART_HEIGHT, _BAR, _ROW = 850, 280, 30, 24
_COLOUR: Final = "#1F3B6D"
_DATA: Final = "图表数据"
#: Of more names than that, the columns of a chart have no values above them.
_LABELLED: Final = 16


class ReportBook(Workbook):
    """The workbook. Its first sheet is made first and filled last: what stands there is known once all rows have passed."""

    def __init__(self, file: IO[bytes], zone: tzinfo, *, made_at: datetime, office: str, title: str) -> None:
        super().__init__(file, made_at=made_at.astimezone(zone))
        self._book.set_properties(
            {"title": title, "author": office or "xuanfa", "created": made_at.astimezone(zone).replace(tzinfo=None)}
        )
        self._zone = zone
        self._front = self._book.add_worksheet("汇总")
        self._row = 0
        #: Charts whose values stand on a sheet of their own.
        self._drawn: list[Chart] = []
        face = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        box = face | {"border": 1, "border_color": "#808080"}
        add = self._book.add_format
        self._title = add({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"})
        self._beside = add(face | {"align": "center", "font_color": "#555555"})
        self._heading = add({"font_name": "黑体", "font_size": 12, "valign": "vcenter"})
        self._words = add(face | {"text_wrap": True, "valign": "top"})
        self._note = add(face | {"font_size": 9, "font_color": "#555555", "text_wrap": True})
        self._name = add(box | {"bold": True, "bg_color": "#F2F2F2", "align": "center", "text_wrap": True})
        self._cells = {
            (kind, bold): add(box | {"num_format": form, "align": side, "bold": bold, "text_wrap": kind == "text"})
            for kind, form, side in (
                ("text", "@", "left"),
                ("number", "0", "right"),
                ("share", "0.0%", "right"),
                ("time", "yyyy-mm-dd hh:mm", "center"),
                ("middle", "@", "center"),
            )
            for bold in (False, True)
        }

    def fill(self, report: Report) -> None:
        """The first sheet, and a sheet for each annex."""
        sheet = self._front
        for at in range(_COLUMNS):
            sheet.set_column(at, at, _FIRST if at == 0 else 17 if at == _COLUMNS - 1 else _OTHER)
        self._across(sheet, report.title, self._title, 30)
        made = f"{report.made_at.astimezone(self._zone):%Y-%m-%d %H:%M} 生成"
        self._across(sheet, "　".join([made, *report.beside]), self._beside)
        sheet.set_default_row(_LINE + 1)
        for section in report.sections:
            parts = [
                part for part in section.parts if not isinstance(part, Blank)
            ]  # what is left to write is left to the document
            if section.heading and parts:
                self._row += 1
                self._across(sheet, section.heading, self._heading, 22)
            for part in parts:
                self._part(sheet, part)
        self._printed(sheet, self._row, _COLUMNS, landscape=False)
        for annex in report.annexes:
            self._annex(annex)
        self._values()

    def _part(self, sheet: Any, part: str | Point | Grid) -> None:
        match part:
            case Grid():
                self._grid(sheet, part)
            case Point():
                self._across(sheet, f"{part.lead}{part.text}", self._words)
            case str():
                self._across(sheet, part, self._words)

    def _across(self, sheet: Any, text: str, form: Any, height: float | None = None) -> None:
        """A line over all columns, as high as its words ask for."""
        lines = max(1, -(-len(text) // _IN_LINE))
        sheet.set_row(self._row, height or _LINE * lines + 2)
        sheet.merge_range(self._row, 0, self._row, _COLUMNS - 1, "", form)
        sheet.write_string(self._row, 0, cell_text(text), form)
        self._row += 1

    def _grid(self, sheet: Any, grid: Grid) -> None:
        self._row += 1
        sheet.set_row(self._row, 22)
        sheet.write_string(self._row, 0, grid.title, self._heading)
        self._row += 1
        first = self._row + 1
        self._row = self._table(sheet, grid, self._row)
        if grid.note:
            self._across(sheet, f"注：{grid.note}", self._note)
        if grid.chart is not None and len(grid.chart.names) > 1:
            self._chart(sheet, grid, grid.chart, first)

    def _table(self, sheet: Any, grid: Grid, row: int) -> int:
        """The head, the rows and the total; the row behind them."""
        for at, head in enumerate(grid.heads):
            sheet.write_string(row, at, head.name, self._name)
        for number, line in enumerate(grid.lines, row + 1):
            bold = grid.total is not None and number == row + len(grid.rows) + 1
            for at, value in enumerate(line):
                self._cell(sheet, (number, at), value, grid.heads[at].side, bold=bold)
        return row + 1 + len(grid.rows) + (grid.total is not None)

    def _cell(self, sheet: Any, place: tuple[int, int], value: Value, side: str, *, bold: bool) -> None:
        match value:
            case Share() if value.whole:
                sheet.write_number(*place, value.part / value.whole, self._cells["share", bold])
            case datetime():
                moment = value.astimezone(self._zone).replace(tzinfo=None)
                sheet.write_datetime(*place, moment, self._cells["time", bold])
            case int() | float():
                sheet.write_number(*place, value, self._cells["number", bold])
            case _:
                kind = "text" if side == "left" else "middle"
                sheet.write_string(*place, cell_text("—" if value is None else str(value)), self._cells[kind, bold])

    def _chart(self, sheet: Any, grid: Grid, chart: Chart, first: int) -> None:
        """A chart of the table's own cells, or of cells beside where it shows something finer."""
        lies = chart.kind == "bars"
        name, top, columns = "汇总", first, (0, 1)
        if [row[0] for row in grid.rows] != list(chart.names):
            name, top, columns = _DATA, 1, self._beside_data(chart)
        last = top + len(chart.names) - 1
        drawn = self._book.add_chart({"type": "bar" if lies else "column"})
        drawn.add_series(
            {
                "name": chart.title,
                "categories": [name, top, columns[0], last, columns[0]],
                "values": [name, top, columns[1], last, columns[1]],
                "fill": {"color": _COLOUR},
                "gap": 60 if lies else 45,
                "data_labels": {"value": lies or len(chart.names) <= _LABELLED},
            }
        )
        small = {"name": "宋体", "size": 9}
        drawn.set_title(
            {"name": chart.title, "name_font": {"name": "宋体", "size": 12, "bold": False}, "overlay": False}
        )
        drawn.set_legend({"none": True})
        whole = {
            "num_font": small,
            "num_format": "0",
            "min": 0,
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
        }
        if max(chart.values, default=0) <= 5:  # noqa: PLR2004 - half an item is none
            whole["major_unit"] = 1
        names = {"num_font": small, "reverse": lies}
        # The first bar stands at the top; the library calls the axis that lies x, whatever stands along it.
        drawn.set_x_axis(whole if lies else names)
        drawn.set_y_axis(names if lies else whole)
        height = 60 + _BAR * max(2, len(chart.names)) if lies else _CHART_HEIGHT
        drawn.set_size({"width": _CHART_WIDTH, "height": height})
        sheet.insert_chart(self._row, 0, drawn, {"x_offset": 4, "y_offset": 6, "description": chart.title})
        self._row += -(-(height + 12) // _ROW)

    def _beside_data(self, chart: Chart) -> tuple[int, int]:
        """The columns that its values will have on the sheet for them."""
        self._drawn.append(chart)
        return 2 * len(self._drawn) - 2, 2 * len(self._drawn) - 1

    def _values(self) -> None:
        """The sheet with the values of charts that show more than their tables: all beside each other, since rows are written in their order."""
        if not self._drawn:
            return
        sheet = self._book.add_worksheet(_DATA)
        for row in range(1 + max(len(chart.names) for chart in self._drawn)):
            for at, chart in enumerate(self._drawn):
                if row == 0:
                    sheet.set_column(2 * at, 2 * at, 18)
                    sheet.write_string(row, 2 * at, cell_text(chart.title), self._name)
                    sheet.write_string(row, 2 * at + 1, chart.unit, self._name)
                elif row <= len(chart.names):
                    sheet.write_string(row, 2 * at, cell_text(chart.names[row - 1]), self._cells["text", False])
                    sheet.write_number(row, 2 * at + 1, chart.values[row - 1], self._cells["number", False])
        self._printed(sheet, 1 + max(len(chart.names) for chart in self._drawn), 2 * len(self._drawn), landscape=False)

    def _annex(self, grid: Grid) -> None:
        sheet = self._book.add_worksheet(grid.title[:31])
        for at, head in enumerate(grid.heads):
            sheet.set_column(at, at, head.width * 2)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        end = self._table(sheet, grid, 0)
        if grid.note:
            sheet.merge_range(end, 0, end, len(grid.heads) - 1, "", self._note)
            sheet.set_row(end, _LINE * max(1, -(-len(grid.note) // _IN_LINE)))
            sheet.write_string(end, 0, cell_text(f"注：{grid.note}"), self._note)
            end += 1
        self._printed(sheet, end, len(grid.heads), landscape=True)

    def _printed(self, sheet: Any, rows: int, columns: int, *, landscape: bool) -> None:
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
        sheet.center_horizontally()
        sheet.print_area(0, 0, max(0, rows - 1), columns - 1)
        sheet.set_footer('&C&"宋体"第 &P 页，共 &N 页')
