"""Adopt: a person says that the database is this workspace's."""

from xuanfa.domain.act import Adopt
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, identity


def adopt(desk: Desk, act: Adopt, person: Person) -> bool:
    """Take the database for this workspace, whichever it belonged to; whether that has changed anything."""
    marks, now, by = desk.marks, desk.clock(), person.signs(act.verb)
    with desk.store.write() as connection:
        me = identity.get(connection)
        name = marks.owner() or marks.name_for(me.salt)
        if me.workspace == name:
            return False
        identity.adopt(connection, name, now, by)
        why = say("数据库归工作区 {folder}", "the database belongs to the workspace {folder}", folder=marks.folder)
        deliveries.record_event(connection, now=now, after="adopted", actor=by, why=why)
    return True
