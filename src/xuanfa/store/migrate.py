"""Alembic, run from inside the package: no alembic.ini, no path to remember."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from xuanfa.store import locks
from xuanfa.store.database import Store

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(store: Store, revision: str = "head") -> None:
    """Bring ``store`` to ``revision`` in one transaction; a second process waits for the first and then finds nothing to do."""
    with store.engine.begin() as connection:
        locks.hold(connection, "upgrade")
        upgrade_on(connection, revision)


def upgrade_on(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the database to ``revision`` inside the caller's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def head() -> str | None:
    """The newest migration there is."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
