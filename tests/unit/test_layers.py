"""The layers hold: who may import whom, and how long a file and a function may grow."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "xuanfa"

#: What each layer may import of ours, by the beginning of the dotted name below ``xuanfa``. Its own modules are always allowed.
OURS: dict[str, tuple[str, ...]] = {
    "domain": (),
    "content": ("domain",),
    "checks": ("domain",),
    "adapters": ("domain",),
    "store": ("domain",),
    "rehearsal": ("domain",),
    "settings": ("domain",),
    "events": ("domain", "store"),
    "operations": ("domain", "content", "checks", "store", "adapters.protocol"),
    "reports": ("domain", "content", "checks", "store", "adapters.protocol"),
    "engine": ("domain", "operations"),
    "bootstrap": (
        "domain",
        "content",
        "checks",
        "store",
        "adapters",
        "rehearsal",
        "settings",
        "events",
        "operations",
        "reports",
        "engine",
    ),
    # ``publish`` and ``run`` start engines.
    "cli": ("domain", "bootstrap", "operations", "engine", "reports"),
    "__init__": (),
    "__main__": ("cli",),
}

#: Each layer's own libraries. Pydantic is how settings are checked, SQLAlchemy how rows are read.
LIBRARIES: dict[str, frozenset[str]] = {
    "domain": frozenset(),
    "content": frozenset({"PIL", "jinja2", "markdown_it", "markupsafe", "mdit_py_plugins", "nh3", "pydantic", "yaml"}),
    "checks": frozenset(),
    "adapters": frozenset({"certifi", "css_inline", "httpcore", "httpx", "pydantic", "pygments"}),
    "store": frozenset({"alembic", "psycopg", "sqlalchemy"}),
    "rehearsal": frozenset({"httpx"}),
    "settings": frozenset({"dotenv", "pydantic", "pydantic_core", "pydantic_settings"}),
    "events": frozenset(),
    "operations": frozenset({"sqlalchemy"}),
    "reports": frozenset({"sqlalchemy"}),
    "engine": frozenset({"apscheduler", "procrastinate", "prometheus_client", "psycopg"}),
    "bootstrap": frozenset({"apprise", "httpx", "pydantic", "pydantic_core"}),
    "cli": frozenset({"click"}),
    "__init__": frozenset(),
    "__main__": frozenset(),
}

FILES = sorted(SOURCE.rglob("*.py"))
#: Alembic writes these, one long function each.
WRITTEN_BY_MACHINE = SOURCE / "store" / "migrations" / "versions"


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def layer_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Every import of a file, in functions and under TYPE_CHECKING too: (line, dotted name)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name_of(path)}:{node.lineno}: relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def forbidden(path: Path) -> Iterator[str]:
    layer = layer_of(path)
    for line, name in imported(path):
        top, _, below = name.partition(".")
        if top == "xuanfa":
            allowed = below == "__version__" or any(
                below == part or below.startswith(f"{part}.") for part in (layer, *OURS[layer])
            )
        else:
            allowed = top in sys.stdlib_module_names or top in LIBRARIES[layer]
        if not allowed:
            yield f"{name_of(path)}:{line}: {layer} may not import {name}"


def test_every_layer_has_its_place_in_the_table() -> None:
    assert {layer_of(path) for path in FILES if path.parent != SOURCE / "starter"} <= OURS.keys()
    assert OURS.keys() == LIBRARIES.keys()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_imports_only_what_its_layer_may(path: Path) -> None:
    assert not list(forbidden(path))


def test_the_check_sees_imports_in_functions_and_for_type_checkers(tmp_path: Path) -> None:
    text = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import httpx\ndef f():\n    from a.b import c\n"
        "    import xuanfa.store\n"
    )
    (tmp_path / "m.py").write_text(text)
    assert [name for _, name in imported(tmp_path / "m.py")][1:] == ["httpx", "a.b.c", "xuanfa.store"]


def test_the_table_has_no_circle() -> None:
    """Layers can be built one after the other."""
    built: set[str] = set()
    while len(built) < len(OURS):
        ready = {
            layer
            for layer, needs in OURS.items()
            if all(need.partition(".")[0] in built | {layer} for need in needs if need != "adapters.protocol")
        } - built
        assert ready, f"in a circle: {OURS.keys() - built}"
        built |= ready


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_is_no_longer_than_one_idea(path: Path) -> None:
    if WRITTEN_BY_MACHINE not in path.parents:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 450


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_function_has_at_most_60_lines(path: Path) -> None:
    if WRITTEN_BY_MACHINE in path.parents:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert not [f"{f.name}:{f.lineno}" for f in functions if (f.end_lineno or 0) - f.lineno + 1 > 60]
