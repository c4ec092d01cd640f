"""A report as a Word document, in the form of official documents (GB/T 9704): page, type and numbering, and no letterhead, number or seal."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from itertools import islice
from pathlib import Path
from typing import Final

from xuanfa.documents.faces import Faces
from xuanfa.documents.reports.markup import columns_html, part_html, row_html
from xuanfa.documents.word import xml
from xuanfa.documents.word.chart import CONTENT_TYPE, RELATION, drawing, part
from xuanfa.documents.word.package import Part as FilePart
from xuanfa.documents.word.package import Properties, packed
from xuanfa.documents.word.styles import styles
from xuanfa.documents.word.writer import Writer
from xuanfa.domain.report import Blank, Chart, Grid, Head, Part, Report, Value
from xuanfa.domain.term import day_title

#: A document lists so many publications at most; a spreadsheet has them all.
LISTED_MAX: Final = 300
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
#: What a person has to write stands out until it is written.
_MARKED: Final = '<w:color w:val="9C1F1F"/>'
_NO_INDENT: Final = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_NEW_PAGE: Final = "<w:pageBreakBefore/>"


def report_document(
    report: Report, zone: tzinfo, faces: Faces, heads: Sequence[Head] = (), rows: Iterable[Sequence[Value]] = ()
) -> bytes:
    """The .docx in these typefaces. ``rows`` are the publications, of which the first are listed behind the text."""
    writer, charts = Writer(Path()), list[Chart]()
    writer.line("Title", "\n".join(report.title_lines))
    for line in report.beside:
        writer.line("Byline", line)
    for section in report.sections:
        if section.heading:
            writer.feed(f"<h2>{section.heading}</h2>")
        for each in section.parts:
            _put(writer, each, zone, charts)
    _sign(writer, report, zone)
    _define(writer, report)
    for annex in report.annexes:
        writer.paragraph("Heading1", xml.run("附件"), _NEW_PAGE + _NO_INDENT)
        _put(writer, annex, zone, charts)
    _list(writer, report, zone, heads, islice(rows, LISTED_MAX))
    writer.close()
    main = writer.document(_FOOTERS)
    return packed(
        main,
        styles(faces),
        title=report.title,
        properties=Properties(creator=report.office, subject=report.term_title, at=report.made_at),
        media=writer.media,
        links=writer.links,
        parts=[*_page_parts(faces), *(_chart_part(at, chart, faces) for at, chart in enumerate(charts, 1))],
    )


def _put(writer: Writer, each: Part, zone: tzinfo, charts: list[Chart]) -> None:
    if isinstance(each, Blank):
        writer.paragraph("Normal", xml.run(f"（{each.hint}）", _MARKED))
        return
    if isinstance(each, Grid):
        table, _, _ = part_html(each, zone).partition('<p class="note">')
        writer.feed(table)
        if each.note:
            writer.line("Note", f"注：{each.note}")
        if each.chart is not None and len(each.chart.names) > 1:
            charts.append(each.chart)
            number = len(charts)
            writer.paragraph("Picture", drawing(number, f"rIdChart{number}", each.chart), "")
        return
    writer.feed(part_html(each, zone))


def _sign(writer: Writer, report: Report, zone: tzinfo) -> None:
    """Office and date at the right, where a person signs."""
    writer.paragraph("Normal", "", _NO_INDENT)
    for line in (report.office, day_title(report.made_at.astimezone(zone).date())):
        if line:
            writer.paragraph("Normal", xml.run(line), '<w:ind w:right="640"/><w:jc w:val="right"/>')


def _define(writer: Writer, report: Report) -> None:
    if report.definitions:
        writer.paragraph("Note", "")
        for line in ("统计口径", *report.definitions):
            writer.line("Note", line)


def _list(writer: Writer, report: Report, zone: tzinfo, heads: Sequence[Head], rows: Iterable[Sequence[Value]]) -> None:
    if not heads or not report.rows:
        return
    more = f"共{report.rows}条，这里列出前{LISTED_MAX}条，全部见表格文件。" if report.rows > LISTED_MAX else ""
    writer.paragraph("Heading1", xml.run("附件"), _NEW_PAGE + _NO_INDENT)
    writer.line("Title", "发布明细")
    if more:
        writer.line("Note", more)
    names = "".join(f"<th>{head.name}</th>" for head in heads)
    writer.feed(f"<table>{columns_html(heads)}<thead><tr>{names}</tr></thead><tbody>")
    for row in rows:
        writer.feed(row_html(row, heads, zone))
    writer.feed("</tbody></table>")


def _chart_part(number: int, chart: Chart, faces: Faces) -> FilePart:
    return FilePart(
        file=f"charts/chart{number}.xml",
        data=part(chart, text=faces.text, latin=faces.latin),
        content_type=CONTENT_TYPE,
        relation=RELATION,
        name=f"rIdChart{number}",
    )


#: Pages with an odd number have it at the right, the others at the left, one character from the edge (GB/T 9704-2012, 7.5).
_FOOTERS: Final = '<w:footerReference w:type="default" r:id="rIdOdd"/><w:footerReference w:type="even" r:id="rIdEven"/>'


def _page_parts(faces: Faces) -> list[FilePart]:
    settings = f'{_HEAD}<w:settings xmlns:w="{_W}"><w:evenAndOddHeaders/></w:settings>'
    return [
        _footer("rIdOdd", "footer1.xml", "right", faces),
        _footer("rIdEven", "footer2.xml", "left", faces),
        FilePart(
            file="settings.xml",
            data=settings,
            content_type=f"{_WORD}.settings+xml",
            relation=f"{_R}/settings",
            name="rIdSettings",
        ),
    ]


def _footer(name: str, file: str, side: str, faces: Faces) -> FilePart:
    look = f'<w:rFonts w:ascii="{faces.text}" w:hAnsi="{faces.text}" w:eastAsia="{faces.text}"/><w:sz w:val="28"/><w:szCs w:val="28"/>'
    number = "".join(
        f"<w:r><w:rPr>{look}</w:rPr>{inner}</w:r>"
        for inner in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    form = f'<w:ind w:{side}="280" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="{side}"/>'
    data = f'{_HEAD}<w:ftr xmlns:w="{_W}"><w:p><w:pPr>{form}</w:pPr>{number}</w:p></w:ftr>'
    return FilePart(file=file, data=data, content_type=f"{_WORD}.footer+xml", relation=f"{_R}/footer", name=name)
