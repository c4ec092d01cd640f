"""What of a text would reach readers as marks, go dead or vanish: found where the text is parsed, told with its line, never silently."""

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, Literal, assert_never
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from xuanfa.content.text import raw
from xuanfa.content.text.anchors import is_lost, leads_to_heading
from xuanfa.content.text.foreign import marks_of, marks_of_plain, tags_of
from xuanfa.content.text.links import is_dead
from xuanfa.content.text.sanitising import TAGS
from xuanfa.domain.language import say

Kind = Literal[
    "mark", "removed", "class", "dead", "struck", "joined", "untagged", "nested", "anchor", "style", "unseen", "note"
]

#: Where the parser's environment holds what was found.
_FOUND: Final = "leftovers"
_MEDIA = (
    "iframe",
    "frame",
    "frameset",
    "video",
    "audio",
    "source",
    "track",
    "embed",
    "object",
    "applet",
    "canvas",
    "svg",
    "math",
)
_FORMS = ("form", "input", "button", "select", "textarea", "script", "style", "link", "meta", "base", "marquee")
#: Elements that are taken out with what they show or do. Others lose their tags and keep their text.
_REMOVED = frozenset({*_MEDIA, *_FORMS})
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_STRUCK = re.compile(r"<(?:s|del)\b", re.IGNORECASE)
#: The end of a line that was meant to be the end of a paragraph, and a line of its own at the end of a text.
_PARAGRAPH_END = re.compile(r"[。！？：；!?][”’）》」』]*\s*$")
_DATE = re.compile(
    r"\s*(?:\d{4}|[〇○零一二三四五六七八九]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日\s*$"
)


@dataclass(frozen=True, slots=True)
class Leftover:
    """``what`` is the mark, the element, the class or the address, in a line counted from one."""

    kind: Kind
    what: str
    line: int


def leftovers_plugin(parser: MarkdownIt) -> None:
    """Looks after each text once its marks are paired and before neighbouring pieces of text become one."""
    parser.core.ruler.before("text_join", "leftovers", _collect)
    parser.core.ruler.before("footnote_tail", "footnotes_lost", _collect_notes)


def found_in(env: Mapping[str, object]) -> list[Leftover]:
    """What a parse with this environment has found."""
    found = env.get(_FOUND)
    return list(found) if isinstance(found, list) else []


def leads_nowhere(link: Token) -> bool:
    """Whether a link does: its address is dead, or it names a heading of the post that is not there."""
    return not leads_to_heading(link) and (is_lost(link) or is_dead(str(link.attrs.get("href", ""))))


def note_styles(env: MutableMapping[str, object], names: Iterable[str], line: int) -> None:
    """Classes that an author has set: not all are shown on every channel."""
    told = [Leftover("class", f"{{.{name}}}", line) for name in names if not _is_carried(name)]
    env[_FOUND] = [*found_in(env), *told]


def _is_carried(name: str) -> bool:
    """Whether every channel that has more than plain text shows a class: the side of a text, and lists whose items bring their own numbers."""
    return name.startswith("align-") or name == "numbered"


def _collect(state: StateCore) -> None:
    found = [*found_in(state.env), *(leftover for token in state.tokens for leftover in _of(token))]
    state.env[_FOUND] = list(_once(sorted(found, key=lambda each: each.line)))


def _collect_notes(state: StateCore) -> None:
    """Footnotes without text, and those that readers never get: nothing refers to them, or another one has their number."""
    used = state.env.get("footnotes", {}).get("refs", {})
    opened = [(at, token) for at, token in enumerate(state.tokens) if token.type == "footnote_reference_open"]
    last = {token.meta["label"]: at for at, token in opened}
    told = []
    for at, token in opened:
        label, line = token.meta["label"], (token.map or [0])[0] + 1
        inside = takewhile(lambda each: each.type != "footnote_reference_close", state.tokens[at + 1 :])
        if at != last[label] or used.get(f":{label}", -1) < 0 or not any(each.content.strip() for each in inside):
            told.append(Leftover("note", f"[^{label}]:", line))
    told += [
        Leftover("note", "^[]", (token.map or [0])[0] + 1)
        for token in state.tokens
        for child in token.children or ()
        if child.type == "footnote_ref" and _is_empty_inline(state, child)
    ]
    state.env[_FOUND] = [*found_in(state.env), *told]


def _is_empty_inline(state: StateCore, reference: Token) -> bool:
    note = state.env["footnotes"]["list"].get(reference.meta["id"], {})
    return "content" in note and not note["content"].strip()


def _once(found: list[Leftover]) -> Iterator[Leftover]:
    """A style is told where it stands first: what is pasted from elsewhere has it in each cell."""
    told: set[str] = set()
    for each in found:
        if each.kind != "style" or each.what not in told:
            yield each
        if each.kind == "style":
            told.add(each.what)


def _of(token: Token) -> Iterator[Leftover]:
    line = (token.map or [0])[0] + 1
    if token.type == "html_block":
        yield from _removed(token.content, line)
        yield from _raw(token.content, line)
        yield from (Leftover("unseen", what, at) for what, at in raw.unseen(token.content, line))
        yield from (Leftover("mark", what, at) for what, at in raw.marks(token.content, line))
    children = token.children or []
    yield from _joined(children, line)
    yield from _nested(children, line)
    for at, child in enumerate(children):
        yield from _attributes(child, line)
        if child.type == "text_special" and child.info == "entity":
            yield from (Leftover("unseen", what, line) for what, _ in raw.unseen(child.markup, line))
        if child.type == "text":
            yield from marks_in(child.content, line)
            begins, ends = at == 0 or _breaks(children[at - 1]), at + 1 == len(children) or _breaks(children[at + 1])
            for what in tags_of(child.content, begins=begins, ends=ends):
                yield Leftover("mark", what, line)
        elif child.type == "html_inline":
            yield from _removed(child.content, line)
            yield from _raw(child.content, line)
            yield from (Leftover("unseen", what, at) for what, at in raw.unseen(child.content, line))
            if _STRUCK.match(child.content):
                yield Leftover("struck", "~~", line)
        elif child.type == "s_open":
            yield Leftover("struck", "~~", line)
        elif child.type == "link_open":
            yield from _of_link(child, line)
        elif child.type == "image":
            yield from _of_picture(child, line)
        line += _breaks(child)


def _breaks(token: Token) -> bool:
    return token.type in {"softbreak", "hardbreak"}


def _of_link(link: Token, line: int) -> Iterator[Leftover]:
    if leads_nowhere(link):
        yield Leftover("dead", unquote(str(link.attrs.get("href", ""))), line)
    elif leads_to_heading(link):
        yield Leftover("anchor", str(link.attrs["href"]), line)


def _of_picture(image: Token, line: int) -> Iterator[Leftover]:
    """Marks in the words of a picture: its description was parsed, its title stays as it is."""
    for child in image.children or ():
        if child.type == "text":
            yield from marks_in(child.content, line)
    yield from marks_in_plain(str(image.attrs.get("title", "")), line)


def _nested(children: list[Token], line: int) -> Iterator[Leftover]:
    """Bold within bold: nobody writes that, so that some marks of the line have found the wrong partner."""
    depth = 0
    for child in children:
        depth += (child.type == "strong_open") - (child.type == "strong_close")
        if child.type == "strong_open" and depth > 1:
            yield Leftover("nested", "**", line)
            return
        line += _breaks(child)


def _raw(html: str, line: int) -> Iterator[Leftover]:
    """What of raw HTML leads nowhere, or is a style that no channel keeps."""
    yield from (Leftover("dead", unquote(address), at) for address, at in raw.dead_links(html, line))
    yield from (Leftover("style", style, at) for style, at in raw.lost_styles(html, line))


def _joined(children: list[Token], line: int) -> Iterator[Leftover]:
    """The first of a paragraph's lines that ends as a paragraph does, or goes before a date: readers see the next one go on behind it."""
    start = 0
    for at, child in enumerate(children[:-1]):
        if _breaks(child):
            written = [each for each in children[start:at] if each.content or each.type != "text"]
            after = children[at + 1]
            if child.type == "softbreak" and written and _is_whole(written, after):
                words = next((each.content for each in reversed(written) if each.content), "")
                yield Leftover("joined", words.strip()[-_SHOWN:], line)
                return
            start = at + 1
            line += 1


def _is_whole(line: list[Token], after: Token) -> bool:
    """Whether a line was meant to be a paragraph: it ends as one does or goes before a date; or all of it is bold, as a heading is."""
    if line[0].type == "strong_open" and line[-1].type == "strong_close":
        return sum(each.type == "strong_open" for each in line) == 1
    are_texts = line[-1].type == after.type == "text"
    return are_texts and bool(_PARAGRAPH_END.search(line[-1].content) or _DATE.match(after.content))


#: So much of a line is shown. Characters.
_SHOWN = 12


def marks_in(text: str, line: int) -> Iterator[Leftover]:
    """Marks in a piece of text that readers get as it is. Masks and what was escaped stand in pieces of their own while this looks."""
    yield from (Leftover("mark", what, line) for what in marks_of(text))


def marks_in_plain(text: str, line: int) -> Iterator[Leftover]:
    """Marks in a line that is never parsed, such as a title. What hides a name or a number is none."""
    yield from (Leftover("mark", what, line) for what in marks_of_plain(text))


def _removed(html: str, line: int) -> Iterator[Leftover]:
    """Elements that go, and tags that go while their text stays. Comments are meant to go."""
    told = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), html)
    for match in _TAG.finditer(told):
        name, at = match[1].lower(), line + told.count("\n", 0, match.start())
        if name in _REMOVED:
            yield Leftover("removed", f"<{name}>", at)
        elif name not in TAGS:
            yield Leftover("untagged", f"<{name}>", at)


def _attributes(token: Token, line: int) -> Iterator[Leftover]:
    """What an author has written behind a picture or a link and that not every channel can show, or none."""
    for name, value in token.meta.get("insecure_attrs", {}).items() if token.meta else ():
        yield Leftover("class", f"{{#{value}}}" if name == "id" else f"{{{name}={value}}}", line)
    for name in str(token.attrs.get("class", "")).split():
        if not _is_carried(name):
            yield Leftover("class", f"{{.{name}}}", line)


def in_words(leftover: Leftover) -> str:
    """What readers would see or miss, and what the author can do."""
    what = leftover.what
    match leftover.kind:
        case "mark":
            return say(
                "“{what}”没有被识别，会原样出现在读者面前。{hint}",
                "{what!r} is not understood and readers will see it as it is. {hint}",
                what=what,
                hint=_hint(what),
            )
        case "removed" | "untagged" | "style" | "class":
            return _of_html(leftover)
        case "dead":
            return say(
                "链接“{what}”读者打不开，已去掉链接、保留文字。请写成 https:// 开头的完整网址。",
                "The link {what!r} leads nowhere for readers; its text stays without it. Write the whole address, beginning with https://.",
                what=what,
            )
        case "nested":
            return say(
                "这一行的加粗套着加粗，多半是有一对 {what} 没有配好。请逐对看一遍，里面不留空格。",
                "Bold text of this line holds bold text: probably some pair of {what} has gone wrong. Go through them; leave no spaces inside.",
                what=what,
            )
        case "anchor":
            return say(
                "文内跳转只在网站、WordPress 和交接包的网页里能点；公众号、邮件、Word 和只有文字的渠道只显示文字。",
                "Only web pages can lead to a heading of the same post; WeChat, mail, Word and channels of plain text show the words alone.",
            )
        case "joined":
            return say(
                "“…{what}”这一行和下一行会连成一段。要分段，中间空一行；只要换行，行末加两个空格。",
                "This line (“…{what}”) and the next one become one paragraph. Put an empty line between them, or two spaces at its end "
                "to break the line only.",
                what=what,
            )
        case "unseen":
            return say(
                "“{what}”是看不见的字符，已去掉。不需要就从文字里删去。",
                "{what!r} stands for a character that nobody sees: it was left out. Remove it from the text.",
                what=what,
            )
        case "note":
            return say(
                "脚注“{what}”读者看不到：没有写内容、正文里没有引用它，或编号和别的脚注重复。请写成：正文 [^1]，另起一行 [^1]: 内容。",
                "Readers do not see the footnote {what!r}: it has no text, nothing refers to it, or another one has its number. Write [^1] in the "
                "text, and [^1]: with its words in a line of its own.",
                what=what,
            )
        case "struck":
            return say(
                "删除线 {what} 只在网页、公众号、邮件和交接包里看得出；摘要和只有文字的渠道（微博、抖音、群消息）略去划掉的字。",
                "Only web pages, WeChat, mail and packs show text that is struck out ({what}); summaries and channels of plain text leave it out.",
                what=what,
            )
        case _:
            assert_never(leftover.kind)


def _of_html(leftover: Leftover) -> str:
    """The same of tags and styles."""
    what = leftover.what
    match leftover.kind:
        case "removed":
            return say(
                "网页代码 {what} 不能发布，已去掉。视频请发布到视频平台后放链接，或作为稿件的图片、附件。",
                "{what} cannot be published and was taken out. Put a link to the page that shows it.",
                what=what,
            )
        case "untagged":
            return say(
                "网页标签 {what} 不在能用的之列，已去掉，只留下里面的文字。看看连起来对不对。",
                "The tag {what} is none of those that can be used and was taken out; its text stays. See whether it still reads well.",
                what=what,
            )
        case "style":
            return say(
                "网页样式“{what}”没有渠道能用，已去掉，只留下文字。要加粗写 **文字**，要划去写 ~~文字~~；不让人看到的，请删去。",
                "No channel keeps the style {what!r}: it was taken out, and the text stays. Write **bold** or ~~struck out~~, and remove what is "
                "not to be seen.",
                what=what,
            )
        case _:
            return say(
                "样式 {what} 不是每个渠道都有，别处只显示文字。不需要就删去。",
                "Not every channel has the style {what}; the others show the text alone. Remove it where it is not wanted.",
                what=what,
            )


def _hint(mark: str) -> str:
    for begin, zh, en in _HINTS:
        if mark.startswith(begin):
            return say(zh, en)
    return say("不需要就删去。", "Remove it where it is not wanted.")


_HINTS = (
    (
        "**",
        "要加粗，前后各写一对 **，里面不留空格；要显示星号，写成 \\*。",
        "For bold text put ** on both sides, without spaces inside; to show asterisks write \\*.",
    ),
    (
        "#",
        "标题的 # 后面要空一格；微博、抖音的话题写成 #话题#；标签请删去，或写进稿头的 keywords。",
        "Headings take a space after #; topics of Weibo and Douyin are written #topic#. Remove tags, or put them into `keywords`.",
    ),
    (
        "^",
        "请删去这个块编号或上标记号；上标写成 <sup>2</sup>。",
        "Remove this mark; write <sup>2</sup> for what is set above the line.",
    ),
    (
        "~~",
        "要加删除线，前后各写一对 ~~，里面不留空格。",
        "To strike text out put ~~ on both sides, without spaces inside.",
    ),
    ("~", "下标写成 <sub>2</sub>。", "Write <sub>2</sub> for what is set below the line."),
    (
        "](",
        "链接写成 [文字](https://网址)，网址里有空格时写成 [文字](<网址>)。",
        "Write links as [text](https://…), or [text](<…>) where the address holds a space.",
    ),
    ("] (", "方括号和圆括号之间不要空格。", "Leave no space between the brackets."),
    ("]（", "链接要用半角括号：[文字](https://网址)。", "Links take half-width brackets: [text](https://…)."),
    ("］", "链接要用半角括号：[文字](https://网址)。", "Links take half-width brackets: [text](https://…)."),
    ("[[", "请换成 [文字](https://网址)，或删去方括号。", "Write [text](https://…), or remove the brackets."),
    ("[!", "请删去这个记号，只留文字。", "Remove the mark and keep the text."),
    (
        "[^",
        "这条脚注没有内容：另起一行写 [^编号]: 内容。",
        "This footnote has no text: write [^number]: text in a line of its own.",
    ),
    ("__", "要加粗，请写 **文字**。", "For bold text write **text**."),
    ("[ ]", "方框只在列表项开头有效，如“- [ ] 事项”。", "Boxes stand at the beginning of a list's item."),
    (
        "%%",
        "写给自己看的话请放进 <!-- --> 里，读者就看不到。",
        "Put what is for yourself into <!-- -->, and readers will not see it.",
    ),
    ("==", "没有高亮，请用 **加粗**。", "There is no highlighting; use **bold**."),
    (
        "{",
        "这里能写图片的 {width=300}、{width=50%} 和对齐的 {.align-center}，紧跟在图片后面。",
        "A picture may be followed by {width=300}, {width=50%} or {.align-center}.",
    ),
)
