"""The server (Model Context Protocol, by its official SDK), over standard input and output. Each tool asks anew whether the token is good.

What it writes is a draft, which lies nowhere until a person saves it in the console: nothing that a model does here can go out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from xuanfa import __version__
from xuanfa.domain.access import Veil
from xuanfa.domain.errors import StateError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.refusals import no_such_post
from xuanfa.domain.rights import suffices
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.known import known_by_token
from xuanfa.operations.restricting.own import only_own
from xuanfa.operations.restricting.rule import veil_of
from xuanfa.operations.writing.drafts import TEXT, drafts_shown
from xuanfa.operations.writing.places import place_of
from xuanfa.operations.writing.programs import Written, change, create, read_written
from xuanfa.operations.writing.sketch import Remark, sketch_text
from xuanfa.reports.numbered import deliveries_after, posts_after

P = ParamSpec("P")
R = TypeVar("R")
_MOST: Final = 100
_ABOUT: Final = """\
xuanfa publishes the posts of a government office's columns on its channels, after their review by people. You may list and read posts, write drafts,
see what each channel would get, and check texts. You cannot submit, approve, publish, withdraw or settle anything: people do, in the console.
Posts are Markdown in Chinese. Check a text before you hand it over, and say which findings are left."""


@dataclass(frozen=True, slots=True)
class Asking:
    """In whose name, at which desk."""

    opened: Desk
    token: str
    place: str

    @property
    def desk(self) -> Desk:
        """The desk by the settings as they are now."""
        return self.opened.newest()

    def person(self, scope: str) -> Person:
        """The person, whose token is good now, and for this. Raises StateError."""
        person = known_by_token(self.desk, self.token, place=self.place)
        if not suffices(person.scopes, scope):
            raise StateError(
                say(
                    "这个令牌的用途是 {own}，这件事要 {needed}。请另做一个令牌。",
                    "This token is for {own}; this needs {needed}. Make another token.",
                    own=", ".join(sorted(person.scopes or ())),
                    needed=scope,
                )
            )
        return person

    def veil(self, person: Person) -> Veil:
        """What is hidden from them."""
        return veil_of(self.desk, person)


def server(desk: Desk, token: str, place: str) -> MCPServer:
    """The server of a desk, in the name of whose token this is. Raises StateError for one that is not good."""
    asking = Asking(desk, token, place)
    known_by_token(desk, token, place=place)
    made = MCPServer("xuanfa", title="xuanfa 宣发", version=__version__, instructions=_ABOUT, log_level="WARNING")
    for tool in (*_reading(asking), *_looking(asking), *_drafting(asking)):
        made.tool()(_told(tool))
    return made


def _told(tool: Callable[P, R]) -> Callable[P, R]:
    """The same; what is refused is said to the model in a sentence."""

    @wraps(tool)
    def told(*args: P.args, **values: P.kwargs) -> R:
        try:
            return tool(*args, **values)
        except XuanfaError as error:
            raise ToolError(str(error)) from error

    return told


def _reading(asking: Asking) -> Iterable[Callable[..., dict[str, Any]]]:
    def list_columns() -> dict[str, Any]:
        """The columns that a post can be written for, and their channels."""
        asking.person("read")
        columns = [
            {"id": each.id, "title": each.title, "channels": list(each.channels)}
            for each in asking.desk.columns.values()
        ]
        return {"columns": columns}

    def list_posts(limit: int = 20, after: str = "") -> dict[str, Any]:
        """Your drafts that are nowhere yet, then the posts, the newest first. `after` is the `next` of the page before."""
        person = asking.person("read")
        mine = [] if after else [each for each in drafts_shown(asking.desk, person, all_of_them=False) if each.is_new]
        page = posts_after(
            asking.desk.store,
            asking.veil(person),
            limit=min(max(limit, 1), _MOST),
            after=_number(after),
            own=only_own(asking.desk, person),
        )
        return {
            "drafts": [{"slug": each.slug, "title": each.title} for each in mine],
            "posts": [
                {
                    "slug": row.slug,
                    "title": row.title,
                    "column": row.column,
                    "deliveries": {state.value: number for state, number in row.states.items()},
                }
                for row in page.items
            ],
            "next": "" if page.next is None else str(page.next),
        }

    def read_post(slug: str) -> dict[str, Any]:
        """A post as it is written: title, column, Markdown, and where it stands on the channels."""
        person = asking.person("read")
        written = _written(asking.desk, slug, person)
        rows = deliveries_after(asking.desk.store, asking.veil(person), limit=_MOST, post=slug).items
        standing = [{"channel": row.channel, "state": row.state.value, "reason": row.reason} for row in rows]
        return _facts(written) | {"deliveries": standing}

    return list_columns, list_posts, read_post


def _looking(asking: Asking) -> Iterable[Callable[..., dict[str, Any]]]:
    def preview_post(slug: str) -> dict[str, Any]:
        """What each channel would get of a post or draft, as it is written now, and what the checks say. Nothing is stored."""
        person = asking.person("read")
        made = sketch_text(asking.desk, place_of(asking.desk, slug), _written(asking.desk, slug, person).source)
        channels = [
            {
                "channel": each.channel,
                "title": each.rendition.title if each.rendition else "",
                "media_type": each.rendition.media_type if each.rendition else "",
                "body": each.rendition.body if each.rendition else "",
            }
            for each in made.channels
        ]
        return {"channels": channels, "findings": [_remark(each) for each in made.remarks]}

    def check_text(text: str, title: str = "") -> dict[str, Any]:
        """What the office's rules find in a text: privacy, secrecy, wording, law, form. A `veto` stops publication."""
        asking.person("read")
        if asking.desk.rules is None:
            return {"findings": []}
        read = [("title", title), ("body", text)]
        found = [one for part, words in read if words for one in asking.desk.rules.found(words, None, part=part)]
        return {"findings": [one.data() for one in found]}

    return preview_post, check_text


def _drafting(asking: Asking) -> Iterable[Callable[..., dict[str, Any]]]:
    def create_draft(title: str, column: str, text: str, summary: str = "") -> dict[str, Any]:
        """A new draft of a post, in Markdown. It lies nowhere and goes nowhere until a person saves it in the console."""
        person = asking.person("write")
        if column not in asking.desk.columns:
            raise StateError(
                say(
                    "没有专栏 {named}：有 {all}。",
                    "There is no column {named}: there are {all}.",
                    named=column,
                    all=", ".join(asking.desk.columns),
                )
            )
        values = {"title": title, "column": column, TEXT: text, "summary": summary}
        slug, _ = create(asking.desk, person, values, saves=False)
        return _facts(_written(asking.desk, slug, person))

    def change_draft(slug: str, title: str = "", text: str = "", summary: str = "") -> dict[str, Any]:
        """Another title, text or summary of a draft of yours that is nowhere yet. What is left empty stays."""
        person = asking.person("write")
        if not _written(asking.desk, slug, person).is_draft:
            raise StateError(
                say(
                    "{slug} 已经是稿件，只能由人在控制台里改。",
                    "{slug} is a post already: people change it, in the console.",
                    slug=slug,
                )
            )
        values = {"title": title, TEXT: text, "summary": summary}
        change(asking.desk, slug, person, {key: value for key, value in values.items() if value})
        return _facts(_written(asking.desk, slug, person))

    return create_draft, change_draft


def _written(desk: Desk, slug: str, person: Person) -> Written:
    found = read_written(desk, slug, person) if slug.isprintable() else None
    if found is None:
        raise no_such_post(slug, ())
    return found


def _facts(written: Written) -> dict[str, Any]:
    return {
        "slug": written.slug,
        "title": written.title,
        "column": written.column,
        "is_draft": written.is_draft,
        "text": written.text,
        **{key: value for key, value in written.fields.items() if key != TEXT},
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "level": remark.level,
        "message": str(remark.message),
        "where": str(remark.where),
        "text": remark.text,
        "suggestion": remark.suggestion,
        "basis": remark.basis,
    }


def _number(after: str) -> int | None:
    return int(after) if after.isascii() and after.isdigit() and len(after) < 11 else None  # noqa: PLR2004 - as large as keys get
