"""Templates: sandboxed, strict about undefined names, escaped where the result is HTML or XML."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from xuanfa.domain.errors import ConfigError, ContentError, Place, TemplateError
from xuanfa.domain.language import in_each, say


class Templates:
    """Templates by name (``wecom/news.md``), looked for in ``folders`` in order, so that an earlier one overrides a later one file by file; and
    those of ``instead`` before all, by their text: one that is yet to be tried."""

    def __init__(self, folders: Sequence[Path], instead: Mapping[str, str] | None = None) -> None:
        import jinja2  # noqa: PLC0415 - heavy, and needed only where something is rendered
        from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - as above

        self._folders = tuple(folders)
        self._instead = dict(instead or {})
        self._jinja2 = jinja2
        self._environment = ImmutableSandboxedEnvironment(
            loader=jinja2.FunctionLoader(self._load),
            undefined=jinja2.StrictUndefined,
            autoescape=jinja2.select_autoescape(("html", "xml"), default=False),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # Chinese stays Chinese in JSON, and keys stay in the order in which a template gives them.
        self._environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where they are looked for, in order."""
        return self._folders

    def stamp(self) -> str:
        """A digest of all templates by name, size and time of change: another one after any change."""
        digest = hashlib.sha256()
        for folder in self._folders:
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                with suppress(OSError):
                    facts = path.stat()
                    digest.update(f"\n{path.relative_to(folder)} {facts.st_size} {facts.st_mtime_ns}".encode())
        return digest.hexdigest()

    def has(self, name: str) -> bool:
        """Whether any folder has the template."""
        return name in self._instead or self._find(name) is not None

    def names(self) -> dict[str, bool]:
        """All templates by name, in their order, and whether the first folder has one of its own."""
        found: dict[str, bool] = {}
        for number, folder in enumerate(self._folders):
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                if path.is_file():
                    found.setdefault(path.relative_to(folder).as_posix(), number == 0)
        return dict(sorted(found.items()))

    def source(self, name: str) -> str:
        """The text of a template. Raises TemplateError where there is none, or it is not UTF-8."""
        try:
            found = self._load(name)
        except UnicodeDecodeError as error:
            raise self._in_words(error, name) from error
        if found is None:
            raise self._not_found(self._jinja2.TemplateNotFound(name), name)
        return found[0]

    def trouble(self, name: str, text: str) -> str:
        """What is wrong with a text as a template, without running it; empty where it is well-formed."""
        try:
            self._environment.parse(text, name, name)
        except self._jinja2.TemplateSyntaxError as error:
            return str(self._in_words(error, name))
        return ""

    def may_use(self, name: str, word: str) -> bool:
        """Whether a template may use a name, so that what is costly need not be made in vain. It errs on the side of yes."""
        path = self._find(name)
        if path is None and name not in self._instead:
            return True  # ``render`` says what is missing
        source = self._instead[name].encode() if name in self._instead else path.read_bytes() if path else b""
        named = re.search(rb"(?<![.\w-])" + re.escape(word.encode()) + rb"(?![\w-])", source)
        return named is not None or any(part in source for part in (b"extends", b"include", b"import"))

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The template filled in. Raises TemplateError with the template's file and line for whatever is wrong with it, ContentError where
        the post is what stands in the way."""
        try:
            return self._environment.get_template(name).render(context)
        except ContentError as error:
            raise ContentError(error.message, error.place or self._where(error, name)) from error
        except (ConfigError, MemoryError):
            raise  # no typeface, or what is too large: it is so without the template, too
        except Exception as error:  # a template may raise anything, and its author is to be told where
            raise self._in_words(error, name) from error

    def _in_words(self, error: Exception, name: str) -> TemplateError:
        if isinstance(error, self._jinja2.TemplateNotFound):
            return self._not_found(error, name)
        if isinstance(error, self._jinja2.TemplateSyntaxError):
            message = say(
                "模板写法有误：{reason}。请改正这一行。",
                "The template is not well-formed: {reason}. Mend this line.",
                reason=_jinja_words(error.message or ""),
            )
            return TemplateError(message, Place(error.filename or name, error.lineno))
        return TemplateError(self._reason(error), self._where(error, name))

    def _reason(self, error: Exception) -> str:
        reason = _jinja_words(str(error))
        if isinstance(error, self._jinja2.exceptions.SecurityError):
            return say(
                "模板用了不允许的操作：{reason}。模板只能取用给它的内容。",
                "The template does what it may not: {reason}. It may only use what it is given.",
                reason=reason,
            )
        if isinstance(error, self._jinja2.UndefinedError):
            return say(
                "模板用到没有的名称：{reason}。请检查拼写，或用 is defined 判断。",
                "The template uses an unknown name: {reason}. Check its spelling, or ask with `is defined`.",
                reason=reason,
            )
        if isinstance(error, UnicodeDecodeError):
            return say("模板不是 UTF-8 编码。请另存为 UTF-8。", "The template is not UTF-8. Save it as UTF-8.")
        return say(
            "模板运行出错（{kind}：{reason}）。请改正这一行。",
            "The template failed ({kind}: {reason}). Mend this line.",
            kind=type(error).__name__,
            reason=reason,
        )

    def _not_found(self, error: Any, name: str) -> TemplateError:
        missing = str(error.name or name)
        message = say(
            "找不到模板“{missing}”；找过的文件夹：{folders}。请检查文件名，或在工作区的 templates/ 里补上。",
            "There is no template {missing!r}; looked in: {folders}. Check its name, or put it into the workspace's templates/.",
            missing=missing,
            folders=say("、", ", ").join(map(str, self._folders)) or say("（无）", "(none)"),
        )
        return TemplateError(message, None if missing == name else self._where(error, name))

    def _where(self, error: BaseException, name: str) -> Place:
        """The deepest line of a template in the traceback: Jinja2 puts the templates' own lines there."""
        files = {str(folder) for folder in self._folders}
        tried = set(self._instead)
        trace: TracebackType | None = error.__traceback__
        place = Place(str(self._find(name) or name))
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if file in tried or any(str(parent) in files for parent in Path(file).parents):
                place = Place(file, trace.tb_lineno)
            trace = trace.tb_next
        return place

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """The source for Jinja2. What is cached holds while the same file is found, unchanged: a new override counts at once."""
        if name in self._instead:
            return self._instead[name], name, lambda: True
        file = self._find(name)
        if file is None:
            return None
        changed = file.stat().st_mtime_ns
        return (
            file.read_text("utf-8-sig"),
            str(file),
            lambda: self._find(name) == file and file.stat().st_mtime_ns == changed,
        )

    def _find(self, name: str) -> Path | None:
        parts = name.split("/")
        if ".." in parts:
            return None
        return next((file for folder in self._folders if (file := folder.joinpath(*parts)).is_file()), None)


def _jinja_words(said: str) -> str:
    """What Jinja2 says of a template, in the reader's language where it is among the usual things."""
    said = said.rstrip(".")
    for pattern, words in _JINJA:
        match = re.match(pattern, said)
        if match:
            return in_each(words.format(*match.groups()), said)
    return in_each(f"Jinja2 的原话：{said}", said)


_JINJA: Final = (
    (r"'([^']*)' is undefined", "“{0}”"),
    (r"'([^']*)' has no attribute '([^']*)'", "“{0}”里没有“{1}”"),
    (r"[Ee]ncountered unknown tag '([^']*)'", "不认识“{0}”这个语句"),
    (r"No filter named '([^']*)'", "没有“{0}”这个过滤器"),
    (r"No test named '([^']*)'", "没有“{0}”这个判断"),
    (r"expected token '([^']*)', got '([^']*)'", "这里应是“{0}”，写的是“{1}”"),
    (r"unexpected '([^']*)'", "多了“{0}”"),
    (r"unexpected end of template|Unexpected end of template", "有语句没有结束"),
    (r"unexpected char '([^']*)'", "有不认识的字符“{0}”"),
    (r"access to attribute '([^']*)'", "取用了“{0}”"),
)
