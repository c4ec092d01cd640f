"""An office with users: a desk whose rule is that of its users, and what people do there."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.act import AddUser
from xuanfa.domain.person import Person
from xuanfa.domain.user import Role, Staff
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.people.known import known_by_password
from xuanfa.operations.people.rule import rule_of
from xuanfa.reports.audit import audited
from xuanfa.store.schema import metadata

MACHINE = Person(name="root", place="root@court")
WORD, OTHER = "correct horse", "battery staple"


class Office:
    """A desk whose rule is that of its users, and what people do there."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench
        self.desk = replace(bench.desk, may=rule_of(bench.desk.store))

    def do(self, act: Any, person: Person = MACHINE) -> Any:
        return carry_out(self.desk, act, person)

    def add(self, name: str, *roles: Role, by: Person = MACHINE, staff: Staff = Staff.ESTABLISHED) -> Any:
        return self.do(
            AddUser(user=name, display=f"{name} 同志", roles=frozenset(roles), staff=staff, password=WORD), by
        )

    def known(self, name: str, password: str = WORD) -> Person:
        return known_by_password(self.desk, name, password, place="root@court")

    def lines(self) -> list[Any]:
        return audited(self.desk.store, since=None, until=None, who=None, post=None)

    def everything(self) -> str:
        """All that is stored."""
        with self.desk.store.read() as connection:
            return repr([list(connection.execute(sa.select(table))) for table in metadata.sorted_tables])
