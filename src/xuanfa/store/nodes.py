"""Nodes: which processes are running. Inside the caller's transaction."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.node import Node
from xuanfa.store.nodes_schema import nodes

_N = nodes.c


def beat(connection: sa.Connection, node: Node) -> None:
    """Record a node's sign of life, and the node itself where it is new."""
    change = nodes.update().where(_N.name == node.name).values(seen_at=node.seen_at, **_settings(node))
    if not connection.execute(change).rowcount:
        connection.execute(
            nodes.insert().values(
                name=node.name,
                role=node.role,
                version=node.version,
                process=node.process,
                channels=list(node.channels),
                started_at=node.started_at,
                seen_at=node.seen_at,
                **_settings(node),
            )
        )


def _settings(node: Node) -> dict[str, Any]:
    """What may be another one with each sign of life."""
    return {
        "settings": node.settings,
        "settings_of": node.settings_of,
        "trouble": node.trouble,
        "trouble_at": node.trouble_at,
    }


def leave(connection: sa.Connection, name: str) -> None:
    """Forget a node that has ended in good order."""
    connection.execute(nodes.delete().where(_N.name == name))


def forget(connection: sa.Connection, before: datetime) -> None:
    """Forget nodes that were last seen before that moment."""
    connection.execute(nodes.delete().where(_N.seen_at < before))


_EVERY = sa.select(nodes).order_by(_N.name)


def all_nodes(connection: sa.Connection) -> list[Node]:
    """Every node that is known, by name."""
    rows = connection.execute(_EVERY)
    return [
        Node(
            name=row.name,
            role=row.role,
            version=row.version,
            process=row.process,
            channels=tuple(row.channels or ()),
            started_at=row.started_at,
            seen_at=row.seen_at,
            settings=row.settings,
            settings_of=row.settings_of,
            trouble=row.trouble,
            trouble_at=row.trouble_at,
        )
        for row in rows
    ]
