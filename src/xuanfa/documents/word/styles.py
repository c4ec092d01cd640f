"""The forms of official documents (GB/T 9704): which type, how large, how far apart."""

from typing import Final

from xuanfa.documents.faces import Faces

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _style(name: str, title: str, paragraph: str, run: str) -> str:
    default = ' w:default="1"' if name == "Normal" else ""
    based = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"{default}><w:name w:val="{title}"/>{based}'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _font(name: str, half_points: int, *, bold: bool = False, latin: str) -> str:
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{name}"/>{weight}'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
    )


_LINES: Final = '<w:spacing w:line="560" w:lineRule="exact"/>'
_FREE: Final = '<w:spacing w:before="120" w:after="120" w:line="240" w:lineRule="auto"/>'
_TIGHT: Final = '<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>'
_TWO: Final = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_NONE: Final = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_MIDDLE: Final = '<w:jc w:val="center"/>'
_LEFT: Final = '<w:jc w:val="left"/>'
_DEFAULTS: Final = '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
_HEADING_1: Final = "<w:keepNext/>" + _LINES + _TWO + '<w:outlineLvl w:val="0"/>'
_HEADING_2: Final = "<w:keepNext/>" + _LINES + _TWO + '<w:outlineLvl w:val="1"/>'
_TITLE: Final = '<w:spacing w:before="240" w:after="240" w:line="700" w:lineRule="exact"/>' + _NONE + _MIDDLE


def styles(faces: Faces) -> str:
    """The styles in these typefaces."""

    def font(name: str, half_points: int, *, bold: bool = False, latin: str = faces.latin) -> str:
        return _font(name, half_points, bold=bold, latin=latin)

    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="{_W}">'
        + _DEFAULTS
        + _style("Normal", "Normal", _LINES + _TWO + '<w:jc w:val="both"/>', font(faces.body, 32))
        + _style("Title", "Title", _TITLE, font(faces.heading, 44))
        + _style("Byline", "Byline", _LINES + _NONE + _MIDDLE, font(faces.office, 28))
        + _style("Heading1", "heading 1", _HEADING_1, font(faces.label, 32))
        + _style("Heading2", "heading 2", _HEADING_2, font(faces.office, 32, bold=True))
        + _style("Item", "Item", _LINES, font(faces.body, 32))
        + _style(
            "Quote",
            "Quote",
            _LINES + '<w:ind w:left="640" w:firstLineChars="200" w:firstLine="640"/>',
            font(faces.office, 32),
        )
        + _style("Code", "Code", _TIGHT + _NONE + _LEFT, font(faces.body, 24, latin="Consolas"))
        + _style("Picture", "Picture", "<w:keepNext/>" + _FREE + _NONE + _MIDDLE, font(faces.body, 32))
        + _style("Caption", "caption", _FREE + _NONE + _MIDDLE, font(faces.office, 24))
        + _style("Note", "Note", _TIGHT + _NONE + '<w:jc w:val="both"/>', font(faces.office, 24))
        + _style("TableCaption", "Table Caption", "<w:keepNext/>" + _FREE + _NONE + _MIDDLE, font(faces.label, 28))
        + _style("Cell", "Cell", _TIGHT + _NONE + _LEFT, font(faces.body, 24))
        + _style("SmallCell", "Small Cell", _TIGHT + _NONE + _LEFT, font(faces.body, 18))
        + _style("Rule", "Rule", _TIGHT + _NONE + _MIDDLE, font(faces.body, 24))
        + "</w:styles>"
    )


#: In the typefaces that official documents name.
STYLES: Final = styles(Faces())
