"""Whose posts: contributors (通讯员) see what they have written themselves, and nothing of anybody else's, in lists, searches and on pages. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from xuanfa.domain.review_people import authors_of
from xuanfa.domain.reviewing import Member
from xuanfa.domain.user import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The posts of one contributor: whose byline is one of these, and which the person of this login name has edited."""

    name: str
    bylines: frozenset[str]


def contributes_only(roles: Collection[Role]) -> bool:
    """Whether somebody writes, and does nothing else here: whoever has any other role sees what that role is for."""
    return set(roles) <= {Role.AUTHOR}


def own_of(user: Member, bylines: Iterable[str]) -> Own:
    """What is this person's, of all bylines that there are."""
    alone = {user.name: user}
    return Own(name=user.name, bylines=frozenset(each for each in bylines if authors_of([each], alone)))
