"""The one subscriber that words log lines, and the filter that keeps secrets out of them."""

import json
import logging
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from xuanfa.domain.delivery import NEEDS_PERSON
from xuanfa.domain.language import say
from xuanfa.store.deliveries import Change

log = logging.getLogger("xuanfa")


def log_change(change: Change) -> None:
    """A delivery moved: one line, louder where a person must act."""
    after = change.after
    level = logging.WARNING if after.state in NEEDS_PERSON else logging.INFO
    if not log.isEnabledFor(level):
        return
    reason = change.why or after.reason
    log.log(
        level,
        say(
            "投递 {id}（{channel}）：{before} → {after}{reason}",
            "delivery {id} ({channel}): {before} -> {after}{reason}",
            id=after.id,
            channel=after.channel,
            before=change.before.state.label,
            after=after.state.label,
            reason=say("：", ": ") + reason if reason and after.state in NEEDS_PERSON else "",
        ),
        extra=_fields(change),
    )


def _fields(change: Change) -> dict[str, object]:
    """What a program wants to know of a move: the delivery's own fields, which its row has too, and none that holds a secret."""
    before, after = change.before, change.after
    return {
        "event": "delivery",
        "delivery": after.id,
        "post": after.post_id,
        "revision": after.revision,
        "column": after.column,
        "channel": after.channel,
        "kind": after.kind,
        "before": before.state.value,
        "after": after.state.value,
        "reason": change.why or after.reason,
        "due_at": after.due_at.isoformat(),
        "attempt": after.attempt,
        "tries": after.tries,
        "key": after.key,
        "rehearsal": after.rehearsal,
    }


class Masking(logging.Formatter):
    """Formats a record, traceback included, and replaces every known secret by ``****``.

    With ``XUANFA_LOG=json`` a line is one JSON object.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(levelname)s %(message)s")
        # The longest first, so that a secret that contains another one leaves nothing behind.
        self.secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self.as_json = os.environ.get("XUANFA_LOG", "").lower() == "json"

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        text = super().format(record)
        return self._object(record, self._masked(text)) if self.as_json else self._masked(text)

    def _masked(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "****")
        return text

    def _object(self, record: logging.LogRecord, text: str) -> str:
        found = {name: record.__dict__[name] for name in _FIELDS if name in record.__dict__}
        fields = {name: self._masked(value) if isinstance(value, str) else value for name, value in found.items()}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        message = text.removeprefix(f"{record.levelname} ")
        return json.dumps({"at": at, "level": record.levelname, "message": message, **fields}, ensure_ascii=False)


_FIELDS = (
    "event", "delivery", "post", "revision", "column", "channel", "kind", "before", "after", "reason", "due_at", "attempt", "tries",
    "key", "rehearsal",
)  # fmt: skip


def configure_logging(secrets: Iterable[str], *, verbose: bool) -> None:
    """Log to standard error: what needs a person always, every move with ``verbose``. httpx's own lines hold addresses and stay silent."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Masking(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for told in ("procrastinate", "psycopg"):  # what they meet is raised, and said in our words where it is caught
        logging.getLogger(told).setLevel(logging.CRITICAL)
