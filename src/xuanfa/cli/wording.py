"""The words around commands in the reader's language: headings of the help, and what is said to wrong use."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

import click

from xuanfa.domain.language import language, say

#: What click writes of itself into the help.
_OWN_WORDS = {
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示这份说明",
    "Show the version and exit.": "显示版本",
}
_OWN_USAGE = {"[OPTIONS]": "[选项]", "[COMMAND]": "[命令]", "COMMAND": "命令", "[ARGS]...": "[参数]..."}
_OWN_MARKS = {"default: ": "缺省：", "env var: ": "环境变量：", "required": "必填"}


class Formatter(click.HelpFormatter):
    """The help, with click's own words in the reader's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        super().write_usage(prog, _own_usage(args), prefix or say("用法：", "Usage: "))

    def write_heading(self, heading: str) -> None:
        """The line above a list."""
        self.write(" " * self.current_indent + _own_words(heading) + say("：", ":") + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """A list of options or commands with what each does."""
        super().write_dl([(name, _own_words(text)) for name, text in rows], col_max, col_spacing)


class Context(click.Context):
    """The context of every command."""

    formatter_class = Formatter


def in_our_words(command: click.Command) -> click.Command:
    """The command, with its help and that of its own commands worded here."""
    command.context_class = Context
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            in_our_words(inner)
    return command


def show_wrong_use(error: click.UsageError, hint: str = "") -> None:
    """How the command is used, what is wrong, ``hint``, and where to read more; on standard error."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return
    if error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
        help_ = say("说明：{path} --help", "Help: {path} --help", path=error.ctx.command_path)
        click.echo(help_ + "\n", err=True)
    click.echo(say("错误：{text}", "Error: {text}", text=in_words(error) + hint), err=True)


def _own_usage(args: str) -> str:
    """What click writes there for options and commands; the names of arguments stay, as sentences about them have them."""
    if language() == "en":
        return args
    for english, chinese in _OWN_USAGE.items():
        args = args.replace(english, chinese)
    return args


def _own_words(text: str) -> str:
    if language() == "en":
        return text
    if text in _OWN_WORDS:
        return _OWN_WORDS[text]
    before, bracket, marks = text.rpartition("  [")
    for english, chinese in _OWN_MARKS.items():
        marks = marks.replace(english, chinese) if bracket else marks
    return before + bracket + marks


def in_words(error: click.UsageError) -> str:
    """What is wrong. Click says it in English only; in Chinese each sort of mistake has a sentence of its own."""
    if isinstance(error, click.NoSuchOption):
        return _no_such_option(error)
    if language() == "en":
        return error.format_message()
    match error:
        case click.exceptions.NoSuchCommand():
            return _no_such_command(error.command_name, error.ctx)
        case click.MissingParameter(param=param) if param is not None:
            return f"缺少 {_name(param, error.ctx)}。"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 后面缺少值，或者多写了值。"
        case click.BadParameter(param=param) if param is not None:
            return f"{_name(param, error.ctx)} 不对：{_expected(param.type, error.message)}"
    extra = re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", error.message)
    if extra:
        return f"多写了“{extra[1]}”。"
    return "后面要写一个命令。" if error.message == "Missing command." else error.message


def _no_such_option(error: click.NoSuchOption) -> str:
    """The nearest option is named only where it is a slip of the fingers: what reads alike need not mean alike."""
    known = [opt for param in error.ctx.command.params for opt in param.opts] if error.ctx is not None else []
    near = get_close_matches(error.option_name, [opt for opt in known if opt.startswith("--")], n=1, cutoff=_NEAR)
    hint = say("，是不是“{near}”？", "; did you mean {near}?", near=near[0]) if near else say("。", ".")
    return say("没有“{name}”这个选项{hint}", "There is no option {name}{hint}", name=error.option_name, hint=hint)


def _no_such_command(name: str, ctx: click.Context | None) -> str:
    known = list(ctx.command.commands) if ctx is not None and isinstance(ctx.command, click.Group) else []
    return f"没有“{name}”这个命令。这里可以写：{'、'.join(known)}。"


def _name(param: click.Parameter, ctx: click.Context | None) -> str:
    """An option as it is typed, an argument as the usage line names it."""
    if isinstance(param, click.Option) or ctx is None:
        return param.opts[-1]
    return param.make_metavar(ctx).removesuffix("...")


def _expected(kind: click.ParamType[object], message: str) -> str:
    """What a value of this kind has to be. Kinds of our own say it themselves, in the reader's language."""
    match kind:
        case click.Choice():
            return "只能是 " + "、".join(str(choice) for choice in kind.choices) + " 之一。"
        case click.IntRange() | click.FloatRange():
            return f"应为{_range_words(kind)}。"
        case click.types.IntParamType():
            return "应为整数，如 12。"
        case click.types.FloatParamType():
            return "应为数字，如 12 或 0.5。"
        case click.types.BoolParamType():
            return "应为 true（是）或 false（否）。"
        case click.types.UUIDParameterType():
            return "应为 UUID，如 00000000-0000-4000-8000-000000000000。"
        case click.DateTime():
            return "应为时间，写成 " + " 或 ".join(kind.formats) + " 这样。"
        case click.Tuple():
            return f"应为 {kind.arity} 个值，用空格隔开。"
        case click.Path() | click.File():
            return _path_words(message)
        case _:
            return message


def _range_words(kind: click.IntRange | click.FloatRange) -> str:
    """The numbers of a range; a bound that does not belong to it says so."""
    sort = "整数" if isinstance(kind, click.IntRange) else "数字"
    if kind.min is not None and kind.max is not None and not (kind.min_open or kind.max_open):
        return f" {kind.min} 到 {kind.max} 之间的{sort}"
    bounds = [
        *([] if kind.min is None else [f"{'大于' if kind.min_open else '不小于'} {kind.min}"]),
        *([] if kind.max is None else [f"{'小于' if kind.max_open else '不大于'} {kind.max}"]),
    ]
    return "、".join(bounds) + f" 的{sort}" if bounds else sort


def _path_words(message: str) -> str:
    """What click finds wrong with a path (click.types.Path.convert), or the machine with a file (click.types.File.convert)."""
    found = re.fullmatch(r".*? '(.*)' (?:is|does) (.*)\.", message)
    if found is None:
        opened = re.fullmatch(r"'(.*?)': .*", message, re.DOTALL)
        return f"打不开 {opened[1]}，请检查文件在不在、权限对不对。" if opened else "应为一个文件或文件夹的路径。"
    path, fault = found.groups()
    return f"{path} {_PATH_FAULTS.get(fault, fault)}。"


#: So alike are two options of which one is a slip for the other; ``--since`` and ``--json`` are not.
_NEAR = 0.75
_PATH_FAULTS = {
    "not exist": "不存在",
    "a file": "是文件，这里要写文件夹",
    "a directory": "是文件夹，这里要写文件",
    "not readable": "读不了：当前账户没有权限，请检查属主和权限，或换用管理它的账户",
    "not writable": "写不了：当前账户没有权限，请检查属主和权限，或换用管理它的账户",
    "not executable": "不能运行：没有执行权限",
}
