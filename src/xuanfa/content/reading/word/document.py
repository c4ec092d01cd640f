"""A Word document as Markdown with front matter."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from xuanfa.content.reading.word import head as heads
from xuanfa.content.reading.word import spans as written
from xuanfa.content.reading.word.blocks import HEADING_MAX, Block, Blocks
from xuanfa.content.reading.word.head import Head
from xuanfa.content.reading.word.objects import called, file_name, macros_of
from xuanfa.content.reading.word.paragraphs import Paragraph, Walk
from xuanfa.content.reading.word.questions import Questions, Where
from xuanfa.content.reading.word.spans import Span
from xuanfa.content.reading.word.styles import Numbering, Styles
from xuanfa.content.reading.word.tables import Table, as_markdown, read_table
from xuanfa.documents.office.package import Package, Relation
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say

#: The title stands before so many paragraphs.
_TITLE_WITHIN: Final = 12
#: So much of what headers and footers say is told. Characters.
_WORDS: Final = 60
#: What was left out, in words.
_LEFT: Final = {
    "shape": ("图形（线条、形状）", "shapes"),
    "link": ("指向本机或内网文件的链接（文字保留）", "links to files of somebody's own, whose words stay"),
    "picture": ("找不到内容的图片", "pictures without content"),
    "nested": ("表格里的表格（改成了几行文字）", "tables within tables, which became lines"),
    "toc": ("目录", "tables of contents"),
}


@dataclass(slots=True)
class Converted:
    """What was made of a document: the front matter's values, blocks, questions, and what was left out."""

    head: Head
    blocks: list[Block]
    questions: Questions
    notices: list[str]


class Document:
    """Reads one."""

    def __init__(self, package: Package, head: Head) -> None:
        self._package = package
        self._head = head
        self._main = package.main()
        if self._main not in package.names or not self._main.endswith(".xml"):
            raise ContentError(_other())
        related = package.relations(self._main)
        #: The parts of pictures, by the names that the text has for them.
        self.pictures: dict[str, str] = {}
        self._edges = [
            each.target for each in related.values() if each.kind in {"header", "footer"} and not each.is_outside
        ]
        self._parts = {each.kind: each.target for each in related.values() if not each.is_outside}
        where = Where()
        questions = Questions(where)
        self._notes: dict[tuple[str, str], str] = {}
        self._note_places: dict[str, int] = {}
        self._noted: dict[str, tuple[list[Span], int]] = {}
        self._in_tables: set[str] = set()
        self._document_title = ""
        self._walk = Walk(
            styles=Styles(self._tree("styles")),
            numbering=Numbering(self._tree("numbering")),
            relations=related,
            comments={
                each.get("id", ""): "".join(text.text or "" for text in each.iter("t"))
                for each in self._tree("comments") or ()
            },
            picture=self._name,
            note=self._note,
            questions=questions,
            where=where,
        )
        self._blocks = Blocks()
        self._unknown: list[str] = []

    def read(self) -> Converted:
        """The whole document."""
        walk = self._walk
        found = list(self._all())
        self._noted = self._read_notes()
        self._take_head(found)
        tops = self._without_title(found)
        self._blocks.write(tops, self._table)
        self._footnotes()
        if any(name.endswith("vbaProject.bin") for name in self._package.names):
            self._ask_of_file("macro", macros_of(self._package.tree("word/vbaData.xml")) or ["vbaProject.bin"])
        embedded = sorted(name for name in self._package.names if "/embeddings/" in name)
        if embedded and "object" not in walk.questions.found:
            self._ask_of_file("object", [file_name(each) for each in embedded])
        return Converted(self._head, self._blocks.found, walk.questions, list(self._told()))

    def _ask_of_file(self, sort: str, names: Iterable[str]) -> None:
        """What is in the file and not at a place of its text."""
        self._walk.where.paragraph, self._walk.where.text = 0, str
        for name in names:
            self._walk.questions.ask(sort, name=name)

    def _tree(self, kind: str) -> Element | None:
        return self._package.tree(self._parts[kind]) if kind in self._parts else None

    def _all(self) -> Iterator[Paragraph | Table]:
        for element in self._package.pieces(self._main, 2):
            yield from self._top(element)

    def _top(self, element: Element) -> Iterator[Paragraph | Table]:
        match element.tag:
            case "p":
                yield self._walk.paragraph(element)
            case "tbl":
                table = read_table(element, self._walk)
                if len(table.rows) == 1 and len(table.rows[0]) == 1:
                    yield from table.rows[0][0].paragraphs  # a frame around text
                elif table.rows:
                    yield table
            case "sdt" if any(each.get("val") == "Table of Contents" for each in element.iter("docPartGallery")):
                self._walk.left_out["toc"] = 1
            case "ins" | "moveTo" | "del" | "moveFrom":
                self._walk.questions.ask("change", "".join(each.text or "" for each in element.iter("t")))
                yield from self._tops(element if element.tag in {"ins", "moveTo"} else ())
            case "sdt" | "sdtContent" | "customXml":
                yield from self._tops(element)
            case "altChunk" | "subDoc":
                self._walk.where.text = str
                self._walk.questions.ask("object", name=called(element, self._walk.relations))
            case "AlternateContent":
                choice = element.find("Choice")
                yield from self._tops(choice if choice is not None else ())
            case _:
                pass

    def _tops(self, elements: Iterable[Element]) -> Iterator[Paragraph | Table]:
        for each in elements:
            yield from self._top(each)

    def _take_head(self, found: list[Paragraph | Table]) -> None:
        first = next((each for each in found if isinstance(each, Table) or each.spans), None)
        taken = heads.from_table(first) if isinstance(first, Table) else None
        if taken is not None and first is not None:
            values, self._unknown = taken
            for key, (value, number) in values.items():
                self._head.offer(key, value, number)
            found.remove(first)
        names = {each.kind: each.target for each in self._package.relations("").values()}
        properties = heads.from_properties(
            self._package.tree(names.get("core-properties", "")), self._package.tree(names.get("custom-properties", ""))
        )
        for key, value in properties.items():
            if key != "title":
                self._head.offer(key, value, 0)
        self._document_title = properties.get("title", "")

    def _without_title(self, found: list[Paragraph | Table]) -> list[Paragraph | Table]:
        """The paragraphs behind the title, which becomes the post's; one that is another than the front matter's stays in the text."""
        lines = self._title_lines(found)
        text = "".join(_closed_up(each.words) for each in lines)
        if text and (not self._head.has_title or self._same(text)):
            self._head.offer("title", text, lines[0].number)
            return [each for each in found if not any(each is line for line in lines)]
        self._head.offer("title", self._document_title, 0)
        return found

    def _same(self, text: str) -> bool:
        own = self._head.title or next(
            (line.partition(":")[2] for line in self._head.beside.split("\n") if line.startswith("title:")), ""
        )
        return _bare(own) == _bare(text)

    @staticmethod
    def _title_lines(found: list[Paragraph | Table]) -> list[Paragraph]:
        lines: list[Paragraph] = []
        for each in found[:_TITLE_WITHIN]:
            if isinstance(each, Table):
                break
            is_head = each.is_red and each.words.endswith("文件")
            fits = (each.is_title or (each.is_large and not is_head)) and 0 < len(each.words) <= 4 * HEADING_MAX
            if fits and (not lines or (each.is_title == lines[0].is_title and each.size == lines[0].size)):
                lines.append(each)
            elif lines or (each.words and len(each.words) > HEADING_MAX):
                break
        if lines:
            return lines
        first = next((each for each in found if isinstance(each, Table) or each.spans), None)
        one = isinstance(first, Paragraph) and first.heading == 1 and bool(first.words)
        return [first] if one and isinstance(first, Paragraph) else []

    def _table(self, table: Table) -> str:
        self._in_tables |= {span.note for row in table.rows for cell in row for span in cell.spans if span.note}
        texts = {name: written.as_html(spans, {}) for name, (spans, _) in self._noted.items()}
        return as_markdown(table, texts)

    def _read_notes(self) -> dict[str, tuple[list[Span], int]]:
        """The text of each note, and the number of the paragraph that refers to it."""
        found: dict[str, tuple[list[Span], int]] = {}
        walk, relations, where = self._walk, self._walk.relations, self._walk.where
        for kind in ("footnote", "endnote"):
            part = self._parts.get(f"{kind}s", "")
            asked = {id_: name for (of, id_), name in self._notes.items() if of == kind}
            if part not in self._package.names or not asked:
                continue
            walk.relations = self._package.relations(part)
            for element in self._package.pieces(part, 1):
                name = asked.get(element.get("id", ""))
                if name is None:
                    continue
                where.paragraph = self._note_places[name] - 1
                spans: list[Span] = []
                for each in element.iter("p"):
                    where.paragraph = self._note_places[name] - 1
                    spans += ([Span(text=" ")] if spans else []) + walk.paragraph(each).spans
                found[name] = (written.merged(spans), self._note_places[name])
        walk.relations = relations
        return found

    def _footnotes(self) -> None:
        for name, (spans, number) in self._noted.items():
            if name not in self._in_tables:
                text = written.as_markdown(spans).replace("\\\n", " ")
                self._blocks.found.append(Block(f"[^{name}]: {text}", number))

    def _note(self, kind: str, id_: str) -> str:
        name = self._notes.setdefault((kind, id_), str(len(self._notes) + 1))
        self._note_places.setdefault(name, self._walk.where.paragraph)
        return name

    def _name(self, relation: Relation) -> str:
        """The name by which the text refers to a picture."""
        base = re.sub(r"[^\w.-]+", "_", relation.target.rpartition("/")[2]) or "picture"
        name = f"media/{base}"
        while self.pictures.get(name, relation.target) != relation.target:
            name = f"media/_{name.removeprefix('media/')}"
        self.pictures[name] = relation.target
        return name

    def _edge_words(self) -> str:
        """What headers and footers say besides the numbers of pages."""
        found: list[str] = []
        for name in self._edges:
            root = self._package.tree(name)
            words = "" if root is None else "".join(each.text or "" for each in root.iter("t"))
            if (
                re.search(r"[^\W\d_]", words.replace("第", "").replace("页", "").replace("共", ""))
                and words not in found
            ):
                found.append(" ".join(words.split()))
        return say("；", "; ").join(found)

    def _told(self) -> Iterator[str]:
        if words := self._edge_words():
            yield say(
                "Word 文件的页眉页脚没有带过来：“{words}”。是内部标志的，请先核对能不能公开。",
                "Headers and footers of the Word file were left out: {words!r}. Where they are marks of the office, see whether it may be public.",
                words=words if len(words) <= _WORDS else f"{words[:_WORDS]}…",
            )
        left = [say(*_LEFT[what]) for what in _LEFT if what in self._walk.left_out]
        if left:
            yield say(
                "Word 文件里的这些没有带过来：{what}。",
                "Left out of the Word file: {what}.",
                what=say("、", ", ").join(left),
            )
        if self._unknown:
            yield say(
                "首页表格里的这些不是稿头的项目，没有用：{names}。",
                "These of the first table are no keys of front matter and were not used: {names}.",
                names=say("、", ", ").join(self._unknown),
            )


def _closed_up(line: str) -> str:
    """A line of single characters that were spaced out (通　知) as the word that it is."""
    parts = line.split()
    return "".join(parts) if len(parts) > 1 and all(len(part) == 1 for part in parts) else line


def _bare(title: str) -> str:
    return re.sub(r"[\s\"'“”《》]+", "", title)


def _other() -> str:
    return say(
        "这不是 Word 文档（可能是表格、演示文稿，或带宏、模板的文件），没有读。请另存为 .docx 再放进来。",
        "This is no Word document (a workbook or slides perhaps), and was not read. Save it as .docx.",
    )
