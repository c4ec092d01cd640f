"""The program's own text, parsed once in a process: rules about how it is written go over all of it in one test each, and name every place."""

import ast
from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "xuanfa"
FILES = tuple(sorted(SOURCE.rglob("*.py")))


def name_of(path: Path) -> str:
    """A file as rules name it."""
    return path.relative_to(SOURCE).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """Its syntax."""
    return ast.parse(path.read_text(encoding="utf-8"))


def places(rule: Callable[[Path], Iterable[object]], files: Collection[Path] = FILES) -> list[str]:
    """What a rule finds in the files, each with its file."""
    assert len(files) > 50, "a rule that reads hardly anything finds nothing"
    return [f"{name_of(path)}: {found}" for path in files for found in rule(path)]
