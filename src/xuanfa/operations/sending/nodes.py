"""Nodes: tell the others that this process is alive, and see who else is."""

from collections.abc import Sequence
from dataclasses import replace

from xuanfa import __version__
from xuanfa.domain.node import REMEMBERED, Node
from xuanfa.operations.desk import Desk
from xuanfa.store import nodes


def join(desk: Desk, role: str, channels: Sequence[str] = ()) -> Node:
    """This process as a node that begins now; ``channels`` are those it sees to, none meaning all."""
    now = desk.clock()
    node = Node(
        name=desk.node,
        role=role,
        version=__version__,
        process=desk.process,
        channels=tuple(channels),
        started_at=now,
        seen_at=now,
    )
    return beat(desk, node)


def beat(desk: Desk, node: Node) -> Node:
    """Give a sign of life, and drop whoever has given none for a day. Returns the node as it is now known."""
    now = desk.clock()
    trouble = "" if desk.renewal is None else desk.renewal.trouble
    seen = replace(
        node,
        seen_at=now,
        settings=desk.settings,
        settings_of=desk.settings_of,
        trouble=trouble,
        trouble_at=(node.trouble_at or now) if trouble else None,
    )
    with desk.store.write() as connection:
        nodes.beat(connection, seen)
        nodes.forget(connection, now - REMEMBERED)
    return seen


def leave(desk: Desk, node: Node) -> None:
    """End in good order: nobody need wonder where it has gone."""
    with desk.store.write() as connection:
        nodes.leave(connection, node.name)


def roster(desk: Desk) -> list[Node]:
    """Every node that is known, those that are gone among them."""
    with desk.store.read() as connection:
        return nodes.all_nodes(connection)
