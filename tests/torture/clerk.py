"""The clerk: reads what waits for a person, looks at what readers see, and says what is true, at the command line as it is shipped."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.torture.office import ELSEWHERE, RENAMED, ROOT, edit_post, environ_of, readers_of, title_of
from tests.torture.receiver import Receiver

WHY = ("--why", "looked at what readers see")
#: How often everything that waits is gone through before it is given up.
ROUNDS = 8
#: States that a person leads out of by releasing or calling off, and those of which nobody knows whether it is out.
_HELD = frozenset({"held", "failed", "rejected"})
_IN_DOUBT = frozenset({"unknown", "accepted"})


@dataclass(slots=True)
class Said:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """One process in which command after command is typed; starting a process for each would take most of the time."""

    def __init__(self, folder: Path, environ: Mapping[str, str], log: Path) -> None:
        self._folder, self._log = folder, log.open("a", encoding="utf-8")
        #: What every command has around it besides.
        self.around: dict[str, str] = {}
        command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "tests.torture.clerk"]
        pipe = subprocess.PIPE
        around = os.environ | environ_of(folder) | environ
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=around, stdin=pipe, stdout=pipe, stderr=self._log, text=True
        )

    def __call__(self, *words: str, environ: Mapping[str, str] | None = None, typed: str = "") -> Said:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {
            "words": [*words, "-w", str(self._folder)],
            "environ": self.around | dict(environ or {}),
            "typed": typed,
        }
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        said = Said(**json.loads(self._process.stdout.readline()))
        print(f"$ xuanfa {' '.join(words)}  [{said.code}]\n{said.out}{said.err}", file=self._log, flush=True)
        return said

    def close(self) -> None:
        self._process.communicate()
        self._log.close()


@dataclass
class Clerk:
    """``url`` is where the receiver is."""

    folder: Path
    receiver: Receiver
    url: str
    xuanfa: Terminal
    #: What a clerk cannot put right, in words.
    stuck: list[str] = field(default_factory=list)
    decisions: int = 0
    edited: set[str] = field(default_factory=set)

    def deliveries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.xuanfa("deliveries", "--json").json
        return found

    def settle_what_was_forgotten(self) -> None:
        """The database is an older one, everything is paused and held: whatever has gone out since is entered, the rest released."""
        self.xuanfa("queue")
        for _ in range(ROUNDS):
            rows = self.deliveries()
            if not sum([self._settle(row, rows) for row in rows if row["state"] in _IN_DOUBT or _waits(row)]):
                return
            self.xuanfa("queue")

    def resume(self) -> None:
        """Everything is settled, and every post is in place."""
        for words in (("resume",), ("resume", "--all-posts-are-here")):
            said = self.xuanfa(*words, *WHY)
            if said.code:
                self.stuck.append(f"xuanfa {' '.join(words)}: {said.out}{said.err}")

    def settle_what_waits(self) -> bool:
        """What is held, or was only rehearsed, is released, entered or called off; whether anything was. What is in doubt stays so."""
        rows, edited = self.deliveries(), len(self.edited)
        settled = sum([self._settle(row, rows) for row in rows if _waits(row)])
        if len(self.edited) > edited:
            self.xuanfa("queue")
        return settled > 0

    def _settle(self, row: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
        """Say what is true of one; whether the program took it."""
        number, state = str(row["id"]), row["state"]
        address = self.receiver.shown_as(readers_of(row["channel"]), title_of(number_of(row)))
        twins = [each for each in rows if each is not row and each["post"] == row["post"]]
        twins = [each for each in twins if readers_of(each["channel"]) == readers_of(row["channel"])]
        twins = [each for each in twins if each["state"] != "cancelled"]  # what was called off brings it to nobody
        if state in _IN_DOUBT and self._resolve(row, *(("--published", address) if address else ("--absent",))):
            return True
        if row["rehearsal"]:
            if address or any(not each["rehearsal"] and each["state"] not in _HELD for each in twins):
                return state in _HELD and self._is_taken("cancel", number)
            if row["channel"] == RENAMED:
                return self._edit(row)
            return self._is_taken("release" if state == "held" else "retry", number)  # held before it was tried at all
        if address:
            entered = state == "held" and self._resolve(row, "--published", address)
            return entered or (state in _HELD and self._is_taken("cancel", number))
        if state in _IN_DOUBT:
            return False
        if row["channel"] == RENAMED:
            return self._is_taken("cancel", number) if twins else self._take_up(row, rows) or self._edit(row)
        return self._is_taken("release" if state == "held" else "retry", number)

    def _resolve(self, row: dict[str, Any], *how: str) -> bool:
        """Say what became of it. What went, or may have gone, to another account is only settled while the settings lead there, as the program
        says; but an older database may not know that."""
        words = ("resolve", str(row["id"]), *how)
        elsewhere = {"XUANFA_CHANNELS__HOOK__URL": f"{self.url}/{ELSEWHERE}"}
        return self._is_taken(*words) or (row["channel"] == "hook" and self._is_taken(*words, environ=elsewhere))

    def _take_up(self, row: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
        """Its channel is called something else now, and what was called off there, because this one was to go, goes instead."""
        there = [each for each in rows if each["post"] == row["post"] and each["channel"] != RENAMED]
        there = [each for each in there if readers_of(each["channel"]) == readers_of(RENAMED)]
        return any(each["state"] == "cancelled" and self._is_taken("retry", str(each["id"])) for each in there)

    def _edit(self, row: dict[str, Any]) -> bool:
        """A post whose only delivery is to a channel that is called something else now: a change of its file puts it into the queue there."""
        if row["post"] in self.edited:
            return False
        self.edited.add(row["post"])
        edit_post(self.folder, number_of(row))
        return True

    def _is_taken(self, *words: str, environ: Mapping[str, str] | None = None) -> bool:
        said = self.xuanfa(*words, *WHY, environ=environ)
        self.decisions += said.code == 0
        return said.code == 0


def number_of(row: dict[str, Any]) -> int:
    """Which post it is of."""
    return int(row["post"].rpartition("-")[2])


def _waits(row: dict[str, Any]) -> bool:
    """Whether it waits for a person now that everything is real again."""
    return row["state"] in _HELD or (row["rehearsal"] and row["state"] in {"published", *_IN_DOUBT})


def _typed(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield json.loads(line)


def _main() -> None:
    """Carry out what is typed, one command after the other."""
    import io  # noqa: PLC0415 - of the terminal's process alone
    from contextlib import redirect_stderr, redirect_stdout  # noqa: PLC0415

    from tests.torture.worker import know_lookup, shorten  # noqa: PLC0415
    from xuanfa.bootstrap import aside  # noqa: PLC0415
    from xuanfa.cli import main  # noqa: PLC0415

    know_lookup()
    shorten()
    aside._PROGRAM = "tests.torture.reading"  # type: ignore[misc]
    answers, orders = sys.stdout, _typed(sys.stdin)
    for asked in orders:
        out, err = io.StringIO(), io.StringIO()
        os.environ.update(asked["environ"])
        sys.stdin = io.StringIO(asked["typed"])
        with redirect_stdout(out), redirect_stderr(err):
            code = main(asked["words"])
        for name in asked["environ"]:
            del os.environ[name]
        print(json.dumps({"code": code, "out": out.getvalue(), "err": err.getvalue()}), file=answers, flush=True)


if __name__ == "__main__":
    _main()
