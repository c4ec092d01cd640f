"""The command line. Nothing heavy is imported until a command runs."""

from importlib import import_module
from typing import Any

import click

from xuanfa import __version__
from xuanfa.cli.screen import screens
from xuanfa.cli.wording import Context, in_our_words, show_wrong_use
from xuanfa.domain.errors import XuanfaError, machine_words
from xuanfa.domain.language import say

#: The commands in the order of help: the module ``xuanfa.cli.<name>`` has a ``command``. Both languages stand here, so that
#: ``--help`` need not import any of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("新建一个工作区", "Make a workspace"),
    "new": ("新建一篇稿件", "Write a new post file"),
    "queue": ("读取 posts/，把稿件排入队列", "Read posts/ into the queue"),
    "publish": ("发布一遍到期的稿件（供 cron 调用）", "Publish what is due, once (for cron)"),
    "run": ("常驻运行，到点自动发布", "Stay and publish on time"),
    "worker": ("多台机器之一：常驻并分担发布", "One of several machines: stay, and share the work"),
    "preview": ("生成各渠道的成稿预览", "Write what each channel would get"),
    "rehearse": ("演练一篇稿件，看各渠道的样子", "Try a post on practice platforms and look at it"),
    "posts": ("列出稿件", "List posts"),
    "deliveries": ("列出投递及其状态", "List deliveries and their states"),
    "show": ("查看一篇稿件或一条投递的来龙去脉", "Show a post or a delivery with its history"),
    "count": ("统计发布数量", "Count what was published"),
    "cancel": ("取消一条投递", "Cancel a delivery"),
    "reschedule": ("改发布时间", "Publish at another time"),
    "release": ("放行被暂缓的投递", "Release a held delivery"),
    "retry": ("重试失败的投递", "Try a failed delivery anew"),
    "resolve": ("核实一条结果不明的投递", "Settle a delivery in doubt"),
    "retract": ("撤稿", "Withdraw what was published"),
    "pause": ("紧急停发：全部或一个渠道", "Stop sending: everything, or one channel"),
    "resume": ("解除暂停", "Go on sending"),
    "channels": ("列出渠道；暂停、恢复、登录", "List channels; pause, resume, sign in"),
    "alarms": ("列出等人处理的事；测试告警", "List what waits for a person; test the alarms"),
    "doctor": ("检查配置与各渠道是否可用", "Check settings and channels"),
    "backup": ("备份：数据库、图片、稿件、网站，一个文件", "Back up the database and files into one file"),
    "restore": ("在新机器上恢复备份", "Put a backup back, on a new machine"),
    "recover": ("数据库丢失时：列出各处记得发过什么", "List what is remembered of a lost database"),
    "verify": ("检查数据是否完整、未被改动", "Check that what is stored is whole and unaltered"),
    "db": ("数据库维护", "Look after the database"),
    "version": ("显示版本", "Show the version"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, and listed without being imported."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"xuanfa.cli.{cmd_name}").command
        found.name = cmd_name
        found.help = found.help or say(*COMMANDS[cmd_name])
        return in_our_words(found)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for ``--help``."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, say(zh, en)) for name, (zh, en) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name where there is no such command."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

            near = get_close_matches(name, COMMANDS, n=1)
            hint = say("，是不是“{near}”？", "; did you mean {near}?", near=near[0]) if near else say("。", ".")
            text = say("没有“{name}”这个命令{hint}", "There is no command {name!r}{hint}", name=name, hint=hint)
            raise click.UsageError(text, ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=say(
        "宣发：一次写稿，审校后按时、只发一次，发布到专栏的每个渠道，并且数得清。",
        "xuanfa: write a post once, and see it published on time and exactly once on every channel, and counted.",
    ),
)
@click.version_option(__version__, prog_name="xuanfa", message="%(prog)s %(version)s")
def cli() -> None:
    """The root; each command takes ``--workspace``."""


def main(args: list[str] | None = None) -> Any:
    """The entry point: errors in words, and exit codes that cron can use (0 fine, 1 a person is needed, 2 wrong use)."""
    with screens():
        return _run(args)


def _run(args: list[str] | None) -> Any:
    try:
        return cli.main(args, prog_name="xuanfa", standalone_mode=False) or 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.UsageError as error:
        show_wrong_use(error)
        return 2
    except click.Abort:
        click.echo(say("已中止。", "Aborted."), err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except XuanfaError as error:
        click.echo(say("错误：{error}", "Error: {error}", error=error), err=True)
        return 1
    except SystemExit:
        # Click ends like this where the reader of a pipe (head, less) has had enough, with stdout and stderr made harmless.
        return 0
    except OSError as error:
        what = f"{error.filename} {machine_words(error)}" if error.filename else machine_words(error)
        text = say(
            "错误：{what}。请检查磁盘空间和权限。", "Error: {what}. Check disk space and permissions.", what=what
        )
        click.echo(text, err=True)
        return 1
