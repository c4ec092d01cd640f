"""Going by: names settings, so that the processes of a workspace can see whether they go by the same ones."""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from xuanfa.bootstrap.channel_fields import is_secret
from xuanfa.domain.setting import Key, leaves
from xuanfa.settings import SETTINGS_FILE, Settings
from xuanfa.settings.layers import ENV_FILE

#: What may be another one on each machine: where things lie there.
_OF_A_MACHINE: Final = frozenset(
    {("folder",), ("database_url",), ("ca_file",), ("proof", "browser"), ("check", "model")}
)
#: Of a secret, so many digits of a keyed hash go in: another secret is noticed (but one in four thousand), and nothing can be guessed by it.
_DIGITS: Final = 3


def settings_digest(settings: Settings, salt: str) -> str:
    """Names settings by what they say, wherever each of them stands."""
    values: Mapping[str, Any] = settings.model_dump()
    said = [f"{'.'.join(key)}={_told(key, value, values, salt)}" for key, value in leaves(values)]
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()


def written_at(folder: Path) -> datetime | None:
    """When the files of the settings were last written; ``None`` where they cannot be looked at."""
    times = []
    for name in (SETTINGS_FILE, ENV_FILE):
        with suppress(
            OSError
        ):  # there need be no .env, and whoever opened the settings has said what is wrong with the other
            times.append((folder / name).stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _told(key: Key, value: Any, values: Mapping[str, Any], salt: str) -> str:
    if key in _OF_A_MACHINE:
        return ""
    text = repr(_plain(value))
    if not is_secret(key, values):
        return text
    return hmac.new(salt.encode(), text.encode(), "sha256").hexdigest()[:_DIGITS]


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
