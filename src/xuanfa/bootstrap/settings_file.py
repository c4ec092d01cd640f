"""The files of a workspace's settings, as they can be read and changed by a program: ``operations.configuring.port`` says how."""

import fcntl
import hashlib
import os
import stat
import time
import tomllib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from xuanfa.bootstrap.aside import AsideReader, AsideReaders
from xuanfa.bootstrap.channel_fields import is_secret, kinds_of_channels
from xuanfa.bootstrap.configs import config_faults
from xuanfa.domain.errors import ConfigError, MachineError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.setting import (
    Difference,
    Edit,
    FaultySettingsError,
    Key,
    KindOfChannel,
    SecretEdit,
    Written,
    at,
    differences,
    leaves,
)
from xuanfa.operations.configuring.files import cannot_write, replace_file
from xuanfa.settings import SETTINGS_FILE, Settings
from xuanfa.settings.layers import ENV_FILE, MARK, Texts, read_whole
from xuanfa.settings.load import load, origins_of, tried
from xuanfa.settings.secrets_file import with_secrets
from xuanfa.settings.writing import rewritten

#: So many contents of the file are remembered, to tell what was changed meanwhile.
_REMEMBERED: Final = 50


class SettingsFile:
    """Implements ``Configured``. ``whole`` raises ConfigError for whatever else would keep the program from starting with such settings."""

    def __init__(self, folder: Path, whole: Callable[[Settings], None], clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._whole = whole
        self._clock = clock
        self._seen: OrderedDict[str, Mapping[str, Any]] = OrderedDict()

    @property
    def path(self) -> Path:
        """The settings file."""
        return self._folder / SETTINGS_FILE

    def read(self) -> Written:
        """As ``Configured`` has it."""
        try:
            text = read_whole(self.path)
            digest = digest_of(text)
            file, secrets, elsewhere = origins_of(self._folder)
        except ConfigError as error:
            return Written(digest="", values={}, trouble=str(error))
        shown = _without_secrets(file.values)
        self._remember(digest, shown)
        open_ = {key: where for key, where in secrets.origins.items() if not is_secret(key, file.values)}
        hidden = {key: where for key, where in elsewhere.items() if is_secret(key, file.values)}
        return Written(
            digest=digest,
            values=shown,
            elsewhere=open_ | elsewhere,
            secrets={key: SETTINGS_FILE for key, value in leaves(file.values) if value and is_secret(key, file.values)}
            | dict.fromkeys(secrets.origins.keys() - open_.keys(), ENV_FILE)
            | hidden,
            trouble=self._trouble(text),
        )

    def kinds(self) -> Sequence[KindOfChannel]:
        """As ``Configured`` has it."""
        return kinds_of_channels()

    def reading_with(self, instead: Mapping[str, str], seconds: float) -> AsideReader:
        """As ``Configured`` has it."""
        until = time.monotonic() + seconds
        return AsideReader(AsideReaders(load(self._folder), instead=dict(instead)), lambda: time.monotonic() > until)

    @contextmanager
    def changing(self) -> Iterator["_Changing"]:
        """As ``Configured`` has it."""
        try:
            descriptor = os.open(self._folder, os.O_RDONLY)
        except OSError as error:
            raise cannot_write(self.path, error) from error
        try:
            with suppress(
                OSError
            ):  # a share that knows no locks: two who write in the same moment are told apart by the digest
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield _Changing(self)
        finally:
            os.close(descriptor)

    def tried(self, texts: Texts) -> Settings:
        """The settings that these texts would make. Raises FaultySettingsError and ConfigError."""
        settings = tried(self._folder, texts)
        faults = [fault for id_, raw in settings.channels.items() for fault in config_faults(id_, raw)]
        if faults:
            raise FaultySettingsError(faults)
        self._whole(settings)
        return settings

    def texts(self) -> Texts:
        """What the two files hold now. Raises ConfigError."""
        secrets = self._folder / ENV_FILE
        return Texts(read_whole(self.path), read_whole(secrets) if secrets.exists() else "")

    def seen(self, digest: str) -> Mapping[str, Any] | None:
        """What the file held when it had that digest, as far as this process has seen it or it was kept beside."""
        if digest in self._seen:
            return self._seen[digest]
        for path in sorted(self._folder.glob(f"{SETTINGS_FILE}.*"), reverse=True)[:_REMEMBERED]:
            with suppress(ConfigError, ValueError):
                text = read_whole(path)
                if digest_of(text) == digest:
                    return _without_secrets(_plain(text))
        return None

    def kept_as(self) -> Path:
        """Where the file is kept as it was, by the date: a name that nothing has."""
        named = f"{SETTINGS_FILE}.{self._clock().astimezone():%Y-%m-%d-%H%M%S}"
        path = self._folder / named
        for number in range(2, 1000):
            if not path.exists():
                break
            path = self._folder / f"{named}-{number}"
        return path

    def _remember(self, digest: str, values: Mapping[str, Any]) -> None:
        self._seen[digest] = values
        self._seen.move_to_end(digest)
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def _trouble(self, text: str) -> str:
        """What is wrong with the files as they are."""
        try:
            self.tried(Texts(text, self.texts().secrets))
        except ConfigError as error:
            return str(error)
        return ""


class _Changing:
    """Implements ``Changing``."""

    def __init__(self, file: SettingsFile) -> None:
        self._file = file
        self.written = file.read()

    def since(self, digest: str) -> list[Difference] | None:
        """As ``Changing`` has it."""
        before = self._file.seen(digest)
        return None if before is None else differences(before, self.written.values)

    def prepared(self, edits: Sequence[Edit], secrets: Sequence[SecretEdit]) -> "_Prepared":
        """As ``Changing`` has it. A secret that stands in the settings file itself goes from there to ``.env``."""
        before = self._file.texts()
        moved = [Edit(key=each.key) for each in secrets if _has(before.settings, each.key)]
        after = Texts(rewritten(before.settings, [*edits, *moved]), with_secrets(before.secrets, secrets))
        self._file.tried(after)
        found = differences(_without_secrets(_plain(before.settings)), _without_secrets(_plain(after.settings)))
        found += [Difference(each.key, "", "") for each in secrets]
        return _Prepared(self._file, before, after, tuple(found))


@dataclass
class _Prepared:
    """Implements ``Prepared``."""

    _file: SettingsFile
    _before: Texts = field(repr=False)
    _after: Texts = field(repr=False)
    differences: tuple[Difference, ...]

    @property
    def proof(self) -> str:
        """As ``Prepared`` has it."""
        return hashlib.sha256(self._after.settings.encode()).hexdigest()

    def put(self) -> None:
        """As ``Prepared`` has it. Secrets first: without them a channel that is new would be half a one."""
        path, secrets = self._file.path, self._file.path.with_name(ENV_FILE)
        if self._after.settings != self._before.settings:
            replace_file(self._file.kept_as(), self._before.settings.encode(), _mode(path))
        if self._after.secrets != self._before.secrets:
            replace_file(secrets, self._after.secrets.encode(), 0o600)
        try:
            if self._after.settings != self._before.settings:
                replace_file(path, self._after.settings.encode(), _mode(path))
        except MachineError:
            self._put_secrets_back()
            raise

    def take_back(self) -> None:
        """As ``Prepared`` has it."""
        with suppress(ConfigError):
            if self._file.texts().settings == self._after.settings:
                replace_file(self._file.path, self._before.settings.encode(), _mode(self._file.path))
        self._put_secrets_back()

    def _put_secrets_back(self) -> None:
        path = self._file.path.with_name(ENV_FILE)
        if self._after.secrets == self._before.secrets or not path.exists():
            return
        if self._before.secrets:
            replace_file(path, self._before.secrets.encode(), 0o600)
        else:
            path.unlink()


def digest_of(text: str) -> str:
    """Names a content of the settings file."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise MachineError(
            say("读不了 {path}：{why}。", "Cannot read {path}: {why}.", path=path, why=machine_words(error))
        ) from error


def _plain(text: str) -> dict[str, Any]:
    return tomllib.loads(text.removeprefix(MARK))


def _has(text: str, key: Key) -> bool:
    return at(_plain(text), key) is not None


def _without_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    """The tree without what is secret."""
    shown: dict[str, Any] = deepcopy(dict(values))
    for key, _ in list(leaves(values)):
        if is_secret(key, values):
            at(shown, key[:-1], {}).pop(key[-1], None)
    return shown
