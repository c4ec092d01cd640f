"""Scripts of a page as one module: those of every page and its own, with all that they import, each in a scope of its own, put one behind the
other when the server starts. So a page asks for one script, and no build comes before it: the checkout and the wheel hold the modules as they are
written."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

#: What every page runs.
EVERYWHERE: Final = ("js/base.js", "js/live.js")
_IMPORT: Final = re.compile(r'^import \{ ([\w, ]+) \} from "\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async function|function|const|let|class)\b)", re.MULTILINE)
_LEFT: Final = re.compile(r"^\s*(?:import|export)\b", re.MULTILINE)


def bundled(files: Mapping[str, str], entries: Sequence[str]) -> str:
    """These modules and all that they import as one, each once, after what it imports. Raises ValueError for what is written otherwise than ours:
    an import or export that is not one line of names, a circle."""
    order: list[str] = []
    for entry in entries:
        _put(files, entry, order, ())
    wanted: dict[str, dict[str, None]] = {name: {} for name in order}
    for name in order:
        for names, source in _IMPORT.findall(files[name]):
            wanted[_beside(name, source)].update(dict.fromkeys(_names(names)))
    return "\n".join(_scoped(name, files[name], list(wanted[name])) for name in order)


def _put(files: Mapping[str, str], name: str, order: list[str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"{name} imports itself")
    if name in order:
        return
    for _, source in _IMPORT.findall(files[name]):
        _put(files, _beside(name, source), order, (*above, name))
    order.append(name)


def _scoped(name: str, text: str, exports: Sequence[str]) -> str:
    """The module as a function that is called at once and gives what others import of it."""
    body = _IMPORT.sub(lambda it: f"const {{ {it[1]} }} = {_called(_beside(name, it[2]))};", text)
    body = _EXPORT.sub("", body)
    if _LEFT.search(body):
        raise ValueError(f"{name} imports or exports in a way that is not bundled")
    return f"const {_called(name)} = (() => {{\n{body.rstrip()}\nreturn {{ {', '.join(exports)} }};\n}})();"


def _called(name: str) -> str:
    return "$" + re.sub(r"\W", "_", PurePosixPath(name).stem)


def _beside(name: str, source: str) -> str:
    return str(PurePosixPath(name).parent / source)


def _names(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
