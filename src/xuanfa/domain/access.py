"""Access (限阅): to whom a post is open before it is out. Pure: what the file and the history say, and who looks, comes in.

A post with a list is *restricted*: its text, titles, renditions and history are for those on the list, and for nobody else, administrators
included. That ends when it is out on any channel. Whoever shows anything of posts asks a ``Veil`` what it hides, and nothing else.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from xuanfa.domain.language import say
from xuanfa.domain.reviewing import Members
from xuanfa.domain.user import NAME_MAX, Role, login_name

#: What stands before a login name on a list as it is kept; who is called like a role is written so in the file, too.
PERSON: Final = "@"
#: So many words a list may have.
LIST_MAX: Final = 100
_ROLES: Final = {
    **{role.value: role for role in Role},
    "作者": Role.AUTHOR,
    "编辑": Role.EDITOR,
    "校对": Role.PROOFREADER,
    "保密审查": Role.SECRECY,
    "审核": Role.REVIEWER,
    "签发": Role.APPROVER,
    "发布": Role.PUBLISHER,
    "管理员": Role.ADMIN,
}


def role_called(word: str) -> Role | None:
    """The role that a word of a list means; a role wins over a person of that name."""
    return _ROLES.get(login_name(word))


def as_kept(word: str) -> str:
    """A word of a list as it is kept: the role by its name for programs, a login name behind ``@``. Empty where it is neither."""
    role = role_called(word)
    if role is not None:
        return role.value
    name = login_name(word.removeprefix(PERSON))
    return f"{PERSON}{name}" if name and len(name) <= NAME_MAX else ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a login name with its roles. The machine's account is nobody, so that it stands on no list."""

    name: str = ""
    roles: frozenset[Role] = frozenset()


#: The machine's account.
NOBODY: Final = Viewer()


@dataclass(frozen=True, slots=True)
class Access:
    """A list (名单) as it is kept: roles, and login names behind ``@``."""

    words: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """The login names."""
        return frozenset(word.removeprefix(PERSON) for word in self.words if word.startswith(PERSON))

    @property
    def roles(self) -> frozenset[Role]:
        """The roles."""
        return frozenset(role for role in Role if role.value in self.words)

    def opens_to(self, viewer: Viewer) -> bool:
        """Whether this viewer stands on it."""
        return bool(viewer.name) and (viewer.name in self.names or bool(viewer.roles & self.roles))

    def shown(self) -> str:
        """For people."""
        roles = [role.label for role in Role if role in self.roles]
        return say("、", ", ").join([*sorted(self.names), *roles])


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """That a post is restricted. ``wish`` is what its file says where that would let more people in: it counts when somebody on the list
    has confirmed it; an empty list is everybody. Until then it may only take people out. ``authors`` are those of when it was restricted."""

    post_id: int
    slug: str
    access: Access
    wish: Access | None = None
    authors: frozenset[str] = frozenset()

    def opens_to(self, viewer: Viewer) -> bool:
        """Whether this viewer may read the post."""
        return self.access.opens_to(viewer) and (not self.wish or not self.wish.words or self.wish.opens_to(viewer))

    def after(self, words: Collection[str]) -> "Restriction":
        """The restriction after its file has said ``words``, none of which is everybody."""
        said = Access(frozenset(words))
        if said.words and said.words <= self.access.words:
            return replace(self, access=said, wish=None)
        return replace(self, wish=said)


def readers_of(restriction: Restriction | None, members: Members) -> Members:
    """Those who may read a post, and so may hold a step of its review: everybody, where it is not restricted."""
    if restriction is None:
        return members
    return {name: user for name, user in members.items() if restriction.opens_to(Viewer(name, user.roles))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Veil:
    """What one viewer is not shown: of each restricted post, by number and by slug, everything but the slug and that it is restricted."""

    viewer: Viewer = NOBODY
    #: The posts that are hidden from this viewer, by number.
    hidden: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def over(cls, restricted: Iterable[Restriction], viewer: Viewer = NOBODY, opened: Collection[str] = ()) -> "Veil":
        """The veil over these posts for a viewer; ``opened`` are the slugs of those that an administrator has opened for this one look."""
        closed = (each for each in restricted if each.slug not in opened and not each.opens_to(viewer))
        return cls(viewer=viewer, hidden={each.post_id: each.slug for each in closed})

    def hides(self, slug: str | None) -> bool:
        """Whether this post is hidden."""
        return slug is not None and slug in self.slugs

    @property
    def slugs(self) -> frozenset[str]:
        """The slugs of what is hidden."""
        return frozenset(self.hidden.values())

    def title(self, slug: str, title: str) -> str:
        """The title of a post, or that it is restricted."""
        return restricted_mark() if self.hides(slug) else title

    def text(self, slug: str | None, text: str) -> str:
        """What may hold words of a post, or nothing."""
        return "" if self.hides(slug) else text


def restricted_mark() -> str:
    """What stands in place of a title."""
    return say("限阅", "restricted")
