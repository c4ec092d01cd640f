"""稿件 · 一起办: several posts are called off, or put into another column, at once. First what would become of each, then each by itself: where one
may not be, nothing happens to it, and it says why."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from xuanfa.console.once import is_answered, once
from xuanfa.console.render import page
from xuanfa.console.stale import news_of
from xuanfa.console.visit import SENDERS, Visit, get, post
from xuanfa.domain.errors import StateError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.user import Role
from xuanfa.operations.deciding.calling_off import call_off, to_call_off
from xuanfa.operations.restricting.own import own_among
from xuanfa.operations.writing.columns import put_in_column, to_column
from xuanfa.operations.writing.uploads import put_whole, whole
from xuanfa.reports.moved import deliveries_of, point_of
from xuanfa.reports.post_pages import titles_of

#: What is done to several posts, in the words of addresses.
CANCEL, COLUMN = "cancel", "column"
#: Who may do it at all; each post is asked by itself.
WRITERS: Final = frozenset({Role.EDITOR, Role.PUBLISHER})
DOERS: Final[Mapping[str, frozenset[Role]]] = {CANCEL: SENDERS, COLUMN: WRITERS}
#: As many as two pages of the list hold.
_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """One of the posts: what would become of it, or what has; ``good`` where that is what was asked for. ``upto`` is how far the page looks."""

    slug: str
    title: str
    good: bool
    words: str
    upto: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: of which posts, with the titles of those that are open to whoever asks."""

    deed: str
    column: str
    slugs: Sequence[str]
    titles: Mapping[str, str]


def ask(visit: Visit) -> Response:
    """What would become of each."""
    params = visit.request.query_params
    asked = _asked(visit, params.get("deed", ""), params.get("column", ""), params.getlist("post"))
    every = [_foreseen(visit, asked, slug) for slug in asked.slugs]
    return page(
        visit,
        "bulk",
        deed=asked.deed,
        column=visit.desk.columns.get(asked.column),
        every=every,
        good=[each for each in every if each.good],
        then=visit.way_back() if visit.query("then") else "/posts",
    )


def _foreseen(visit: Visit, asked: Asked, slug: str) -> Each:
    if slug not in asked.titles:
        return _hidden(slug)
    desk, title = visit.desk, asked.titles[slug]
    upto = str(point_of(desk.store, deliveries_of(desk.store, slug)))
    try:
        if asked.deed == CANCEL:
            words = to_call_off(desk, slug, visit.person()).in_words(desk)
        else:
            words = to_column(desk, slug, visit.person(), asked.column).in_words
    except XuanfaError as error:
        return Each(slug=slug, title=title, good=False, words=str(error))
    return Each(slug=slug, title=title, good=True, words=words, upto=upto)


def act(visit: Visit) -> Response:
    """Do it, post by post. A post to which something has happened since the question was put stays as it is."""
    asked = _asked(visit, visit.field("deed"), visit.field("column"), visit.fields("post"))
    moved = {} if is_answered(visit) else {slug: _moved(visit, slug) for slug in asked.slugs}
    return once(visit, f"bulk_{asked.deed}", lambda: _done(visit, asked, moved))


def _moved(visit: Visit, slug: str) -> str:
    """What has happened to the post since the question was put; empty for nothing."""
    news = news_of(visit, deliveries_of(visit.desk.store, slug), slug, field=f"upto.{slug}")
    return say("；", "; ").join(line.words for line in news)


def _done(visit: Visit, asked: Asked, moved: Mapping[str, str]) -> str:
    every = [_one(visit, asked, slug, moved.get(slug, "")) for slug in asked.slugs]
    told = {"deed": asked.deed, "every": [asdict(each) for each in every]}
    kept = put_whole(visit.desk, visit.person(), json.dumps(told).encode())
    return "/posts/bulk/done?" + urlencode({"kept": kept, "then": visit.way_back()})


def _one(visit: Visit, asked: Asked, slug: str, moved: str) -> Each:
    if slug not in asked.titles:
        return _hidden(slug)
    title = asked.titles[slug]
    if moved:
        why = say(
            "您打开那一页之后有了变化（{what}），没有办。",
            "It has moved meanwhile ({what}); left as it is.",
            what=moved,
        )
        return Each(slug=slug, title=title, good=False, words=why)
    try:
        if asked.deed == CANCEL:
            words = call_off(visit.desk, slug, visit.person(visit.field("why")))
        else:
            words = put_in_column(visit.desk, slug, visit.person(), asked.column)
    except XuanfaError as error:
        return Each(slug=slug, title=title, good=False, words=str(error))
    return Each(slug=slug, title=title, good=True, words=words)


def done(visit: Visit) -> Response:
    """What has become of each."""
    told: dict[str, Any] = json.loads(whole(visit.desk, visit.person(), visit.query("kept")))
    hidden = visit.veil()
    every = [Each(**each) for each in told["every"]]
    return page(
        visit,
        "bulk_done",
        deed=told["deed"],
        good=[each for each in every if each.good],
        left=[each if not hidden.hides(each.slug) else _hidden(each.slug) for each in every if not each.good],
        then=visit.way_back() if visit.query("then") else "/posts",
    )


def _asked(visit: Visit, deed: str, column: str, given: Sequence[str]) -> Asked:
    """Raises StateError for what cannot be asked for so."""
    if deed not in DOERS or not visit.may(DOERS[deed]):
        raise StateError(
            say(
                "您的角色办不了这一项，没有办。请找编辑或管发布的同事。",
                "Your role does not allow that; nothing was done. Ask an editor, or a publisher.",
            )
        )
    slugs = list(dict.fromkeys(each for each in given if each))
    if not slugs:
        raise StateError(
            say("一篇也没有勾。请回到稿件，先勾上。", "No post is ticked. Go back to Posts, and tick some.")
        )
    if len(slugs) > _MOST:
        raise StateError(say("一次最多 {n} 篇，没有办。请分几次。", "{n} at most at once; nothing was done.", n=_MOST))
    veil, own = visit.veil(), own_among(visit.desk, visit.own(), slugs)
    titles = titles_of(visit.desk.store, slugs)
    opened = {slug: title for slug, title in titles.items() if slug in own and not veil.hides(slug)}
    return Asked(deed=deed, column=column, slugs=slugs, titles=opened)


def _hidden(slug: str) -> Each:
    words = say("没有这篇稿件，或者您不能看。", "There is no such post, or it is closed to you.")
    return Each(slug=slug, title=slug, good=False, words=words)


_ANY_DOER: Final = SENDERS | WRITERS
WAYS = (
    get("/posts/bulk", ask, _ANY_DOER),
    post("/posts/bulk", act, _ANY_DOER),
    get("/posts/bulk/done", done, _ANY_DOER),
)
