"""What SQLAlchemy makes of a query, kept for all stores of the tests' process: to make it again for each test took a quarter of their time.

A program has one store for as long as it lives, and makes each query once; a thousand tests have a thousand stores.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache


class CompiledOnce(LRUCache[Any, Any]):
    """The cache of an engine, by the kind of database in place of the engine's own dialect: two engines of one kind find the same."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_by_kind(key), default)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_by_kind(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_by_kind(key), value)

    def serve(self, engine: Engine) -> Engine:
        """Let an engine use it."""
        engine._compiled_cache = self
        return engine


def _by_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """The key of a query with what a dialect makes of it decided by, in place of the dialect itself."""
    dialect, *query = key
    kind = (type(dialect), dialect.server_version_info, dialect.use_insertmanyvalues_wo_returning)
    return (*kind, *query)
