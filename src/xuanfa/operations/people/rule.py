"""The rule of a workspace: who may do what, by its users. Without any, every account of the machine that can use it may do everything."""

from functools import partial

from xuanfa.domain.act import Act, ArchivePost, Rule, SetPassword, UnlockUser
from xuanfa.domain.language import say
from xuanfa.domain.person import MACHINE, Person
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.rights import beyond, objection
from xuanfa.domain.user import User
from xuanfa.store import users
from xuanfa.store.database import Store


def rule_of(store: Store) -> Rule:
    """The rule by the users that this database has when it is asked."""
    return partial(_may, store)


def _may(store: Store, person: Person, act: Act) -> str:
    with store.read() as connection:
        there_are = users.exist(connection)
        everybody = users.all(connection) if there_are else []
    if person.how == MACHINE:
        return "" if not there_are or _is_of_nobody(act) or _is_way_back(everybody, act) else sign_in_first()
    user = next((user for user in everybody if user.name == person.name), None)
    if user is None:
        return say("没有用户 {name} 了。", "There is no user {name} any more.", name=person.name)
    return beyond(person.scopes, act) or objection(user, act)


def _is_of_nobody(act: Act) -> bool:
    """What the machine does by itself, every night perhaps: to put away what is done decides nothing. What is restricted is closed to it."""
    return isinstance(act, ArchivePost)


def _is_way_back(everybody: list[User], act: Act) -> bool:
    """Where no administrator is left who could sign in, the machine's account lets one in again: else nobody ever could."""
    administrators = [user for user in everybody if user.administers]
    if not isinstance(act, UnlockUser | SetPassword) or not all(user.locked for user in administrators):
        return False
    return any(user.name == act.user for user in administrators)


def sign_in_first() -> str:
    """What is said to the machine's account where there are users."""
    return say(
        "本工作区有用户，谁作的决定要记名：请加 --as 登录名，或设 XUANFA_TOKEN。用户见 {users}。",
        "This workspace has users, and decisions are made in somebody's name: add --as NAME, or set XUANFA_TOKEN. For who there is, see {users}.",
        users=Remedy("users"),
    )
