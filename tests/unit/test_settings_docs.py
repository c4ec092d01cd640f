"""Every setting is documented, with its true default."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from xuanfa.adapters.protocol import AdapterConfig
from xuanfa.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
#: Keys that every channel has; the model keeps a channel as it was read.
CHANNEL_KEYS = {f"channels.ID.{key}" for key in AdapterConfig.model_fields}


def walk(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key of the settings with its field; tables by id are ``columns.ID``, lists of tables only ``silent``."""
    for key, field in model.model_fields.items():
        annotation: Any = field.annotation
        name = field.alias or key
        inner = [each for each in (annotation, *get_args(annotation)) if isinstance(each, type)]
        tables = [each for each in inner if issubclass(each, BaseModel)]
        if tables:
            yield from walk(tables[0], f"{prefix}{name}{'.ID' if get_origin(annotation) is dict else ''}.")
        elif f"{prefix}{name}" not in {"folder", "channels"}:
            yield f"{prefix}{name}", field


FIELDS = dict(walk(Settings))
ROWS = dict(re.findall(r"^\| `([\w.]+)` \| ([^|]+?) \|", PAGE, re.MULTILINE))


def test_the_page_lists_every_setting_and_no_other() -> None:
    assert set(ROWS) == set(FIELDS) | CHANNEL_KEYS
    assert "columns.ID.timetable" in FIELDS


@pytest.mark.parametrize("key", FIELDS)
def test_the_page_tells_the_true_default(key: str) -> None:
    field = FIELDS[key]
    if field.is_required():
        assert ROWS[key] == "required"
    else:
        assert ROWS[key] == f"`{json.dumps(field.default)}`"
