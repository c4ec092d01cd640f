"""The Word document of a pack: valid whatever the text brings, and with the forms that the text has."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from xuanfa.content.text.markdown import to_html
from xuanfa.documents.word.article import Properties, document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
#: What Word wants of the order within a paragraph's properties (ECMA-376, CT_PPr), as far as we write any.
ORDER = ["pStyle", "keepNext", "tabs", "spacing", "ind", "jc", "outlineLvl"]


def parts(html: str, folder: Path = Path(), title: str = "标题", **properties: object) -> dict[str, bytes]:
    """The files of a document."""
    data = document(title, "作者：李某", html, folder, Properties(**properties))  # type: ignore[arg-type]
    with zipfile.ZipFile(BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def body(html: str, folder: Path = Path()) -> ElementTree.Element:
    found = ElementTree.fromstring(parts(html, folder)["word/document.xml"]).find(f"{W}body")  # noqa: S314 - made here
    assert found is not None
    return found


def words(element: ElementTree.Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def styled(element: ElementTree.Element) -> str:
    style = element.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(f"{W}val", "")


def told(element: ElementTree.Element | None, name: str) -> str | None:
    found = None if element is None else element.find(name)
    return None if found is None else found.get(f"{W}val", "")


def grid(table: ElementTree.Element) -> list[list[tuple[str, int, str | None]]]:
    """Each row: the words of each place, its columns, and whether it begins (``restart``) or goes on ("") downwards."""
    return [
        [
            (
                words(cell),
                int(told(cell.find(f"{W}tcPr"), f"{W}gridSpan") or 1),
                told(cell.find(f"{W}tcPr"), f"{W}vMerge"),
            )
            for cell in row.findall(f"{W}tc")
        ]
        for row in table.findall(f"{W}tr")
    ]


def require_valid(root: ElementTree.Element) -> None:
    """What Word refuses a document for, as far as our tables and paragraphs could break it."""
    for table in root.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        assert 0 < columns <= 63
        for row in grid(table):
            assert sum(across for _, across, _ in row) == columns
        assert {child.tag for child in table} <= {f"{W}{name}" for name in ("tblPr", "tblGrid", "tr")}
    for cell in root.iter(f"{W}tc"):
        assert cell[-1].tag == f"{W}p"
    for above, below in pairwise(root):
        assert (above.tag, below.tag) != (f"{W}tbl", f"{W}tbl")
    for properties in root.iter(f"{W}pPr"):
        names = [child.tag.removeprefix(W) for child in properties]
        assert names == sorted(names, key=ORDER.index)


def test_tables_that_touch_stay_two() -> None:
    root = body("<table><tr><td>一</td></tr></table><table><tr><td>二</td></tr></table>")
    assert [words(child) for child in root if child.tag == f"{W}tbl"] == ["一", "二"]
    require_valid(root)


def test_cells_that_span_others_keep_every_place_of_the_grid() -> None:
    root = body(
        "<table><thead><tr><th rowspan='2'>县区</th><th colspan='2'>案件</th><th rowspan='2'>备注</th></tr>"
        "<tr><th>立案</th><th>结案</th></tr></thead>"
        "<tbody><tr><td>金川</td><td>3</td><td>2</td><td rowspan='0'>同</td></tr><tr><td colspan='3'>合计略</td></tr></tbody></table>"
    )
    (table,) = root.iter(f"{W}tbl")
    assert grid(table) == [
        [("县区", 1, "restart"), ("案件", 2, None), ("备注", 1, "restart")],
        [("", 1, ""), ("立案", 1, None), ("结案", 1, None), ("", 1, "")],
        [("金川", 1, None), ("3", 1, None), ("2", 1, None), ("同", 1, "restart")],
        [("合计略", 3, None), ("", 1, "")],
    ]
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iter(f"{W}tr")] == [True, True, False, False]
    require_valid(root)


@pytest.mark.parametrize(
    "html",
    [
        "<table></table>",
        "<table><tr></tr></table>",
        "<table><tr><td></td></tr><tr><td>1</td><td>2</td></tr></table>",
        "<table><tr><td rowspan='9'>一</td><td>二</td></tr></table>",
        "<table><tr><td colspan='3'>一</td></tr><tr><td rowspan='2'>二</td></tr><tr><td colspan='2'>三</td><td>四</td></tr></table>",
        "<table><tr><td>外<table><tr><td>内</td></tr></table></td></tr></table>",
        "<table><tr><td><table><tr><td>内</td></tr></table><table><tr><td>内二</td></tr></table></td></tr></table>",
        "<table><tr><td><ul><li>甲<ul><li>乙</li></ul></li></ul></td></tr></table>",
        "<table><caption>只有题目</caption></table>",
    ],
)
def test_odd_tables_stay_valid(html: str) -> None:
    require_valid(body(f"<p>前</p>{html}{html}<p>后</p>"))


def test_more_columns_than_word_can_show_lose_no_word() -> None:
    cells = "".join(f"<td>{number}</td>" for number in range(80))
    root = body(f"<table><tr>{cells}</tr></table>")
    assert not list(root.iter(f"{W}tbl"))
    assert [words(paragraph) for paragraph in root if styled(paragraph) == "Cell"] == [str(n) for n in range(80)]


def test_a_caption_stands_above_its_table_and_a_pictures_below(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    root = body(
        "<table><caption>表一</caption><tr><td>1</td></tr></table><figure><img src='a.png' alt='图'><figcaption>图一</figcaption></figure>",
        tmp_path,
    )
    assert [(child.tag.removeprefix(W), styled(child), words(child)) for child in root][2:6] == [
        ("p", "TableCaption", "表一"),
        ("tbl", "", "1"),
        ("p", "Picture", ""),
        ("p", "Caption", "图一"),
    ]


def test_alignment_is_that_of_the_text() -> None:
    root = body(
        '<p class="align-center">中</p><p class="align-right">右</p><p>无</p>'
        '<table><tr><th>头</th><td class="align-right">1</td><td>2</td></tr></table>'
    )
    aligned = {words(p): told(p.find(f"{W}pPr"), f"{W}jc") for p in root.iter(f"{W}p")}
    assert aligned | {"标题": None, "作者：李某": None} == {
        "标题": None, "作者：李某": None, "中": "center", "右": "right", "无": None, "头": "center", "1": "right", "2": None, "": None,
    }  # fmt: skip


def test_lists_are_indented_by_their_depth_and_go_on_below_their_mark() -> None:
    root = body(to_html("1. 甲\n2. 乙\n   - 丙\n     - 丁\n\n   乙的第二段\n\n- 戊\n\n普通段"))
    rows = {words(p).strip(): p.find(f"{W}pPr/{W}ind") for p in root.iter(f"{W}p")}
    found = {
        text: (indent.get(f"{W}left"), indent.get(f"{W}hanging")) for text, indent in rows.items() if indent is not None
    }
    assert found == {
        "1.甲": ("1120", "480"),
        "2.乙": ("1120", "480"),
        "◦丙": ("1760", "480"),
        "▪丁": ("2400", "480"),
        "乙的第二段": ("1120", None),
        "•戊": ("1120", "480"),
    }


def test_line_ends_spaces_and_marks_of_a_text_are_kept() -> None:
    root = body(to_html("```\n第一行\n    第二行\n```\n\n**粗**、~~删~~、x<sup>2</sup>、H<sub>2</sub>O、<u>线</u>"))
    (code,) = [p for p in root.iter(f"{W}p") if styled(p) == "Code"]
    assert [child.tag.removeprefix(W) for child in code.iter() if child.tag in {f"{W}t", f"{W}br"}] == [
        "t",
        "br",
        "t",
        "br",
    ]
    assert [text.text for text in code.iter(f"{W}t")] == ["第一行", "    第二行"]
    forms = {words(run): [form.tag.removeprefix(W) for form in run.findall(f"{W}rPr/*")] for run in root.iter(f"{W}r")}
    wanted = {"粗": ["b"], "删": ["strike"], "2": ["vertAlign"], "线": ["u"]}
    assert {text: forms[text] for text in wanted} == wanted


def test_links_lead_out_and_arrows_back_to_the_text_are_left_out() -> None:
    html = to_html('[院](https://court.example/a?x=1&y="2) [信](mailto:a@b.cn) [内](#fn1) 脚注[^1]\n\n[^1]: 注文')
    found = parts(html)
    root = ElementTree.fromstring(found["word/document.xml"])  # noqa: S314 - made here
    links = {words(link): link.get(f"{R}id") for link in root.iter(f"{W}hyperlink")}
    relations = ElementTree.fromstring(found["word/_rels/document.xml.rels"])  # noqa: S314 - as above
    targets = {relation.get("Id"): relation.get("Target") for relation in relations}
    assert {text: targets[id_] for text, id_ in links.items()} == {
        "院": "https://court.example/a?x=1&y=%222",
        "信": "mailto:a@b.cn",
    }
    assert "↩" not in words(root)
    assert "注文" in words(root)


def test_the_document_says_what_it_is(tmp_path: Path) -> None:
    core = parts(
        "<p>文</p>",
        creator="张某\x0b",
        keywords="普法，乡镇",
        description="摘要<1>",
        at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
        title="标题\x01&",
    )["docProps/core.xml"].decode()
    for piece in (
        "<dc:title>标题&amp;</dc:title>",
        "<dc:creator>张某</dc:creator>",
        "<cp:keywords>普法，乡镇</cp:keywords>",
        "<dc:description>摘要&lt;1&gt;</dc:description>",
        '<dcterms:created xsi:type="dcterms:W3CDTF">2026-03-02T01:00:00Z</dcterms:created>',
    ):
        assert piece in core


def test_a_picture_is_as_wide_as_its_author_wrote_and_never_wider_than_the_page(tmp_path: Path) -> None:
    Image.new("RGB", (400, 200)).save(tmp_path / "a.png")
    Image.new("RGB", (3000, 200)).save(tmp_path / "b.png")
    root = body(
        "<img src='a.png'><img src='a.png' width='100'><img src='a.png' width='50%'><img src='b.png'>"
        "<table><tr><td><img src='b.png'></td></tr></table>",
        tmp_path,
    )
    extents = [int(one.get("cx", "0")) for one in root.iter() if one.tag.endswith("}extent")]
    assert extents == [400 * 9525, 100 * 9525, 2_700_000, 5_400_000, 1_600_000]


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=40))
def test_no_sign_of_a_text_makes_the_document_unreadable(sign: str) -> None:
    found = parts(
        f"<p>{sign.replace('<', '')}</p><img src='{sign}' alt='{sign}'>", title=sign, creator=sign, keywords=sign
    )
    for name, data in found.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(data)  # noqa: S314 - made here


def test_the_same_article_gives_the_same_bytes(tmp_path: Path) -> None:
    html = to_html("文\n\n| 甲 | 乙 |\n|--|--|\n| 1 | 2 |\n")
    assert parts(html) == parts(html)
