"""The one subscriber that words log lines, and the filter that keeps secrets out of them."""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Final

from xuanfa.domain.delivery import UNDER_WAY, WAITS_FOR_PERSON
from xuanfa.domain.language import is_for_machines, say
from xuanfa.store.deliveries import Change

log = logging.getLogger("xuanfa")

#: So long the same trouble is not said again; then once more, with how often it has been met. Seconds.
REPEATED_AFTER: Final = 600.0

#: Moves that are logged aloud. A withdrawal that has just begun needs nobody yet.
_ALOUD = WAITS_FOR_PERSON - UNDER_WAY


def log_change(
    change: Change, slug_of: Callable[[int], str] = str, is_restricted: Callable[[int], bool] = lambda _post: False
) -> None:
    """A delivery moved: one line, louder where a person must act. ``slug_of`` names a post by its number; asked for machines only. Why it
    moved is not said of a post that ``is_restricted``: what a check or a channel has said may hold words of it."""
    after = change.after
    level = logging.WARNING if after.state in _ALOUD else logging.INFO
    if not log.isEnabledFor(level):
        return
    reason = change.why or after.reason
    if reason and (after.state in _ALOUD or is_for_machines()) and is_restricted(after.post_id):
        reason = say("限阅稿件，原因不写进日志", "this post is restricted: the log does not say why")
    before = change.before.state.label
    log.log(
        level,
        say(
            "投递 {id}（{channel}）：{moved}{reason}",
            "delivery {id} ({channel}): {moved}{reason}",
            id=after.id,
            channel=after.channel,
            moved=after.state.label
            if change.before.state is after.state
            else say("{before} → {now}", "{before} -> {now}", before=before, now=after.state.label),
            reason=say("：", ": ") + reason if reason and after.state in _ALOUD else "",
        ),
        extra=_fields(change, slug_of, reason) if is_for_machines() else {},
    )


def announce(words: str, level: int = logging.INFO) -> None:
    """A line of the log that is written however little is to be logged: that a process begins or ends, or why it cannot."""
    if not logging.getLogger().handlers:
        configure_logging((), verbose=False)
    log.handle(log.makeRecord(log.name, level, "", 0, words, (), None))


def _fields(change: Change, slug_of: Callable[[int], str], reason: str) -> dict[str, object]:
    """What a program wants to know of a move: the delivery's own fields, which its row has too, and none that holds a secret."""
    before, after = change.before, change.after
    return {
        "event": "delivery",
        "delivery": after.id,
        "post": slug_of(after.post_id),
        "revision": after.revision,
        "column": after.column,
        "channel": after.channel,
        "kind": after.kind,
        "before": before.state.value,
        "after": after.state.value,
        "reason": reason,
        "due_at": after.due_at.isoformat(),
        "attempt": after.attempt,
        "tries": after.tries,
        "key": after.key,
        "rehearsal": after.rehearsal,
    }


class Secrets:
    """What must not be seen in any line: the secrets of every workspace that this process has opened. They are learned, never forgotten: a
    line may come late."""

    def __init__(self) -> None:
        self._known: tuple[str, ...] = ()

    def learn(self, secrets: Iterable[str]) -> None:
        """Add some; empty ones are none."""
        known = {*self._known, *secrets} - {""}
        # The longest first, so that a secret that contains another one leaves nothing behind.
        self._known = tuple(sorted(known, key=len, reverse=True))

    def masked(self, text: str) -> str:
        """The text with ``****`` in place of each."""
        for secret in self._known:
            text = text.replace(secret, "****")
        return text

    def clear(self) -> None:
        """Begin anew: for tests, which share a process."""
        self._known = ()


class Masking(logging.Formatter):
    """Formats a record, traceback included, without secrets. With ``XUANFA_LOG=json`` a line is one JSON object."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__("%(levelname)s %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        text = self._secrets.masked(super().format(record))
        return self._object(record, text) if is_for_machines() else text

    def _object(self, record: logging.LogRecord, text: str) -> str:
        found = {name: record.__dict__[name] for name in _FIELDS if name in record.__dict__}
        masked = self._secrets.masked
        fields = {name: masked(value) if isinstance(value, str) else value for name, value in found.items()}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        message = text.removeprefix(f"{record.levelname} ")
        return json.dumps({"at": at, "level": record.levelname, "message": message, **fields}, ensure_ascii=False)


_FIELDS = (
    "event", "delivery", "post", "revision", "column", "channel", "kind", "before", "after", "reason", "due_at", "attempt", "tries",
    "key", "rehearsal",
)  # fmt: skip


class Repeats(logging.Filter):
    """Lets the same trouble through once, and then now and then with how often it has been met: what every pass meets would bury the rest."""

    def __init__(self, even: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._even = even
        #: When each was last said, and how often it has been met since.
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is said."""
        if record.levelno < logging.ERROR:
            return True
        now, key = self._even(), (record.getMessage(), repr(record.exc_info[1]) if record.exc_info else "")
        self._said = {known: said for known, said in self._said.items() if now - said[0] < 2 * REPEATED_AFTER}
        at, met = self._said.get(key, (now - REPEATED_AFTER, 0))
        if now - at < REPEATED_AFTER:
            self._said[key] = (at, met + 1)
            return False
        self._said[key] = (now, 0)
        if met:
            again = say("（其间又遇到 {n} 次）", " (met {n} times more meanwhile)", n=met)
            record.msg, record.args = record.getMessage() + again, ()
        return True


#: One of each for the process, however many workspaces it opens.
SECRETS: Final = Secrets()
_HANDLER: Final = logging.StreamHandler()
_HANDLER.setFormatter(Masking(SECRETS))
_HANDLER.addFilter(Repeats())


def configure_logging(secrets: Iterable[str], *, verbose: bool) -> None:
    """Log to standard error: what needs a person always, every move with ``verbose``. httpx's own lines hold addresses and stay silent.

    ``secrets`` are added to those of other workspaces that this process has opened.
    """
    SECRETS.learn(secrets)
    _HANDLER.stream = sys.stderr  # setStream flushes the one before, which may be closed by now
    root = logging.getLogger()
    root.handlers[:] = [_HANDLER]
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for told in ("procrastinate", "psycopg"):  # what they meet is raised, and said in our words where it is caught
        logging.getLogger(told).setLevel(logging.CRITICAL)
    if is_for_machines():
        logging.captureWarnings(True)
        sys.excepthook = _log_uncaught
        threading.excepthook = lambda told: _log_uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """What Python itself would print line by line."""
    log.critical("%s", error, exc_info=(kind, error or kind(), trace))
