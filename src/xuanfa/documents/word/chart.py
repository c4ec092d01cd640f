"""Charts of a Word document, which Word itself draws (DrawingML, ECMA-376 part 1, section 21.2): values in the file, no picture of them."""

from typing import Final

from xuanfa.documents.word import xml
from xuanfa.domain.report import Chart

_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: What a part with a chart is, and how a document refers to it.
CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
RELATION: Final = f"{_RELATIONS}/chart"
#: English Metric Units: 36 000 in a millimetre.
_MM: Final = 36_000
_WIDTH, _HEIGHT, _BAR = 154, 72, 9
_COLOUR: Final = "1F3B6D"
#: Of more names than that, only some stand below the axis.
_NAMES_MAX: Final = 16


def drawing(number: int, name: str, chart: Chart) -> str:
    """The run that shows the chart, which is the part that ``name`` refers to."""
    extent = f'cx="{_WIDTH * _MM}" cy="{height_of(chart) * _MM}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
        f'<wp:docPr id="{1000 + number}" name="chart{number}" descr={xml.attribute(_in_words(chart))}/>'
        f'<a:graphic><a:graphicData uri="{_DRAWING}/chart"><c:chart xmlns:c="{_DRAWING}/chart" r:id="{name}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def height_of(chart: Chart) -> int:
    """Millimetres: bars take a line each."""
    return _HEIGHT if chart.kind == "columns" else 24 + _BAR * max(2, len(chart.names))


def _in_words(chart: Chart) -> str:
    """For whoever does not see it."""
    values = "，".join(f"{name} {value}{chart.unit}" for name, value in zip(chart.names, chart.values, strict=True))
    return f"{chart.title}：{values}"


def part(chart: Chart, *, text: str, latin: str) -> str:
    """The part itself; ``text`` and ``latin`` are the typefaces."""
    lies = chart.kind == "bars"
    names, values = (list(chart.names), list(chart.values))
    if lies:  # the first bar stands at the bottom
        names, values = names[::-1], values[::-1]
    skip = max(1, -(-len(names) // _NAMES_MAX))
    labels = _labels() if lies or len(names) <= _NAMES_MAX else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace xmlns:c="{_DRAWING}/chart" xmlns:a="{_DRAWING}/main" '
        f'xmlns:r="{_RELATIONS}"><c:roundedCorners val="0"/><c:chart><c:title>{_rich(chart.title, text, latin)}<c:overlay val="0"/></c:title>'
        f'<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="{"bar" if lies else "col"}"/>'
        '<c:grouping val="clustered"/><c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/>'
        f"<c:tx><c:v>{xml.text(chart.unit)}</c:v></c:tx>"
        f'<c:spPr><a:solidFill><a:srgbClr val="{_COLOUR}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>{labels}'
        f"<c:cat><c:strLit>{_points(names)}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>0</c:formatCode>{_points(values)}</c:numLit></c:val></c:ser>"
        f'<c:gapWidth val="{60 if lies else 45}"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        f'<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{"l" if lies else "b"}"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{_line("808080")}{_small(text, latin)}<c:crossAx val="2"/>'
        f'<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:tickLblSkip val="{skip}"/>'
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{"b" if lies else "l"}"/><c:majorGridlines>{_line("D9D9D9")}</c:majorGridlines>'
        '<c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/>{_line("FFFFFF")}{_small(text, latin)}<c:crossAx val="1"/><c:crosses val="autoZero"/>'
        f'<c:crossBetween val="between"/>{_step(values)}</c:valAx></c:plotArea>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        '<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr></c:chartSpace>'
    )


def _step(values: list[int]) -> str:
    """Whole numbers alone stand at the axis: half an item is none."""
    most = max(values, default=0)
    return "" if most > 5 else '<c:majorUnit val="1"/>'  # noqa: PLR2004 - from there on the program's own steps are whole


def _points(values: "list[str] | list[int]") -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{xml.text(str(value))}</c:v></c:pt>' for at, value in enumerate(values))
    return f'<c:ptCount val="{len(values)}"/>{points}'


def _labels() -> str:
    shown = "".join(
        f'<c:{name} val="{value}"/>'
        for name, value in (
            ("showLegendKey", 0),
            ("showVal", 1),
            ("showCatName", 0),
            ("showSerName", 0),
            ("showPercent", 0),
            ("showBubbleSize", 0),
        )
    )
    return f'<c:dLbls><c:dLblPos val="outEnd"/>{shown}</c:dLbls>'


def _line(colour: str) -> str:
    return f'<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln></c:spPr>'


def _faces(text: str, latin: str) -> str:
    return f"<a:latin typeface={xml.attribute(latin)}/><a:ea typeface={xml.attribute(text)}/>"


def _small(text: str, latin: str) -> str:
    return f'<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900">{_faces(text, latin)}</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'


def _rich(words: str, text: str, latin: str) -> str:
    return (
        f'<c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1200" b="0"/></a:pPr><a:r><a:rPr lang="zh-CN" sz="1200" b="0">'
        f"{_faces(text, latin)}</a:rPr><a:t>{xml.text(words)}</a:t></a:r></a:p></c:rich></c:tx>"
    )
