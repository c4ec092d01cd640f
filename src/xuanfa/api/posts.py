"""``/posts``: list, read, write, submit."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import Field

from xuanfa.api.callers import Caller, Reads, Submits, Writes, require
from xuanfa.api.marks import marked, require_same
from xuanfa.api.moments import Moments
from xuanfa.api.once import once
from xuanfa.api.problems import Problem, nothing_there
from xuanfa.api.shapes import After, Key, Limit, Line, Mark, PostList, Shape, Text, WholePost, cursor
from xuanfa.domain.act import SubmitReview
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.writing.drafts import drafts_shown
from xuanfa.operations.writing.programs import Written, change, create, goes_out, hand_in, may_save, read_written
from xuanfa.reports.listing import PostRow
from xuanfa.reports.numbered import posts_after

router = APIRouter(prefix="/posts", tags=["posts"], route_class=Moments)
Slug = Annotated[str, Path(max_length=200)]


class Fields(Shape):
    """What may be said of a post besides; a value that is empty takes it away."""

    summary: Line | None = None
    department: Line | None = None
    author: Line | None = None
    editor: Line | None = None
    source: Line | None = None
    ai: Line | None = None
    publish_at: Annotated[Line | None, Field(description="2026-12-07 09:00, in the workspace's zone; or now")] = None
    expires_at: Line | None = None
    shelf: Annotated[Line | None, Field(description="true: it lies on the shelf, without a time")] = None
    review_on: Annotated[Line | None, Field(description="2027-06-30; after it nothing is released from the shelf")] = (
        None
    )
    solemn_ok: Annotated[Line | None, Field(description="true: it goes out in solemn periods, too")] = None
    repeat: Annotated[
        Line | None, Field(description="daily, weekly, monthly or last-workday: it is the source of occurrences")
    ] = None
    repeat_until: Annotated[Line | None, Field(description="2027-06-30, that day included")] = None
    on_holiday: Annotated[Line | None, Field(description="skip, before or after: what is done on days off")] = None
    cover: Line | None = None
    keywords: Line | None = None


class New(Fields):
    """A new post."""

    title: Annotated[Line, Field(min_length=1)]
    column: Annotated[Line, Field(min_length=1)]
    text: Annotated[Text, Field(description="Markdown")]
    draft: Annotated[bool, Field(description="Put no file into posts/ yet")] = False


class Changed(Fields):
    """What is to be another one."""

    title: Annotated[Line | None, Field(min_length=1)] = None
    column: Annotated[Line | None, Field(min_length=1)] = None
    text: Text | None = None


class Handed(Shape):
    """What goes along with it."""

    note: Line = ""


@router.get("", response_model=PostList)
def list_(
    caller: Reads, limit: Limit = 50, after: After = None, column: Annotated[str, Query(max_length=100)] = ""
) -> Any:
    """One's own drafts that are nowhere yet, then the posts, the newest first."""
    items: list[dict[str, Any]] = []
    if not after:
        mine = drafts_shown(caller.desk, caller.person, all_of_them=False)
        found = [read_written(caller.desk, each.slug, caller.person) for each in mine if each.is_new]
        items = [_short(each) for each in found if each and each.is_draft and column in {"", each.column}]
    page = posts_after(caller.desk.store, caller.veil, limit=limit, after=cursor(after), column=column, own=caller.own)
    return {"items": items + [_row(row) for row in page.items], "next": page.next and str(page.next)}


@router.post("", response_model=WholePost, status_code=201)
def new(caller: Writes, body: New, _key: Key = "") -> JSONResponse:
    """A new post. It becomes a file in ``posts/``; where nothing reviews its column and the token is not for ``publish``, it stays a draft."""
    column = _column(caller, body.column)
    values = {key: value for key, value in body.model_dump(exclude={"draft"}).items() if value} | {"column": column}

    def do() -> JSONResponse:
        saves = not body.draft and may_save(caller.desk, caller.person, column)
        slug, notices = create(caller.desk, caller.person, values, saves=saves)
        place = f"{caller.request.scope.get('root_path', '')}/posts/{slug}"
        return _told(caller, slug, notices, 201, Location=place)

    return once(caller, body.model_dump(), do)


@router.get("/{slug}", response_model=WholePost)
def one(caller: Reads, slug: Slug) -> JSONResponse:
    """One post with its text. Its ETag names what is written in it, not where it stands on the channels."""
    return _told(caller, slug)


@router.patch("/{slug}", response_model=WholePost)
def edit(caller: Writes, slug: Slug, body: Changed, _mark: Mark = "") -> JSONResponse:
    """Another title, column or text."""
    written = _found(caller, slug)
    require_same(caller, _tag(written))
    values = {key: value for key, value in body.model_dump().items() if value is not None}
    if "column" in values:
        values["column"] = _column(caller, values["column"])
    if not values:
        words = say("请写明要改什么。", "Say what is to be changed.")
        raise Problem(422, "invalid", words, fields=[{"field": "body", "detail": str(words)}])
    if not written.is_draft and (
        goes_out(caller.desk, written.column) or goes_out(caller.desk, values.get("column", written.column))
    ):
        require(caller, "publish")
    return _told(caller, slug, change(caller.desk, slug, caller.person, values))


@router.post("/{slug}/submit", response_model=WholePost)
def submit(caller: Submits, slug: Slug, body: Handed, _key: Key = "", _mark: Mark = "") -> JSONResponse:
    """提交: a draft becomes a file, and a post whose column asks for it is submitted to its review."""
    written = _found(caller, slug)
    if goes_out(caller.desk, written.column):
        require(caller, "publish")

    def do() -> JSONResponse:
        require_same(caller, _tag(_found(caller, slug)))
        notices = hand_in(caller.desk, slug, caller.person) if written.is_draft else ()
        if not goes_out(caller.desk, written.column):
            decided = carry_out(caller.desk, SubmitReview(post=slug, note=body.note), caller.person)
            notices = (*notices, *(str(each) for each in decided.remarks))
        return _told(caller, slug, notices)

    return once(caller, body.model_dump(), do)


def _column(caller: Caller, named: str) -> str:
    titles = {column.title: id_ for id_, column in caller.desk.columns.items()}
    found = named if named in caller.desk.columns else titles.get(named)
    if found is None:
        words = say(
            "没有专栏 {named}：有 {all}。",
            "There is no column {named}: there are {all}.",
            named=named,
            all=", ".join(caller.desk.columns),
        )
        raise Problem(422, "no_such_column", words, fields=[{"field": "column", "detail": str(words)}])
    return found


def _found(caller: Caller, slug: str) -> Written:
    written = read_written(caller.desk, slug, caller.person) if slug.isprintable() else None
    if written is None:
        raise nothing_there()
    return written


def _tag(written: Written) -> Mapping[str, Any]:
    return {"slug": written.slug, "written": written.mark, "draft": written.is_draft}


def _told(caller: Caller, slug: str, notices: tuple[str, ...] = (), status: int = 200, **headers: str) -> JSONResponse:
    written = _found(caller, slug)
    rows = posts_after(caller.desk.store, caller.veil, limit=1, slug=slug).items
    facts = (_row(rows[0]) if rows else _short(written)) | {
        "title": written.title,
        "text": written.text,
        "fields": dict(written.fields),
        "notices": list(notices),
    }
    return marked(facts, status, tag=_tag(written), **headers)


def _short(written: Written) -> dict[str, Any]:
    return {
        "slug": written.slug,
        "title": written.title,
        "column": written.column,
        "revision": written.revision,
        "state": "draft" if written.is_draft else "saved",
        "queued_at": None,
        "deliveries": {},
    }


def _row(row: PostRow) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "title": row.title,
        "column": row.column,
        "revision": row.revision,
        "state": "saved",
        "queued_at": row.queued_at,
        "deliveries": {state.value: number for state, number in row.states.items()},
    }
