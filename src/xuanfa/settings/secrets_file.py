"""Changing secrets in ``.env`` and nothing else of it."""

import re
from collections.abc import Iterable
from io import StringIO
from typing import Final

from dotenv.parser import parse_stream

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.setting import Key, SecretEdit
from xuanfa.settings.layers import DELIMITER, PREFIX

#: What a value may not hold: a line of the file is one value.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def variable(key: Key) -> str:
    """The name of the variable that sets a setting."""
    return (PREFIX + DELIMITER.join(key)).upper()


def with_secrets(text: str, secrets: Iterable[SecretEdit]) -> str:
    """The text of ``.env`` with these secrets, each in the place of the one before, else at the end. Raises ConfigError for a value that cannot
    stand in one line."""
    for secret in secrets:
        text = _with_secret(text, secret)
    return text


def _with_secret(text: str, secret: SecretEdit) -> str:
    name = variable(secret.key)
    if _CONTROL.search(secret.value):
        raise ConfigError(
            say(
                "{key} 里有换行或看不见的字符，请重新复制一次。",
                "{key} holds a line break or another character that cannot be seen; copy it once more.",
                key=secret.name,
            )
        )
    line = f"{name}={_quoted(secret.value)}\n" if secret.value else ""
    parts, found = [], False
    for binding in parse_stream(StringIO(text)):
        original = binding.original.string
        if binding.key is None or binding.key.upper() != name:
            parts.append(original)
            continue
        # What stands before it on lines of its own, such as empty ones, is not part of it.
        parts.append(original[: len(original) - len(original.lstrip())] if not found else "")
        parts.append(line if not found else "")
        found = True
    kept = "".join(parts)
    if found or not line:
        return kept
    return kept + ("" if not kept or kept.endswith("\n") else "\n") + line


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
