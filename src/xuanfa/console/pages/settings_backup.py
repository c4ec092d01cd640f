"""设置 · 备份: where backups go and the newest of them; and the settings that were kept when somebody changed them."""

from datetime import UTC, datetime
from pathlib import Path

from starlette.responses import Response

from xuanfa.console.render import page
from xuanfa.console.visit import ADMINISTRATORS, Visit, get
from xuanfa.operations.watching.backups import backup_state

_MOST = 30


def show(visit: Visit) -> Response:
    """As far as this process can see."""
    kept = sorted(visit.desk.folder.glob("xuanfa.toml.*"), key=lambda path: path.name, reverse=True)
    return page(
        visit,
        "settings_backup",
        state=backup_state(visit.desk),
        most=_MOST,
        kept=[(path.name, _changed_at(path)) for path in kept[:_MOST]],
    )


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


WAYS = (get("/settings/backup", show, ADMINISTRATORS),)
