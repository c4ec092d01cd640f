"""What a Word document holds that nobody may publish without a decision: questions, one line for each sort."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say

#: So many places of one sort are named, and so much of the words there. Characters.
_NAMED, _WORDS = 5, 30
#: What each sort is called, and what to do about it.
_SORTS: Final = {
    "change": (
        ("修订", "请在 Word 的“审阅”里全部接受或拒绝"),
        ("tracked changes", "Accept or reject all of them in Word"),
    ),
    "comment": (("批注", "请在 Word 里处理后删去"), ("comments", "Settle and delete them in Word")),
    "hidden": (
        ("隐藏文字", "要发布就在“字体”里取消隐藏，不要就删去"),
        ("hidden text", "Show it, or delete it, in Word"),
    ),
    "unseen": (
        ("看不见的隐藏文字（白色、极小或压得极窄）", "要发布就改成看得见的颜色和字号，不要就删去"),
        ("text that nobody sees (white, tiny or squeezed)", "Make it visible, or delete it, in Word"),
    ),
    "box": (("文本框", "请把里面的文字移到正文里"), ("text boxes", "Move their text into the body")),
    "object": (
        ("嵌入对象", "请改成图片或表格，或作为附件另放"),
        ("embedded objects", "Make a picture or a table of each, or an attachment"),
    ),
    "linked": (
        ("没有存在文件里的图片（只是链接）", "请在 Word 里删去，重新插入图片"),
        ("pictures that are only linked", "Delete them and insert the pictures themselves"),
    ),
    "macro": (("宏", "请另存为不带宏的 .docx"), ("macros", "Save it as a .docx without macros")),
    "crop": (
        ("裁剪过的图片（裁掉的部分还在文件里）", "请在 Word 里“压缩图片”，删除裁剪区域"),
        ("cropped pictures, whose cut parts are still in the file", "Compress pictures in Word, which deletes them"),
    ),
}


@dataclass(slots=True)
class Where:
    """Where the walk through a document stands: paragraphs are counted from one, and pages where Word has noted their breaks."""

    paragraph: int = 0
    page: int = 1
    knows_pages: bool = False
    #: What the paragraph says, for what has no words of its own.
    text: Callable[[], str] = str


@dataclass(frozen=True, slots=True)
class _Question:
    page: int
    paragraph: int
    words: str
    name: str


@dataclass(slots=True)
class Questions:
    """Collects them."""

    where: Where
    found: dict[str, list[_Question]] = field(default_factory=dict)

    def ask(self, sort: str, words: str = "", name: str = "") -> None:
        """Something of this sort stands here; ``name`` says what it is. What goes on from the one before (a change in several runs) is one. What
        has no words stands beside those of its paragraph."""
        asked = self.found.setdefault(sort, [])
        words = " ".join(words.split()) or " ".join(self.where.text().split())
        last = asked[-1] if asked else None
        is_same = last is not None and last.paragraph == self.where.paragraph and last.name == name
        if last is not None and is_same and (not words or words in last.words):
            return
        asked.append(_Question(self.where.page, self.where.paragraph, words, name))

    def told(self, shown_as: str) -> tuple[ContentError, ...]:
        """One line for each sort, in the order of the table."""
        return tuple(
            ContentError(self._line(sort, self.found[sort]), Place(shown_as)) for sort in _SORTS if sort in self.found
        )

    def _line(self, sort: str, asked: Sequence[_Question]) -> str:
        chinese, english = _SORTS[sort]
        places = [self._place(each) for each in asked[:_NAMED]]
        return say(
            "文件里有{what}（共 {n} 处）：{places}{more}。{remedy}，保存后再放进来。",
            "The file holds {what} ({n}): {places}{more}. {remedy}, and save it.",
            what=say(chinese[0], english[0]),
            n=len(asked),
            places=say("，", ", ").join(places),
            more=say(" 等", " and others") if len(asked) > _NAMED else "",
            remedy=say(chinese[1], english[1]),
        )

    def _place(self, asked: _Question) -> str:
        words = asked.words[:_WORDS] + ("…" if len(asked.words) > _WORDS else "")
        if not asked.paragraph:
            return asked.name or words or say("整个文件", "the whole file")
        place = (
            say("第 {n} 页", "page {n}", n=asked.page)
            if self.where.knows_pages
            else say("第 {n} 段", "paragraph {n}", n=asked.paragraph)
        )
        if asked.name:
            place = say("{place}的 {name}", "{place}, {name}", place=place, name=asked.name)
        return say("{place}“{words}”", "{place} {words!r}", place=place, words=words) if words else place
