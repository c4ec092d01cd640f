"""A report as a web page by itself: no script, nothing fetched, readable on a screen and printed as it is; rows are written as they come."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from html import escape
from itertools import islice
from typing import Final

from xuanfa.documents.reports.markup import columns_html, part_html, row_html
from xuanfa.domain.report import Chart, Grid, Head, Report, Value

#: A page lists so many publications at most: browsers are slow with more.
LISTED_MAX: Final = 5_000
_WIDTH, _HEIGHT, _LEFT, _FOOT = 720, 260, 44, 34
_BAR, _BARS_LEFT = 30, 150
_COLOUR: Final = "#1f3b6d"
#: Of more names than that, only some stand below the axis.
_NAMES_MAX: Final = 16
#: The narrowest column above which its value stands.
_LABELLED: Final = 18


def report_page(
    report: Report, zone: tzinfo, heads: Sequence[Head] = (), rows: Iterable[Sequence[Value]] = ()
) -> Iterator[bytes]:
    """The page, piece by piece."""
    yield (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style></head><body><main><h1>{'<br>'.join(map(escape, report.title_lines))}</h1>"
    ).encode()
    made = f"{report.made_at.astimezone(zone):%Y-%m-%d %H:%M}"
    beside = "".join(f"<br>{escape(line)}" for line in report.beside)
    yield f'<p class="byline">{escape(report.office)}　{made} 生成{beside}</p>'.encode()
    for section in report.sections:
        if section.heading:
            yield f"<h2>{escape(section.heading)}</h2>".encode()
        for part in section.parts:
            text = part_html(part, zone)
            if isinstance(part, Grid):
                text = f'<div class="table">{text}</div>'
                if part.chart is not None and len(part.chart.names) > 1:
                    text += f"<figure>{_svg(part.chart)}<figcaption>{escape(part.chart.title)}</figcaption></figure>"
            yield text.encode()
    for annex in report.annexes:
        yield f'<div class="table">{part_html(annex, zone)}</div>'.encode()
    if report.definitions:
        lines = "".join(f"<p>{escape(line)}</p>" for line in report.definitions)
        yield f'<section class="definitions"><h2>统计口径</h2>{lines}</section>'.encode()
    if heads and report.rows:
        yield from _listed(report, zone, heads, rows)
    yield b"</main></body></html>\n"


def _listed(report: Report, zone: tzinfo, heads: Sequence[Head], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    yield "<h2>发布明细</h2>".encode()
    if report.rows > LISTED_MAX:
        yield f"<p>共{report.rows}条，这里列出前{LISTED_MAX}条，全部见表格文件。</p>".encode()
    names = "".join(f'<th scope="col">{escape(head.name)}</th>' for head in heads)
    yield f'<div class="table"><table class="rows">{columns_html(heads)}<thead><tr>{names}</tr></thead><tbody>'.encode()
    for row in islice(rows, LISTED_MAX):
        yield row_html(row, heads, zone).encode()
    yield b"</tbody></table></div>"


def _svg(chart: Chart) -> str:
    return _bars(chart) if chart.kind == "bars" else _columns(chart)


def _columns(chart: Chart) -> str:
    most, step = _scale(max(chart.values, default=0))
    room, high = _WIDTH - _LEFT - 8, _HEIGHT - _FOOT - 16
    each = room / len(chart.names)
    skip = max(1, -(-len(chart.names) // _NAMES_MAX))
    drawn = []
    for value in range(0, most + 1, step):
        y = 16 + high - high * value / most
        drawn.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - 8}"/>')
        drawn.append(f'<text class="end" x="{_LEFT - 6}" y="{y + 4:.1f}">{value}</text>')
    for at, (name, value) in enumerate(zip(chart.names, chart.values, strict=True)):
        x, tall = _LEFT + each * at, high * value / most
        drawn.append(
            f'<rect x="{x + each * 0.2:.1f}" y="{16 + high - tall:.1f}" width="{each * 0.6:.1f}" height="{tall:.1f}"/>'
        )
        middle = x + each / 2
        if value and each >= _LABELLED:
            drawn.append(f'<text class="middle" x="{middle:.1f}" y="{12 + high - tall:.1f}">{value}</text>')
        if at % skip == 0:
            drawn.append(f'<text class="middle" x="{middle:.1f}" y="{_HEIGHT - 12}">{escape(name)}</text>')
    return _framed(chart, _HEIGHT, drawn)


def _bars(chart: Chart) -> str:
    most = max([*chart.values, 1])
    room, drawn = _WIDTH - _BARS_LEFT - 60, []
    for at, (name, value) in enumerate(zip(chart.names, chart.values, strict=True)):
        y, long = 8 + _BAR * at, room * value / most
        drawn.append(f'<text class="end" x="{_BARS_LEFT - 8}" y="{y + 17}">{escape(_clipped(name))}</text>')
        drawn.append(f'<rect x="{_BARS_LEFT}" y="{y + 4}" width="{long:.1f}" height="{_BAR - 12}"/>')
        drawn.append(f'<text x="{_BARS_LEFT + long + 6:.1f}" y="{y + 17}">{value}</text>')
    return _framed(chart, 16 + _BAR * len(chart.names), drawn)


def _clipped(name: str, most: int = 10) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _framed(chart: Chart, height: int, drawn: Iterable[str]) -> str:
    words = "，".join(f"{name} {value}{chart.unit}" for name, value in zip(chart.names, chart.values, strict=True))
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(chart.title)}：{escape(words)}">{"".join(drawn)}</svg>'


def _scale(most: int) -> tuple[int, int]:
    """The end of an axis, and its step: whole numbers of 1, 2 or 5 and noughts."""
    step = 1
    while most / step > 5:  # noqa: PLR2004 - at most five lines
        step = {1: 2, 2: 5, 5: 10}[int(str(step)[0])] * 10 ** (len(str(step)) - 1)
    return max(step, -(-most // step) * step), step


_STYLE: Final = (
    "html{color:#1d1d1f;background:#fff;font:16px/1.75 'Songti SC',SimSun,'Noto Serif CJK SC',serif}"
    "main{max-width:860px;margin:0 auto;padding:2rem 1.25rem 4rem}"
    "h1{font:600 1.75rem/1.4 'Noto Serif CJK SC','Songti SC',SimSun,serif;text-align:center;margin:0 0 .5rem}"
    "h2{font:600 1.15rem/1.5 'Noto Sans CJK SC','Heiti SC',SimHei,sans-serif;margin:2rem 0 .5rem}"
    "p{margin:.5rem 0;text-indent:2em}.byline,.note{text-indent:0}.byline{text-align:center;color:#555}"
    ".note,.definitions{font-size:.875rem;color:#444}.blank{color:#9c1f1f}"
    ".table{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:1rem 0 .25rem;font-size:.9375rem;line-height:1.5}"
    "caption{font:600 1rem/1.6 'Noto Sans CJK SC','Heiti SC',SimHei,sans-serif}"
    "th,td{border:1px solid #bbb;padding:.25rem .5rem;text-align:left}th{background:#f2f2f2;font-weight:600;text-align:center;white-space:nowrap}"
    ".align-right{text-align:right;font-variant-numeric:tabular-nums}.align-center{text-align:center}"
    ".rows{font-size:.8125rem}.rows td{overflow-wrap:anywhere}.rows td.align-center{white-space:nowrap}"
    "figure{margin:1rem 0}figcaption{text-align:center;font-size:.875rem;color:#444}"
    "svg{width:100%;height:auto;font:12px 'Noto Sans CJK SC',sans-serif}"
    f"svg rect{{fill:{_COLOUR}}}svg .grid{{stroke:#ddd;fill:none}}svg .end{{text-anchor:end}}svg .middle{{text-anchor:middle}}"
    "@media print{@page{size:A4;margin:20mm}main{max-width:none;padding:0}thead{display:table-header-group}tr,figure{break-inside:avoid}"
    "h2{break-after:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}"
)
