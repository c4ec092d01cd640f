"""Every message in Chinese and in English, side by side where it is said."""

import os
from typing import Literal

Language = Literal["zh", "en"]


def language() -> Language:
    """The language of messages: Chinese, unless ``XUANFA_LANG`` begins with ``en``. Read each time: it costs a look-up."""
    return "en" if os.environ.get("XUANFA_LANG", "").lower().startswith("en") else "zh"


def say(zh: str, en: str, /, **values: object) -> str:
    """The message in the reader's language, with ``{name}`` filled from ``values``."""
    text = en if language() == "en" else zh
    return text.format(**values) if values else text
