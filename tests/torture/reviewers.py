"""The reviewers: while it storms they submit, approve, return and edit every other post, at the command line as it is shipped.

They keep their own book: which renditions of a post each of them has said yes to, by the digests that they had before the eyes. Whatever readers
see of such a post must be one to which both have said it. A yes of which nobody knows whether it was taken counts: its person has given it.
"""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.torture.clerk import Terminal
from tests.torture.office import post_file, write_whole

#: Everybody, with their roles. The clerk decides about deliveries only.
PEOPLE = {"writer": ["author"], "editor": ["editor"], "leader": ["approver"], "clerk": ["publisher", "admin"]}
#: Who holds which step.
HOLDERS = {1: "editor", 2: "leader"}
_PASSWORD = "correct horse battery staple"
#: Of a hundred reviews of a step in the storm so many are returned, and in so many the text is edited after it was read.
RETURNED, EDITED = 12, 12
#: Seconds between two looks at what waits.
_APART = 0.2


def staff(terminal: Terminal, folder: Path) -> dict[str, str]:
    """Give the workspace its people; a token for each."""
    file = folder.parent / "password"
    file.write_text(_PASSWORD, encoding="utf-8")
    around = {"XUANFA_PASSWORD_FILE": str(file)}
    head = ("users", "add", "head", "--display", "head", "--role", "admin")
    _require(terminal(*head, typed=_PASSWORD))
    tokens = {}
    for name, roles in PEOPLE.items():
        words = [word for role in roles for word in ("--role", role)]
        _require(
            terminal("users", "add", name, "--display", name, *words, "--as", "head", environ=around, typed=_PASSWORD)
        )
        tokens[name] = _require(terminal("users", "token", name, "--days", "9", "--as", "head", environ=around)).strip()
    return tokens


def _require(said: Any) -> str:
    assert said.code == 0, f"{said.out}{said.err}"
    return str(said.out)


@dataclass
class Reviewers:
    """A thread of their own, for a command may take as long as the database is in trouble."""

    folder: Path
    terminal: Terminal
    chance: random.Random
    tokens: Mapping[str, str] = field(default_factory=dict)
    storming: bool = False
    #: Held while a command runs: whoever has it has the reviewers stand still.
    still: threading.Lock = field(default_factory=threading.Lock)
    #: The steps that have said yes to a rendition, by slug, channel and digest.
    book: dict[tuple[str, str, str], set[int]] = field(default_factory=dict)
    said: dict[str, int] = field(default_factory=dict)
    edits: int = 0

    def start(self) -> None:
        """Begin."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._over.set()
        self._thread.join()
        self.terminal.close()

    @property
    def approved(self) -> list[tuple[str, str, str]]:
        """Renditions to which every step has said yes."""
        return [rendition for rendition, steps in self.book.items() if steps == set(HOLDERS)]

    def _work(self) -> None:
        while not self._over.wait(_APART):
            with self.still:
                listed, waiting = self._ask("review", "list"), self._ask("deliveries", "--state", "awaiting_review")
            steps = {row["post"]: row["step"] for row in listed}
            for post in sorted({row["post"] for row in waiting} - steps.keys()):
                self._do("writer", "submit", post)
            for post, step in steps.items():
                self._decide(post, step)

    def _ask(self, *words: str) -> list[dict[str, Any]]:
        said = self.terminal(*words, "--json", environ=self._as("editor"))
        return list(said.json) if said.code == 0 else []

    def _decide(self, post: str, step: int) -> None:
        with self.still:
            shown = self.terminal("review", "show", post, "--json", environ=self._as(HOLDERS[step]))
        if shown.code:
            return
        drawn = self.chance.randrange(100) if self.storming else 100
        if drawn < RETURNED:
            self._do(HOLDERS[step], "return", post, "--why", "once more")
            self._edit(post)
            return
        if drawn < RETURNED + EDITED:
            self._edit(post)  # what was read is not what is there by now: the program has to know that
        for channel, digest in shown.json["renditions"].items():
            self.book.setdefault((post, channel, digest), set()).add(step)
        self._do(HOLDERS[step], "approve", post, "--step", str(step), "--digest", shown.json["digest"])

    def _edit(self, post: str) -> None:
        self.edits += 1
        number = int(post.rpartition("-")[2])
        text = post_file(self.folder, number).read_text(encoding="utf-8")
        write_whole(self.folder, number, f"{text}\n改到第{self.edits}处。\n")

    def _do(self, name: str, verb: str, post: str, *words: str) -> None:
        if self._over.is_set():
            return
        with self.still:
            said = self.terminal("review", verb, post, *words, environ=self._as(name))
        done = f"{verb}{'' if said.code == 0 else ' in vain'}"
        self.said[done] = self.said.get(done, 0) + 1

    def _as(self, name: str) -> dict[str, str]:
        return {"XUANFA_TOKEN": self.tokens[name]}


def is_reviewed(number: int) -> bool:
    """Every other post is of the column that needs a review."""
    return number % 2 == 1
