"""Whoever lets people decide reaches what is decided through the door alone."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from tests.support.source import SOURCE, places, tree_of
from xuanfa.domain.act import Act
from xuanfa.reports.history_words import WORDS

DECIDING = "xuanfa.operations.deciding"
#: What of the room is no act, or comes to the door by itself: asking a browser for a code, telling accounts that are gone, what may be done, two
#: people who have to say the same, several deliveries that move together, and those of a post that are called off one after the other.
OPEN = tuple(
    f"{DECIDING}.{name}" for name in ("door", "sign_in", "bound", "possible", "doubting", "moving", "calling_off")
)
OUTSIDE = sorted(
    path for layer in ("cli", "console", "bootstrap", "engine", "reports") for path in (SOURCE / layer).rglob("*.py")
)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def behind_the_door() -> set[str]:
    """The functions that the door has acts carried out by, wherever they are."""
    door = SOURCE / "operations" / "deciding" / "door.py"
    named = {name for name in imported(door) if name.startswith("xuanfa.operations.")}
    return {name for name in named if name.rsplit(".", 1)[1].islower()}


def test_the_test_knows_what_is_behind_the_door() -> None:
    assert {
        f"{DECIDING}.decide",
        f"{DECIDING}.retract.retract",
        "xuanfa.operations.keeping.restore.restore",
    } <= behind_the_door()


def round_it(path: Path) -> list[str]:
    behind = behind_the_door()
    return [
        name
        for name in imported(path)
        if name in behind
        or name == DECIDING
        or (name.startswith(f"{DECIDING}.") and not any(name == way or name.startswith(f"{way}.") for way in OPEN))
    ]


def test_nobody_outside_goes_round_the_door() -> None:
    assert places(round_it, OUTSIDE) == []


def test_every_act_has_words_for_who_reads_the_history() -> None:
    assert [sort.verb for sort in get_args(Act) if sort.verb not in WORDS] == []
