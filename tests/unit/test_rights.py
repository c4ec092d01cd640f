"""Rights: a pure table of which role may do what."""

from dataclasses import replace
from typing import get_args

from xuanfa.domain.act import Act, AddUser, Cancel, DisableUser, SetPassword
from xuanfa.domain.rights import RIGHTS, SCOPES, objection
from xuanfa.domain.user import Role, Staff, User

WORD = "correct horse"


def test_rights_are_a_table_over_every_act() -> None:
    assert {sort.verb for sort in get_args(Act)} <= RIGHTS.keys()
    assert {right.scope for right in RIGHTS.values()} <= set(SCOPES)


ALL = {role: User(name="w", display="王", roles=frozenset({role})) for role in Role}


def test_who_may_do_what() -> None:
    may_cancel = {role for role, user in ALL.items() if not objection(user, Cancel(delivery=1))}
    assert may_cancel == {Role.PUBLISHER, Role.APPROVER, Role.ADMIN}
    may_keep = {role for role, user in ALL.items() if not objection(user, DisableUser(user="x"))}
    assert may_keep == {Role.ADMIN}
    assert not objection(ALL[Role.AUTHOR], SetPassword(user="w", password=WORD))
    assert objection(ALL[Role.AUTHOR], SetPassword(user="x", password=WORD))
    everything = User(name="w", display="王", roles=frozenset(Role), staff=Staff.OUTSOURCED)
    assert "外包" in objection(everything, Cancel(delivery=1))
    assert "外包" in objection(everything, AddUser(user="x", display="x", roles=frozenset(), password=WORD))
    assert "已停用" in objection(replace(ALL[Role.ADMIN], disabled=True), SetPassword(user="w", password=WORD))
