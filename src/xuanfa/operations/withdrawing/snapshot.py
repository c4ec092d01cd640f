"""Snapshot: what readers could see when a post was ordered down, kept as one file under the hash of its bytes."""

import hashlib
import json
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from xuanfa.domain.delivery import MAY_BE_OUT
from xuanfa.domain.errors import machine_words
from xuanfa.domain.language import say
from xuanfa.domain.withdrawal_order import Takedown, WithdrawalOrder
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, ledger, withdrawals

log = logging.getLogger(__name__)

#: So much of one page is kept. Characters.
_PAGE_MAX: Final = 2_000_000


def keep_snapshot(desk: Desk, order: WithdrawalOrder) -> str:
    """Renditions, receipts, addresses, and the public pages as far as they can be reached; its SHA-256. A disk that takes nothing keeps no
    post from being taken down: that is logged, and tried again with the next look."""
    data = json.dumps(_seen(desk, order), ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "replace")
    digest = hashlib.sha256(data).hexdigest()
    try:
        _write(desk.withdrawn(digest), data)
    except OSError as error:
        log.error(  # noqa: TRY400 - the words say what to do
            "%s",
            say(
                "撤稿前的样子存不下来（{why}）：{file}。撤稿照常进行；请检查磁盘空间和权限",
                "what readers could see cannot be kept ({why}): {file}. The withdrawal goes on; see to the disk",
                why=machine_words(error),
                file=desk.withdrawn(digest),
            ),
        )
        return ""
    with desk.store.write() as connection:
        withdrawals.note_snapshot(connection, order.id, digest)
    return digest


def _seen(desk: Desk, order: WithdrawalOrder) -> dict[str, Any]:
    with desk.store.read() as connection:
        found = withdrawals.of_order(connection, order.id)
        loaded = {it.delivery.id: deliveries.load(connection, it.delivery.id) for it in found}
        receipts = {it.delivery.id: ledger.receipt(connection, it.delivery.id) for it in found}
    return {
        "post": order.post,
        "title": order.title,
        "by": order.actor,
        "why": str(order.why),
        "ordered_at": order.ordered_at.isoformat(),
        "deliveries": [_of_one(desk, it, loaded[it.delivery.id], receipts[it.delivery.id]) for it in found],
    }


def _of_one(desk: Desk, it: Takedown, loaded: Any, receipt: Any) -> dict[str, Any]:
    rendition = loaded.rendition if loaded is not None else None
    found: dict[str, Any] = {
        "id": it.delivery.id,
        "channel": it.delivery.channel,
        "state": it.delivery.state.value,
        "rehearsal": it.delivery.rehearsal,
        "account": it.delivery.account,
        "revision": it.delivery.revision,
        "digest": it.delivery.digest,
    }
    if rendition is not None:
        found["rendition"] = {
            "title": rendition.title,
            "summary": rendition.summary,
            "media_type": rendition.media_type,
            "body": rendition.body,
            "pictures": [picture.sha256 for picture in rendition.pictures],
            "extra": dict(rendition.extra),
        }
    if receipt is not None:
        found["receipt"] = {
            "remote_id": receipt.remote_id,
            "address": receipt.address,
            "published_at": receipt.published_at.isoformat() if receipt.published_at else None,
            "evidence": str(receipt.evidence),
        }
        if receipt.address and it.delivery.state in MAY_BE_OUT:
            page = desk.pages(it.delivery.channel, receipt.address)
            found["page"] = None if page is None else {"status": page.status, "text": page.text[:_PAGE_MAX]}
    return found


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all; the same bytes again change nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
