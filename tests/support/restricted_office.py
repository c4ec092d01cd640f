"""An office with a restricted post: its people with a token each, and a word that only those on the list may ever see."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from xuanfa.bootstrap import open_desk
from xuanfa.domain.act import AddUser, MakeToken
from xuanfa.domain.delivery import State
from xuanfa.domain.person import PASSWORD, Person
from xuanfa.domain.user import Role
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, posts

#: Stands in titles, texts, notes, reasons and broken lines of restricted posts, and nowhere else.
SECRET = "癸卯密语"
PEOPLE = {
    "chief": Role.ADMIN,
    "wang": Role.AUTHOR,
    "li": Role.SECRECY,
    "zhao": Role.APPROVER,
    "out": Role.EDITOR,
}
WORD = "correct horse"
REVIEW = """
[review]
default = "two"

[review.templates.two]
name = "两步"

[[review.templates.two.steps]]
name = "保密"
kind = "保密"
role = "secrecy"
checks = []

[[review.templates.two.steps]]
name = "签发"
kind = "审"
role = "approver"
checks = []
"""


@contextmanager
def office(folder: Path) -> Iterator[Desk]:
    with open_desk(folder) as desk:
        yield desk


def known(name: str, why: str = "") -> Person:
    return Person(name=name, why=why, how=PASSWORD, place="test")


def people(desk: Desk) -> dict[str, str]:
    """Make everybody; a token of each."""
    tokens: dict[str, str] = {}
    for name, role in PEOPLE.items():
        by = known("chief") if tokens else Person(name="root", place="test")
        display = "王芳" if name == "wang" else f"{name}同志"
        carry_out(desk, AddUser(user=name, display=display, roles=frozenset({role}), password=WORD), by)
        tokens[name] = carry_out(desk, MakeToken(user=name, days=1), known("chief")).secret
    return tokens


def write(folder: Path, slug: str, *, access: str = "[li, 签发]", body: str = SECRET, more: str = "") -> Path:
    """A file that is due in a year that no test sees."""
    path = folder / "posts" / f"{slug}.md"
    line = f"限阅: {access}\n" if access else ""
    path.write_text(
        f"---\ntitle: {body}{slug}\ncolumn: action\nauthor: 王芳\n{line}publish_at: 2031-01-06 09:00\n{more}---\n\n正文里也有{body}，{slug}。\n",
        encoding="utf-8",
    )
    return path


def in_doubt(desk: Desk, slug: str) -> None:
    """Put what goes out of a post into doubt, for a reason that holds the word, as a channel's answer may."""
    with desk.store.write() as connection:
        post = posts.by_slug(connection, slug)
        assert post is not None
        before = deliveries.of_post(connection, post.id)
        after = [replace(each, state=State.UNKNOWN, reason=f"对方说{SECRET}") for each in before]
        changes = [deliveries.Change(*each) for each in zip(before, after, strict=True)]
        deliveries.rewrite(connection, changes, desk.clock(), "test")
