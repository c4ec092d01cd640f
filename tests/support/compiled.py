"""What SQLAlchemy makes of a query, and Jinja of a template, kept for all stores and consoles of the tests' process: to make it again for each test
took a quarter of their time.

A program has one store and one console for as long as it lives, and makes each once; a thousand tests have a thousand.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
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


class TemplatesOnce(BytecodeCache):
    """The code of each template, by its name, its text, and all of an environment that has a say in what is made of it."""

    def __init__(self) -> None:
        self._made: dict[Any, CodeType] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        how = environment.autoescape if isinstance(environment.autoescape, bool) else environment.autoescape(name)
        whole = (how, environment.trim_blocks, environment.lstrip_blocks, environment.finalize, environment.is_async)
        known = sorted(map(id, (*environment.filters.values(), *environment.tests.values(), *environment.extensions)))
        key = repr((name, filename, type(environment), whole, environment.policies, known))
        bucket = Bucket(environment, key, source)
        bucket.code = self._made.get((key, source))
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._made[bucket.key, bucket.checksum] = bucket.code


@contextmanager
def templates_once() -> Iterator[None]:
    """Every environment that is made meanwhile uses one of them."""
    real, cache = Environment.__init__, TemplatesOnce()

    def init(self: Environment, *given: Any, **named: Any) -> None:
        real(self, *given, **named)
        self.bytecode_cache = self.bytecode_cache or cache

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "__init__", init)
        yield


def _by_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """The key of a query with what a dialect makes of it decided by, in place of the dialect itself."""
    dialect, *query = key
    kind = (type(dialect), dialect.server_version_info, dialect.use_insertmanyvalues_wo_returning)
    return (*kind, *query)
