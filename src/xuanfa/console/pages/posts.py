"""稿件: the list, by tab, searched and filtered, a page at a time; and the beginning of a new post."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.responses import JSONResponse, Response

from xuanfa.console.guard import headers
from xuanfa.console.named import number_of
from xuanfa.console.once import once
from xuanfa.console.pages import bulk
from xuanfa.console.pages.uploads import sent_file
from xuanfa.console.render import Dates, page, see_other
from xuanfa.console.visit import UPLOAD_MAX, Visit, get, post
from xuanfa.console.words import state_class, state_words
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.user import Role
from xuanfa.operations.writing.documents import Pasted, begin_with_document, pasted
from xuanfa.operations.writing.drafts import KEYS, TEXT, begin, drafts_shown
from xuanfa.operations.writing.uploads import DOCUMENT
from xuanfa.reports.people import list_users
from xuanfa.reports.post_pages import PostLine, Tab, Wanted, departments, post_page, tab_counts
from xuanfa.reports.post_texts import hits_in_texts
from xuanfa.reports.recurring import occurrences_among, source_lines
from xuanfa.reports.reviews import Stands, stands_of

#: Bytes of what is pasted: Word's own takes much room.
_PASTED_MAX: Final = 20_000_000
#: Tabs that show something else than posts.
_APART: Final = frozenset({Tab.DRAFTS, Tab.RECURRING})
#: How far back, in days, by the value in the address.
_SPANS: Final[Mapping[str, int]] = {"90": 90, "30": 30, "7": 7}


def show(visit: Visit) -> Response:
    """The list."""
    asked = _asked(visit)
    if visit.query("everywhere") and _means_delivery(asked["q"]) and "/deliveries" in visit.house.open_to:
        return see_other("/deliveries?" + urlencode({"state": "all", "q": asked["q"]}))
    tab = Tab(asked["tab"])
    veil = visit.veil()
    names = {user.name: user.display for user in list_users(visit.desk.store)}
    drafted = drafts_shown(
        visit.desk, visit.person(), all_of_them=visit.sees_all and visit.may(frozenset({Role.EDITOR, Role.PUBLISHER}))
    )
    own = visit.own()
    wanted = replace(_wanted(visit, asked), own=own)
    found = post_page(visit.desk.store, wanted, veil, visit.now) if tab not in _APART else None
    sources = source_lines(visit.desk.store, visit.desk.zone, veil, own)
    counts = tab_counts(visit.desk.store, own) | {Tab.DRAFTS: len(drafted), Tab.RECURRING: len(sources)}
    further = _number(asked["further"])
    is_first = not asked["before"] and not asked["after"]
    hits = (
        hits_in_texts(visit.desk.store, wanted, veil, visit.now, further)
        if asked["q"] and found is not None and is_first
        else None
    )
    return page(
        visit,
        "posts",
        asked=asked,
        tab=tab,
        tabs=[(each, counts.get(each), _address(asked, tab=each, before="", after="")) for each in Tab],
        found=found,
        drafted=drafted,
        sources=sources,
        occurrences=occurrences_among(visit.desk.store, [line.slug for line in found.lines] if found else []),
        names=names,
        columns=visit.desk.columns,
        channels=_channels(visit),
        departments=departments(visit.desk.store, own),
        hits=hits,
        notes=_notes(visit, found.lines if found is not None else ()),
        marks=_marks(found.lines if found is not None else ()),
        here=_address(asked),
        deeds=[deed for deed, who in bulk.DOERS.items() if visit.sees_all and visit.may(who)],
        further=_address(asked, further=hits.older) if hits is not None and hits.older else "",
        is_further=further is not None,
        word_max=DOCUMENT,
        newer=_address(asked, before="", after=found.newer) if found and found.newer else "",
        older=_address(asked, before=found.older, after="") if found and found.older else "",
    )


def _means_delivery(words: str) -> bool:
    """Whether the search at the head of every page asks for a delivery: by its number, or by an address."""
    return number_of(words) is not None or words.startswith(("http://", "https://"))


def _notes(visit: Visit, lines: Sequence[PostLine]) -> dict[str, str]:
    """What waits for somebody, of each post that does: whose step it is and until when, who has sent it back, which channel stands still."""
    desk, open_ = visit.desk, [line for line in lines if not line.restricted]
    asked = [
        line.id for line in open_ if {State.AWAITING_REVIEW, State.REJECTED, State.HELD} & set(line.states.values())
    ]
    stands = stands_of(desk.store, desk.reviews, desk.zone, visit.now, asked)
    said = {line.slug: [_of_review(visit, stands.get(line.slug)), *_stuck(visit, line)] for line in open_}
    return {slug: say("，", "; ").join(filter(None, words)) for slug, words in said.items() if any(words)}


def _of_review(visit: Visit, it: Stands | None) -> str:
    if it is None:
        return ""
    if it.returned_at is not None:
        return (
            say("{who}退回", "sent back by {who}", who=it.returned_by) if it.returned_by else say("审核过期", "expired")
        )
    if not it.who_shown:
        return say("{step}没有人能审", "nobody can decide {step}", step=it.step_name)
    who = say("{who}等 {n} 人", "{who} and others, {n}", who=it.who_shown[0], n=len(it.who_shown))
    words = say(
        "等{who}{step}",
        "waits for {who}: {step}",
        who=it.who_shown[0] if len(it.who_shown) == 1 else who,
        step=it.step_name,
    )
    if it.until is None:
        return words
    return words + say("，{at} 前", ", until {at}", at=Dates(visit.desk.zone, visit.now).whole(it.until))


def _stuck(visit: Visit, line: PostLine) -> Iterator[str]:
    """The channels on which it stands still, by what is the matter."""
    titles = visit.desk.channels
    for state in (State.UNKNOWN, State.FAILED, State.HELD, State.RETRACTING):
        names = [titles[each].title if each in titles else each for each, now in line.states.items() if now is state]
        if names:
            yield say(
                "{channels}{state}", "{channels}: {state}", channels=say("、", ", ").join(names), state=state.label
            )


def _marks(lines: Sequence[PostLine]) -> list[tuple[str, str]]:
    """What the marks of the page mean, in the order of a post's life."""
    shown = {state for line in lines for state in line.states.values()}
    return [(state_class(state), state_words(state)) for state in State if state in shown]


def add(visit: Visit) -> Response:
    """A new post: a draft of its own, and its page; of a Word file, where one comes along."""
    if visit.files("word") or visit.field("upload"):
        return once(visit, "begin_post", lambda: _write(_from_word(visit)))
    values = {key: visit.raw(key) for key in (*KEYS, TEXT) if visit.field(key)}
    return once(visit, "begin_post", lambda: _write(begin(visit.desk, visit.person(), values=values)))


def _from_word(visit: Visit) -> str:
    name, data = sent_file(visit, "word") or ("", b"")
    return begin_with_document(visit.desk, visit.person(), name, data)


#: Whom somebody has copied from, and what of it stays away.
_PROGRAMS: Final = {
    "word": (" Word ", "Word"),
    "wps": (" WPS ", "WPS"),
    "excel": (" Excel ", "Excel"),
    "wechat": ("公众号", "WeChat"),
}
_LEFT_OUT: Final = {
    "change": ("修订里删掉的字", "what a tracked change has deleted"),
    "comment": ("批注", "comments"),
    "hidden": ("隐藏的内容", "what is hidden"),
    "note": ("脚注的内容（复制时没有选上）", "notes whose text was not selected"),
}


def convert(visit: Visit) -> Response:
    """What was pasted, as Markdown, for the script."""
    made = pasted(visit.raw("html"))
    return JSONResponse({"text": made.text, "told": "".join(_pasted_words(made))}, headers=headers.PAGE)


def _pasted_words(made: Pasted) -> Iterator[str]:
    """What came along, and what did not."""
    told = [
        words
        for count, words in (
            (made.headings, say("{n} 个小标题", "{n} headings", n=made.headings)),
            (made.tables, say("{n} 张表", "{n} tables", n=made.tables)),
            (made.lists, say("{n} 个列表", "{n} lists", n=made.lists)),
        )
        if count
    ]
    what = say("、", ", ").join(told)
    if told and made.program:
        yield say(
            "从{program}贴进来：{what}。",
            "Pasted from {program}: {what}.",
            program=say(*_PROGRAMS[made.program]),
            what=what,
        )
    elif told:
        yield say("贴进来：{what}。", "Pasted: {what}.", what=what)
    if made.pictures:
        yield say("图片没有跟来，请拖图片或 Word 文件。", "Pictures did not come along: drop them, or the Word file.")
    if made.left_out:
        left = say("、", ", ").join(say(*words) for kind, words in _LEFT_OUT.items() if kind in made.left_out)
        yield say("没有贴进来：{what}。请核对。", "Not pasted: {what}. Look whether that is right.", what=left)


def _write(slug: str) -> str:
    return f"/posts/{quote(slug)}/write"


def _asked(visit: Visit) -> dict[str, str]:
    tab = visit.query("tab")
    found = {
        name: visit.query(name)[:200] for name in ("q", "column", "department", "span", "before", "after", "further")
    }
    return found | {"tab": tab if tab in set(Tab) else Tab.ALL.value}


def _wanted(visit: Visit, asked: Mapping[str, str]) -> Wanted:
    span = _SPANS.get(asked["span"])
    return Wanted(
        tab=Tab(asked["tab"]),
        words=asked["q"],
        column=asked["column"],
        department=asked["department"],
        since=visit.now - timedelta(days=span) if span else None,
        before=_number(asked["before"]),
        after=_number(asked["after"]),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None  # noqa: PLR2004 - as large as keys get


def _address(asked: Mapping[str, str], **changed: Any) -> str:
    values = {**asked, **{name: str(value) for name, value in changed.items()}}
    return "/posts?" + urlencode({name: value for name, value in values.items() if value})


def _channels(visit: Visit) -> dict[str, str]:
    """The channels in the order of the columns, with their titles."""
    named = [name for column in visit.desk.columns.values() for name in column.channels]
    known = visit.desk.channels
    return {name: known[name].title for name in dict.fromkeys((*named, *known)) if name in known}


WAYS = (get("/posts", show), post("/posts", add, most=UPLOAD_MAX), post("/posts/convert", convert, most=_PASTED_MAX))
