"""Whose posts: contributors (通讯员), and whoever is outsourced (外包), see what they have written themselves, and nothing of anybody else's, in
lists, searches, figures and on pages. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from xuanfa.domain.review_people import authors_of
from xuanfa.domain.reviewing import Member
from xuanfa.domain.user import Role, Staff, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The posts of one contributor: whose byline is one of these, and which the person of this login name has edited."""

    name: str
    bylines: frozenset[str]


def contributes_only(user: User) -> bool:
    """Whether somebody writes, and does nothing else here: whoever has any other role sees what that role is for. Who is outsourced decides
    nothing, whatever their roles, so that there is nothing else for them to see."""
    return user.staff is Staff.OUTSOURCED or set(user.roles) <= {Role.AUTHOR}


def own_of(user: Member, bylines: Iterable[str]) -> Own:
    """What is this person's, of all bylines that there are."""
    alone = {user.name: user}
    return Own(name=user.name, bylines=frozenset(each for each in bylines if authors_of([each], alone)))
