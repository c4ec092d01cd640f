"""What whoever calls a command is not shown (限阅), and how an administrator opens one post for one look."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xuanfa.cli.person import as_option, person, reader
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.access import Veil
    from xuanfa.operations.desk import Desk
    from xuanfa.operations.restricting.files import Look

F = TypeVar("F", bound=Callable[..., Any])


def opening_why(function: F) -> F:
    """``--why`` of a command that shows one post."""
    text = say(
        "管理员打开限阅稿件的事由，记入历史并告知作者",
        "Why an administrator opens a restricted post: recorded, and told to its author",
    )
    return click.option("--why", default="", help=text)(function)


def opening_options(function: F) -> F:
    """``--as`` and ``--why`` of a command that shows one post."""
    return as_option(opening_why(function))


def veil(opened: "Desk", post: str = "", why: str = "") -> "Veil":
    """What is hidden from whoever calls this command; with ``why``, ``post`` is opened first. Whom an opening concerns hears of it here."""
    from xuanfa.operations.restricting.rule import veil_of  # noqa: PLC0415 - heavy, and not needed for --help

    who = reader(opened)
    if who is not None:
        _tell(opened, post)
    found = veil_of(opened, who)
    if not (post and why.strip() and found.hides(post)):
        return found
    _open(opened, post, why)
    return veil_of(opened, who, {post})


def look(opened: "Desk", why: str) -> "Look":
    """Who looks at the file of a post, and what they may open there with ``why``: what the queue knows to be restricted."""
    from xuanfa.operations.restricting.files import Look  # noqa: PLC0415 - heavy, and not needed for --help

    seen = veil(opened)
    return Look(veil=seen, open=lambda slug: seen.hides(slug) and not veil(opened, slug, why).hides(slug))


def _open(opened: "Desk", post: str, why: str) -> None:
    from xuanfa.domain.act import OpenRestricted  # noqa: PLC0415 - only for this
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - as above

    if opened.store.read_only:
        raise StateError(
            say(
                "这个账号只能看，打开限阅稿件记录不下来，没有打开：请换一个能写数据库的账号。",
                "This account may only look, and that a restricted post was opened could not be recorded: use one that may write the database.",
            )
        )
    carry_out(opened, OpenRestricted(post=post), person(opened, why))


def _tell(opened: "Desk", post: str) -> None:
    """Tell the caller of openings that concern them. What is about the very post that they look at is taken for seen."""
    from xuanfa.operations.restricting.told import note_seen, opening_in_words, unseen_by  # noqa: PLC0415 - as above

    who = reader(opened)
    assert who is not None  # noqa: S101 - the caller has looked
    found = unseen_by(opened, who)
    for each in found:
        click.echo(say("提示 {text}", "Note {text}", text=opening_in_words(opened, each)), err=True)
    note_seen(opened, [each for each in found if each.slug == post], who)
