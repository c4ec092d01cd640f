"""What an embedded object is called, so that its author finds it: its kind, the program's own name of it, and the file within the document."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from xuanfa.documents.office.package import Relation
from xuanfa.domain.language import say

#: Kinds by the beginning of the name that a program registers (ProgID), as Word and WPS write it.
_PROGRAMS: Final = (
    (("Excel.", "KET.", "ET."), ("Excel 工作表", "Excel sheet")),
    (("Word.", "WPS."), ("Word 文档", "Word document")),
    (("PowerPoint.", "WPP."), ("演示文稿", "presentation")),
    (("Equation.", "MathType"), ("公式", "equation")),
    (("Visio.",), ("Visio 图", "Visio drawing")),
    (("AcroExch.", "Acrobat", "FoxitReader"), ("PDF 文件", "PDF file")),
    (("Package",), ("打包的文件", "packed file")),
    (("MSGraph.",), ("图表", "chart")),
    (("Forms.",), ("控件", "control")),
)
_OTHER: Final = ("其他程序的对象", "object of another program")
#: Kinds by the element that stands in the text, or in a drawing.
_ELEMENTS: Final = {
    "oMath": ("公式", "equation"),
    "oMathPara": ("公式", "equation"),
    "chart": ("图表", "chart"),
    "relIds": ("SmartArt 图形", "SmartArt"),
    "contentPart": ("墨迹", "ink"),
    "control": ("控件", "control"),
    "altChunk": ("插入的整份文件", "inserted file"),
    "subDoc": ("子文档", "subdocument"),
}
#: A name that a program gives is shortened to so many characters.
_LONGEST: Final = 60


def called(part: Element, relations: Mapping[str, Relation]) -> str:
    """An element that is an object, or holds one, in words: 「Excel 工作表 Excel.Sheet.12，文件 Microsoft_Excel_Sheet1.xlsx」."""
    for each in part.iter():
        if each.tag == "OLEObject":
            return _of_program(each, relations)
    for each in part.iter():
        if each.tag in _ELEMENTS:
            return _together(say(*_ELEMENTS[each.tag]), each.get("name", ""), _files(each, relations))
    return say(*_OTHER)


def _of_program(element: Element, relations: Mapping[str, Relation]) -> str:
    program = element.get("ProgID", "")
    kind = next((words for names, words in _PROGRAMS if program.startswith(names)), _OTHER)
    return _together(say(*kind), program, _files(element, relations))


def _files(element: Element, relations: Mapping[str, Relation]) -> list[str]:
    """The parts of the document, or the files elsewhere, that an element leads to."""
    led = (relations.get(value) for name, value in element.attrib.items() if name.startswith("r:"))
    return [file_name(each.target) for each in led if each is not None]


def file_name(target: str) -> str:
    """The name of a file at the end of a path of either system."""
    return re.split(r"[/\\]", target)[-1]


def _together(kind: str, program: str, files: Iterable[str]) -> str:
    named = say("{kind} {program}", "{kind} {program}", kind=kind, program=program[:_LONGEST]) if program else kind
    held = [file[:_LONGEST] for file in files]
    if not held:
        return named
    return say("{named}，文件 {files}", "{named}, file {files}", named=named, files=say("、", ", ").join(held))


def macros_of(data: Element | None) -> list[str]:
    """The macros that a document names (``vbaData.xml``), each by its own name."""
    return (
        list(dict.fromkeys(each.get("macroName", "") for each in data.iter("mcd") if each.get("macroName")))
        if data is not None
        else []
    )
