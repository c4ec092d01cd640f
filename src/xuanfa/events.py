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
        extra={"delivery": after.id, "channel": after.channel, "before": change.before.state, "after": after.state},
    )


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
        for secret in self.secrets:
            text = text.replace(secret, "****")
        return self._object(record, text) if self.as_json else text

    def _object(self, record: logging.LogRecord, text: str) -> str:
        fields = {name: str(record.__dict__[name]) for name in _FIELDS if name in record.__dict__}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        message = text.removeprefix(f"{record.levelname} ")
        return json.dumps({"at": at, "level": record.levelname, "message": message, **fields}, ensure_ascii=False)


_FIELDS = ("delivery", "channel", "before", "after")


def configure_logging(secrets: Iterable[str], *, verbose: bool) -> None:
    """Log to standard error: what needs a person always, every move with ``verbose``. httpx's own lines hold addresses and stay silent."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Masking(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
