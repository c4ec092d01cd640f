"""Markdown to sanitised HTML and to plain text, and the pictures that it refers to."""

import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html.parser import HTMLParser
from typing import cast
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.footnote import footnote_plugin

from xuanfa.content.text.anchors import anchors_plugin
from xuanfa.content.text.bounds import TooMuchError, require_bounded, require_shallow_blocks, require_short
from xuanfa.content.text.chinese import chinese_plugin
from xuanfa.content.text.leftovers import Leftover, found_in, leads_nowhere, leftovers_plugin, note_styles
from xuanfa.content.text.pairs import pairs_plugin
from xuanfa.content.text.plain import to_text
from xuanfa.content.text.prose import prose
from xuanfa.content.text.sanitising import sanitise

__all__ = [
    "Leftover",
    "Referred",
    "excess",
    "forget",
    "leftovers",
    "miswritten_pictures",
    "pictures",
    "to_html",
    "to_text",
    "unclosed_comment",
]

#: What an author may set with ``{…}``; the sanitiser also looks at the values.
_ATTRIBUTES = ("class", "width", "height", "alt")
_ALIGN = {"text-align:left": "align-left", "text-align:center": "align-center", "text-align:right": "align-right"}
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
#: Bounded, because each of a hundred thousand brackets that never close would look for its end in all that follows.
_MISWRITTEN = re.compile(r"[!！]\[[^\]\n]{0,200}\]\s?[(（][^()（）\n]{0,500}[)）]?")
_LOWEST_HEADING = 6
#: In the parser's environment while a text is read.
_READ = "read"
_MEASURE = re.compile(r"(width|height)\s*=\s*[\"“”]?(\d{1,4})(?:px)?(%?)[\"“”]?", re.IGNORECASE)
_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
_SIZE = re.compile(rf"\{{\s*(?:(?:{_MEASURE.pattern}|{_CLASS.pattern})\s*)+\}}", re.IGNORECASE)
_STYLE = re.compile(r"[ \t]*\{((?:\s*\.[a-zA-Z][\w-]*)+)\s*\}\s*")
_BOX = re.compile(r"\[([ xX])\]\s")


@dataclass(frozen=True, slots=True)
class Referred:
    """A picture that a text refers to. ``source`` is as written (percent escapes undone), ``line`` is counted from one."""

    source: str
    alt: str
    caption: str
    line: int


@lru_cache(maxsize=4)
def to_html(markdown: str) -> str:
    """Sanitised HTML: no scripts, styles, handlers or comments; headings begin at h2, because the title of a post is its h1."""
    if markdown in _read:  # it is parsed already, within its bounds
        parsed = _parsed(markdown)
        return sanitise(str(_parser().renderer.render(parsed.tokens, _parser().options, parsed.env)))
    return sanitise(_parser().render(prose(markdown).text))


def excess(markdown: str) -> tuple[int, str] | None:
    """The line in which a text has more than can be rendered, with what to say; ``None`` where it has not. To be asked before all else."""
    try:
        require_short(markdown)
        require_bounded(_elements(markdown))
    except TooMuchError as error:
        return error.line, error.message
    return None


def forget() -> None:
    """Let go of the texts that were parsed for the questions here."""
    _read.clear()
    _parsed.cache_clear()


def pictures(markdown: str) -> list[Referred]:
    """The pictures that the text refers to, in order, each source once; ``caption`` is what readers see below it."""
    found: dict[str, Referred] = {}
    for token, line in _elements(markdown):
        for picture in _referred(token, line):
            found.setdefault(picture.source, picture)
    return list(found.values())


def unclosed_comment(markdown: str) -> int | None:
    """The line of a comment that is never closed, which would swallow the rest of the text; ``None`` where all are."""
    for token, line in _elements(markdown):
        if token.type == "html_block" and token.content.rfind("<!--") > token.content.rfind("-->"):
            return line + token.content[: token.content.rfind("<!--")].count("\n")
    return None


def miswritten_pictures(markdown: str) -> list[tuple[str, int]]:
    """What looks like a picture and would be shown as raw text (a space in the name, full-width brackets), with its line."""
    return [
        (match[0], line)
        for token, line in _elements(markdown)
        if token.type == "text"
        for match in _MISWRITTEN.finditer(token.content)
    ]


def leftovers(markdown: str) -> list[Leftover]:
    """What would reach readers as marks, lead nowhere or vanish, with its line; each thing once in a line."""
    return list(dict.fromkeys(_parsed(markdown).leftovers))


@dataclass(frozen=True, slots=True)
class _Parsed:
    elements: tuple[tuple[Token, int], ...]
    leftovers: tuple[Leftover, ...]
    tokens: Sequence[Token]
    env: MutableMapping[str, object]


#: The texts that are being read.
_read: set[str] = set()


def _elements(markdown: str) -> tuple[tuple[Token, int], ...]:
    return _parsed(markdown).elements


@lru_cache(maxsize=2)
def _parsed(markdown: str) -> _Parsed:
    """The parsed text with the source's lines, kept for a moment: reading a post asks several questions of each text."""
    typed, env = prose(markdown), dict[str, object]({_READ: True})
    try:
        tokens = _parser().parse(typed.text, env)
    except TooMuchError as error:
        raise TooMuchError(typed.line(error.line), error.message) from None
    elements = tuple((token, typed.line(line)) for token, line in _flat(tokens))
    _read.add(markdown)
    return _Parsed(elements, tuple(replace(each, line=typed.line(each.line)) for each in found_in(env)), tokens, env)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """One parser for all threads: it holds rules and no state."""
    # Indented prose is no code: people indent paragraphs by four spaces or a tab. Code stands between fences.
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")
    # The sanitiser decides about addresses; here a forbidden one would only appear as raw text in front of readers.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    normalized = parser.normalizeLink
    # One whose host cannot be read is told as it was typed: the library would make another address of it.
    parser.normalizeLink = lambda url: normalized(url) if _has_host(url) else url  # type: ignore[method-assign]
    parser.use(footnote_plugin)
    parser.add_render_rule("footnote_caption", _number_of_note)
    parser.use(attrs_plugin, allowed=_ATTRIBUTES)
    parser.use(attrs_block_plugin, allowed=_ATTRIBUTES)
    parser.block.ruler.at("attr", _style_of_next_block, {"alt": ["paragraph"]})
    parser.inline.ruler.before("attr", "size", _size)
    parser.use(chinese_plugin)
    parser.use(pairs_plugin)
    parser.core.ruler.before("inline", "bounds", _bounds)
    parser.use(leftovers_plugin)
    parser.use(anchors_plugin)
    parser.core.ruler.before("leftovers", "boxes", _tick)
    parser.core.ruler.push("house_style", _house_style)
    return parser


def _has_host(url: str) -> bool:
    try:
        return urlsplit(url).hostname is not None or "//" not in url
    except ValueError:  # an open bracket
        return False


def _style_of_next_block(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """``{.align-center}`` in a line of its own above a block. The plugin would take any line between braces, and with it what it says."""
    text = state.getLines(line, line + 1, state.blkIndent, keepLastLF=False)
    match = _STYLE.fullmatch(text)
    if match is None or all(state.isEmpty(after) for after in range(line + 1, end)):
        return False
    if not silent:
        token = state.push("attrs_block", "", 0)
        names = _CLASS.findall(match[1])
        note_styles(state.env, names, line + 1)
        token.attrs = {"class": " ".join(names)}
        state.line = line + 1
    return True


def _size(state: StateInline, silent: bool) -> bool:
    """The size of a picture as people write it, ``{width=50%}`` and ``{width=300px .align-left}``: the plugin wants quotation marks there."""
    match = _SIZE.match(state.src, state.pos)
    if silent or match is None or not state.tokens or state.tokens[-1].type != "image" or state.pending:
        return False
    for name, number, unit in _MEASURE.findall(match[0]):
        state.tokens[-1].attrs[name.lower()] = number + ("%" if unit else "")
    if classes := _CLASS.findall(match[0]):
        state.tokens[-1].attrs["class"] = " ".join(classes)
    state.pos = match.end()
    return True


def _bounds(state: StateCore) -> None:
    """Ask, where a text is read, whether its blocks may be looked into; what is rendered has been read."""
    if _READ in state.env:
        require_shallow_blocks(state.tokens, state.md.options["maxNesting"])


def _number_of_note(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """What readers see of a reference to a footnote: the same number however often it is referred to."""
    return f"[{int(tokens[index].meta['id']) + 1}]"


def _house_style(state: StateCore) -> None:
    """Own form of headings, tables, pictures and links."""
    _lower_headings(state.tokens)
    for token in state.tokens:
        if token.type in {"th_open", "td_open"} and "style" in token.attrs:
            token.attrs = {"class": _ALIGN[str(token.attrs["style"])]}
        for child in token.children or ():
            if child.type == "image":
                child.attrs["src"] = _as_written(str(child.attrs.get("src", "")))
        if token.children:
            token.children = list(_without_dead_links(token.children))
    state.tokens[:] = _with_figures(state.tokens)


def _tick(state: StateCore) -> None:
    """``[ ]`` and ``[x]`` at the beginning of an item as boxes."""
    tokens = state.tokens
    for opening, paragraph, token in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "list_item_open" and paragraph.type == "paragraph_open" and token.children:
            first = token.children[0]
            if first.type == "text" and (match := _BOX.match(first.content)):
                first.content = ("☐" if match[1] == " " else "☑") + first.content[match.end() - 1 :]


def _without_dead_links(children: list[Token]) -> Iterator[Token]:
    """The text of links that lead nowhere stays without them; who wrote them is told (``leftovers``)."""
    dead = False
    for child in children:
        if child.type == "link_open" and leads_nowhere(child):
            dead = True
        elif child.type == "link_close" and dead:
            dead = False  # links do not nest
        else:
            yield child


def _lower_headings(tokens: list[Token]) -> None:
    if not any(token.tag == "h1" for token in tokens):
        return
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, _LOWEST_HEADING)}"


def _as_written(source: str) -> str:
    """A local picture's name without the percent escapes that Markdown adds to Chinese; remote addresses stay."""
    return source if _SCHEME.match(source) or source.startswith("//") else unquote(source)


def _with_figures(tokens: list[Token]) -> Iterator[Token]:
    """Paragraphs that hold nothing but pictures become figures, one for each picture."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        images = _only_images(tokens[index + 1]) if token.type == "paragraph_open" and not token.hidden else []
        if images:
            for image in images:
                yield from _figure(image, token)
            index += 3  # the paragraph's opening, its content and its end
        else:
            yield token
            index += 1


def _only_images(token: Token) -> list[Token]:
    children = [
        child
        for child in token.children or ()
        if child.type != "softbreak" and (child.type != "text" or child.content.strip())
    ]
    return children if all(child.type == "image" for child in children) else []


def _figure(image: Token, paragraph: Token) -> Iterator[Token]:
    caption = _caption(image)
    image.attrs.pop("title", None)
    classes = [str(part.attrs.pop("class")) for part in (paragraph, image) if "class" in part.attrs]
    attributes: dict[str, str | int | float] = {"class": " ".join(classes)} if classes else {}
    yield Token("figure_open", "figure", 1, block=True, map=paragraph.map, attrs=attributes)
    yield Token("inline", "", 0, children=[image], map=paragraph.map, meta={"caption": caption})
    if caption:
        text = Token("text", "", 0, content=caption)
        yield Token("figcaption_open", "figcaption", 1)
        yield Token("inline", "", 0, children=[text], map=paragraph.map)
        yield Token("figcaption_close", "figcaption", -1)
    yield Token("figure_close", "figure", -1, block=True)


def _caption(image: Token) -> str:
    return str(image.attrs.get("title") or _alt(image)).strip()


def _alt(image: Token) -> str:
    parser = _parser()
    renderer = cast("RendererHTML", parser.renderer)
    return renderer.renderInlineAsText(image.children or [], parser.options, {})


def _flat(tokens: list[Token]) -> Iterator[tuple[Token, int]]:
    """Tokens and the children of inline ones, with the line in which each begins; what the parser has added lies where the one before it does."""
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type != "inline":
            yield token, line
            continue
        caption = token.meta.get("caption")
        for child in token.children or ():
            if caption is not None:
                child.meta["caption"] = caption
            yield child, line
            if child.type in {"softbreak", "hardbreak"}:
                line += 1


def _referred(token: Token, line: int) -> Iterator[Referred]:
    if token.type == "image":
        caption = token.meta.get("caption", token.attrs.get("title", ""))
        yield Referred(str(token.attrs.get("src", "")), _alt(token), str(caption), line)
    elif token.type in {"html_block", "html_inline"} and "<img" in token.content.lower():
        finder = _Images()
        finder.feed(token.content)
        finder.close()
        for row, attributes in finder.found:
            yield Referred(
                attributes.get("src", ""), attributes.get("alt", ""), attributes.get("title", ""), line + row - 1
            )


class _Images(HTMLParser):
    """Finds the images of raw HTML, with their line."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append((self.getpos()[0], {name: value or "" for name, value in attrs}))
