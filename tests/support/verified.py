"""What ``verify`` finds, and a hand that changes what the program never changes."""

from typing import Any

import sqlalchemy as sa

from xuanfa.operations.keeping.verify import as_claim, verify


def troubles(bench: Any, *claims: str) -> list[str]:
    """What ``verify`` finds."""
    claim = as_claim(claims[0]) if claims else None
    return [f"{item.what}: {item.trouble}" for item in verify(bench.desk, claim) if item.trouble]


def force(bench: Any, statement: str, **values: Any) -> None:
    """Change what the program never changes, as somebody with the owner's password could, and leave the triggers as they were."""
    with bench.desk.store.write() as connection:
        triggers = []
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        else:
            triggers = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        connection.execute(sa.text(statement), values)
        for _, made_by in triggers:
            connection.execute(sa.text(made_by))
